import type { TaggedText } from '../tagged-text.ts';
import { isInside, isMarkerLine, type Markers } from './marker.ts';
import { ownsContent, pathOf } from './owned.ts';
import { type Doc, pairsOf, type Segment } from './read/doc.ts';
import type { Item } from './read/scan.ts';
import { below, type Units } from './units.ts';

/** What decides where a table or a key belongs. */
export interface Facts {
  readonly doc: Doc;
  readonly text: TaggedText;
  readonly units: Units;
  readonly markers: Markers;
  readonly parents: ReadonlySet<string>;
  readonly elements: ReadonlySet<Segment>;
  /** Of lists that hold only units, the paths. */
  readonly lists: ReadonlySet<string>;
}

/** Whether a table belongs into our block; `before` is the table right above it, when that one does. */
export function belongs(
  { doc, text, units, parents, elements, markers }: Facts,
  segment: Segment,
  before?: Segment,
): boolean {
  const header = segment.header as Item & { kind: 'header' };
  const inside = isInside(markers, header);
  if (segment.opaque) return elements.has(segment) && (inside || !markers.block);
  const entry = units.entryAt(segment.path);
  if (entry && entry.address.path.length === segment.path.length) return true;
  const created = ownsContent(text, header) || parents.has(JSON.stringify(segment.path));
  if (entry)
    return inside || created || (before !== undefined && below(before, entry) && adjoins(doc, before, segment));
  const holds = pairsOf(segment).some((pair) => units.holding(pathOf(segment, pair)));
  return holds && (created || inside);
}

/** True when no marker stands between two segments. */
function adjoins(doc: Doc, before: Segment, segment: Segment): boolean {
  return segment.index === before.index + 1 && !before.body.some((item) => isMarkerLine(doc.text, item));
}

/** Tables below an element cannot leave it. */
export function isGroup({ elements }: Facts, segment: Segment, before: Segment): boolean {
  return elements.has(segment) && elements.has(before) && !segment.header?.array;
}

/** Whether a root key belongs into our block. */
export function isOurRoot({ text, units, markers, lists }: Facts, item: Item): boolean {
  if (item.kind !== 'pair') return false;
  if (!markers.block) return ownsContent(text, item);
  const { key } = item.member;
  return isInside(markers, item) && (units.covering(key) !== undefined || lists.has(JSON.stringify(key)));
}

/** The comment lines that touch the header from above. */
export function leadOf({ doc }: Pick<Facts, 'doc'>, segment: Segment): Item[] {
  const body = (doc.segments[segment.index - 1] as Segment).body;
  return body.slice(body.length - leadLength(doc, body));
}

/** The lines of a segment without those that lead the next header. */
export function ownBody({ doc }: Pick<Facts, 'doc'>, segment: Segment): Item[] {
  const next = doc.segments[segment.index + 1];
  return next ? segment.body.slice(0, segment.body.length - leadLength(doc, segment.body)) : segment.body;
}

function leadLength(doc: Doc, body: readonly Item[]): number {
  const stop = body.findLastIndex((item) => item.kind !== 'comment' || isMarkerLine(doc.text, item));
  return body.length - 1 - stop;
}
