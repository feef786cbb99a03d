import { dirname, join } from 'node:path';
import { stageFile, swapIn, targetOf } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import { digestAt, dropJournal, type JournalStep, removeIfEmpty, writeJournal } from './journal.ts';
import { takeClientLock } from './lock.ts';
import type { Work } from './work.ts';

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
  takeLocks,
  stage,
  backUp,
  compare,
  swap,
  releaseLocks,
  removeFolders,
  forget,
];

function announce({ disk, paths, journal }: Work): void {
  writeJournal(disk, paths, journal);
}

function makeFolders(work: Work): void {
  for (const folder of work.journal.folders) {
    work.at = folder;
    work.disk.makeFolders(folder);
    work.disk.syncFolder(dirname(folder));
  }
}

function takeLocks({ host, plan, releases }: Work): void {
  for (const lock of new Set(plan.writes.flatMap((write) => write.lock ?? []))) {
    releases.push(takeClientLock(host, lock));
  }
}

/** A lock that could not be released is tried again when the run is undone. */
export function releaseLocks({ releases }: Work): void {
  for (let release = releases.at(-1); release; release = releases.at(-1)) {
    release();
    releases.pop();
  }
}

function stage(work: Work): void {
  work.writes.forEach(({ path, after }, index) => {
    work.at = path;
    if (after) stageFile(work.disk, path, after.content, after.mode, `${work.journal.run}-${index}`);
  });
}

/** Last look before the write boundary is crossed: a client may have written since the plan was made. */
function compare({ disk, journal }: Work): void {
  for (const step of journal.steps) refuseMoved(disk, step);
}

function refuseMoved(disk: Disk, { path, before }: JournalStep): void {
  if (digestAt(disk, path) !== (before?.digest ?? null)) throw new RuntimeMoved(path);
}

function backUp({ disk, backups, journal: { run }, writes }: Work): void {
  disk.makeFolders(backups, 0o700);
  const files = writes.map(({ path, before }, index) => {
    if (before) disk.writeNew(join(backups, `${index}`), before.content, 0o600);
    const was = before ? { backup: `${index}`, mode: before.mode } : { created: true };
    return { path, target: targetOf(disk, path), ...was };
  });
  const index = `${JSON.stringify({ run, files }, null, 1)}\n`;
  disk.writeNew(join(backups, 'run.json'), new TextEncoder().encode(index), 0o600);
  disk.syncFolder(backups);
}

function swap(work: Work): void {
  const { disk, journal } = work;
  work.crossed = true;
  for (const step of journal.steps) {
    const { path, temporary } = step;
    work.at = path;
    // Again, for each file alone: other files may have taken a while, and what a client wrote meanwhile must not be lost.
    refuseMoved(disk, step);
    const target = targetOf(disk, path);
    if (temporary !== null) swapIn(disk, { temporary, target });
    else removeFile(disk, target);
  }
}

function removeFile(disk: Disk, target: string): void {
  disk.unlink(target);
  disk.syncFolder(dirname(target));
}

function removeFolders({ disk, plan }: Work): void {
  for (const folder of plan.removeFolders) removeIfEmpty(disk, folder);
}

function forget({ disk, paths }: Work): void {
  dropJournal(disk, paths);
}
