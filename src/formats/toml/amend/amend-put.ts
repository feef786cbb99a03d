import { emptyTable, isTable, isTableArray, type KeyPath, startsWith, type Value } from '../../../model/value.ts';
import { type PathValue, Unplaceable } from '../../format.ts';
import type { Splice } from '../../tagged-text.ts';
import { ownBody } from '../belongs.ts';
import { pathOf } from '../owned.ts';
import { type Doc, type Holder, type Place, pairsOf, placesAlong, type Segment } from '../read/doc.ts';
import { byteOrderMark, type Item, newlineOf } from '../read/scan.ts';
import type { ValueNode } from '../read/scan-value.ts';
import { elementLines, entryLines, needsHeader, pairText, tableLines, valueText } from '../render.ts';
import { memberSplices } from './amend-members.ts';

/** What stands along a path, the root first, up to the first key that is not there. */
interface Way {
  readonly doc: Doc;
  readonly places: readonly Place[];
  readonly last: Place;
  /** The path up to the first key that is not there, and the value to put there. */
  readonly path: KeyPath;
  readonly value: Value;
}

/** The splices that add a key, where it belongs by the spelling of its parent. Throws `Unplaceable`. */
export function addSplices(doc: Doc, { path, value }: PathValue): Splice[] {
  const places = placesAlong(doc.root, path);
  const rest = path.slice(places.length);
  const whole = rest.reduceRight<Value>((inner, key) => Object.assign(emptyTable(), { [key]: inner }), value);
  const last = places.at(-1) as Place;
  const way: Way = { doc, places, last, path: path.slice(0, places.length), value: whole };
  const [segment] = last.segments;
  if (last.slot) return addInside(doc, last.slot.member.value, way);
  if (!segment && last.dotted) return addDotted(way, last.dotted);
  if (isInElement(way)) return addBelowElement(way);
  if (hasOwnHeader(way)) return [addTables(way, tableLines(way.path, whole))];
  if (segment) return [addPair(doc, segment, pairText(way.path.slice(-1), whole))];
  const parent = way.path.slice(0, -1);
  return [addTables(way, entryLines(parent, Object.assign(emptyTable(), { [way.path.at(-1) as string]: whole })))];
}

/** The splices that add a last element to a list. Throws `Unplaceable` where it is no list, or one of tables only. */
export function appendSplices(doc: Doc, { path, value }: PathValue): Splice[] {
  const places = placesAlong(doc.root, path);
  const list = places[path.length];
  if (list?.slot) return memberSplices(doc.text, list.slot.member.value, valueText(value));
  const header = list?.elements[0]?.header;
  if (!list || !header || !isTable(value))
    throw new Unplaceable('the list holds only tables, each with a header', { path });
  const way: Way = { doc, places, last: list, path: [...path, ''], value };
  return [addTables(way, elementLines(header.path, value))];
}

function addInside(doc: Doc, node: ValueNode, { path, value }: Way): Splice[] {
  if (node.kind !== 'table') throw new Unplaceable('a value of another type stands in its place', { path });
  return memberSplices(doc.text, node, pairText(path.slice(-1), value));
}

/** Beside the other dotted keys of the table. */
function addDotted({ doc, path, value }: Way, { inline, path: at, segment }: Holder): Splice[] {
  const text = pairText(path.slice(at.length), value);
  if (inline) return memberSplices(doc.text, inline, text);
  const parent = path.slice(0, -1);
  const sibling = pairsOf(segment).findLast((pair) => startsWith(pathOf(segment, pair), parent));
  return [addPair(doc, segment, text, sibling)];
}

function isInElement({ places }: Way): boolean {
  return places.some(({ elements }) => elements.length > 0);
}

/** Below an element of an array of tables a header would belong to the last element, so the key gets a line. */
function addBelowElement({ doc, places, path, value }: Way): Splice[] {
  const at = places.findLastIndex(({ segments }) => segments.length > 0);
  return [addPair(doc, places[at]?.segments[0] as Segment, pairText(path.slice(at), value))];
}

/** Whether a value is to be written below headers: where its siblings are, and where a line would be too long. */
function hasOwnHeader({ places, last, path, value }: Way): boolean {
  if (isTableArray(value)) return true;
  if (!isTable(value) || Object.keys(value).length === 0) return false;
  if (places.length === 1 || last.segments.length === 0) return true;
  const withHeaders = [...last.children.values()].some(({ slot, dotted }) => !slot && !dotted);
  return withHeaders || needsHeader(path.at(-1) as string, value);
}

/** New tables below the last one with the same parent, else at the end of the file. */
function addTables({ doc, path }: Way, lines: readonly string[]): Splice {
  const parent = path.slice(0, -1);
  const sibling = doc.segments.findLast((segment) => parent.length > 0 && startsWith(segment.path, parent));
  const segment = sibling ?? (doc.segments.at(-1) as Segment);
  const at = endOf(doc, segment);
  const isFirst = doc.text.slice(0, at).replace(byteOrderMark, '').trim() === '';
  const crowded = /^[ \t]*[^\s]/.test(doc.text.slice(at));
  return insertLines(doc.text, at, isFirst ? [...lines, ...(crowded ? [''] : [])] : crowded ? lines : ['', ...lines]);
}

/** Where the lines of a segment end, without blank lines and without the comments of the next header. */
function endOf(doc: Doc, segment: Segment): number {
  const last = ownBody({ doc }, segment).findLast(({ kind }) => kind !== 'blank') ?? segment.header;
  return last?.end ?? startOf(doc.text);
}

function startOf(text: string): number {
  return text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
}

/** A new line below the last key of a segment, or below another line. */
function addPair(doc: Doc, segment: Segment, line: string, below: Item | undefined = pairsOf(segment).at(-1)): Splice {
  const last = below ?? segment.header;
  if (!last) return addFirst(doc, segment, line);
  const indent = /^[ \t]*/.exec(doc.text.slice(last.start))?.[0] ?? '';
  return insertLines(doc.text, last.end, [indent + line]);
}

/** The first root key: below the comments at the top, a blank line away from the first table. */
function addFirst(doc: Doc, segment: Segment, line: string): Splice {
  const body = ownBody({ doc }, segment);
  const at = body.at(-1)?.end ?? startOf(doc.text);
  return insertLines(doc.text, at, doc.segments.length > 1 ? [line, ''] : [line]);
}

/** A file without a final newline gets one before our lines, and none after. */
function insertLines(text: string, at: number, lines: readonly string[]): Splice {
  const newline = newlineOf(text);
  const open = at === text.length && at > startOf(text) && !text.endsWith('\n');
  const added = open ? lines.map((line) => newline + line) : lines.map((line) => line + newline);
  return { start: at, end: at, insert: [{ text: added.join(''), ours: false }] };
}
