import { dirname, join } from 'node:path';
import { digestOf } from '../model/digest.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { CommandName } from '../model/plan.ts';
import { type RunFile, runVersion } from '../model/run.ts';
import type { RuntimeFile } from '../model/runtime.ts';
import { discard, removeDurably, stageAt, stagedBeside, stageFile, stagePlace, swapIn } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import { makeDurableFolders, removeIfEmpty } from './folders.ts';
import type { Host } from './host.ts';
import { releaseLeftLock, underClientLock } from './lock.ts';
import { isFileOrNothing, nodeAt } from './read-file.ts';
import { removeRun } from './runs.ts';
import type { StatePaths } from './state-directory.ts';
import { asFailure } from './system-error.ts';

/** One file of a run, as the journal remembers it while the run lasts. */
export interface JournalStep extends RunFile {
  /** The staged file, beside the target; null when the run deletes the file. */
  readonly temporary: string | null;
}

/** What a run that is under way leaves on the disk, so that the next one can undo it. */
export interface Journal {
  readonly version: number;
  readonly run: string;
  readonly command: CommandName;
  readonly steps: readonly JournalStep[];
  /** Folders the run creates, parents first. */
  readonly folders: readonly string[];
}

/**
 * Writes the journal and forces it to the disk: from here on the run can be undone from outside. A run that was killed
 * while it did this had changed nothing yet; its staged journal makes way.
 */
export function writeJournal(disk: Disk, paths: StatePaths, journal: Journal): void {
  const content = new TextEncoder().encode(JSON.stringify(journal));
  discard(disk, stagePlace(disk, paths.journal, 'next').temporary);
  swapIn(disk, stageFile(disk, paths.journal, content, 0o600, 'next'));
}

/** Forgets the journal: the run is done or undone. */
export function dropJournal(disk: Disk, paths: StatePaths): void {
  removeDurably(disk, paths.journal);
}

/** Undoes a run that was killed, if one left its journal, and says so. Call it with the run lock held. */
export function recover(host: Host, paths: StatePaths): Finding[] {
  const { disk } = host;
  try {
    releaseLeftLock(disk, paths);
    if (!disk.linkStatus(paths.journal)) return [];
    const journal = readJournal(disk, paths);
    const left = undoRun(host, paths, journal);
    const message = `the run ${journal.run} (${journal.command}) had been cut off; every file it had changed is as it was before it`;
    const remedy = 'Nothing is to be done; this run goes on from there.';
    return [{ code: 'recovered', severity: 'warning', message, remedy }, ...left];
  } catch (error) {
    throw asFailure(error, paths.journal, 'undo the run that was cut off');
  }
}

/**
 * Puts back what a run changed, last step first, and forgets the run. A file that somebody else has written since is left
 * as it is, and named; the backups then stay.
 */
export function undoRun(host: Host, paths: StatePaths, journal: Journal): Finding[] {
  const { disk } = host;
  const left = [...journal.steps].reverse().flatMap((step) => undoStep(host, paths, step, journal.run));
  for (const folder of [...journal.folders].reverse()) removeIfEmpty(disk, folder);
  // Before the journal goes, so that an undone run is never taken for one that can be restored.
  if (left.length === 0) removeRun(disk, paths, journal.run);
  dropJournal(disk, paths);
  return left;
}

function undoStep(host: Host, paths: StatePaths, step: JournalStep, run: string): Finding[] {
  const { disk } = host;
  if (step.temporary !== null && isFileOrNothing(disk, step.temporary)) discard(disk, step.temporary);
  if (!isFileOrNothing(disk, step.target)) return [changedSince(step.path, run)];
  if (isNode(nodeAt(disk, step.target), step.before)) return [];
  const left: Finding[] = [];
  underClientLock(host, paths, step.lock, () => {
    const now = nodeAt(disk, step.target);
    if (isNode(now, step.before)) return;
    if (!isNode(now, step.after)) left.push(changedSince(step.path, run));
    else if (step.before) putBack(disk, step.target, step.before.mode, join(paths.runs, run, step.before.backup), run);
    else removeDurably(disk, step.target);
  });
  return left;
}

/** Whether what stands at a place is what a run knows of it: the bytes, and the mode, which may be all that changes. */
export function isNode(now: RuntimeFile | undefined, known: JournalStep['before'] | JournalStep['after']): boolean {
  if (!now || !known) return !now && !known;
  return now.mode === known.mode && digestOf(now.bytes) === known.digest;
}

/** The folder may be gone with the last file in it; an undoing that was itself cut off may have left its staged file. */
function putBack(disk: Disk, target: string, mode: number, backup: string, run: string): void {
  const staged = stagedBeside(target, `undo-${run}`);
  makeDurableFolders(disk, dirname(target));
  discard(disk, staged.temporary);
  stageAt(disk, staged, disk.readFile(backup), mode);
  swapIn(disk, staged);
}

function readJournal(disk: Disk, paths: StatePaths): Journal {
  const journal = parseJournal(disk.readFile(paths.journal));
  if (journal) return journal;
  const message = 'the journal of a run does not parse, or is of another version of Syncline';
  const remedy = 'Look at the backups in the runs folder beside it, then move the journal away.';
  throw new Failure([problem('broken-journal', message, remedy, { path: paths.journal })]);
}

function parseJournal(content: Uint8Array): Journal | undefined {
  try {
    const journal = JSON.parse(new TextDecoder().decode(content)) as Partial<Journal> | null;
    return journal?.version === runVersion && Array.isArray(journal.steps) ? (journal as Journal) : undefined;
  } catch {
    return undefined;
  }
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
