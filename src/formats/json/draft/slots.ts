import type { Piece } from '../../tagged-text.ts';
import { allOurs, type Container, foreign, type Node, ours, piecesOfNode, type Slot, textOf } from './draft.ts';
import { noteInserted, noteRemoved } from './slot-index.ts';
import { breakOf, colonAfter, gapAfter, indentOf, type Layout, onOwnLine, type Style } from './style.ts';

/** A container and what its lines look like. */
export interface Place {
  readonly container: Container;
  /** The indentation of the line on which it starts. */
  readonly indent: string;
  /** Whether an empty container is to be opened over several lines. */
  readonly spread: boolean;
  readonly layout: Layout;
}

/** The place inside a member of a place. */
export function placeOf({ indent, layout }: Place, slot: Slot, container: Container): Place {
  const own = onOwnLine(slot);
  return { container, indent: own ? indentOf(slot) : indent, spread: own, layout };
}

/** How the value of a member is written. */
export function styleOf({ indent, layout }: Place, slot: Slot): Style {
  const own = onOwnLine(slot);
  return { layout, indent: own ? indentOf(slot) : indent, inline: !own };
}

/** Puts a member of ours at `index`, in the style of the one before it. `nodeFor` is told how to write the value. */
export function insertSlot(
  place: Place,
  index: number,
  key: string | undefined,
  nodeFor: (style: Style) => Node,
): Slot {
  const { container, layout } = place;
  const sibling = container.slots[index - 1];
  const head = key === undefined ? '' : JSON.stringify(key) + colonAfter(sibling, layout);
  const slot: Slot = { key, before: [], head: ours(head), value: container, after: [], comma: [] };
  if (!sibling) openUp(place, slot);
  else follow(container, sibling, slot, layout);
  slot.value = nodeFor(styleOf(place, slot));
  container.slots.splice(index, 0, slot);
  noteInserted(container, slot);
  return slot;
}

function follow(container: Container, sibling: Slot, slot: Slot, layout: Layout): void {
  const own = onOwnLine(sibling);
  slot.before = ours(own ? breakOf(sibling) + indentOf(sibling) : gapAfter(container, sibling, layout));
  slot.comma = sibling.comma;
  sibling.comma = ours(',');
}

/** The first member of an empty container; the user's white space in it stays where it can. */
function openUp({ container, indent, spread, layout }: Place, slot: Slot): void {
  const space = textOf(container.tail);
  const broken = /[\r\n]/.test(space);
  if (broken || spread) {
    slot.before = ours(layout.eol + indent + layout.unit);
    if (!broken) container.tail = [...ours(layout.eol + indent), ...container.tail];
  } else {
    slot.before = container.tail;
    container.tail = ours(space);
  }
}

/** Takes a member out, with one comma, ours if there is one, and the glue of ours around it. */
export function removeSlot(container: Container, index: number): void {
  const { slots } = container;
  const [slot] = slots.splice(index, 1) as [Slot];
  noteRemoved(container, slot);
  const [previous, next] = [slots[index - 1], slots[index]];
  const kept = isOurs(slot) ? [...foreign(slot.before), ...foreign(slot.after)] : [];
  if (next && (!previous || (!allOurs(previous.comma) && allOurs(slot.comma)))) next.before = [...kept, ...next.before];
  else if (next && previous) closeUp(previous, slot, kept);
  else {
    container.tail = [...(previous?.after ?? []), ...kept, ...container.tail];
    if (previous) [previous.after, previous.comma] = [[], []];
  }
  // Mostly ours are the last, so they are found sooner from behind.
  if (!slots.findLast(isOurs)) container.tail = foreign(container.tail);
}

function closeUp(previous: Slot, removed: Slot, kept: Piece[]): void {
  previous.after = [...previous.after, ...kept];
  previous.comma = removed.comma;
}

/** True when a member's key and value are ours. */
export function isOurs({ head, value }: Slot): boolean {
  return allOurs(head) && allOurs(piecesOfNode(value));
}
