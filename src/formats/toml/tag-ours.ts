import { once } from '../../model/memo/once.ts';
import type { KeyPath, Table } from '../../model/value.ts';
import type { EditRequest } from '../format.ts';
import { locate, type Span, type TaggedText, tagged } from '../tagged-text.ts';
import { glueAround, isInside, isMarkerLine, type Markers, markersIn } from './marker.ts';
import { minus, ownsContent, pathKeys, pathOf } from './owned.ts';
import { type Doc, pairsOf, type Segment } from './read/doc.ts';
import { cutMembers } from './read/inline.ts';
import type { Header, Item, Pair } from './read/scan.ts';
import type { Member, ValueNode } from './read/scan-value.ts';
import { indexUnits, type Units, unitElements, unitLists } from './units.ts';

interface Facts {
  readonly doc: Doc;
  readonly request: EditRequest;
  /** The lines that we had written: mostly they still stand as they were. */
  readonly recorded: () => ReadonlySet<string>;
  readonly units: Units;
  /** The units that are being written: what stands there may be the user's. */
  readonly fresh: Units;
  readonly parents: ReadonlySet<string>;
  readonly markers: Markers;
  readonly elements: ReadonlySet<Segment>;
  readonly lists: ReadonlySet<string>;
}

/**
 * The text with what is ours in it: the recorded insertions where they can all be found, else what the key paths of
 * our units, the recorded parents and the markers tell. Marker lines are always ours.
 */
export function tagOurs(doc: Doc, values: Table, request: EditRequest): TaggedText {
  const facts = factsOf(doc, values, request);
  const located = request.inserted.length > 0 ? locate(doc.text, request.inserted) : undefined;
  const markers = doc.items.filter((item) => isMarkerLine(doc.text, item));
  if (located) return tagged(doc.text, [...withoutReleased(facts, located), ...markers]);
  return tagged(doc.text, [...linesOfOurs(facts), ...membersOfOurs(facts), ...markers, ...glueOfOurs(facts)]);
}

function factsOf(doc: Doc, values: Table, request: EditRequest): Facts {
  const units = indexUnits([...request.placed, ...request.remove]);
  const elements = new Set(unitElements(doc, values, units).flat());
  const [fresh, parents] = [indexUnits(request.set), pathKeys(request.parents)];
  const [markers, lists] = [markersIn(doc.text, doc.items), unitLists(values, units)];
  const recorded = once(
    () => new Set(request.inserted.flatMap(({ text }) => text.split('\n').map((line) => line.trim()))),
  );
  return { doc, request, recorded, units, fresh, parents, markers, elements, lists };
}

/** The recorded line ends around the block, where they still stand: an edit inside it must not make them the user's. */
function glueOfOurs({ doc, request, markers: { block } }: Facts): Span[] {
  if (!block) return [];
  const { text } = doc;
  return request.inserted.flatMap(({ text: own }): Span[] => {
    const { before, after } = glueAround(own);
    const [start, end] = [block.begin.start - before.length, block.end.end + after.length];
    return [
      ...(text.slice(start, block.begin.start) === before ? [{ start, end: block.begin.start }] : []),
      ...(text.slice(block.end.end, end) === after ? [{ start: block.end.end, end }] : []),
    ];
  });
}

/** Located text of units that are ours no longer is the user's from now on. */
function withoutReleased({ doc, units, request }: Facts, located: readonly Span[]): Span[] {
  const text = tagged(doc.text, located);
  const lists = pathKeys(units.lists.map(({ path }) => path));
  const kept = pathKeys(request.parents);
  const holes = doc.segments.flatMap((segment): Span[] => {
    if (segment.opaque) return [];
    const free = pairsOf(segment).filter((pair) => {
      if (!ownsContent(text, pair)) return false;
      const path = pathOf(segment, pair);
      return !units.covering(path) && !lists.has(JSON.stringify(path)) && pair.member.value.kind === 'scalar';
    });
    const emptied = free.length > 0 && free.length === pairsOf(segment).length;
    const released =
      emptied && segment.header && !units.entryAt(segment.path) && !kept.has(JSON.stringify(segment.path));
    return released ? [...free, segment.header as Header] : free;
  });
  return minus(located, holes);
}

