import { dirname, join } from 'node:path';
import { runVersion } from '../../model/run.ts';
import type { Disk } from '../disk.ts';
import { isFileOrNothing } from '../reading/read-file.ts';
import { stageAt, targetOf } from './atomic-write.ts';
import { makeAllDurable, makeDurableFolders, removeIfEmpty } from './folders.ts';
import { dropJournal, isNode, type JournalStep, writeJournal } from './journal.ts';
import { underClientLock } from './lock.ts';
import type { Work } from './run-in-progress.ts';
import { indexContent, indexPath, removeRun } from './runs.ts';
import { type Look, lookAt, swap } from './swap.ts';

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
  makeAllDurable(work.disk, work.journal.folders, (folder) => {
    work.at = folder;
  });
}

function stage(work: Work): void {
  [...work.files, ...work.records].forEach(({ path, after }, index) => {
    const { target, temporary } = work.journal.steps[index] as JournalStep;
    work.at = path;
    showProgress(work, 'stage', index);
    if (after && temporary) stageAt(work.disk, { temporary, target }, after.content, after.mode);
  });
}

/** What is done with each file, in this order: each takes a look at the disk or two, and as long. */
const rounds = ['stage', 'back up', 'swap'] as const;

/** A file is done when it has been through all rounds; so many count as done after a part of one. */
function showProgress({ host, journal }: Work, round: (typeof rounds)[number], index: number): void {
  const { length } = journal.steps;
  host.terminal.progress(Math.floor((rounds.indexOf(round) * length + index) / rounds.length), length);
}

function backUp(work: Work): void {
  const { disk, paths, backups, journal } = work;
  work.at = backups;
  makeDurableFolders(disk, backups, 0o700);
  [...work.files, ...work.records].forEach(({ before }, index) => {
    showProgress(work, 'back up', index);
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
    showProgress(work, 'swap', start + index);
    underClientLock(work.host, work.paths, step.lock, () => swapStep(work, step));
  }
  for (const folder of new Set(steps.map(({ target }) => dirname(target)))) work.disk.syncFolder(folder);
}

/** Compares again: other files may have taken a while, and what a client wrote meanwhile must not be lost. */
function swapStep(work: Work, step: JournalStep): void {
  const seen = refuseMoved(work.disk, step);
  work.crossed = true;
  if (!swap(work.host, step, step.temporary, seen)) throw new RuntimeMoved(step.path);
}

/** Throws `RuntimeMoved` unless the file is what the plan was made from. */
function refuseMoved(disk: Disk, { path, target, before }: JournalStep): Look {
  if (!isFileOrNothing(disk, target)) throw new RuntimeMoved(path);
  const seen = lookAt(disk, target);
  if (!isNode(seen.node, before) || targetOf(disk, path) !== target) throw new RuntimeMoved(path);
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
