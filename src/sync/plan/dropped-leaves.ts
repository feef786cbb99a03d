import type { FragmentTarget } from '../../adapters/client.ts';
import { isTable, type KeyPath, leavesOf, samePath, startsWith, tableOf } from '../../model/value.ts';
import type { SharedTarget } from './client-state.ts';
import { entryPaths, type MergedUnit } from './merged-unit.ts';

/**
 * The leaves of a standing entry that have to go: those we deployed and want no longer, and a key that the client spells
 * another way; all that is not wanted, where the entry was never ours and the user chose to overwrite it.
 */
export function droppedLeaves(merged: MergedUnit, target: SharedTarget): KeyPath[] {
  const { unit, want, base, raw } = merged;
  if (target.kind !== 'fragment' || unit.kind !== 'entry' || !want || !isTable(raw)) return [];
  const keep = entryPaths(want.value ?? null);
  const standing = entryPaths(raw);
  const renamed = entryPaths(target.renamed(unit.address?.path ?? [], raw));
  const aliases = standing.filter((path) => !includes(renamed, path));
  const unwanted = (paths: readonly KeyPath[]) => paths.filter((path) => !includes(keep, path));
  const gone = unwanted([...(base ? (base.paths ?? []) : standing), ...aliases]);
  return base && isAnother(merged, target, gone) ? unwanted(standing).map((path) => upTo(keep, path)) : gone;
}

/**
 * Whether somebody made another thing of our entry, which the user now overwrites: a command of our url. What they added
 * to that cannot stand beside what we want.
 */
function isAnother(
  { unit, want, raw, verdict }: MergedUnit,
  target: FragmentTarget,
  gone: readonly KeyPath[],
): boolean {
  if (verdict === 'source-ahead') return false;
  const left = leavesOf(raw ?? null).filter(([path]) => !includes(gone, path));
  const leaves = [...left, ...leavesOf(want?.value ?? null)];
  const entry = leaves.map(([path, value]) => [[...(unit.address?.path ?? []), ...path], value] as const);
  return target.refusals(tableOf(entry)).length > 0;
}

/** The outermost table around a path in which nothing is kept. */
function upTo(keep: readonly KeyPath[], path: KeyPath): KeyPath {
  const depth = path.findIndex((_, at) => !keep.some((kept) => startsWith(kept, path.slice(0, at + 1))));
  return path.slice(0, depth + 1);
}

function includes(paths: readonly KeyPath[], path: KeyPath): boolean {
  return paths.some((other) => samePath(other, path));
}
