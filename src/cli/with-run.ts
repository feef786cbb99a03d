import { takeRunLock } from '../host/run-lock.ts';
import { pruneRuns } from '../host/runs.ts';
import { asFailure } from '../host/system-error.ts';
import { hasLeft } from '../host/undo.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Context } from './context.ts';
import { refuseForeignState } from './refuse-foreign-state.ts';

/** How long a command that only reads waits for a run that is under way, and how often it looks, in milliseconds. */
const patience = 2_000;
const pause = 50;

/**
 * Runs a command that writes under the run lock, after undoing what a killed run left. The findings say what was
 * undone.
 */
export async function withRun<T>(
  context: Context,
  command: string,
  body: (recovered: readonly Finding[]) => Promise<T>,
): Promise<T> {
  if (context.options.dryRun) return body(unfinishedRun(context));
  const release = takeRunLock(context.host, context.state, command);
  try {
    // Somebody may have made the folder in the moment before this run would have.
    refuseForeignState(context);
    const result = await body(await recovered(context));
    await pruned(context);
    return result;
  } finally {
    release();
  }
}

/** Throws `Failure` when what was left cannot be undone, or names what no run of ours writes. */
async function recovered(context: Context): Promise<Finding[]> {
  const { host, state } = context;
  try {
    if (!hasLeft(host.disk, state)) return [];
  } catch (error) {
    throw asFailure(error, state.journal, 'undo the run that was cut off');
  }
  return (await import('./recover-left.ts')).recoverLeft(context);
}

/** Old backups that can't be removed are no reason to call a run failed that is done. */
async function pruned({ host, state }: Context): Promise<void> {
  try {
    await pruneRuns(host, state);
  } catch {
    // The next run tries again.
  }
}

/** For a command that only reads: takes the lock only when a killed run has to be undone first. */
export async function withSettledRuntime<T>(
  context: Context,
  command: string,
  body: (recovered: readonly Finding[]) => Promise<T>,
): Promise<T> {
  // A journal is there while a run is under way, too; that takes a moment only.
  for (let waited = 0; hasJournal(context); waited += pause) {
    try {
      const recovered = await withRun(context, command, async (findings) => findings);
      return body(recovered);
    } catch (error) {
      if (!isLockHeld(error) || waited >= patience) throw error;
      context.host.pause(pause);
    }
  }
  return body([]);
}

function isLockHeld(error: unknown): boolean {
  return error instanceof Failure && error.findings.some(({ code }) => code === 'lock-held');
}

/** A dry run undoes nothing; it says what it judges by. */
function unfinishedRun(context: Context): Finding[] {
  if (!hasJournal(context)) return [];
  const message = 'a run was cut off, or is under way; this dry run judges the files as it left them';
  const remedy = 'Any command without --dry-run undoes it first.';
  return [{ code: 'unfinished-run', severity: 'warning', message, remedy, path: context.state.journal }];
}

/** Whether a run is under way or was cut off. Throws `Failure` when that cannot be seen. */
export function hasJournal({ host, state }: Context): boolean {
  try {
    return host.disk.linkStatus(state.journal) !== undefined;
  } catch (error) {
    throw asFailure(error, state.journal, 'read the journal');
  }
}
