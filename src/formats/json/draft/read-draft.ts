import { type Piece, piecesOf, type TaggedText } from '../../tagged-text.ts';
import type { Wanted } from '../draft-scope.ts';
import { skipSpace, stringEnd, textStart, valueEnd } from '../read/tokens.ts';
import type { Container, Draft, Node, Slot } from './draft.ts';

/** Entries deeper than this are read as one piece: an edit inside would be refused, not crash. */
const deepest = 200;

interface Cursor {
  readonly source: TaggedText;
  at: number;
}

/** Takes a valid JSON text, whose root is an object, apart along the wanted containers. */
export function readDraft(source: TaggedText, wanted: Wanted): Draft {
  const cursor: Cursor = { source, at: 0 };
  const prefix = take(cursor, skipSpace(source.text, textStart(source.text)));
  const root = readContainer(cursor, wanted, 0);
  return { prefix, root, suffix: take(cursor, source.text.length) };
}

function readNode(cursor: Cursor, wanted: Wanted | undefined, depth: number): Node {
  const { text } = cursor.source;
  const opens = text[cursor.at] === '{' || (text[cursor.at] === '[' && !wanted?.whole);
  if (wanted && opens && depth < deepest) return readContainer(cursor, wanted, depth);
  return { kind: 'raw', at: cursor.at, pieces: take(cursor, valueEnd(text, cursor.at)) };
}

function readContainer(cursor: Cursor, wanted: Wanted, depth: number): Container {
  const { text } = cursor.source;
  const { at } = cursor;
  const kind = text[at] === '{' ? 'object' : 'array';
  const container: Container = { kind, at, open: take(cursor, at + 1), slots: [], tail: [], close: [] };
  let more = !closesAt(text, skipSpace(text, cursor.at));
  while (more) {
    const slot = readSlot(cursor, container, wanted, depth);
    container.slots.push(slot);
    more = slot.comma.length > 0;
  }
  container.tail = takeSpace(cursor);
  container.close = take(cursor, cursor.at + 1);
  return container;
}

function readSlot(cursor: Cursor, { kind, slots }: Container, wanted: Wanted, depth: number): Slot {
  const { text } = cursor.source;
  const before = takeSpace(cursor);
  const keyEnd = kind === 'object' ? stringEnd(text, cursor.at) : cursor.at;
  const key = kind === 'object' ? (JSON.parse(text.slice(cursor.at, keyEnd)) as string) : undefined;
  const head = key === undefined ? [] : take(cursor, skipSpace(text, skipSpace(text, keyEnd) + 1));
  const value = readNode(cursor, inside(wanted, key ?? String(slots.length)), depth + 1);
  const end = skipSpace(text, cursor.at);
  if (text[end] !== ',') return { key, before, head, value, after: [], comma: [] };
  return { key, before, head, value, after: take(cursor, end), comma: take(cursor, end + 1) };
}

function inside(wanted: Wanted, key: string): Wanted | undefined {
  return wanted.below.get(key) ?? (wanted.whole ? { below: new Map(), whole: true } : undefined);
}

function closesAt(text: string, at: number): boolean {
  return text[at] === '}' || text[at] === ']';
}

function takeSpace(cursor: Cursor): Piece[] {
  return take(cursor, skipSpace(cursor.source.text, cursor.at));
}

function take(cursor: Cursor, end: number): Piece[] {
  const start = cursor.at;
  cursor.at = end;
  return end > start ? piecesOf(cursor.source, { start, end }) : [];
}
