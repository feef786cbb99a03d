import { parseRecord, recordPath } from '../host/state/state-directory.ts';
import { listRuns, readBackup } from '../host/transaction/runs.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan, PlannedUnit } from '../model/plan.ts';
import type { ClientRecord } from '../model/record.ts';
import type { RunFile, RunIndex } from '../model/run.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { recordKey } from '../sync/plan/plan-record.ts';
import { unitAt } from '../sync/unit-at.ts';
import type { World } from './world.ts';

/** Since this version of the record, what a push replaces of the user's is kept, and comes back. */
const keepsEarlier = 2;

/** A run of a Syncline that kept no earlier values, with the record before it. */
interface FormerRun {
  readonly run: RunIndex;
  readonly before: ClientRecord | undefined;
}

/**
 * Units that a plan removes although something of the user's stood there before a Syncline that kept no earlier values
 * replaced it: each with the run whose backup still has that.
 */
export function formerValues(world: World, { units }: Plan, states: readonly ClientState[]): Finding[] {
  return states.flatMap((state) => {
    const removed = units.filter(({ client, action }) => client === state.client.name && action === 'remove');
    const runs = removed.length > 0 ? formerRuns(world, state) : [];
    return removed.flatMap((unit) => formerValue(world, state, unit, runs) ?? []);
  });
}

/** Oldest first. */
function formerRuns(world: World, { client, runtime, home, record }: ClientState): FormerRun[] {
  const path = recordPath(world.state, recordKey(client.name, runtime.home, home));
  const runs: FormerRun[] = [];
  let after = record;
  for (const run of listRuns(world.host.disk, world.state)) {
    const file = run.files.find((each) => each.path === path);
    if (!file) continue;
    const content = contentOf(world, run, file);
    const before = content ? parseRecord(content) : undefined;
    if (after && after.version < keepsEarlier) runs.unshift({ run, before });
    after = before;
  }
  return runs;
}

function formerValue(
  world: World,
  state: ClientState,
  unit: PlannedUnit,
  runs: readonly FormerRun[],
): Finding | undefined {
  for (const { run, before } of runs) {
    const file = run.files.find((each) => each.client === unit.client && each.file === unit.file);
    if (!file?.before || before?.units.some(({ id }) => id === unit.id)) continue;
    const bytes = contentOf(world, run, file);
    const then = bytes && unitAt(state, { unit }, { file: { bytes, mode: file.before.mode } });
    if (then?.have) return wasYours(unit, run, `${world.state.runs}/${run.run}/${file.before.backup}`);
  }
  return undefined;
}

function contentOf({ host, state }: World, run: RunIndex, file: RunFile): Uint8Array | null {
  try {
    return readBackup(host.disk, state, run, file);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function wasYours({ id }: PlannedUnit, { run }: RunIndex, path: string): Finding {
  const message = `"${id}" was yours before a push of an older Syncline replaced it; your value does not come back by itself`;
  const remedy = `The file as it was before that push (run ${run}) is this backup: take the value from there.`;
  return { code: 'was-yours', severity: 'warning', message, remedy, path };
}
