import { type KeyPath, startsWith, type Table, valueAt } from '../../model/value.ts';
import type { UnitText } from '../format.ts';
import type { Span, Splice, TaggedText } from '../tagged-text.ts';
import type { Cut } from './change.ts';
import { ownsContent, ownsSpan, pathKeys } from './owned.ts';
import { type Doc, elementSegments, type Place, pairsOf, placeAt, type Segment, type Slot } from './read/doc.ts';
import { cutMembers } from './read/inline.ts';
import type { Header, Pair } from './read/scan.ts';
import type { Member, ValueNode } from './read/scan-value.ts';
import { indexUnits, lastIndexOf } from './units.ts';

interface Gone {
  readonly lines: Set<Header | Pair>;
  readonly members: Map<ValueNode, Set<Member>>;
  /** The line that holds an inline table or array. */
  readonly holders: Map<ValueNode, Pair>;
  /** The key and value of each array that loses elements. */
  readonly lists: Map<ValueNode, Slot>;
}

/** What a cut needs to know of the file around it. */
export interface CutContext {
  readonly doc: Doc;
  readonly values: Table;
  readonly text: TaggedText;
  readonly parents: readonly (readonly string[])[];
  readonly placed: readonly UnitText[];
  /** The tables that get new keys in the same edit. */
  readonly filled: readonly KeyPath[];
}

/**
 * The splices that take units out, in every spelling: lines, headers, inline members, elements. A header that we
 * created goes with its last key, and so does any inside an entry of ours, where a client may have written it; a user's
 * header, and comments that are not ours, stay.
 */
export function cutSplices(context: CutContext, cuts: readonly Cut[]): Splice[] {
  const gone: Gone = { lines: new Set(), members: new Map(), holders: new Map(), lists: new Map() };
  for (const cut of outermost(cuts)) {
    const place = placeAt(context.doc.root, cut.path);
    if (!place) continue;
    if (cut.digest === undefined) cutPlace(gone, place);
    else cutElement(context, gone, place, cut);
  }
  cutEmptied(context, gone, pathKeys(cuts.map(({ path }) => path.slice(0, -1))));
  const owns = (span: Span) => ownsSpan(context.text, span);
  const inner = [...gone.members].filter(([node]) => !gone.lines.has(gone.holders.get(node) as Pair));
  const members = inner.flatMap(([node, set]) => cutMembers(context.text.text, node, set, owns));
  return [...[...gone.lines].map((line) => cutLine(line, owns)), ...members].map((span) => ({ ...span, insert: [] }));
}

function cutPlace(gone: Gone, top: Place): void {
  const places = [top];
  for (const place of places) {
    for (const segment of place.segments) cutSegment(gone, segment);
    const { slot } = place;
    if (!slot) for (const child of place.children.values()) places.push(child);
    else if (slot.holder.inline) cutMember(gone, slot.holder.inline, slot.member, slot.pair);
    else gone.lines.add(slot.pair);
  }
}

function cutSegment(gone: Gone, segment: Segment): void {
  if (segment.header) gone.lines.add(segment.header);
  for (const pair of pairsOf(segment)) gone.lines.add(pair);
}

function cutMember(gone: Gone, node: ValueNode, member: Member, pair: Pair): void {
  const set = gone.members.get(node) ?? new Set();
  gone.members.set(node, set.add(member));
  gone.holders.set(node, pair);
}

function cutElement({ values }: CutContext, gone: Gone, place: Place, cut: Cut): void {
  const index = lastIndexOf(valueAt(values, cut.path), cut.digest as string);
  if (index < 0) return;
  const element = place.elements[index];
  if (element) for (const segment of elementSegments(place, element)) cutSegment(gone, segment);
  const member = place.slot?.member.value.members[index];
  if (!place.slot || !member) return;
  cutMember(gone, place.slot.member.value, member, place.slot.pair);
  gone.lists.set(place.slot.member.value, place.slot);
}

/** Adds the lists of ours that lose their last element, and the headers of ours that lose their last key or had lost it. */
function cutEmptied(context: CutContext, gone: Gone, around: ReadonlySet<string>): void {
  const { doc, text, parents, placed, filled } = context;
  for (const [node, members] of gone.members) {
    const pair = gone.holders.get(node) as Pair;
    const whole = pair.member.value === node && members.size === node.members.length;
    if (whole && ownsContent(text, pair)) gone.lines.add(pair);
  }
  for (const [node, { member, holder, pair }] of gone.lists) {
    if (!holder.inline || gone.members.get(node)?.size !== node.members.length || !ownsSpan(text, member)) continue;
    gone.members.delete(node);
    cutMember(gone, holder.inline, member, pair);
  }
  const created = pathKeys(parents);
  const kept = pathKeys([...placed.map(({ address }) => address.path), ...filled]);
  const units = indexUnits(placed);
  for (const segment of doc.segments) {
    const { header } = segment;
    const pairs = pairsOf(segment);
    const key = JSON.stringify(segment.path);
    if (!header || segment.opaque || !pairs.every((pair) => gone.lines.has(pair))) continue;
    if (pairs.length === 0 && !around.has(key)) continue;
    const ours = created.has(key) || ownsContent(text, header) || units.entryAt(segment.path) !== undefined;
    if (ours && !kept.has(key)) gone.lines.add(header);
  }
}

function cutLine(line: Header | Pair, owns: (span: Span) => boolean): Span {
  const { start, end, note } = line;
  return { start, end: note === undefined || owns({ start: note, end }) ? end : note };
}

/** Without the cuts that lie inside other cuts. */
function outermost(cuts: readonly Cut[]): Cut[] {
  const whole = indexUnits(cuts.filter(({ digest }) => digest === undefined).map(unitOf));
  return cuts.filter(({ path }) => {
    const cover = whole.covering(path)?.address.path;
    return !cover || cover.length === path.length || !startsWith(path, cover);
  });
}

function unitOf({ path }: Cut): UnitText {
  return { kind: 'entry', address: { path } };
}
