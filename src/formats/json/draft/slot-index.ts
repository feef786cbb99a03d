import { digestOfValue } from '../../../model/digest.ts';
import { parseJson } from '../read/parse.ts';
import { type Container, piecesOfNode, type Slot, textOf } from './draft.ts';

/** The members of containers by name: made when one is first looked for, and kept as members come and go. */
const indexes = new WeakMap<Container, Map<string, Slot[]>>();

/** The digest of a list member. */
export function digestOfSlot(slot: Slot): string {
  slot.digest ??= digestOfValue(parseJson(textOf(piecesOfNode(slot.value))));
  return slot.digest;
}

/** The members of an object with a key, or of a list with a digest; in order, but for what was put in the place of another. */
export function slotsNamed(container: Container, name: string): readonly Slot[] {
  const index = indexes.get(container) ?? new Map<string, Slot[]>();
  if (!indexes.has(container)) {
    indexes.set(container, index);
    for (const slot of container.slots) noteInserted(container, slot);
  }
  return index.get(name) ?? [];
}

/** To be called when a member has come into a container. */
export function noteInserted(container: Container, slot: Slot): void {
  const index = indexes.get(container);
  if (!index) return;
  const name = nameOf(slot);
  const known = index.get(name);
  if (known) known.push(slot);
  else index.set(name, [slot]);
}

/** To be called when a member has gone from a container. */
export function noteRemoved(container: Container, slot: Slot): void {
  const known = indexes.get(container)?.get(nameOf(slot)) ?? [];
  const at = known.indexOf(slot);
  if (at >= 0) known.splice(at, 1);
}

function nameOf(slot: Slot): string {
  return slot.key ?? digestOfSlot(slot);
}
