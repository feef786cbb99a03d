import type { KeyPath } from '../../model/value.ts';
import { type Piece, type Span, type TaggedText, tagged } from '../tagged-text.ts';
import type { Chunk, Layout, Line } from './layout.ts';
import { beginLine, endLine } from './marker.ts';
import type { BlockParts, NewTable } from './put.ts';
import { byteOrderMark } from './read/scan.ts';

/** What a file is put together from. */
export interface Parts {
  readonly before: TaggedText;
  readonly layout: Layout;
  readonly added: BlockParts;
  readonly label: string;
  readonly newline: string;
}

type Draft = Pick<Line, 'kind' | 'pieces' | 'ours'> & Partial<Line>;

/** True when the file is laid out as it should be and takes nothing new into the block. */
export function isSettled({ layout, added }: Parts): boolean {
  if (added.roots.length + added.tables.length > 0) return false;
  const { begins, ends, block } = layout.markers;
  if (!hasContent(layout.roots) && layout.tables.length === 0) return begins.length + ends.length === 0;
  const first = firstNonServer(layout.tables);
  return block !== undefined && layout.settled && first <= 0 && positionOf(layout, layout.tables) === layout.position;
}

/** Puts a file together again, with one block for all that is ours, or none when nothing is. */
export function assemble(parts: Parts): TaggedText {
  const { layout, added, newline, before } = parts;
  const tables = inOrder([...layout.tables, ...added.tables.map((table) => chunkOf(table, newline))]);
  const roots: Draft[] = [...layout.roots, ...added.roots.map((text) => newLine(text, newline))];
  const filled = hasContent(roots) || tables.length > 0;
  const position = positionOf({ ...layout, roots: roots as Line[] }, tables);
  const above: Draft[] = layout.outside.slice(0, position).filter(isKept);
  const below: Draft[] = layout.outside.slice(position).filter(isKept);
  const middle = filled ? blockLines(parts, roots, tables) : layout.roots.filter(isKept);
  const head = spaced(above, newline);
  const tail = spaced(below, newline);
  const lines = filled ? joined(joined(head, middle, newline), tail, newline) : [...head, ...middle, ...tail];
  return fromLines(lines, newline, before.text.startsWith(byteOrderMark));
}

function blockLines(
  { layout, label, newline, before }: Parts,
  roots: readonly Draft[],
  tables: readonly Chunk[],
): Draft[] {
  const old = layout.markers.begins[0];
  const begin = old ? before.text.slice(old.start, old.end).trim() : beginLine(label);
  const chunks = [roots, ...tables.map(({ lines }) => lines)].map(trimmed).filter((lines) => lines.length > 0);
  const inner: Draft[] = [];
  for (const lines of chunks) join(inner, lines, newline);
  return [newLine(begin, newline), ...inner, newLine(endLine, newline)];
}

/**
 * Where the block goes: where it is, if that does no harm, else below the last root key when its first table is a
 * server (Codex deletes comments above its servers), else above the first table and the comments that touch it.
 */
function positionOf({ outside, position, roots }: Layout, tables: readonly Chunk[]): number {
  const lastRoot = outside.findLastIndex((line) => line.root && line.kind === 'pair');
  const server = tables[0] !== undefined && isServer(tables[0].path);
  const firstTable = outside.findIndex((line) => !line.root);
  if (position !== undefined) {
    const above = outside.slice(0, position);
    const low = above.some((line) => line.kind === 'header');
    const captures = tables.length > 0 && lastRoot >= position;
    const exposed = server && !low && above.slice(lastRoot + 1).some((line) => line.kind === 'comment');
    if (!(low && hasContent(roots)) && !captures && !exposed) return position;
  }
  if (server) return lastRoot + 1;
  return firstTable < 0 ? outside.length : firstTable;
}

function isServer(path: KeyPath): boolean {
  return path[0] === 'mcp_servers';
}

/** The index of the first table that is no server when a server stands first, else 0 or -1. */
function firstNonServer(tables: readonly Chunk[]): number {
  return tables.findIndex(({ path }) => !isServer(path));
}

function inOrder(tables: readonly Chunk[]): readonly Chunk[] {
  const first = firstNonServer(tables);
  if (first <= 0) return tables;
  return [tables[first] as Chunk, ...tables.slice(0, first), ...tables.slice(first + 1)];
}

function hasContent(lines: readonly Draft[]): boolean {
  return lines.some(({ kind }) => kind === 'pair');
}

function isKept(line: Draft): boolean {
  return !(line.kind === 'blank' && line.ours);
}

/** Without blank lines of ours at both ends. */
function trimmed(lines: readonly Draft[]): readonly Draft[] {
  const first = lines.findIndex(isKept);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isKept) + 1);
}

/** Two runs of lines with a blank line between them. */
function joined(above: readonly Draft[], below: readonly Draft[], newline: string): Draft[] {
  const all = [...above];
  join(all, below, newline);
  return all;
}

/** The same in place. */
function join(above: Draft[], below: readonly Draft[], newline: string): void {
  const open = above.length > 0 && below.length > 0 && above.at(-1)?.kind !== 'blank' && below[0]?.kind !== 'blank';
  if (open) above.push(blankLine(newline));
  for (const line of below) above.push(line);
}

/** Lines with a blank line before a table that has come out of the block, and after it. */
function spaced(lines: readonly Draft[], newline: string): Draft[] {
  return lines.flatMap((line, at) => {
    const previous = lines[at - 1];
    if (!previous || line.root || line.kind === 'blank' || previous.kind === 'blank') return [line];
    const moved = line.inside !== previous.inside || (line.inside && line.index !== (previous.index ?? 0) + 1);
    const starts = line.kind === 'header' || line.kind === 'comment';
    return moved && starts && previous.kind !== 'comment' ? [blankLine(newline), line] : [line];
  });
}

function chunkOf({ path, lines }: NewTable, newline: string): Chunk {
  return { path, lines: lines.map((text) => (text === '' ? blankLine(newline) : newLine(text, newline)) as Line) };
}

function newLine(text: string, newline: string): Draft {
  return { kind: 'pair', pieces: [{ text: text + newline, ours: true }], ours: true };
}

function blankLine(newline: string): Draft {
  return { kind: 'blank', pieces: [{ text: newline, ours: true }], ours: true };
}

/** Every line but the last ends with a line end; one that we had to add to the user's last line goes with our text. */
function fromLines(lines: readonly Draft[], newline: string, mark: boolean): TaggedText {
  const texts = mark ? [byteOrderMark] : [];
  const spans: Span[] = [];
  let at = mark ? byteOrderMark.length : 0;
  for (const [index, line] of lines.entries()) {
    for (const { text, ours } of ended(line, newline, index === lines.length - 1)) {
      if (ours) spans.push({ start: at, end: at + text.length });
      texts.push(text);
      at += text.length;
    }
  }
  return tagged(texts.join(''), spans);
}

function ended({ pieces, ours }: Draft, newline: string, final: boolean): readonly Piece[] {
  const last = pieces.at(-1) as Piece;
  if (final) return !ours && last.ours && last.text.trim() === '' ? pieces.slice(0, -1) : pieces;
  return last.text.endsWith('\n') ? pieces : [...pieces, { text: newline, ours: true }];
}
