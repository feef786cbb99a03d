import { withoutBom } from '../text.ts';

/** A part of a deployed text: written by Syncline, or taken from a source file. */
export interface Piece {
  readonly text: string;
  /** Where it stands in the source; absent: Syncline wrote it. */
  readonly from?: Origin;
  /** Of a piece that Syncline wrote: one sentence that says what to edit instead of it. */
  readonly instead?: string;
}

/** A place in a source file: offsets in its text as `decodeText` gives it, byte order mark included. */
export interface Origin {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** What stands there, where that is not the deployed text itself: a token, or CRLF for LF. It is kept or goes as one. */
  readonly spelled?: string;
  /** What an LF that is put here has to be in the source; absent: itself. */
  readonly lineEnd?: '\r\n';
  /** It stands between quotes in the deployed text: a line end that is put here would leave them. */
  readonly quoted?: true;
}

/** The whole text of a source file, as it stands. */
export function sourcePieces(path: string, text: string): Piece[] {
  return [{ text, from: { path, start: 0, end: text.length } }];
}

/** The deployed text. */
export function joinPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/**
 * The pieces of a part of the deployed text. When nothing is left the place is, as a piece without text, so that what is
 * put there has somewhere to go. A token that is cut stays one token.
 */
export function cutPieces(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const cut: Piece[] = [];
  let place: Piece | undefined;
  let at = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.text.length)];
    if (from < to || (from === to && piece.text === '')) cut.push(part(piece, from, to));
    else if (from === to && piece.from && piece.from.spelled === undefined) place ??= part(piece, from, to);
    at += piece.text.length;
  }
  return cut.length === 0 && place ? [place] : cut;
}

function part(piece: Piece, start: number, end: number): Piece {
  const text = piece.text.slice(start, end);
  const { from } = piece;
  if (!from || from.spelled !== undefined) return { ...piece, text };
  return { text, from: { ...from, start: from.start + start, end: from.start + end } };
}

/** `plainBody` in pieces: of one source file, the tokens expanded. */
export function plainPieces(pieces: readonly Piece[]): Piece[] {
  const text = joinPieces(pieces);
  const plain = lfPieces(cutPieces(pieces, text.length - withoutBom(text).length, text.length));
  return cutPieces(plain, 0, joinPieces(plain).trimEnd().length);
}

/** LF for every CRLF; the pieces know what an LF is in their source. */
function lfPieces(pieces: readonly Piece[]): Piece[] {
  const text = joinPieces(pieces);
  if (!text.includes('\r\n')) return [...pieces];
  const lineEnd = /^[^\n]*\r\n/.test(text) ? ({ lineEnd: '\r\n' } as const) : {};
  let at = 0;
  return pieces.flatMap((piece) => {
    at += piece.text.length;
    // A CRLF may stand half in a token's value.
    const whole = piece.text.endsWith('\r') && text[at] === '\n' ? part(piece, 0, piece.text.length - 1) : piece;
    const from = whole.from && { ...whole.from, ...lineEnd };
    if (from && from.spelled === undefined) return linesOf(whole.text, from);
    return [{ ...whole, text: whole.text.replaceAll('\r\n', '\n'), ...(from ? { from } : {}) }];
  });
}

function linesOf(text: string, from: Origin): Piece[] {
  let { start } = from;
  return text.split(/(\r\n)/).map((line) => {
    const end = start + line.length;
    const isEnd = line === '\r\n';
    const piece = isEnd
      ? { text: '\n', from: { ...from, start, end, spelled: line } }
      : { text: line, from: { ...from, start, end } };
    start = end;
    return piece;
  });
}
