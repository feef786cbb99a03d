import { asFailure } from '../host/system-error.ts';
import { takeRunLock } from '../host/transaction/run-lock.ts';
import { pruneRuns } from '../host/transaction/runs.ts';
import { hasLeft } from '../host/transaction/undo.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import { refuseForeignState } from './refusals/refuse-foreign-state.ts';
import type { World } from './world.ts';

/** How long a command that only reads waits for a run that is under way, and how often it looks, in milliseconds. */
const patience = 2_000;
const pause = 50;

/**
 * Runs a command that writes under the run lock, after undoing what a killed run left. The findings say what was
 * undone.
 */
export async function withRun<T>(
  world: World,
  command: string,
  body: (recovered: readonly Finding[]) => Promise<T>,
): Promise<T> {
  if (world.options.dryRun) return body(unfinishedRun(world));
  const release = takeRunLock(world.host, world.state, command);
  try {
    // Somebody may have made the folder in the moment before this run would have.
    refuseForeignState(world);
    const result = await body(await recovered(world));
    await pruned(world);
    return result;
  } finally {
    release();
  }
}

/** Throws `Failure` when what was left cannot be undone, or names what no run of ours writes. */
async function recovered(world: World): Promise<Finding[]> {
  const { host, state } = world;
  try {
    if (!hasLeft(host.disk, state)) return [];
  } catch (error) {
    throw asFailure(error, state.journal, 'undo the run that was cut off');
  }
  return (await import('./recover-left.ts')).recoverLeft(world);
}

/** Old backups that can't be removed are no reason to call a run failed that is done. */
async function pruned({ host, state }: World): Promise<void> {
  try {
    await pruneRuns(host, state);
  } catch {
    // The next run tries again.
  }
}

/** For a command that only reads: takes the lock only when a killed run has to be undone first. */
export async function withSettledRuntime<T>(
  world: World,
  command: string,
  body: (recovered: readonly Finding[]) => Promise<T>,
): Promise<T> {
  // A journal is there while a run is under way, too; that takes a moment only.
  for (let waited = 0; hasJournal(world); waited += pause) {
    try {
      const recovered = await withRun(world, command, async (findings) => findings);
      return body(recovered);
    } catch (error) {
      if (!isLockHeld(error) || waited >= patience) throw error;
      world.host.pause(pause);
    }
  }
  return body([]);
}

function isLockHeld(error: unknown): boolean {
  return error instanceof Failure && error.findings.some(({ code }) => code === 'lock-held');
}

/** A dry run undoes nothing; it says what it judges by. */
function unfinishedRun(world: World): Finding[] {
  if (!hasJournal(world)) return [];
  const message = 'a run was cut off, or is under way; this dry run judges the files as it left them';
  const remedy = 'Any command without --dry-run undoes it first.';
  return [{ code: 'unfinished-run', severity: 'warning', message, remedy, path: world.state.journal }];
}

/** Whether a run is under way or was cut off. Throws `Failure` when that cannot be seen. */
export function hasJournal({ host, state }: World): boolean {
  try {
    return host.disk.linkStatus(state.journal) !== undefined;
  } catch (error) {
    throw asFailure(error, state.journal, 'read the journal');
  }
}
