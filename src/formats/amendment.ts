import {
  emptyTable,
  isTable,
  type KeyPath,
  samePath,
  sameValue,
  startsWith,
  type Table,
  type Value,
} from '../model/value.ts';
import { type Amendment, type PathValue, Unplaceable } from './format.ts';

/** An amendment taken apart, and the values it must lead to. */
export interface AmendmentPlan {
  /**
   * The smallest changes, every one of them with an effect. A key to set has a parent that stands, a list to append to
   * stands, too. Sets and appends, done first, move no index; of removals the later elements come first.
   */
  readonly steps: Amendment;
  readonly values: Table;
  /** The tables and lists in `values` that lost all they had. */
  readonly emptied: ReadonlySet<Value>;
}

/** Finds what an amendment changes in some values. Throws `Unplaceable` where it has no place in them. */
export function planAmendment(values: Table, request: Amendment): AmendmentPlan {
  refuseMeeting(request);
  const grown = clone(values) as Table;
  for (const { path, value } of request.set) put(grown, path, value);
  for (const { path, value } of request.append) push(grown, path, value);
  const steps: Steps = {
    set: [],
    append: [],
    remove: request.remove.filter((path) => through(values, path) !== undefined),
  };
  for (const path of distinct(request.set.map((each) => standing(values, each.path))))
    compare(steps, path, through(values, path), through(grown, path) as Value);
  const fresh = request.append.filter((each) => through(values, each.path) === undefined);
  for (const path of distinct(fresh.map((each) => standing(values, each.path))))
    if (!steps.set.some((step) => samePath(step.path, path)))
      steps.set.push({ path, value: clone(through(grown, path) as Value) });
  steps.append.push(...request.append.filter((each) => !fresh.includes(each)));
  steps.remove = distinct(steps.remove).sort(laterFirst);
  const emptied = new Set(request.remove.toSorted(laterFirst).flatMap((path) => takeOut(grown, path)));
  return { steps, values: grown, emptied };
}

/** The value at a path that leads through lists, too; undefined where nothing stands. */
function through(root: Value, path: KeyPath): Value | undefined {
  let value: Value | undefined = root;
  for (const key of path) value = memberOf(value, key);
  return value;
}

interface Steps {
  readonly set: PathValue[];
  readonly append: PathValue[];
  remove: KeyPath[];
}

type Members = Record<string, Value>;

function memberOf(value: Value | undefined, key: string): Value | undefined {
  if (Array.isArray(value)) return isIndex(key) ? (value[Number(key)] as Value | undefined) : undefined;
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key);
}

/** Two changes of one place have no order, so there must be none. */
function refuseMeeting({ set, append, remove }: Amendment): void {
  const whole = [...set.map(({ path }) => path), ...remove];
  for (const [index, path] of whole.entries()) {
    const clash = whole.some((other, at) => at !== index && startsWith(other, path));
    if (path.length === 0 && !(index < set.length && isTable(set[index]?.value))) refuse(path, 'it is the whole file');
    if (clash || append.some((each) => startsWith(each.path, path))) refuse(path, 'two changes meet there');
  }
}

/** Of a path the part up to the first key that is not there. */
function standing(values: Value, path: KeyPath): KeyPath {
  const missing = path.findIndex((_, index) => through(values, path.slice(0, index + 1)) === undefined);
  return missing < 0 ? path : path.slice(0, missing + 1);
}

/** The changes that make `now` of `have`: one for a value, for tables and lists those of their members. */
function compare(steps: Steps, path: KeyPath, have: Value | undefined, now: Value): void {
  if (sameValue(have, now)) return;
  if (isTable(have) && isTable(now) && (Object.keys(now).length > 0 || path.length === 0))
    compareTables(steps, path, have, now);
  else if (Array.isArray(have) && Array.isArray(now) && now.length > 0) compareLists(steps, path, have, now);
  else steps.set.push({ path, value: clone(now) });
}

function compareTables(steps: Steps, path: KeyPath, have: Table, now: Table): void {
  for (const key of Object.keys(now)) compare(steps, [...path, key], memberOf(have, key), now[key] as Value);
  for (const key of Object.keys(have)) if (!Object.hasOwn(now, key)) steps.remove.push([...path, key]);
}

/** A list that only lost or only got elements keeps the others' text; else the elements change one by one. */
function compareLists(steps: Steps, path: KeyPath, have: readonly Value[], now: readonly Value[]): void {
  const gone: KeyPath[] = [];
  let kept = 0;
  for (const [index, value] of have.entries()) {
    if (kept < now.length && sameValue(value, now[kept])) kept += 1;
    else gone.push([...path, String(index)]);
  }
  const direct = gone.length === 0 || kept === now.length;
  const from = direct ? kept : Math.min(have.length, now.length);
  if (!direct) for (let at = 0; at < from; at += 1) compare(steps, [...path, String(at)], have[at], now[at] as Value);
  steps.remove.push(...(direct ? gone : have.slice(from).map((_, at) => [...path, String(from + at)])));
  steps.append.push(...now.slice(from).map((value) => ({ path, value: clone(value) })));
}

/** So that taking one out leaves the other indexes as they are. */
function laterFirst(a: KeyPath, b: KeyPath): number {
  const at = a.findIndex((key, index) => key !== b[index]);
  const [one, other] = [a[at], b[at]];
  if (one === undefined || other === undefined) return b.length - a.length;
  if (isIndex(one) !== isIndex(other)) return isIndex(one) ? -1 : 1;
  if (isIndex(one)) return Number(other) - Number(one);
  return one < other ? -1 : 1;
}

function put(root: Table, path: KeyPath, value: Value): void {
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

function push(root: Table, path: KeyPath, value: Value): void {
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
function takeOut(root: Table, path: KeyPath): Value[] {
  const [parent, key] = [through(root, path.slice(0, -1)), path.at(-1) as string];
  if (memberOf(parent, key) === undefined) return [];
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Members)[key];
  return Object.keys(parent as Members).length === 0 ? [parent as Value] : [];
}

function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => clone(item as Value));
  if (!isTable(value)) return value;
  const copy = emptyTable();
  for (const key of Object.keys(value)) copy[key] = clone(value[key] as Value);
  return copy;
}

function distinct(paths: readonly KeyPath[]): KeyPath[] {
  return paths.filter((path, index) => paths.findIndex((other) => samePath(other, path)) === index);
}

function refuse(path: KeyPath, reason: string): never {
  throw new Unplaceable(reason, { path });
}
