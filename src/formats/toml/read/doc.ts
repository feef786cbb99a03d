import type { KeyPath } from '../../../model/value.ts';
import { type Header, type Item, type Pair, scan } from './scan.ts';
import type { Member, ValueNode } from './scan-value.ts';

/** What a text says, and where. */
export interface Doc {
  readonly text: string;
  readonly items: readonly Item[];
  /** The root segment first, then one per header, in the order of the file. */
  readonly segments: readonly Segment[];
  readonly root: Place;
}

/** A header and the lines up to the next header; the root segment has no header. */
export interface Segment {
  readonly index: number;
  readonly header?: Header;
  readonly path: KeyPath;
  /** Without the header. */
  readonly body: Item[];
  /** In or below an element of an array of tables: no address reaches its keys. */
  readonly opaque: boolean;
}

/** What the text says about one key path. */
export interface Place {
  readonly children: Map<string, Place>;
  /** The segments with exactly this path. */
  readonly segments: Segment[];
  /** The `[[path]]` segments. */
  readonly elements: Segment[];
  /** The key and value that give this path. */
  slot?: Slot;
  /** Set when dotted keys define this table: where they stand. */
  dotted?: Holder;
}

/** A key and value, the line that holds it, and what it stands in. */
export interface Slot {
  readonly member: Member;
  readonly pair: Pair;
  readonly holder: Holder;
}

/** What keys stand in: a segment, or an inline table. */
export interface Holder {
  readonly path: KeyPath;
  readonly segment: Segment;
  readonly inline?: ValueNode;
}

/** Reads where everything stands in a text that parses. */
export function readDoc(text: string): Doc {
  const items = scan(text);
  const root = newPlace();
  const segments: Segment[] = [{ index: 0, path: [], body: [], opaque: false }];
  root.segments.push(segments[0] as Segment);
  for (const item of items) {
    if (item.kind === 'header') segments.push(openSegment(root, item, segments.length));
    else (segments.at(-1) as Segment).body.push(item);
  }
  for (const segment of segments) if (!segment.opaque) definePairs(root, segment, tableMembers);
  return { text, items, segments, root };
}

/** The places along a path, the root first, as far as the text says anything. */
export function placesAlong(root: Place, path: KeyPath): Place[] {
  const places = [root];
  for (const key of path) {
    const next = (places.at(-1) as Place).children.get(key);
    if (!next) break;
    places.push(next);
  }
  return places;
}

/** The place of a whole path, or undefined. */
export function placeAt(root: Place, path: KeyPath): Place | undefined {
  return placesAlong(root, path)[path.length];
}

/** A place and all below it. */
export function allBelow(place: Place): Place[] {
  const found = [place];
  for (const each of found) for (const child of each.children.values()) found.push(child);
  return found;
}

/** The pairs of a segment. */
export function pairsOf(segment: Segment): Pair[] {
  return segment.body.filter((item): item is Pair => item.kind === 'pair');
}

const segmentsByElement = new WeakMap<Place, ReadonlyMap<Segment, readonly Segment[]>>();

/** The segments of one element of an array of tables: its `[[path]]` and the tables below it. */
export function elementSegments(place: Place, element: Segment): readonly Segment[] {
  const groups = segmentsByElement.get(place) ?? groupSegments(place);
  segmentsByElement.set(place, groups);
  return groups.get(element) ?? [];
}

/** What stands below a place, by the element that it belongs to: the last one above it. */
function groupSegments(place: Place): ReadonlyMap<Segment, readonly Segment[]> {
  const groups = new Map<Segment, Segment[]>(place.elements.map((element) => [element, []]));
  let group: Segment[] | undefined;
  const all = new Set(allBelow(place).flatMap(({ segments }) => segments));
  for (const segment of [...all].sort((a, b) => a.index - b.index)) {
    group = groups.get(segment) ?? group;
    group?.push(segment);
  }
  return groups;
}

/** A place of which the text says nothing yet. */
export function newPlace(): Place {
  return { children: new Map(), segments: [], elements: [] };
}

/** The place below a place, made where there is none. */
export function childOf(place: Place, key: string): Place {
  const child = place.children.get(key) ?? newPlace();
  place.children.set(key, child);
  return child;
}

function openSegment(root: Place, header: Header, index: number): Segment {
  let place = root;
  let opaque = header.array;
  for (const key of header.path) {
    if (place.elements.length > 0) opaque = true;
    place = childOf(place, key);
  }
  const segment: Segment = { index, header, path: header.path, body: [], opaque };
  place.segments.push(segment);
  if (header.array) place.elements.push(segment);
  return segment;
}

/** Which members of a value have places of their own. */
export type PlacedMembers = (value: ValueNode) => readonly Member[];

function tableMembers({ kind, members }: ValueNode): readonly Member[] {
  return kind === 'table' ? members : [];
}

/** Gives the keys of a segment their places. */
export function definePairs(root: Place, segment: Segment, membersOf: PlacedMembers): void {
  const table = placeAt(root, segment.path) as Place;
  const holder: Holder = { path: segment.path, segment };
  for (const pair of pairsOf(segment)) define(table, { member: pair.member, pair, holder }, membersOf);
}

function define(table: Place, slot: Slot, membersOf: PlacedMembers): void {
  const { member, holder, pair } = slot;
  let place = table;
  for (const key of member.key.slice(0, -1)) {
    place = childOf(place, key);
    place.dotted ??= holder;
  }
  place = childOf(place, member.key.at(-1) as string);
  place.slot = slot;
  const inner: Holder = { path: [...holder.path, ...member.key], segment: holder.segment, inline: member.value };
  for (const each of membersOf(member.value)) define(place, { member: each, pair, holder: inner }, membersOf);
}
