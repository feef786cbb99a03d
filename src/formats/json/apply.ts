import type { Address } from '../../model/unit.ts';
import { type KeyPath, leavesOf, sameValue, type Table, type Value } from '../../model/value.ts';
import type { UnitText, UnitValue } from '../format.ts';
import { type Node, piecesOfNode, rawNode, textOf } from './draft/draft.ts';
import { descend, emptyNode, indexFor, reach, slotAt, type Work } from './draft/find.ts';
import { noteInserted, noteRemoved, slotsNamed } from './draft/slot-index.ts';
import { insertSlot, type Place, placeOf, removeSlot, styleOf } from './draft/slots.ts';
import { write } from './draft/style.ts';
import { isRightMarker } from './marker.ts';
import { parseJson } from './read/parse.ts';
import { type Heirs, nextHeir } from './replacement-elements.ts';

/** Writes one unit into the draft. Throws `Unplaceable` when a parent is of another type or a key on the way is doubled. */
export function setUnit(work: Work, unit: UnitValue): void {
  const { address, value } = unit;
  if (address.element) {
    setElement(work, unit);
    return;
  }
  const parent = reach(work, address.path.slice(0, -1), 'object', address);
  const key = address.path.at(-1) as string;
  const slot = slotAt(work, parent, key, address);
  if (unit.kind === 'entry' && slot?.value.kind === 'object') mergeEntry(work, placeOf(parent, slot, slot.value), unit);
  else putValue(work, parent, key, value, address);
}

function setElement(work: Work, { address, value }: UnitValue): void {
  const place = reach(work, address.path, 'array', address);
  const { container } = place;
  if (slotsNamed(container, address.element?.digest ?? '').length > 0) return;
  insertSlot(place, container.slots.length, undefined, (style) => rawNode(write(value, style)));
}

/**
 * Takes one unit out of the draft, an element for the next of its list that is to come; does nothing where it is not
 * there. Throws `Unplaceable` when its key is doubled.
 */
export function removeUnit(work: Work, { address }: UnitText, heirs: Heirs): void {
  const { element, path } = address;
  const { place, missing } = descend(work, element ? path : path.slice(0, -1), element ? 'array' : 'object', address);
  if (missing.length > 0) return;
  if (element) removeElement(place, path, element.digest, heirs);
  else removeKey(work, place, path.at(-1) as string, address);
}

function removeElement(place: Place, path: KeyPath, digest: string, heirs: Heirs): void {
  const { container } = place;
  const equal = slotsNamed(container, digest);
  const index = Math.max(-1, ...equal.map((slot) => container.slots.indexOf(slot)));
  const slot = container.slots[index];
  if (!slot) return;
  const heir = nextHeir(heirs, path, (one) => slotsNamed(container, one).length > 0);
  if (!heir) return removeSlot(container, index);
  const { digest: _gone, ...kept } = slot;
  const next = { ...kept, value: rawNode(write(heir.value, styleOf(place, slot))) };
  container.slots[index] = next;
  noteRemoved(container, slot);
  noteInserted(container, next);
}

/** Takes out the parents of ours that have become empty, the deepest first. */
export function prune(work: Work, parents: readonly KeyPath[]): void {
  for (const path of [...parents].sort((a, b) => b.length - a.length)) {
    if (path.length === 0) continue;
    const address = { path };
    const { place, missing } = descend(work, path.slice(0, -1), 'object', address);
    const slot = missing.length === 0 ? slotAt(work, place, path.at(-1) as string, address) : undefined;
    if (slot && isEmptyContainer(slot.value)) removeSlot(place.container, place.container.slots.indexOf(slot));
  }
}

/** Writes, corrects or removes the marker, where our root key may stand. */
export function setMarker(work: Work, marker: Table | undefined): void {
  const { markerKey } = work;
  if (markerKey === undefined) return;
  const address = { path: [markerKey] };
  const slot = slotAt(work, work.root, markerKey, address);
  if (!marker) removeKey(work, work.root, markerKey, address);
  else if (!slot || !isRightMarker(valueIn(slot.value), marker)) putValue(work, work.root, markerKey, marker, address);
}

function mergeEntry(work: Work, entry: Place, { address, value, drop = [] }: UnitValue): void {
  const leaves = leavesOf(value);
  for (const path of drop) {
    const { place, missing } = descend({ ...work, root: entry }, path.slice(0, -1), 'object', address);
    if (missing.length === 0) removeKey(work, place, path.at(-1) as string, address);
  }
  for (const [path, leaf] of leaves) {
    const place = path.slice(0, -1).reduce((at, key) => enter(work, at, key, address), entry);
    putValue(work, place, path.at(-1) as string, leaf, address);
  }
  const wanted = new Set(leaves.map(([leaf]) => JSON.stringify(leaf)));
  prune(
    { ...work, root: entry },
    emptiedBy(drop).filter((path) => !wanted.has(JSON.stringify(path))),
  );
}

/** The parents of dropped leaves. */
export function emptiedBy(drop: readonly KeyPath[]): KeyPath[] {
  return drop.flatMap((path) => path.slice(1).map((_, index) => path.slice(0, index + 1)));
}

/** The table under a key of our own entry, made when it is not there, put in the place of a value of another type. */
function enter(work: Work, place: Place, key: string, address: Address): Place {
  const slot =
    slotAt(work, place, key, address) ?? insertSlot(place, indexFor(work, place), key, () => emptyNode('object'));
  if (slot.value.kind !== 'object') slot.value = emptyNode('object');
  return placeOf(place, slot, slot.value);
}

function putValue(work: Work, place: Place, key: string, value: Value, address: Address): void {
  const slot = slotAt(work, place, key, address);
  if (!slot) insertSlot(place, indexFor(work, place), key, (style) => rawNode(write(value, style)));
  else if (!sameValue(valueIn(slot.value), value)) slot.value = rawNode(write(value, styleOf(place, slot)));
}

function removeKey(work: Work, place: Place, key: string, address: Address): void {
  const slot = slotAt(work, place, key, address);
  if (slot) removeSlot(place.container, place.container.slots.indexOf(slot));
}

function valueIn(node: Node): Value {
  return parseJson(textOf(piecesOfNode(node)));
}

function isEmptyContainer(node: Node): boolean {
  return node.kind !== 'raw' && node.slots.length === 0;
}
