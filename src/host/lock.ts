import { dirname, join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import { discard } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';
import type { StatePaths } from './state-directory.ts';
import { asFailure, errorCode } from './system-error.ts';

/** A lock is a folder: making it is the one step that only one process can win. */
const pause = 50;
const clientLockWait = 10_000;
/** Claude Code breaks a lock whose folder has not been touched for this long (proper-lockfile's rule), so we may too. */
const clientLockStale = 10_000;

/** Releases what was taken. */
export type Release = () => void;

/** Takes our own run lock, so that two runs never overlap. A lock whose process is gone is taken over. */
export function takeRunLock(host: Host, paths: StatePaths, command: string): Release {
  const { disk } = host;
  const holderFile = join(paths.lock, 'holder.json');
  try {
    disk.makeFolders(paths.root, 0o700);
    if (!tryMake(disk, paths.lock)) {
      const holder = readHolder(disk, holderFile);
      if (holder && host.process.isAlive(holder.pid))
        throw held(paths.lock, `"${holder.command}" (process ${holder.pid})`);
      if (!holder && !isStale(host, paths.lock)) throw held(paths.lock, 'another run that has just begun');
      discard(disk, holderFile);
      disk.removeFolder(paths.lock);
      if (!tryMake(disk, paths.lock)) throw held(paths.lock, 'another run');
    }
    const holder = JSON.stringify({ pid: host.process.id, command, since: host.now().toISOString() });
    disk.writeNew(holderFile, new TextEncoder().encode(holder), 0o600);
  } catch (error) {
    throw asFailure(error, paths.lock, 'take the run lock');
  }
  return () => {
    discard(disk, holderFile);
    if (disk.status(paths.lock)) disk.removeFolder(paths.lock);
  };
}

/** Takes a client's own lock for one of its files; waits up to ten seconds for a client that holds it. */
export function takeClientLock(host: Host, lock: string): Release {
  const { disk } = host;
  try {
    const until = host.now().getTime() + clientLockWait;
    while (!tryMake(disk, lock)) {
      if (isStale(host, lock)) disk.removeFolder(lock);
      else if (host.now().getTime() > until) throw held(lock, 'the client that writes this file');
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  } catch (error) {
    throw asFailure(error, lock, 'take the lock');
  }
  return () => {
    if (disk.status(lock)) disk.removeFolder(lock);
  };
}

function tryMake(disk: Disk, path: string): boolean {
  try {
    disk.makeFolder(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (errorCode(error) !== 'ENOENT') throw error;
    disk.makeFolders(dirname(path));
    return tryMake(disk, path);
  }
}

function isStale({ disk, now }: Host, lock: string): boolean {
  const status = disk.status(lock);
  return status !== undefined && now().getTime() - status.modified > clientLockStale;
}

function readHolder(disk: Disk, path: string): { pid: number; command: string } | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(disk.readFile(path)));
  } catch {
    return undefined;
  }
}

function held(path: string, by: string): Failure {
  const remedy = 'Wait until it is done, then run the command again.';
  return new Failure([problem('lock-held', `the lock is held by ${by}`, remedy, { path })]);
}
