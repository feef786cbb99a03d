import type { KeyPath, Value } from '../../model/value.ts';
import { amendWith } from '../amend.ts';
import { type Amendment, Unplaceable } from '../format.ts';
import { tagged } from '../tagged-text.ts';
import {
  type Container,
  type Draft,
  ours,
  piecesOfDraft,
  piecesOfNode,
  rawNode,
  type Slot,
  textOf,
} from './draft/draft.ts';
import { emptyNode, slotAt, type Work } from './draft/find.ts';
import { habitsOf } from './draft/habits.ts';
import { readDraft } from './draft/read-draft.ts';
import { insertSlot, type Place, placeOf, styleOf } from './draft/slots.ts';
import { layoutOf, plainLayout, type Style, write } from './draft/style.ts';
import { wantedFor } from './draft-scope.ts';
import { lineOfKey } from './read/line-of.ts';
import { readFile } from './read/parse.ts';

/** See `EditableFormat.amend`. */
export function amend(text: string, request: Amendment): string {
  return amendWith({ read: readFile, lineOf: lineOfKey, write: writeSteps, dropsEmptied: false }, text, request);
}

function writeSteps(text: string, { set, append, remove }: Amendment): string {
  const members = [...set.map(({ path }) => path), ...remove];
  const lists = append.map(({ path }) => path);
  const draft = text === '' ? newDraft() : draftAlong(text, [...members.map((path) => path.slice(0, -1)), ...lists]);
  const layout = text === '' ? plainLayout : { ...layoutOf(draft), ...habitsOf(text) };
  const root: Place = { container: draft.root, indent: '', spread: true, layout };
  const work: Work = { text, root, created: [], markerKey: undefined };
  for (const { path, value } of set) put(work, path, value);
  for (const { path, value } of append) add(placeAlong(work, path), undefined, value);
  for (const path of remove) takeOut(work, path);
  return textOf(piecesOfDraft(draft));
}

function newDraft(): Draft {
  return { prefix: [], root: emptyNode('object'), suffix: ours('\n') };
}

function draftAlong(text: string, containers: readonly KeyPath[]): Draft {
  return readDraft(tagged(text, []), wantedFor([], containers));
}

/** The container at a path that stands. Throws `Unplaceable` on a doubled key, or below what a draft reads. */
function placeAlong(work: Work, path: KeyPath): Place {
  let place = work.root;
  for (const key of path) {
    const slot = memberOf(work, place, key, path);
    if (!slot || slot.value.kind === 'raw') throw new Unplaceable(`"${key}" is nested too deep`, { path });
    place = placeOf(place, slot, slot.value);
  }
  return place;
}

function memberOf(work: Work, place: Place, key: string, path: KeyPath): Slot | undefined {
  const { kind, slots } = place.container;
  return kind === 'array' ? slots[Number(key)] : slotAt(work, place, key, { path });
}

function put(work: Work, path: KeyPath, value: Value): void {
  const place = placeAlong(work, path.slice(0, -1));
  const key = path.at(-1) as string;
  const slot = memberOf(work, place, key, path);
  if (slot) slot.value = rawNode(write(value, styleLike(place, slot, value)));
  else add(place, key, value);
}

function add(place: Place, key: string | undefined, value: Value): void {
  const slot = insertSlot(place, place.container.slots.length, key, () => rawNode(''));
  slot.value = rawNode(write(value, styleLike(place, slot, value)));
}

/** On one line where the container is, or where the last sibling of the kind is. */
function styleLike(place: Place, slot: Slot, value: Value): Style {
  const style = styleOf(place, slot);
  const opening = Array.isArray(value) ? '[' : '{';
  const siblings = place.container.slots
    .filter((each) => each !== slot)
    .map((each) => textOf(piecesOfNode(each.value)));
  const example = siblings.findLast((text) => text.startsWith(opening) && /[^\s[\]{}]/.test(text));
  return { ...style, inline: style.inline || (example !== undefined && !/[\r\n]/.test(example)) };
}

/** With its white space, and the comma that its siblings need no longer. */
function takeOut(work: Work, path: KeyPath): void {
  const place = placeAlong(work, path.slice(0, -1));
  const slot = memberOf(work, place, path.at(-1) as string, path);
  if (slot) cut(place.container, slot);
}

function cut(container: Container, slot: Slot): void {
  const { slots } = container;
  const at = slots.indexOf(slot);
  slots.splice(at, 1);
  const [previous, next] = [slots[at - 1], slots[at]];
  if (!previous && next) next.before = slot.before;
  if (previous && !next) [previous.after, previous.comma] = [[], []];
  if (!previous && !next) container.tail = [];
}