function linesOfOurs(facts: Facts): Span[] {
  const spans: Span[] = [];
  for (const segment of facts.doc.segments) {
    const pairs = pairsOf(segment).filter((pair) => isOurPair(facts, segment, pair));
    const header = isOurHeader(facts, segment, pairs.length) ? segment.header : undefined;
    const ours = new Set<Item>(header ? [header, ...pairs] : pairs);
    for (const item of ours) spans.push(contentOf(item));
    for (const item of blanksOfOurs(facts, segment, ours)) spans.push(item);
  }
  return spans;
}

function isOurPair(facts: Facts, segment: Segment, pair: Pair): boolean {
  const { doc, units, request, markers, elements, lists } = facts;
  const inside = isInside(markers, pair);
  const path = pathOf(segment, pair);
  if (segment.opaque) return elements.has(segment) && (inside || !markers.block);
  const covered = units.covering(path) !== undefined;
  if (inside && (covered || lists.has(JSON.stringify(path)))) return true;
  const recorded = isRecorded(facts, doc.text.slice(pair.start, pair.contentEnd).trim());
  if (!covered) return recorded && lists.has(JSON.stringify(path));
  if (segment.header) return recorded || !isFresh(facts, path);
  if (markers.block) return false;
  return request.inserted.length > 0 ? recorded : markers.begins.length + markers.ends.length > 0;
}

function isRecorded({ request, recorded }: Facts, text: string): boolean {
  return recorded().has(text) || request.inserted.some((each) => each.text.includes(text));
}

/** True for a key of a unit that is being written now and that the record does not know. */
function isFresh({ fresh, parents }: Facts, path: KeyPath): boolean {
  const unit = fresh.covering(path);
  return unit !== undefined && !parents.has(JSON.stringify(unit.address.path));
}

function isOurHeader(facts: Facts, segment: Segment, ourPairs: number): boolean {
  const { header } = segment;
  if (!header) return false;
  const inside = isInside(facts.markers, header);
  if (segment.opaque) return facts.elements.has(segment) && (inside || !facts.markers.block);
  if (facts.parents.has(JSON.stringify(segment.path))) return true;
  if (ourPairs < pairsOf(segment).length) return false;
  const entry = facts.units.entryAt(segment.path);
  // Of an entry's own tables outside a sound block nobody knows who wrote them.
  const own = entry?.address.path.length === segment.path.length || !facts.markers.block;
  if (entry) return inside || (own && !isFresh(facts, segment.path));
  return ourPairs > 0 && inside;
}

/** Blank lines below lines of ours, where the block or a table of ours gave them. */
function blanksOfOurs({ doc, markers }: Facts, segment: Segment, ours: ReadonlySet<Item>): Item[] {
  const table = segment.header !== undefined && ours.has(segment.header);
  let run = table;
  return segment.body.filter((item) => {
    const inside = isInside(markers, item);
    if (item.kind === 'blank') return run && (inside || table || !markers.block);
    const marker = isMarkerLine(doc.text, item);
    run = marker ? inside || item === markers.block?.begin : ours.has(item) && (table || !segment.header || inside);
    return false;
  });
}

function contentOf(item: Item): Span {
  const note = item.kind === 'header' || item.kind === 'pair' ? item.note : undefined;
  return { start: item.start, end: note ?? item.end };
}

function membersOfOurs(facts: Facts): Span[] {
  const { doc, units } = facts;
  const isOurs = (path: KeyPath, { start, end }: Span) =>
    units.covering(path) !== undefined && (!isFresh(facts, path) || isRecorded(facts, doc.text.slice(start, end)));
  const spans: Span[] = [];
  const visit = (node: ValueNode, path: KeyPath) => {
    const gone = new Set<Member>(node.members.filter((member) => isOurs([...path, ...member.key], member)));
    spans.push(...cutMembers(doc.text, node, gone, () => true));
    for (const { key, value } of node.members) if (value.kind === 'table') visit(value, [...path, ...key]);
  };
  for (const segment of doc.segments) {
    if (segment.opaque) continue;
    for (const pair of pairsOf(segment)) {
      const path = pathOf(segment, pair);
      if (pair.member.value.kind === 'table' && !units.covering(path)) visit(pair.member.value, path);
    }
  }
  return spans;
}
