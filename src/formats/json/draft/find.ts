import type { Address } from '../../../model/unit.ts';
import type { KeyPath } from '../../../model/value.ts';
import { Unplaceable } from '../../format.ts';
import { lineOf } from '../read/position.ts';
import { type Container, ours, type Slot } from './draft.ts';
import { slotsNamed } from './slot-index.ts';
import { insertSlot, type Place, placeOf } from './slots.ts';

/** A draft being edited. */
export interface Work {
  /** The text the draft was read from, for line numbers. */
  readonly text: string;
  readonly root: Place;
  /** The parents this edit made. */
  readonly created: KeyPath[];
  /** Our root key, where the file may have it. */
  readonly markerKey: string | undefined;
}

interface Descent {
  readonly place: Place;
  /** The rest of the path, from the first key that leads nowhere. */
  readonly missing: KeyPath;
  /** Where a value of another type is in the way. */
  readonly blockedAt?: number;
}

/** True when a container stands at the path. */
export function stands(work: Work, path: KeyPath): boolean {
  const ends = ['object', 'array'] as const;
  return ends.some((kind) => descend(work, path, kind, { path }).missing.length === 0);
}

/** The container at a path; missing ones are made. Throws `Unplaceable` when a value of another type is in the way. */
export function reach(work: Work, path: KeyPath, ends: Container['kind'], address: Address): Place {
  const { place, missing, blockedAt } = descend(work, path, ends, address);
  const depth = path.length - missing.length;
  if (blockedAt !== undefined) {
    const what = ends === 'array' && missing.length === 1 ? 'a list' : 'an object';
    const reason = `"${missing[0]}" is not ${what}, so nothing can be put into it`;
    throw new Unplaceable(reason, address, lineOf(work.text, blockedAt));
  }
  return missing.reduce((at, key, index) => {
    work.created.push(path.slice(0, depth + index + 1));
    const node = emptyNode(index === missing.length - 1 ? ends : 'object');
    return placeOf(
      at,
      insertSlot(at, indexFor(work, at), key, () => node),
      node,
    );
  }, place);
}

/** Goes down a path as far as it leads. Throws `Unplaceable` on a doubled key. */
export function descend(work: Work, path: KeyPath, ends: Container['kind'], address: Address): Descent {
  let place = work.root;
  for (const [index, key] of path.entries()) {
    const slot = slotAt(work, place, key, address);
    const missing = path.slice(index);
    if (!slot) return { place, missing };
    const kind = missing.length === 1 ? ends : 'object';
    if (slot.value.kind !== kind) return { place, missing, blockedAt: slot.value.at };
    place = placeOf(place, slot, slot.value);
  }
  return { place, missing: [] };
}

/** The member under a key. Throws `Unplaceable` when there are two: both clients see only the last. */
export function slotAt(work: Work, { container }: Place, key: string, address: Address): Slot | undefined {
  const [slot, second] = container.kind === 'object' ? slotsNamed(container, key) : [];
  if (!second) return slot;
  const reason = `"${key}" is there twice, and only the last one counts: remove one of them`;
  throw new Unplaceable(reason, address, lineOf(work.text, second.value.at));
}

/** New root members go before the marker when it is the last one. */
export function indexFor({ root, markerKey }: Work, { container }: Place): number {
  const { length } = container.slots;
  const isRoot = markerKey !== undefined && container === root.container;
  const beforeMarker = isRoot && length > 1 && container.slots[length - 1]?.key === markerKey;
  return beforeMarker ? length - 1 : length;
}

/** A new container of ours. */
export function emptyNode(kind: Container['kind']): Container {
  const [open, close] = kind === 'object' ? '{}' : '[]';
  return { kind, at: -1, open: ours(open as string), slots: [], tail: [], close: ours(close as string) };
}
