import {
  isTable,
  isTableArray,
  type KeyPath,
  samePath,
  sameValue,
  startsWith,
  type Table,
  type Value,
} from '../model/value.ts';
import type { Amendment, PathValue } from './format.ts';
import { clone, isIndex, memberOf, push, put, refuse, takeOut, through } from './values-by-path.ts';

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

interface Steps {
  readonly set: PathValue[];
  readonly append: PathValue[];
  remove: KeyPath[];
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
  else if (Array.isArray(have) && Array.isArray(now) && isLikeFor(have, now)) compareLists(steps, path, have, now);
  else steps.set.push({ path, value: clone(now) });
}

function compareTables(steps: Steps, path: KeyPath, have: Table, now: Table): void {
  for (const key of Object.keys(now)) compare(steps, [...path, key], memberOf(have, key), now[key] as Value);
  for (const key of Object.keys(have)) if (!Object.hasOwn(now, key)) steps.remove.push([...path, key]);
}

/** Whether a list can become another one element by element: in TOML, one of tables may have no room for others. */
function isLikeFor(have: Value, now: readonly Value[]): boolean {
  return now.length > 0 && (!isTableArray(have) || isTableArray(now));
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

function distinct(paths: readonly KeyPath[]): KeyPath[] {
  return paths.filter((path, index) => paths.findIndex((other) => samePath(other, path)) === index);
}
