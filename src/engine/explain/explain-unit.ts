import { basename, dirname, isAbsolute } from 'node:path';
import { historyOf } from '../../host/git/history.ts';
import type { LastChange } from '../../model/commit.ts';
import { digestOf } from '../../model/digest.ts';
import type { Contribution, Explanation } from '../../model/explanation.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import { timeOfRun } from '../../model/run.ts';
import { originIn, sinceDeployed, sourcesOf } from '../../sync/explain.ts';
import { type MergedUnit, mergeUnits } from '../../sync/plan/merged-unit.ts';
import type { NamedIn } from '../../sync/units-by-name.ts';
import type { Source } from '../source/source.ts';
import type { World } from '../world.ts';
import { type Past, runsOfFile, unitBefore } from './last-deployed-text.ts';

/** What an explanation is made from. */
export interface Known {
  readonly past: Past;
  readonly source: Source;
  readonly of: NamedIn;
  readonly otherRepository: string | undefined;
}

/** Everything there is to tell of one unit. */
export function explainUnit(world: World, known: Known, unit: PlannedUnit): Explanation {
  const { past, source, of, otherRepository } = known;
  const merged = mergeUnits(of.state).find((each) => each.unit.id === unit.id);
  const sources = sourcesOf(unit, of, source.tree).map((place) => {
    const change = lastChange(world, past, place);
    return { ...place, change };
  });
  const modified = world.host.disk.status(unit.path)?.modified;
  return {
    ...{ unit, sources },
    ...originIn(merged),
    ...writtenBy(world, known, merged),
    ...(otherRepository === undefined ? {} : { otherRepository }),
    since: sinceDeployed(merged, merged && isOurs(past, of, merged)),
    ...(modified === undefined ? {} : { fileTime: new Date(modified).toISOString() }),
  };
}

/** A layer outside the repository may be in a repository of its own. */
function lastChange({ host }: World, { history }: Past, { path, line, lastLine }: Contribution): LastChange {
  const outside = isAbsolute(path);
  const known = outside ? historyOf(host, dirname(path)) : history;
  const lines = line === undefined ? undefined : { first: line, last: lastLine ?? line };
  return known?.lastChange(outside ? basename(path) : path, lines) ?? { without: 'no-git' };
}

/**
 * The run that brought the value that was deployed last: the newest before which the file held another one. What was there
 * before us was brought by none.
 */
function writtenBy(world: World, { past, of }: Known, merged: MergedUnit | undefined): Pick<Explanation, 'run'> {
  if (merged?.base === undefined || merged.base.origin === 'found') return {};
  const { digest } = merged.base;
  const found = runsOfFile(past.runs, merged).find(([run, file]) => {
    const before = unitBefore(world, run, file, of.state, merged);
    return before !== undefined && before.have?.digest !== digest;
  });
  if (!found) return {};
  const [{ run: name, command }] = found;
  return { run: { name, command, time: timeOfRun(name) } };
}

/** Whether a unit's file holds the very bytes that the newest run left in it; undefined where no run is known. */
function isOurs({ runs }: Past, { state }: NamedIn, merged: MergedUnit): boolean | undefined {
  const [newest] = runsOfFile(runs, merged);
  const file = state.runtime.files.get(merged.unit.file);
  return newest && newest[1].after?.digest === (file && digestOf(file.bytes));
}
