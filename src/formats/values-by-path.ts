import { emptyTable, isTable, type KeyPath, type Table, type Value } from '../model/value.ts';
import { Unplaceable } from './format.ts';

type Members = Record<string, Value>;

/** The value at a path that leads through lists, too; undefined where nothing stands. */
export function through(root: Value, path: KeyPath): Value | undefined {
  let value: Value | undefined = root;
  for (const key of path) value = memberOf(value, key);
  return value;
}

/** The value under a key of a table, or an index of a list. */
export function memberOf(value: Value | undefined, key: string): Value | undefined {
  if (Array.isArray(value)) return isIndex(key) ? (value[Number(key)] as Value | undefined) : undefined;
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether a key is one that elements of lists have. */
export function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key);
}

/** Puts a copy of a value at a path; tables on the way are made. Throws `Unplaceable` where a value is in the way. */
export function put(root: Table, path: KeyPath, value: Value): void {
  if (path.length === 0) {
    for (const key of Object.keys(root)) delete (root as Members)[key];
    Object.assign(root, clone(value));
    return;
  }
  const parent = parentFor(root, path);
  const key = path.at(-1) as string;
  if (Array.isArray(parent) && memberOf(parent, key) === undefined) refuse(path, `the list has no element ${key}`);
  (parent as Members)[key] = clone(value);
}

/** Adds a copy of a value to a list, which is made where it is not there. Throws `Unplaceable` where it is none. */
export function push(root: Table, path: KeyPath, value: Value): void {
  if (path.length === 0) refuse(path, 'the whole file is no list');
  const standing = through(root, path);
  if (standing === undefined) put(root, path, [value]);
  else if (Array.isArray(standing)) standing.push(clone(value));
  else refuse(path, `"${path.at(-1)}" is not a list`);
}

function parentFor(root: Table, path: KeyPath): Value {
  let parent: Value = root;
  for (const key of path.slice(0, -1)) {
    if (Array.isArray(parent) && memberOf(parent, key) === undefined) refuse(path, `the list has no element ${key}`);
    if (memberOf(parent, key) === undefined) (parent as Members)[key] = emptyTable();
    parent = memberOf(parent, key) as Value;
    if (!isTable(parent) && !Array.isArray(parent)) refuse(path, `"${key}" holds no keys`);
  }
  return parent;
}

/** Takes a value out; gives the table or list it stood in when that is empty now. */
export function takeOut(root: Table, path: KeyPath): Value[] {
  const [parent, key] = [through(root, path.slice(0, -1)), path.at(-1) as string];
  if (memberOf(parent, key) === undefined) return [];
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Members)[key];
  return Object.keys(parent as Members).length === 0 ? [parent as Value] : [];
}

/** A copy, of which the tables have no prototype. */
export function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => clone(item as Value));
  if (!isTable(value)) return value;
  const copy = emptyTable();
  for (const key of Object.keys(value)) copy[key] = clone(value[key] as Value);
  return copy;
}

/** Throws the `Unplaceable` for a path. */
export function refuse(path: KeyPath, reason: string): never {
  throw new Unplaceable(reason, { path });
}
