import { isTableArray, type KeyPath, type Table, type Value } from '../../model/value.ts';
import { Unplaceable } from '../format.ts';
import type { Splice } from '../tagged-text.ts';
import type { Addition, Write } from './change.ts';
import { isMarkerLine } from './marker.ts';
import { type Doc, type Holder, type Place, placeAt, placesAlong, type Segment } from './read/doc.ts';
import { addMembers } from './read/inline.ts';
import type { Item } from './read/scan.ts';
import type { ValueNode } from './read/scan-value.ts';
import { elementLines, entryLines, pairText, valueText } from './render.ts';
import type { Units } from './units.ts';

/** What our block has to take in: root keys, and tables with their lines. */
export interface BlockParts {
  readonly roots: string[];
  readonly tables: NewTable[];
}

export interface NewTable {
  readonly path: KeyPath;
  readonly lines: string[];
}

interface Puts {
  readonly doc: Doc;
  readonly newline: string;
  readonly block: BlockParts;
  /** The new tables of single keys, which take more keys of the same table, by path. */
  readonly open: Map<string, NewTable>;
  readonly inline: Map<ValueNode, string[]>;
  readonly lines: Map<Segment, string[]>;
}

/** The splices that replace values: of each only the value's own text. Throws `Unplaceable`. */
export function replaceSplices(doc: Doc, writes: readonly Write[], placed: Units): Splice[] {
  return writes.map(({ unit, path, value }) => {
    const slot = placeAt(doc.root, path)?.slot;
    if (!slot) throw new Unplaceable('its value has no text of its own', unit.address);
    const { start, end } = slot.member.value;
    // A found unit is managed, but its text stays the user's.
    return { start, end, insert: [{ text: valueText(value), ours: placed.covering(path) !== undefined }] };
  });
}

/**
 * Where each addition goes: splices for what belongs into a table of the file, and parts for our block. Throws
 * `Unplaceable` where a parent is of another type.
 */
export function putAdditions(doc: Doc, additions: readonly Addition[], newline: string): [Splice[], BlockParts] {
  const block: BlockParts = { roots: [], tables: [] };
  const puts: Puts = { doc, newline, block, open: new Map(), inline: new Map(), lines: new Map() };
  for (const addition of additions) putOne(puts, asWritten(doc, addition));
  const inline = [...puts.inline].flatMap(([node, added]) => addMembers(doc.text, node, added));
  const lines = [...puts.lines].map(([segment, added]) => addLines(puts, segment, added));
  return [[...inline, ...lines], block];
}

/** A list that is not there yet is written as one value, unless its elements are tables: these get headers. */
function asWritten(doc: Doc, addition: Addition): Addition {
  if (addition.form !== 'elements' || placeAt(doc.root, addition.path)) return addition;
  return isTableArray(addition.value) ? addition : { ...addition, form: 'leaf' };
}

function putOne(puts: Puts, addition: Addition): void {
  const { path, form, value, unit } = addition;
  const places = placesAlong(puts.doc.root, path);
  const place = places.at(-1) as Place;
  const depth = places.length - 1;
  const list = form === 'elements' && depth === path.length;
  const broken = places.find((each) => each.elements.length > 0 && !(list && each === place));
  if (broken) throw new Unplaceable('it would stand in an array of tables', unit.address, lineOf(broken));
  if (place.slot) putInside(puts, addition, place, depth);
  else if (list && place.elements.length > 0) putTable(puts, addition);
  else if (depth === path.length) throw new Unplaceable('a table stands in its place', unit.address, lineOf(place));
  else if (place.dotted && !standsAlone(addition, place.dotted))
    putDotted(puts, addition, place.dotted.inline, place.dotted.path, place.dotted.segment);
  else if (depth === 0 && path.length === 1 && form !== 'entry') putRootOrTable(puts, addition);
  else if (place.segments[0] && depth === path.length - 1 && (form === 'leaf' || form === 'part'))
    push(puts.lines, place.segments[0], pairText(path.slice(-1), value));
  else putTable(puts, addition);
}

/**
 * An entry may have a header of its own even below a table that dotted keys define. It has to: where Codex 0.169 adds a
 * table to an entry on one line, what stands above that line ends up inside its new header, and the file is lost.
 */
function standsAlone({ form }: Addition, { inline }: Holder): boolean {
  return form === 'entry' && !inline;
}

function putInside(puts: Puts, { path, form, value, unit }: Addition, place: Place, depth: number): void {
  const node = place.slot?.member.value as ValueNode;
  const list = form === 'elements' && depth === path.length;
  if (list && node.kind === 'array')
    for (const each of value as readonly Value[]) push(puts.inline, node, valueText(each));
  else if (!list && node.kind === 'table') push(puts.inline, node, pairText(path.slice(depth), value));
  else throw new Unplaceable('a value of another type stands in its place', unit.address, place.slot?.pair.line);
}

function putDotted(puts: Puts, addition: Addition, node: ValueNode | undefined, at: KeyPath, segment: Segment): void {
  const text = pairText(addition.path.slice(at.length), addition.value);
  if (node) push(puts.inline, node, text);
  else if (segment.header) push(puts.lines, segment, text);
  else puts.block.roots.push(text);
}

function putRootOrTable(puts: Puts, addition: Addition): void {
  if (addition.form === 'elements') putTable(puts, addition);
  else puts.block.roots.push(pairText(addition.path, addition.value));
}

function putTable(puts: Puts, { path, form, value }: Addition): void {
  const { tables } = puts.block;
  if (form === 'entry') tables.push({ path, lines: entryLines(path, value as Table) });
  else if (form !== 'elements') openTable(puts, path.slice(0, -1)).lines.push(pairText(path.slice(-1), value));
  else for (const each of value as readonly Table[]) tables.push({ path, lines: elementLines(path, each) });
}

function openTable({ block, open }: Puts, path: KeyPath): NewTable {
  const key = JSON.stringify(path);
  const standing = open.get(key);
  if (standing) return standing;
  const table: NewTable = { path, lines: entryLines(path, {}) };
  open.set(key, table);
  block.tables.push(table);
  return table;
}

/** Below the last key of a table; a file without a final newline gets it before our line, and none after. */
function addLines({ doc, newline }: Puts, segment: Segment, added: readonly string[]): Splice {
  const marker = segment.body.findIndex((item) => isMarkerLine(doc.text, item));
  const body = marker < 0 ? segment.body : segment.body.slice(0, marker);
  const last = body.findLast(({ kind }) => kind === 'pair') ?? (segment.header as Item);
  const indent = /^[ \t]*/.exec(doc.text.slice(last.start, last.end))?.[0] ?? '';
  const lines = added.map((line) => indent + line);
  const open = !doc.text.slice(last.start, last.end).endsWith('\n');
  const text = open ? lines.map((line) => newline + line) : lines.map((line) => line + newline);
  return { start: last.end, end: last.end, insert: [{ text: text.join(''), ours: true }] };
}

function lineOf(place: Place): number | undefined {
  return place.slot?.pair.line ?? place.segments[0]?.header?.line;
}

function push<Key>(map: Map<Key, string[]>, key: Key, text: string): void {
  const texts = map.get(key);
  if (texts) texts.push(text);
  else map.set(key, [text]);
}
