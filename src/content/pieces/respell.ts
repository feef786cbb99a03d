import { escapeTokens } from '../placeholders.ts';
import type { Piece } from './pieces.ts';
import { isFirm } from './placed-pieces.ts';

/**
 * How lines of a deployed text that hold tokens are spelled in the source, by their deployed text, line ends left out: so a
 * line that is moved or copied keeps its tokens. Left out are lines that are not wholly from a source, or hold but a part
 * of a value.
 */
export function spelledLines(pieces: readonly Piece[]): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  let line = { text: '', spelled: '', isWhole: true, hasToken: false };
  const close = () => {
    if (line.isWhole && line.hasToken) lines.set(line.text, line.spelled);
    line = { text: '', spelled: '', isWhole: true, hasToken: false };
  };
  for (const piece of pieces) {
    const isToken = piece.from !== undefined && isFirm(piece);
    const parts = piece.text.split('\n');
    for (const [index, text] of parts.entries()) {
      if (index > 0) close();
      line.text += text;
      line.spelled += isToken ? piece.from?.spelled : text;
      if (!piece.from || (isToken && parts.length > 1)) line.isWhole = false;
      if (isToken && text !== '') line.hasToken = true;
    }
  }
  close();
  return lines;
}

/** The text with every line that is whole in it spelled as in the source; `before` and `after` are the characters beside it. */
export function respell(
  text: string,
  [before, after]: readonly [before: string, after: string],
  spelled: ReadonlyMap<string, string>,
): string {
  const lines = text.split('\n');
  const isCut = (index: number) => (index === 0 && before !== '\n') || (index === lines.length - 1 && after !== '\n');
  return lines
    .map((line, index) => (isCut(index) ? escapeTokens(line) : (spelled.get(line) ?? escapeTokens(line))))
    .join('\n');
}
