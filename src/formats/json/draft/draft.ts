import type { Piece } from '../../tagged-text.ts';

/**
 * A JSON text taken apart where an edit may need to reach: every piece of the text is in it once, in order, with its
 * owner. What no unit needs stays one raw piece, so the cost of a draft is the cost of reading past the rest.
 */
export interface Draft {
  prefix: Piece[];
  readonly root: Container;
  suffix: Piece[];
}

export interface Container {
  readonly kind: 'object' | 'array';
  /** Offset in the text the draft was read from; -1 when we made it. */
  readonly at: number;
  open: Piece[];
  readonly slots: Slot[];
  /** White space before the closing bracket. */
  tail: Piece[];
  close: Piece[];
}

export interface Raw {
  readonly kind: 'raw';
  readonly at: number;
  pieces: Piece[];
}

export type Node = Container | Raw;

/** A member of an object or of a list, with the white space before it and, unless it is the last, up to its comma. */
export interface Slot {
  /** Absent in lists. */
  readonly key: string | undefined;
  before: Piece[];
  /** The key, its colon and the white space around it; empty in lists. */
  head: Piece[];
  value: Node;
  after: Piece[];
  comma: Piece[];
  /** `digestOfValue` of a list member, once someone asked. */
  digest?: string;
}

/** All pieces of a draft, in order. */
export function piecesOfDraft({ prefix, root, suffix }: Draft): Piece[] {
  return [...prefix, ...piecesOfNode(root), ...suffix];
}

/** All pieces of a value, in order. */
export function piecesOfNode(node: Node): Piece[] {
  if (node.kind === 'raw') return node.pieces;
  return [...node.open, ...node.slots.flatMap(piecesOfSlot), ...node.tail, ...node.close];
}

function piecesOfSlot({ before, head, value, after, comma }: Slot): Piece[] {
  return [...before, ...head, ...piecesOfNode(value), ...after, ...comma];
}

/** The text of pieces, whoever owns them. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

/** A text of ours as pieces; none for an empty text. */
export function ours(text: string): Piece[] {
  return text === '' ? [] : [{ text, ours: true }];
}

/** A value of ours. */
export function rawNode(text: string): Raw {
  return { kind: 'raw', at: -1, pieces: ours(text) };
}

/** The pieces that are the user's. */
export function foreign(pieces: readonly Piece[]): Piece[] {
  return pieces.filter((piece) => !piece.ours);
}

/** True when every piece is ours, also when there is none. */
export function allOurs(pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => piece.ours);
}
