import type { Piece } from './pieces.ts';

/** A piece and where it stands in the deployed text. */
export interface Placed {
  readonly piece: Piece;
  readonly start: number;
  readonly end: number;
}

/** The pieces with their places. */
export function placePieces(pieces: readonly Piece[]): Placed[] {
  let at = 0;
  return pieces.map((piece) => {
    const start = at;
    at += piece.text.length;
    return { piece, start, end: at };
  });
}

/** The pieces that stand in a range of the deployed text or touch it. */
export function piecesAt(placed: readonly Placed[], start: number, end: number): Placed[] {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((placed[middle] as Placed).end < start) low = middle + 1;
    else high = middle;
  }
  const found: Placed[] = [];
  for (let each = placed[low]; each && each.start <= end; each = placed[low]) {
    found.push(each);
    low += 1;
  }
  return found;
}

/** True for what can be kept or lost as a whole only: a token's value, or what Syncline wrote. */
export function isFirm({ from }: Piece): boolean {
  return from === undefined || isToken(from.spelled);
}

function isToken(spelled: string | undefined): boolean {
  return spelled?.startsWith('{{') === true;
}

/** True for a piece that has characters in the range; for one without any, when it stands in it or beside it. */
export function isWithin(each: Placed, start: number, end: number): boolean {
  return each.start === each.end ? start <= each.start && each.end <= end : each.start < end && each.end > start;
}
