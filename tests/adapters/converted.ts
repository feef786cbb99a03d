import type { Converted } from '../../src/adapters/client.ts';

/** The text that the pieces make of a source text. */
export function textOf(source: string, { pieces }: Converted): string {
  return pieces.map((piece) => ('text' in piece ? piece.text : source.slice(piece.start, piece.end))).join('');
}

/** What was taken over from the source text as it stands. */
export function takenOver(source: string, { pieces }: Converted): string[] {
  return pieces.flatMap((piece) => ('text' in piece ? [] : [source.slice(piece.start, piece.end)]));
}

/** Its findings, as code, severity and line. */
export function toldOf({ problems }: Pick<Converted, 'problems'>): [string, string, number][] {
  return problems.map(({ code, severity, line }) => [code, severity ?? 'error', line]);
}
