import type { KeyPath } from '../../model/value.ts';
import type { UnitText } from '../format.ts';
import type { Piece } from '../tagged-text.ts';
import { allOurs, type Container, type Draft, type Node, ours, type Slot, textOf } from './draft/draft.ts';
import { digestOfSlot } from './draft/slot-index.ts';
import { isOurs } from './draft/slots.ts';

/** What may be ours in a file: units by path, list members by list and digest, parents we created. */
export interface Claims {
  readonly units: ReadonlySet<string>;
  readonly elements: ReadonlyMap<string, ReadonlySet<string>>;
  readonly parents: ReadonlySet<string>;
}

/** Claims on some units, parents and our root key. */
export function claimsOn(
  units: readonly UnitText[],
  parents: readonly KeyPath[],
  markerKey: string | undefined,
): Claims {
  const elements = new Map<string, Set<string>>();
  for (const { address } of units) {
    if (!address.element) continue;
    const list = keyOf(address.path);
    elements.set(list, (elements.get(list) ?? new Set()).add(address.element.digest));
  }
  const whole = units.filter(({ address }) => !address.element).map(({ address }) => keyOf(address.path));
  const marker = markerKey === undefined ? [] : [keyOf([markerKey])];
  return { units: new Set([...whole, ...marker]), elements, parents: new Set(parents.map(keyOf)) };
}

/**
 * True when the owners in a draft agree with the claims: no token is half ours, and no member is ours that nobody claims.
 * When false, someone changed the file in a way that misleads a search for our texts.
 */
export function agrees(draft: Draft, claims: Claims): boolean {
  return containerAgrees(draft.root, [], claims);
}

function containerAgrees(container: Container, path: KeyPath, claims: Claims): boolean {
  if (allOurs(container.open) !== allOurs(container.close)) return false;
  return container.slots.every((slot) => slotAgrees(slot, path, claims));
}

function slotAgrees(slot: Slot, list: KeyPath, claims: Claims): boolean {
  const path = slot.key === undefined ? list : [...list, slot.key];
  if (!isUniform(slot.head)) return false;
  if (isClaimed(slot, path, claims)) return slot.value.kind !== 'raw' || isUniform(slot.value.pieces);
  if (slot.value.kind === 'raw') return isUniform(slot.value.pieces) && !isOurs(slot);
  if (isOurs(slot) && !claims.parents.has(keyOf(path))) return false;
  return containerAgrees(slot.value, path, claims);
}

function isClaimed(slot: Slot, path: KeyPath, claims: Claims): boolean {
  if (slot.key !== undefined) return claims.units.has(keyOf(path));
  return claims.elements.get(keyOf(path))?.has(digestOfSlot(slot)) ?? false;
}

function isUniform(pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => piece.ours === pieces[0]?.ours);
}

/** Makes everything the user's, then what is claimed ours: for a file that someone else rewrote. */
export function claim(draft: Draft, claims: Claims): void {
  paintAll(draft, false);
  if (claimIn(draft.root, [], claims) && claims.parents.has(keyOf([]))) paintAll(draft, true);
}

/** Claims what is inside a container; true when nothing of the user's is in it. */
function claimIn(container: Container, path: KeyPath, claims: Claims): boolean {
  const mine = container.kind === 'array' ? claimedMembers(container, path, claims) : undefined;
  const all =
    container.slots.filter((slot) => {
      const claimed = mine ? mine.has(slot) : claimSlot(slot, [...path, slot.key as string], claims);
      if (claimed) paintSlot(slot);
      return !claimed;
    }).length === 0;
  if (all && container.slots.length > 0) container.tail = paint(container.tail, true);
  return all;
}

function claimSlot(slot: Slot, path: KeyPath, claims: Claims): boolean {
  if (claims.units.has(keyOf(path))) return true;
  return slot.value.kind !== 'raw' && claimIn(slot.value, path, claims) && claims.parents.has(keyOf(path));
}

/** Of equal members of a list the last is ours. */
function claimedMembers(container: Container, path: KeyPath, claims: Claims): ReadonlySet<Slot> {
  const digests = claims.elements.get(keyOf(path));
  const last = new Map<string, Slot>();
  if (digests) for (const slot of container.slots) last.set(digestOfSlot(slot), slot);
  return new Set([...last].filter(([digest]) => digests?.has(digest)).map(([, slot]) => slot));
}

/**
 * Decides whose each comma is: a member of ours has the comma before it, or the one after it where no member of the
 * user's comes earlier. So taking ours out always leaves as many commas as the user's members need.
 */
export function settleCommas(container: Container): void {
  const mine = container.slots.map(isOurs);
  const first = mine.indexOf(false);
  for (const [index, slot] of container.slots.entries()) {
    slot.comma = paint(slot.comma, first < 0 || (index < first ? true : mine[index + 1] === true));
    if (slot.value.kind !== 'raw' && !mine[index]) settleCommas(slot.value);
  }
}

function paintAll(draft: Draft, mine: boolean): void {
  draft.prefix = paint(draft.prefix, mine);
  paintNode(draft.root, mine);
  draft.suffix = paint(draft.suffix, mine);
}

function paintNode(node: Node, mine: boolean): void {
  if (node.kind === 'raw') {
    node.pieces = paint(node.pieces, mine);
    return;
  }
  node.open = paint(node.open, mine);
  node.tail = paint(node.tail, mine);
  node.close = paint(node.close, mine);
  for (const slot of node.slots) paintSlot(slot, mine);
}

function paintSlot(slot: Slot, mine = true): void {
  for (const part of ['before', 'head', 'after', 'comma'] as const) slot[part] = paint(slot[part], mine);
  paintNode(slot.value, mine);
}

function paint(pieces: readonly Piece[], mine: boolean): Piece[] {
  return mine ? ours(textOf(pieces)) : pieces.map(({ text }) => ({ text, ours: false }));
}

function keyOf(path: KeyPath): string {
  return JSON.stringify(path);
}
