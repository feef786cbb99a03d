import type { KeyPath, Table } from '../../model/value.ts';
import type { UnitText } from '../format.ts';
import { type Piece, piecesOf, type TaggedText } from '../tagged-text.ts';
import { belongs, type Facts, isGroup, isOurRoot, leadOf, ownBody } from './belongs.ts';
import { isInside, isMarkerLine, type Markers, markersIn } from './marker.ts';
import { ownsSpan, pathKeys } from './owned.ts';
import type { Doc, Segment } from './read/doc.ts';
import type { Item } from './read/scan.ts';
import { indexUnits, unitElements, unitLists } from './units.ts';

/** A line of the file that can be moved. */
export interface Line {
  readonly kind: Item['kind'];
  readonly pieces: readonly Piece[];
  readonly ours: boolean;
  /** Its place among the items of the file. */
  readonly index: number;
  /** True above the first header. */
  readonly root: boolean;
  /** True between the markers. */
  readonly inside: boolean;
}

/** A table that belongs into our block. */
export interface Chunk {
  readonly path: KeyPath;
  readonly lines: readonly Line[];
}

/** A file taken apart: what belongs into our block, and everything else but the markers. */
export interface Layout {
  readonly markers: Markers;
  readonly roots: readonly Line[];
  readonly tables: readonly Chunk[];
  readonly outside: readonly Line[];
  /** How many of the lines outside stand before the block; undefined without a block that can stay. */
  readonly position: number | undefined;
  /** True when nothing has to move: what belongs into the block is there, and nothing else is. */
  readonly settled: boolean;
}

interface Sorter extends Facts {
  readonly order: ReadonlyMap<Item, number>;
  readonly roots: Line[];
  readonly tables: (Chunk & { readonly lines: Line[] })[];
  readonly outside: Line[];
  position: number | undefined;
  settled: boolean;
}

/** Takes a file apart. `placed` are the units that are ours, `parents` the tables that we created. */
export function takeApart(
  doc: Doc,
  text: TaggedText,
  values: Table,
  placed: readonly UnitText[],
  parents: readonly KeyPath[],
): Layout {
  const units = indexUnits(placed);
  const sorter: Sorter = {
    doc,
    text,
    units,
    markers: markersIn(doc.text, doc.items),
    parents: pathKeys(parents),
    elements: new Set(unitElements(doc, values, units).flat()),
    lists: unitLists(values, units),
    order: new Map(doc.items.map((item, index) => [item, index])),
    roots: [],
    tables: [],
    outside: [],
    position: undefined,
    settled: true,
  };
  sortRoot(sorter);
  sortTables(sorter);
  if (sorter.markers.block) sorter.position ??= sorter.outside.length;
  return sorter;
}

function sortRoot(sorter: Sorter): void {
  const segment = sorter.doc.segments[0] as Segment;
  const body = ownBody(sorter, segment);
  const leaders = leadersOf(body);
  body.forEach((item, index) => {
    notePosition(sorter, item);
    if (isMarkerLine(sorter.doc.text, item)) return;
    const inside = isInside(sorter.markers, item);
    const leader = leaders[index];
    const foreign = inside && leader?.kind === 'pair' && isInside(sorter.markers, leader) && !isOurRoot(sorter, leader);
    if (isOurRoot(sorter, item) || (inside && !foreign)) {
      sorter.roots.push(lineOf(sorter, item, true));
      if (!inside) sorter.settled = false;
    } else {
      sorter.outside.push(lineOf(sorter, item, true));
      if (!inside) return;
      sorter.settled = false;
      sorter.position = sorter.outside.length;
    }
  });
}

function sortTables(sorter: Sorter): void {
  let before: Segment | undefined;
  for (const segment of sorter.doc.segments.slice(1)) {
    const ours = belongs(sorter, segment, before);
    if (ours) takeTable(sorter, segment, before !== undefined && isGroup(sorter, segment, before));
    else leaveTable(sorter, segment);
    before = ours ? segment : undefined;
  }
}

function takeTable(sorter: Sorter, segment: Segment, grouped: boolean): void {
  const items = [...leadOf(sorter, segment), segment.header as Item, ...ownBody(sorter, segment)];
  const last = items.findLastIndex(({ kind }) => kind === 'pair' || kind === 'header');
  const mine: Line[] = [];
  items.forEach((item, index) => {
    notePosition(sorter, item);
    if (isMarkerLine(sorter.doc.text, item)) return;
    const inside = isInside(sorter.markers, item);
    if (index <= last || inside) mine.push(lineOf(sorter, item, false));
    else sorter.outside.push(lineOf(sorter, item, false));
  });
  if (!isInside(sorter.markers, segment.header as Item)) sorter.settled = false;
  const group = grouped ? sorter.tables.at(-1) : undefined;
  if (group) for (const line of mine) group.lines.push(line);
  else sorter.tables.push({ path: segment.path, lines: mine });
}

function leaveTable(sorter: Sorter, segment: Segment): void {
  const header = segment.header as Item;
  for (const item of [...leadOf(sorter, segment), header, ...ownBody(sorter, segment)]) {
    notePosition(sorter, item);
    if (isMarkerLine(sorter.doc.text, item)) continue;
    sorter.outside.push(lineOf(sorter, item, false));
    if (!isInside(sorter.markers, item)) continue;
    if (item.kind === 'pair' || item.kind === 'header') sorter.settled = false;
    // A table that began above the block keeps its keys above it.
    if (item.kind === 'pair' && !isInside(sorter.markers, header)) sorter.position = sorter.outside.length;
  }
}

/** Of a comment the line below it that is none, of any other line itself. */
function leadersOf(body: readonly Item[]): (Item | undefined)[] {
  let next: Item | undefined;
  const leaders = body.toReversed().map((item) => {
    if (item.kind !== 'comment') next = item;
    return next;
  });
  return leaders.reverse();
}

function notePosition(sorter: Sorter, item: Item): void {
  if (item === sorter.markers.block?.begin) sorter.position = sorter.outside.length;
}

function lineOf(sorter: Sorter, item: Item, root: boolean): Line {
  const { text, order } = sorter;
  return {
    inside: isInside(sorter.markers, item),
    kind: item.kind,
    pieces: piecesOf(text, item),
    ours: ownsSpan(text, item),
    index: order.get(item) as number,
    root,
  };
}
