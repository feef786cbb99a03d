/**
 * The values that TOML and JSON files hold, in one shape for both formats.
 * Integers that matter exactly are `bigint`; a TOML date or time is a `Date` whose `toISOString()` gives its own spelling.
 */
export type Value = string | number | bigint | boolean | null | Date | readonly Value[] | Table;

/** A TOML table or a JSON object. */
export interface Table {
  readonly [key: string]: Value;
}

/** The keys from the root of a file to a value, outermost first. */
export type KeyPath = readonly string[];

/** True for tables and objects, false for arrays, dates and scalars. */
export function isTable(value: Value | undefined): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** True for an array that is not empty and holds only tables: what TOML writes as `[[x]]`. */
export function isTableArray(value: Value | undefined): value is readonly Table[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isTable(item as Value));
}

/** The value at `path`, or undefined where nothing stands there. Never looks at the prototype. */
export function valueAt(root: Value | undefined, path: KeyPath): Value | undefined {
  let value = root;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Every value that is not itself a non-empty table, with its path. Empty tables count as leaves. */
export function leavesOf(value: Value, at: KeyPath = []): [KeyPath, Value][] {
  if (!isTable(value)) return [[at, value]];
  const keys = Object.keys(value);
  if (keys.length === 0) return at.length === 0 ? [] : [[at, value]];
  return keys.flatMap((key) => leavesOf(value[key] as Value, [...at, key]));
}

/** The inverse of `leavesOf`. Tables have no prototype, so a key such as `__proto__` is only a key. */
export function tableOf(leaves: readonly (readonly [KeyPath, Value])[]): Table {
  const root = emptyTable();
  for (const [path, value] of leaves) {
    let table = root;
    for (const key of path.slice(0, -1)) {
      if (!Object.hasOwn(table, key)) table[key] = emptyTable();
      table = table[key] as Record<string, Value>;
    }
    table[path.at(-1) as string] = value;
  }
  return root;
}

/** A table without a prototype. */
export function emptyTable(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}

/** True when `path` starts with `prefix` or is equal to it. */
export function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === path[index]);
}

/** True when both paths have the same keys. */
export function samePath(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && startsWith(a, b);
}

/**
 * One spelling for equal values: sorted keys, `20` and `20.0` alike, integers of any size exact.
 * Two values are equal exactly when their canonical texts are.
 */
export function canonical(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return canonicalNumber(value);
  if (value instanceof Date) return `date(${value.toISOString()})`;
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item as Value)).join(',')}]`;
  if (!isTable(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Value)}`).join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (Object.is(value, -0)) return '0';
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** True when two values are equal as values, whatever their spelling. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonical(a) === canonical(b);
}
