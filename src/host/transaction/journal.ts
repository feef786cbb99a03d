import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { CommandName } from '../../model/plan.ts';
import { type RunFile, runVersion } from '../../model/run.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { Disk } from '../disk.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { discard, removeDurably, stageFile, stagePlace, swapIn } from './atomic-write.ts';

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

/** Whether what stands at a place is what a run knows of it: the bytes, and the mode, which may be all that changes. */
export function isNode(now: RuntimeFile | undefined, known: JournalStep['before'] | JournalStep['after']): boolean {
  if (!now || !known) return !now && !known;
  return now.mode === known.mode && digestOf(now.bytes) === known.digest;
}

/** The journal that a run left. Throws `Failure` for one that does not parse. */
export function readJournal(disk: Disk, paths: StatePaths): Journal {
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
