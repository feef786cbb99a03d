import { dirname, join } from 'node:path';
import { digestOf } from '../model/digest.ts';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { FileWrite, Plan } from '../model/plan.ts';
import { type StagedFile, stageFile, swapIn, targetOf } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';
import { digestAt, dropJournal, type Journal, type JournalStep, removeIfEmpty, undo, writeJournal } from './journal.ts';
import { type Release, takeClientLock } from './lock.ts';
import { recordContent, recordPath, type StatePaths } from './state-directory.ts';
import { asFailure } from './system-error.ts';

/** What a run did. */
export interface Applied {
  /** The name of the run, and the folder with its backups; undefined when nothing was written. */
  readonly run?: string;
  readonly backups?: string;
  readonly written: number;
}

/** A client wrote one of the files between plan and apply: nothing was changed, and the plan has to be made again. */
export class RuntimeMoved extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} was changed by another program while this command ran`);
    this.name = 'RuntimeMoved';
    this.path = path;
  }
}

/**
 * Applies a checked plan: lock, stage, compare, back up, journal, swap, record last. On any failure everything is put
 * back. Throws `RuntimeMoved` when a file is no longer what the plan was made from, `Failure` for the rest.
 */
export function applyPlan(host: Host, paths: StatePaths, plan: Plan): Applied {
  const writes = [...plan.writes, ...recordWrites(host.disk, paths, plan)];
  if (writes.length === 0) return { written: 0 };
  const releases: Release[] = [];
  try {
    for (const lock of new Set(plan.writes.flatMap((write) => write.lock ?? []))) {
      releases.push(takeClientLock(host, lock));
    }
    return applyWrites(host, paths, plan, writes);
  } finally {
    for (const release of releases) release();
  }
}

function applyWrites(host: Host, paths: StatePaths, plan: Plan, writes: readonly FileWrite[]): Applied {
  const { disk } = host;
  const run = `${host.now().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')}-${host.uniqueName()}`;
  const backups = join(paths.runs, run);
  const progress: { folders: string[]; steps: JournalStep[]; at: string } = { folders: [], steps: [], at: paths.root };
  try {
    progress.folders.push(...makeFolders(disk, [paths.records, ...plan.makeFolders]));
    const staged = writes.map((write, index) => {
      progress.at = write.path;
      const file = stage(disk, write, `${run}-${index}`);
      progress.steps.push(stepOf(write, file, join(backups, `${index}`)));
      return file;
    });
    compare(disk, writes);
    backUp(disk, backups, run, writes);
    writeJournal(disk, paths, { run, steps: progress.steps, folders: progress.folders });
    writes.forEach((write, index) => {
      progress.at = write.path;
      swap(disk, write, staged[index]);
    });
    for (const folder of plan.removeFolders) removeIfEmpty(disk, folder);
    dropJournal(disk, paths);
    const runtime = plan.writes.length;
    return runtime > 0 ? { run, backups, written: runtime } : { written: 0 };
  } catch (error) {
    throw putBack(disk, paths, { run, ...progress }, error, progress.at);
  }
}

/** Undoes what was done so far, and turns the error into one the user can act on. */
function putBack(disk: Disk, paths: StatePaths, journal: Journal, error: unknown, at: string): unknown {
  const left = undo(disk, journal);
  dropJournal(disk, paths);
  if (error instanceof RuntimeMoved) return error;
  const failure = error instanceof Failure ? error : asFailure(error, at, 'write it');
  const undone = problem('undone', 'everything this run had changed was put back', 'Nothing else is to be done.');
  return new Failure([...failure.findings, { ...undone, severity: 'note' }, ...left], { cause: error });
}

function makeFolders(disk: Disk, folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const first = disk.makeFolders(folder);
    if (first === undefined) return [];
    disk.syncFolder(dirname(first));
    return between(first, folder);
  });
}

/** The folders from the first that was created down to the one asked for. */
function between(first: string, last: string): string[] {
  const made = [last];
  while (made[0] !== first && made[0] !== dirname(made[0] as string)) made.unshift(dirname(made[0] as string));
  return made;
}

function stage(disk: Disk, { path, after }: FileWrite, name: string): StagedFile | undefined {
  return after ? stageFile(disk, path, after.content, after.mode, name) : undefined;
}

function stepOf({ path, before, after }: FileWrite, staged: StagedFile | undefined, backup: string): JournalStep {
  return {
    path,
    before: before && { digest: before.digest, backup, mode: before.mode },
    after: after && digestOf(after.content),
    temporary: staged?.temporary ?? null,
  };
}

/** Last look before the write boundary is crossed: a client may have written since the plan was made. */
function compare(disk: Disk, writes: readonly FileWrite[]): void {
  for (const { path, before } of writes) {
    if (digestAt(disk, path) !== (before?.digest ?? null)) throw new RuntimeMoved(path);
  }
}

function backUp(disk: Disk, folder: string, run: string, writes: readonly FileWrite[]): void {
  disk.makeFolders(folder, 0o700);
  writes.forEach(({ before }, index) => {
    if (before) disk.writeNew(join(folder, `${index}`), before.content, 0o600);
  });
  const files = writes.map(({ path, before }, index) => ({
    path,
    target: targetOf(disk, path),
    ...(before ? { backup: `${index}`, mode: before.mode } : { created: true }),
  }));
  disk.writeNew(
    join(folder, 'run.json'),
    new TextEncoder().encode(`${JSON.stringify({ run, files }, null, 1)}\n`),
    0o600,
  );
  disk.syncFolder(folder);
}

function swap(disk: Disk, { path, after }: FileWrite, staged: StagedFile | undefined): void {
  if (after && staged) {
    swapIn(disk, staged);
    return;
  }
  const target = targetOf(disk, path);
  disk.unlink(target);
  disk.syncFolder(dirname(target));
}

/** The records are the last files of a run: they are never ahead of what they describe. */
function recordWrites(disk: Disk, paths: StatePaths, plan: Plan): FileWrite[] {
  return plan.records.flatMap(({ key, record }): FileWrite[] => {
    const path = recordPath(paths, key);
    const old = disk.status(path) ? disk.readFile(path) : undefined;
    const content = record && recordContent(record);
    if (!content && !old) return [];
    if (content && old && digestOf(content) === digestOf(old)) return [];
    const before = old ? { digest: digestOf(old), content: old, mode: 0o600 } : null;
    return [{ client: '', file: '', path, before, after: content && { content, mode: 0o600 } }];
  });
}
