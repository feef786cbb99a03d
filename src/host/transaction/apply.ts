import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { CheckedPlan } from '../../model/plan.ts';
import { readOnlyTarget } from '../../model/read-only.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import { realHome } from '../reading/read-runtime.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure, errorCode } from '../system-error.ts';
import { RuntimeMoved, steps } from './apply-steps.ts';
import { beginWork, type Work } from './run-in-progress.ts';
import { undoRun } from './undo.ts';

/**
 * Applies a plan, step by step, and gives the folder with the backups; undefined when no file was written. On any
 * failure everything is put back. Throws `RuntimeMoved` when a file is no longer what the plan was made from, `Failure` for
 * the rest.
 */
export function applyPlan(host: Host, paths: StatePaths, plan: CheckedPlan): string | undefined {
  const work = beginWork(host, paths, plan);
  if (!work) return undefined;
  try {
    for (const step of steps) step(work);
  } catch (error) {
    throw putBack(work, error);
  } finally {
    host.terminal.progress(1, 1);
  }
  return plan.writes.length > 0 ? work.backups : undefined;
}

/** Undoes what was done so far, and gives the error that the user can act on. */
function putBack(work: Work, error: unknown): unknown {
  const { host, paths, journal, crossed } = work;
  let left: Finding[];
  try {
    left = undoRun(host, paths, journal);
  } catch (second) {
    return new Failure([...failureOf(work, error).findings, notUndone(work)], { cause: second });
  }
  if (error instanceof RuntimeMoved) return error;
  return new Failure([...failureOf(work, error).findings, ...(crossed ? [undone] : []), ...left], { cause: error });
}

function failureOf({ at, disk }: Work, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error) ?? '';
  // Of a link into a store the link is not to blame.
  const isClosed = ['EACCES', 'EPERM', 'EROFS'].includes(code);
  const target = isClosed ? placeOf(disk, at) : at;
  if (target === at) return asFailure(error, at, 'write it');
  const told = readOnlyTarget(at, target, `could not write it (${code})`);
  return new Failure([{ ...told, severity: 'error' }], { cause: error });
}

/** Where a path leads; the path itself where that cannot be seen. */
function placeOf(disk: Disk, path: string): string {
  try {
    return realHome(disk, path);
  } catch {
    return path;
  }
}

const undone: Finding = {
  code: 'undone',
  severity: 'note',
  message: 'everything this run had changed was put back',
  remedy: 'Nothing else is to be done.',
};

function notUndone({ backups, paths }: Work): Finding {
  const message = `what this run had changed could not all be put back; the files as they were are in ${backups}`;
  return problem('not-undone', message, 'The next command tries again, from its journal.', { path: paths.journal });
}
