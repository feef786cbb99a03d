import { dirname } from 'node:path';
import { digestOf } from '../model/digest.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import { discard, stageFile, stagePlace, swapIn, targetOf } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import type { StatePaths } from './state-directory.ts';
import { asFailure } from './system-error.ts';

/** One file of a run, as the journal remembers it while the run lasts. */
export interface JournalStep {
  readonly path: string;
  /** Digest and backup of what stood there; null when nothing did. */
  readonly before: { readonly digest: string; readonly backup: string; readonly mode: number } | null;
  /** Digest of what the run puts there; null when it deletes the file. */
  readonly after: string | null;
  /** The staged file, beside the target. */
  readonly temporary: string | null;
}

/** What a run that is under way leaves on the disk, so that the next one can undo it. */
export interface Journal {
  readonly run: string;
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
  discard(disk, paths.journal);
  disk.syncFolder(dirname(paths.journal));
}

/** Undoes a run that was killed, if one left its journal, and says so. Call it with the run lock held. */
export function recover(disk: Disk, paths: StatePaths): Finding[] {
  try {
    if (!disk.linkStatus(paths.journal)) return [];
    const journal = readJournal(disk, paths);
    const left = undoFiles(disk, journal);
    undoFolders(disk, journal);
    dropJournal(disk, paths);
    const message = `the run ${journal.run} had been cut off; every file it had changed is as it was before it`;
    const remedy = 'Nothing is to be done; this run goes on from there.';
    return [{ code: 'recovered', severity: 'warning', message, remedy }, ...left];
  } catch (error) {
    throw asFailure(error, paths.journal, 'undo the run that was cut off');
  }
}

/**
 * Puts back the files that a run changed, last step first. A file that somebody else has written since is left as it
 * is, and named.
 */
export function undoFiles(disk: Disk, journal: Journal): Finding[] {
  return [...journal.steps].reverse().flatMap((step) => undoStep(disk, step, journal.run));
}

/** Removes the folders that a run made, unless something stands in them. */
export function undoFolders(disk: Disk, { folders }: Journal): void {
  for (const folder of [...folders].reverse()) removeIfEmpty(disk, folder);
}

function undoStep(disk: Disk, { path, before, after, temporary }: JournalStep, run: string): Finding[] {
  if (temporary !== null) discard(disk, temporary);
  const now = digestAt(disk, path);
  if (now === (before?.digest ?? null) && hasMode(disk, path, before)) return [];
  if (now !== after) return [changedSince(path, run)];
  if (before) putBack(disk, path, before, run);
  else discard(disk, targetOf(disk, path));
  return [];
}

/** A step may change nothing but the mode: the exec bit of a script. */
function hasMode(disk: Disk, path: string, before: JournalStep['before']): boolean {
  return !before || ((disk.status(path)?.mode ?? 0) & 0o777) === before.mode;
}

/** The folder may be gone with the last file in it; an undoing that was itself cut off may have left its staged file. */
function putBack(disk: Disk, path: string, before: NonNullable<JournalStep['before']>, run: string): void {
  const name = `undo-${run}`;
  const { temporary, target } = stagePlace(disk, path, name);
  disk.makeFolders(dirname(target));
  discard(disk, temporary);
  swapIn(disk, stageFile(disk, path, disk.readFile(before.backup), before.mode, name));
}

/** The digest of a file's bytes, or null when there is none. */
export function digestAt(disk: Disk, path: string): string | null {
  return disk.status(path) ? digestOf(disk.readFile(path)) : null;
}

/** Removes a folder unless something stands in it. */
export function removeIfEmpty(disk: Disk, folder: string): void {
  if (disk.linkStatus(folder)?.kind === 'folder' && disk.list(folder).length === 0) disk.removeFolder(folder);
}

function readJournal(disk: Disk, paths: StatePaths): Journal {
  try {
    return JSON.parse(new TextDecoder().decode(disk.readFile(paths.journal))) as Journal;
  } catch (error) {
    const remedy = 'Look at the backups in the runs folder beside it, then move the journal away.';
    throw new Failure(
      [problem('broken-journal', 'the journal of a run does not parse', remedy, { path: paths.journal })],
      {
        cause: error,
      },
    );
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
