import { pathSet } from '../../model/path-set.ts';
import {
  canonical,
  emptyTable,
  isTable,
  type KeyPath,
  leavesOf,
  startsWith,
  type Table,
  type Value,
  valueAt,
} from '../../model/value.ts';
import { addElement, type ElementList, elementList, elementsOf, takeElement } from '../element-list.ts';
import { type EditRequest, Unplaceable } from '../format.ts';

/**
 * Compares the values after an edit with the values before it and what was asked for. Throws `Unplaceable`, with the
 * unit at fault, when anything else changed or something asked for did not. Empty parents of what goes do not count.
 */
export function checkValues(old: Table, now: Table, request: EditRequest): void {
  const want = comparable(expected(old, request), request);
  const have = comparable(now, request);
  const units = [...request.set, ...request.remove];
  const path = firstDifference(want, have, leavingPaths(request));
  if (!path) return;
  const fault =
    units.find(({ address }) => startsWith(path, address.path) || startsWith(address.path, path)) ?? units[0];
  throw new Unplaceable(`the edit would change ${JSON.stringify(path.join('.'))}`, fault?.address ?? { path });
}

type Mutable = Record<string, Value>;

function expected(old: Table, request: EditRequest): Table {
  const root = clone(old) as Mutable;
  for (const { address } of request.remove) if (!address.element) drop(root, address.path);
  changeLists(root, request);
  for (const unit of request.set) {
    const { path, element } = unit.address;
    if (element) continue;
    if (unit.kind === 'entry') {
      for (const each of unit.drop ?? []) drop(root, [...path, ...each]);
      merge(root, path, unit.value);
    } else assign(root, path, unit.value);
  }
  return root;
}

function clone(value: Value): Value {
  if (!isTable(value)) return value;
  const copy = emptyTable();
  for (const key of Object.keys(value)) copy[key] = clone(value[key] as Value);
  return copy;
}

function parentOf(root: Mutable, path: KeyPath, create: boolean): Mutable | undefined {
  let table = root;
  for (const key of path.slice(0, -1)) {
    if (!isTable(Object.hasOwn(table, key) ? table[key] : undefined)) {
      if (!create) return undefined;
      table[key] = emptyTable();
    }
    table = table[key] as Mutable;
  }
  return table;
}

function drop(root: Mutable, path: KeyPath): void {
  const table = parentOf(root, path, false);
  if (table) delete table[path.at(-1) as string];
}

function assign(root: Mutable, path: KeyPath, value: Value): void {
  (parentOf(root, path, true) as Mutable)[path.at(-1) as string] = clone(value);
}

function merge(root: Mutable, path: KeyPath, value: Value): void {
  if (!isTable(value) || !isTable(valueAt(root, path))) return assign(root, path, value);
  for (const key of Object.keys(value)) {
    const inner = value[key] as Value;
    if (isTable(inner) && Object.keys(inner).length === 0) assign(root, [...path, key], inner);
    else merge(root, [...path, key], inner);
  }
}

/** The lists of which elements are units: no other unit stands in them. */
function changeLists(root: Mutable, request: EditRequest): void {
  const lists = new Map<string, { readonly path: KeyPath; readonly list: ElementList }>();
  const open = (path: KeyPath, make: 'make' | 'find') => {
    const key = JSON.stringify(path);
    const standing = valueAt(root, path);
    if (!lists.has(key) && (make === 'make' || Array.isArray(standing)))
      lists.set(key, { path, list: elementList(Array.isArray(standing) ? (standing as readonly Value[]) : []) });
    return lists.get(key)?.list;
  };
  for (const { address } of request.remove) {
    const list = address.element && open(address.path, 'find');
    if (list) takeElement(list, address.element?.digest ?? '');
  }
  for (const { address, value } of request.set)
    if (address.element) addElement(open(address.path, 'make') as ElementList, address.element.digest, value);
  for (const { path, list } of lists.values()) assign(root, path, elementsOf(list));
}

/** Leaf by leaf; the order of a list of which elements are units does not count, and an empty one counts as none. */
function comparable(root: Table, request: EditRequest): Map<string, [KeyPath, string]> {
  const lists = new Set(
    [...request.set, ...request.remove]
      .filter(({ address }) => address.element)
      .map(({ address }) => JSON.stringify(address.path)),
  );
  const leaves = leavesOf(root).flatMap(([path, value]): [string, [KeyPath, string]][] => {
    const key = JSON.stringify(path);
    const text = lists.has(key) && Array.isArray(value) ? setText(value as readonly Value[]) : canonical(value);
    return text === '' ? [] : [[key, [path, text]]];
  });
  return new Map(leaves);
}

function setText(list: readonly Value[]): string {
  return list.map(canonical).sort().join();
}

type Leaves = ReadonlyMap<string, readonly [KeyPath, string]>;

/** The key paths of which the parents may come and go. Of an entry, which may be empty, a path below its own. */
function leavingPaths({ set, remove }: EditRequest): KeyPath[] {
  const own = [...set, ...remove].map(({ kind, address: { path } }) => (kind === 'entry' ? [...path, ''] : path));
  const dropped = set.flatMap(({ address: { path }, drop: leaves }) =>
    (leaves ?? []).map((leaf) => [...path, ...leaf]),
  );
  return [...own, ...dropped];
}

function firstDifference(want: Leaves, have: Leaves, leaving: readonly KeyPath[]): KeyPath | undefined {
  const parents = pathSet(leaving.map((path) => path.slice(0, -1)));
  const optional = (path: KeyPath, text: string) => text === '{}' && parents.reaches(path);
  for (const [one, other] of [
    [want, have],
    [have, want],
  ] as const) {
    for (const [key, [path, text]] of one) {
      if (other.get(key)?.[1] !== text && !optional(path, text)) return path;
    }
  }
  return undefined;
}
