import { emptyTable, isTable, type KeyPath, leavesOf, sameValue, type Table, type Value } from '../../model/value.ts';
import {
  addElement as addTo,
  type ElementList,
  elementList,
  elementsOf,
  hasElement,
  putElement,
  takeElement,
} from '../element-list.ts';
import type { UnitText, UnitValue } from '../format.ts';
import { emptiedBy } from './apply.ts';
import { isRightMarker } from './marker.ts';
import { type Heirs, heirsOf, nextHeir } from './replacement-elements.ts';

/** What an edit is to do to the values of a file. */
export interface Change {
  readonly set: readonly UnitValue[];
  readonly remove: readonly UnitText[];
  /** Parents that go when they are empty. */
  readonly parents: readonly KeyPath[];
  readonly marker: Table | undefined;
  readonly markerKey: string | undefined;
}

type Members = Record<string, Value>;

/** A copy of a file's values of which only what is reached for is copied, and the lists in which elements come and go. */
interface Copy {
  readonly root: Members;
  readonly copied: Set<Value>;
  readonly lists: Map<Value[], ElementList>;
}

/** The values a file must hold after an edit: worked out on the values alone, to judge the edit of the text by. */
export function valuesAfter(before: Table, { set, remove, parents, marker, markerKey }: Change): Table {
  const root = Object.assign(emptyTable(), before);
  const copy: Copy = { root, copied: new Set([root]), lists: new Map() };
  const heirs = heirsOf(set);
  for (const { address } of remove) {
    if (address.element) removeElement(copy, address.path, address.element.digest, heirs);
    else removeAt(copy, address.path);
  }
  for (const unit of set) setUnit(copy, unit);
  for (const [list, elements] of copy.lists) fill(list, elementsOf(elements));
  removeEmpty(copy, parents);
  if (markerKey === undefined) return root;
  if (!marker) delete root[markerKey];
  else if (!isRightMarker(root[markerKey], marker)) root[markerKey] = marker;
  return root;
}

function setUnit(copy: Copy, { kind, address, value, drop = [] }: UnitValue): void {
  const { path, element } = address;
  if (element) {
    addElement(copy, path, element.digest, value);
    return;
  }
  const table = open(copy, path.slice(0, -1), true) as Members;
  const key = path.at(-1) as string;
  const standing = Object.hasOwn(table, key) ? table[key] : undefined;
  if (kind === 'entry' && isTable(standing)) mergeEntry(copy, path, value, drop);
  else if (!sameValue(standing, value)) table[key] = value;
}

function mergeEntry(copy: Copy, path: KeyPath, value: Value, drop: readonly KeyPath[]): void {
  const leaves = leavesOf(value);
  for (const leaf of drop) removeAt(copy, [...path, ...leaf]);
  for (const [leaf, wanted] of leaves)
    setUnit(copy, { kind: 'leaf', address: { path: [...path, ...leaf] }, value: wanted });
  const wantedPaths = new Set(leaves.map(([leaf]) => JSON.stringify(leaf)));
  const emptied = emptiedBy(drop).filter((parent) => !wantedPaths.has(JSON.stringify(parent)));
  removeEmpty(
    copy,
    emptied.map((parent) => [...path, ...parent]),
  );
}

function addElement(copy: Copy, path: KeyPath, digest: string, value: Value): void {
  const list = openList(copy, path, true) as Value[];
  addTo(elementsIn(copy, list), digest, value);
}

function removeElement(copy: Copy, path: KeyPath, digest: string, heirs: Heirs): void {
  const list = openList(copy, path, false);
  if (!list) return;
  const elements = elementsIn(copy, list);
  // What goes still stands there while its heir is chosen.
  const stood = hasElement(elements, digest);
  const index = takeElement(elements, digest);
  if (index === undefined) return;
  const heir = nextHeir(heirs, path, (one) => hasElement(elements, one) || (stood && one === digest));
  if (heir) putElement(elements, index, heir.address.element?.digest ?? '', heir.value);
}

function elementsIn({ lists }: Copy, list: Value[]): ElementList {
  const known = lists.get(list) ?? elementList(list);
  lists.set(list, known);
  return known;
}

function fill(list: Value[], values: readonly Value[]): void {
  list.length = 0;
  for (const value of values) list.push(value);
}

function removeAt(copy: Copy, path: KeyPath): void {
  const table = open(copy, path.slice(0, -1), false);
  if (table) delete table[path.at(-1) as string];
}

function removeEmpty(copy: Copy, parents: readonly KeyPath[]): void {
  for (const path of [...parents].sort((a, b) => b.length - a.length)) {
    if (path.length === 0) continue;
    const table = open(copy, path.slice(0, -1), false);
    const key = path.at(-1) as string;
    const value = table && Object.hasOwn(table, key) ? table[key] : undefined;
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete (table as Members)[key];
  }
}

/** The table at a path, copied so that it may be changed. What is in the way is replaced only when asked to make it. */
function open(copy: Copy, path: KeyPath, make: boolean): Members | undefined {
  let table: Members = copy.root;
  for (const key of path) {
    const next = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!isTable(next) && !make) return undefined;
    table = keep(copy, table, key, next, () => (isTable(next) ? Object.assign(emptyTable(), next) : emptyTable()));
  }
  return table;
}

function openList(copy: Copy, path: KeyPath, make: boolean): Value[] | undefined {
  const table = open(copy, path.slice(0, -1), make);
  const key = path.at(-1) as string;
  const list = table && Object.hasOwn(table, key) ? table[key] : undefined;
  if (!table || (!Array.isArray(list) && !make)) return undefined;
  return keep(copy, table, key, list, () => (Array.isArray(list) ? [...(list as readonly Value[])] : []));
}

/** Puts a copy in the place of a value, unless that is a copy already. */
function keep<T extends Value>(copy: Copy, table: Members, key: string, standing: Value | undefined, make: () => T): T {
  if (standing !== undefined && copy.copied.has(standing)) return standing as T;
  const fresh = make();
  copy.copied.add(fresh);
  table[key] = fresh;
  return fresh;
}
