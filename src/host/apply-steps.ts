import { dirname, join } from 'node:path';
import { runVersion } from '../model/run.ts';
import { linkMode } from '../model/runtime.ts';
import { stageAt, targetOf } from './atomic-write.ts';
import type { Disk, NodeStatus } from './disk.ts';
import { makeDurableFolders, removeIfEmpty } from './folders.ts';
import { dropJournal, isNode, type JournalStep, writeJournal } from './journal.ts';
import { underClientLock } from './lock.ts';
import { isSameNode } from './patient-disk.ts';
import { isFileOrNothing, nodeAt } from './read-file.ts';
import { indexContent, indexPath, removeRun } from './runs.ts';
import type { Work } from './work.ts';
import { awaitWriters } from './writers.ts';

/** A client wrote one of the files between plan and apply: nothing was changed, and the plan has to be made again. */
export class RuntimeMoved extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} was changed by another program while this command ran`);
    this.name = 'RuntimeMoved';
    this.path = path;
  }
}

/** The journal comes first and goes last, so that a run that is killed at any point can be undone by the next one. */
export const steps: readonly ((work: Work) => void)[] = [
  announce,
  makeFolders,
  stage,
  backUp,
  compare,
  swapFiles,
  swapRecords,
  removeFolders,
  forget,
];

function announce({ disk, paths, journal }: Work): void {
  writeJournal(disk, paths, journal);
}

function makeFolders(work: Work): void {
  for (const folder of work.journal.folders) {
    work.at = folder;
    makeDurableFolders(work.disk, folder);
  }
}

function stage(work: Work): void {
  [...work.files, ...work.records].forEach(({ path, after }, index) => {
    const { target, temporary } = work.journal.steps[index] as JournalStep;
    work.at = path;
    showProgress(work, index);
    if (after && temporary) stageAt(work.disk, { temporary, target }, after.content, after.mode);
  });
}

/** Each file is staged, then swapped in. */
function showProgress({ host, journal }: Work, done: number): void {
  host.terminal.progress(done, 2 * journal.steps.length);
}

function backUp(work: Work): void {
  const { disk, paths, backups, journal } = work;
  work.at = backups;
  makeDurableFolders(disk, backups, 0o700);
  [...work.files, ...work.records].forEach(({ before }, index) => {
    if (before) disk.writeNew(join(backups, `${index}`), before.content, 0o600);
  });
  const { run, command, folders, steps: all } = journal;
  const files = all.map(({ temporary, ...file }) => file);
  disk.writeNew(indexPath(paths, run), indexContent({ version: runVersion, run, command, files, folders }), 0o600);
  disk.syncFolder(backups);
}

/** Last look before the write boundary is crossed: a client may have written since the plan was made. */
function compare(work: Work): void {
  for (const step of work.journal.steps) {
    work.at = step.path;
    refuseMoved(work.disk, step);
  }
}

/** One file after the other, each under its client's lock for just as long as that takes. */
function swapFiles(work: Work): void {
  swapAll(work, 0, work.files.length);
}

/** Only once the files are safe on the disk: a record is never ahead of them. */
function swapRecords(work: Work): void {
  swapAll(work, work.files.length, work.journal.steps.length);
}

function swapAll(work: Work, start: number, end: number): void {
  const all = work.journal.steps;
  const steps = all.slice(start, end);
  for (const [index, step] of steps.entries()) {
    work.at = step.path;
    showProgress(work, all.length + start + index);
    underClientLock(work.host, work.paths, step.lock, () => swap(work, step));
  }
  for (const folder of new Set(steps.map(({ target }) => dirname(target)))) work.disk.syncFolder(folder);
}

/** Compares again: other files may have taken a while, and what a client wrote meanwhile must not be lost. */
function swap(work: Work, step: JournalStep): void {
  const { disk } = work;
  const isOpen = step.shared && !step.lock;
  if (isOpen && exchange(work, step)) return;
  const seen = refuseMoved(disk, step);
  if (isOpen) awaitWriters(work.host, step.target);
  // Reading and hashing took a while, too; between this look and the rename nothing is done any more.
  if (!isSameNode(seen, disk.linkStatus(step.target))) throw new RuntimeMoved(step.path);
  work.crossed = true;
  try {
    if (step.temporary === null) disk.unlink(step.target);
    else disk.rename(step.temporary, step.target);
  } catch (error) {
    // It was held by a program that then wrote it.
    throw isSameNode(seen, disk.linkStatus(step.target)) ? error : new RuntimeMoved(step.path);
  }
}

/**
 * Replaces a file that its client writes without a lock, and says whether it could: what stood there at that very moment is
 * compared with the backup, and given back when it is something else.
 */
function exchange(work: Work, step: JournalStep): boolean {
  const { host, disk, backups } = work;
  const { path, target, temporary, before } = step;
  if (!before || before.mode === linkMode || temporary === null) return false;
  refuseMoved(disk, step);
  awaitWriters(host, target);
  work.crossed = true;
  const outcome = disk.exchange(temporary, target, join(backups, before.backup));
  if (outcome === 'moved') throw new RuntimeMoved(path);
  if (outcome === 'exchanged') disk.unlink(temporary);
  return outcome === 'exchanged';
}

/** Throws `RuntimeMoved` unless the file is what the plan was made from; gives its status from before it was read. */
function refuseMoved(disk: Disk, { path, target, before }: JournalStep): NodeStatus | undefined {
  if (!isFileOrNothing(disk, target)) throw new RuntimeMoved(path);
  const seen = disk.linkStatus(target);
  if (!isNode(nodeAt(disk, target), before) || targetOf(disk, path) !== target) throw new RuntimeMoved(path);
  return seen;
}

function removeFolders({ disk, plan }: Work): void {
  for (const folder of plan.removeFolders) removeIfEmpty(disk, folder);
  const parents = plan.removeFolders.map((folder) => dirname(folder));
  for (const parent of new Set(parents)) if (disk.linkStatus(parent)) disk.syncFolder(parent);
}

/** A run that changed no file, only what is known of them, is nothing to restore. */
function forget({ disk, paths, journal, files }: Work): void {
  if (files.length === 0) removeRun(disk, paths, journal.run);
  dropJournal(disk, paths);
}
