import type { Contribution, Explanation, Since } from '../model/explanation.ts';
import type { PlannedUnit } from '../model/plan.ts';
import type { SourceTree } from '../model/source.ts';
import type { MergedUnit } from './plan/merged-unit.ts';
import { contributionsTo } from './source/contributions.ts';
import type { NamedIn } from './units-by-name.ts';

/** The places in the source that a unit comes from; none for what only the runtime or the record has. */
export function sourcesOf(unit: PlannedUnit, { desired }: NamedIn, tree: SourceTree): Contribution[] {
  const wanted = desired.units.find(({ id }) => id === unit.id);
  return wanted ? contributionsTo(wanted, desired, tree) : [];
}

/**
 * What became of a unit since its value was deployed. `fileIsOurs`: the file holds the very bytes that a run of ours left
 * there; undefined where no run knows of it.
 */
export function sinceDeployed(merged: MergedUnit | undefined, fileIsOurs: boolean | undefined): Since {
  if (merged?.baseDigest === undefined) return 'never';
  const { have, wantSide, base, baseDigest } = merged;
  if (have && have.digest === base?.adopted && have.digest === baseDigest) return 'adopted';
  if (have?.digest === baseDigest) return fileIsOurs === false ? 'rewritten' : 'untouched';
  if (!have) return 'removed';
  return have.digest === wantSide?.digest ? 'moved' : 'edited';
}

/** How a unit became ours; empty where it is not. */
export function originIn(merged: MergedUnit | undefined): Pick<Explanation, 'origin'> {
  return merged?.base ? { origin: merged.base.origin } : {};
}
