import { dirname } from 'node:path';
import { digestOf } from '../model/digest.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import { discard, stageFile, swapIn, targetOf } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import type { StatePaths } from './state-directory.ts';

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

/** Writes the journal and forces it to the disk: from here on the run can be undone from outside. */
export function writeJournal(disk: Disk, paths: StatePaths, journal: Journal): void {
  const content = new TextEncoder().encode(JSON.stringify(journal));
  swapIn(disk, stageFile(disk, paths.journal, content, 0o600, journal.run));
}

/** Forgets the journal: the run is done or undone. */
export function dropJournal(disk: Disk, paths: StatePaths): void {
  discard(disk, paths.journal);
  disk.syncFolder(dirname(paths.journal));
}

/** Undoes a run that was killed, if one left its journal, and says so. Call it with the run lock held. */
export function recover(disk: Disk, paths: StatePaths): Finding[] {
  if (!disk.linkStatus(paths.journal)) return [];
  const journal = readJournal(disk, paths);
  const left = undo(disk, journal);
  dropJournal(disk, paths);
  const message = `the run ${journal.run} had been cut off; every file it had changed is as it was before it`;
  const remedy = 'Nothing is to be done; this run goes on from there.';
  return [{ code: 'recovered', severity: 'warning', message, remedy }, ...left];
}

/**
 * Puts back what a run changed, last step first. A file that somebody else has written since is left as it is, and
 * named.
 */
export function undo(disk: Disk, journal: Journal): Finding[] {
  const left = [...journal.steps].reverse().flatMap((step) => undoStep(disk, step, journal.run));
  for (const folder of [...journal.folders].reverse()) removeIfEmpty(disk, folder);
  return left;
}

function undoStep(disk: Disk, { path, before, after, temporary }: JournalStep, run: string): Finding[] {
  if (temporary !== null) discard(disk, temporary);
  const now = digestAt(disk, path);
  if (now === (before?.digest ?? null)) return [];
  if (now !== after) return [changedSince(path, run)];
  if (before) swapIn(disk, stageFile(disk, path, disk.readFile(before.backup), before.mode, `undo-${run}`));
  else discard(disk, targetOf(disk, path));
  return [];
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
