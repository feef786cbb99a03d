import { digestOfValue } from '../../model/digest.ts';
import { emptyTable, isTable, type KeyPath, samePath, type Table, type Value } from '../../model/value.ts';
import type { FragmentPart } from './fragment-parts.ts';

/** How the values of one file go over those below it. */
export interface MergeRules {
  isSet(path: KeyPath, value: Value): boolean;
  replaces(path: KeyPath, below: Table, above: Table): boolean;
}

/** Values put together, and what the layers leave out of them. */
export interface Merged {
  readonly values: Table;
  readonly leftOut: readonly LeftOutPath[];
  /** Each `null` of a layer under which nothing stood in these values. */
  readonly idle: readonly IdleNull[];
}

/** A key that a layer sets to `null`. What stands below it stays in the values, so that it can be named. */
export interface LeftOutPath {
  readonly path: KeyPath;
  readonly part: FragmentPart;
}

/** A `null` that took nothing out, and the keys that stood beside it. */
export interface IdleNull extends LeftOutPath {
  readonly beside: readonly string[];
}

/** What no part has said anything of. */
export const nothingMerged: Merged = { values: emptyTable(), leftOut: [], idle: [] };

/**
 * The parts key by key, the later over the earlier: tables are merged, sets are added to, every other value is replaced.
 * `null` in a layer leaves out a thing with all that is in it, or takes a key out of one.
 */
export function mergeParts(base: Merged, parts: readonly FragmentPart[], rules: MergeRules): Merged {
  return parts.reduce<Merged>((below, part) => {
    const [leftOut, idle] = [[...below.leftOut], [...below.idle]];
    return { values: mergeTables(below.values, part.values, [], { part, rules, leftOut, idle }), leftOut, idle };
  }, base);
}

interface Merging {
  readonly part: FragmentPart;
  readonly rules: MergeRules;
  readonly leftOut: LeftOutPath[];
  readonly idle: IdleNull[];
}

/** How deep the things stand that can be left out whole: `mcpServers.x`. Deeper, `null` takes a key out of one. */
const thingDepth = 2;

/** `replaced` is a table that goes as a whole: what `null` takes out of it is gone anyway. */
function mergeTables(below: Table, above: Table, at: KeyPath, merging: Merging, replaced: Table = below): Table {
  const { part, leftOut, idle } = merging;
  const result = Object.assign(emptyTable(), below);
  for (const key of Object.keys(above)) {
    const [path, value] = [[...at, key], above[key] as Value];
    if (value !== null || !part.isLayered) {
      result[key] = mergeValue(result[key], value, path, bringBack(merging, path));
      continue;
    }
    if (!Object.hasOwn(replaced, key)) idle.push({ path, part, beside: Object.keys(replaced) });
    if (path.length > thingDepth) delete result[key];
    else leftOut.push({ path, part });
  }
  return result;
}

/** What a lower layer left out is there again where a higher one has something to say of it. */
function bringBack(merging: Merging, path: KeyPath): Merging {
  const { leftOut, part } = merging;
  const at = part.isLayered ? leftOut.findIndex((one) => samePath(one.path, path)) : -1;
  if (at >= 0) leftOut.splice(at, 1);
  return merging;
}

function mergeValue(below: Value | undefined, above: Value, path: KeyPath, merging: Merging): Value {
  const { rules, part } = merging;
  // Without a layer nothing in it stands for what is left out.
  if (below === undefined && !part.isLayered) return above;
  if (Array.isArray(below) && Array.isArray(above) && rules.isSet(path, above)) return union(below, above);
  if (!isTable(below) || !isTable(above)) return isTable(above) ? mergeTables({}, above, path, merging) : above;
  return rules.replaces(path, below, above)
    ? mergeTables({}, above, path, merging, below)
    : mergeTables(below, above, path, merging);
}

function union(below: readonly Value[], above: readonly Value[]): Value {
  const known = new Set(below.map((item) => digestOfValue(item)));
  return [...below, ...above.filter((item) => !known.has(digestOfValue(item)))];
}
