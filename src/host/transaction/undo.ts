import { dirname, join } from 'node:path';
import type { Finding } from '../../model/finding.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import type { ShowProgress } from '../machine/progress-bar.ts';
import { isFileOrNothing, nodeAt } from '../reading/read-file.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure } from '../system-error.ts';
import { discard, type StagedFile, stageAt, stagedBeside } from './atomic-write.ts';
import { makeDurableFolders, removeIfEmpty } from './folders.ts';
import { dropJournal, isNode, type Journal, type JournalStep, readJournal } from './journal.ts';
import { releaseLeftLock, underClientLock } from './lock.ts';
import { removeRun } from './runs.ts';
import { type Look, lookAt, swap } from './swap.ts';

/** What a run that is gone may have left. */
export interface Guard {
  /** Throws `Failure` for a journal that names what no run of ours writes. */
  refuse(journal: Journal): void;
  /** Whether this is the lock of a client's file. */
  isLock(path: string): boolean;
}

/** Whether a run left something to undo: it was killed, or is under way. */
export function hasLeft(disk: Disk, { clientLock, journal }: StatePaths): boolean {
  return disk.linkStatus(clientLock) !== undefined || disk.linkStatus(journal) !== undefined;
}

/**
 * Undoes a run that was killed, if one left its journal, and says so. Call it with the run lock held. Throws `Failure`, and
 * changes nothing, for a journal that names what is out of bounds.
 */
export function recover(host: Host, paths: StatePaths, guard: Guard): Finding[] {
  const { disk } = host;
  try {
    releaseLeftLock(disk, paths, guard.isLock);
    if (!disk.linkStatus(paths.journal)) return [];
    const journal = readJournal(disk, paths);
    guard.refuse(journal);
    sayWhatTakesLong(host, journal);
    const left = undoRun(host, paths, journal, host.terminal.progress);
    const message = `the run ${journal.run} (${journal.command}) had been cut off; every file it had changed is as it was before it`;
    const remedy = 'No action is needed; this command goes on from there.';
    return [{ code: 'recovered', severity: 'warning', message, remedy }, ...left];
  } catch (error) {
    throw asFailure(error, paths.journal, 'undo the run that was cut off');
  }
}

/** Beyond so many files nobody should wonder what takes so long, also where there is no bar to see. */
const manySteps = 500;

function sayWhatTakesLong({ terminal }: Host, { run, command, steps }: Journal): void {
  if (steps.length < manySteps) return;
  terminal.error(`Undoing the run ${run} (${command}), which was cut off: ${steps.length} files.\n`);
}

/**
 * Puts back what a run changed, last step first, and forgets the run. A file that somebody else has written since, be it in
 * that very moment, is left as it is, and named; the backups then stay. `show` is told how far it is.
 */
export function undoRun(host: Host, paths: StatePaths, journal: Journal, show: ShowProgress = () => {}): Finding[] {
  const { disk } = host;
  const kept = undoSteps(host, paths, journal, show);
  const left = kept.map(({ path }) => changedSince(path, journal.run));
  for (const folder of [...journal.folders].reverse()) removeIfEmpty(disk, folder);
  // Before the journal goes, so that an undone run is never taken for one that can be restored.
  if (left.length === 0) removeRun(disk, paths, journal.run);
  dropJournal(disk, paths);
  return left;
}

/** Undoes every step; gives those of files that are not as they were. What was put back is on the disk then. */
function undoSteps(host: Host, paths: StatePaths, { run, steps }: Journal, show: ShowProgress): JournalStep[] {
  const { disk } = host;
  const changed = new Set<string>();
  const kept = [...steps].reverse().filter((step, index) => {
    show(index, steps.length);
    return !undoStep(host, paths, step, { run, changed });
  });
  for (const folder of changed) if (disk.status(folder)) disk.syncFolder(folder);
  show(1, 1);
  return kept;
}

/** An undoing under way: of which run, and the folders that it has changed. */
interface Undoing {
  readonly run: string;
  readonly changed: Set<string>;
}

/** Whether the file is now as it was before the run. */
function undoStep(host: Host, paths: StatePaths, step: JournalStep, undoing: Undoing): boolean {
  const { disk } = host;
  const { temporary } = stagedBack(step, undoing.run);
  // Of the run, and of an undoing that was itself cut off.
  for (const staged of [step.temporary, temporary])
    if (staged !== null && isFileOrNothing(disk, staged)) discard(disk, staged);
  if (!isFileOrNothing(disk, step.target)) return false;
  if (isNode(nodeAt(disk, step.target), step.before)) return true;
  let isUndone = false;
  underClientLock(host, paths, step.lock, () => {
    const seen = lookAt(disk, step.target);
    isUndone =
      isNode(seen.node, step.before) || (isNode(seen.node, step.after) && putBack(host, paths, step, undoing, seen));
  });
  return isUndone;
}

/** Whether what was seen has made way for what stood there before the run. The folder may be gone with the last file in it. */
function putBack(host: Host, paths: StatePaths, step: JournalStep, { run, changed }: Undoing, seen: Look): boolean {
  const { disk } = host;
  const { before } = step;
  const folder = dirname(step.target);
  const staged = stagedBack(step, run);
  if (before) {
    makeDurableFolders(disk, folder);
    stageAt(disk, staged, disk.readFile(join(paths.runs, run, before.backup)), before.mode);
  }
  const isBack = swap(host, step, before && staged.temporary, seen);
  if (!isBack) discard(disk, staged.temporary);
  changed.add(folder);
  return isBack;
}

function stagedBack({ target }: JournalStep, run: string): StagedFile {
  return stagedBeside(target, `undo-${run}`);
}

function changedSince(path: string, run: string): Finding {
  return {
    code: 'changed-since',
    severity: 'warning',
    message: 'the file was changed by somebody else after the run was cut off, and is left as it is',
    remedy: `What stood there before the run is in the backup of run ${run}.`,
    path,
  };
}
