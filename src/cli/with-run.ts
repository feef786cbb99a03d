import { recover } from '../host/journal.ts';
import { takeRunLock } from '../host/lock.ts';
import { asFailure } from '../host/system-error.ts';
import type { Finding } from '../model/finding.ts';
import type { Context } from './context.ts';

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
    return await body(recover(context.host.disk, context.state));
  } finally {
    release();
  }
}

/** For a command that only reads: takes the lock only when a killed run has to be undone first. */
export async function withSettledRuntime<T>(
  context: Context,
  command: string,
  body: (recovered: readonly Finding[]) => Promise<T>,
): Promise<T> {
  if (!hasJournal(context)) return body([]);
  const recovered = await withRun(context, command, async (findings) => findings);
  return body(recovered);
}

/** A dry run undoes nothing; it says what it judges by. */
function unfinishedRun(context: Context): Finding[] {
  if (!hasJournal(context)) return [];
  const message = 'a run was cut off, or is under way; this dry run judges the files as it left them';
  const remedy = 'Any command without --dry-run undoes it first.';
  return [{ code: 'unfinished-run', severity: 'warning', message, remedy, path: context.state.journal }];
}

function hasJournal({ host, state }: Context): boolean {
  try {
    return host.disk.linkStatus(state.journal) !== undefined;
  } catch (error) {
    throw asFailure(error, state.journal, 'read the journal');
  }
}
