import { dirname } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { ClientLock } from '../../model/plan.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure, errorCode } from '../system-error.ts';
import { discard } from './atomic-write.ts';

/** How long a client's lock is waited for, and how often it is looked at, in milliseconds. */
const longest = 10_000;
const pause = 50;
const silence = 1_000;
/** Claude Code breaks a lock whose folder has not been touched for this long (proper-lockfile's rule), so we may too. */
const stale = 10_000;

/** Releases what was taken. */
export type Release = () => void;

/** Does something while a client's lock is held; with no lock, just does it. */
export function underClientLock(host: Host, paths: StatePaths, lock: ClientLock | undefined, act: () => void): void {
  if (!lock) return act();
  const release = takeClientLock(host, paths, lock);
  try {
    act();
  } finally {
    release();
  }
}

/**
 * Takes a client's own lock for one of its files: a folder, which only one process can make. Waits up to ten seconds for
 * a client that holds it. What is held is noted in the state folder.
 */
function takeClientLock(host: Host, paths: StatePaths, lock: ClientLock): Release {
  const { disk } = host;
  try {
    // One of ours that could not be released: nobody else notes locks here while this run holds the run lock.
    releaseLeftLock(disk, paths, () => true);
    waitFor(host, lock);
  } catch (error) {
    throw asFailure(error, lock.path, 'take the lock');
  }
  const release = () => {
    if (disk.status(lock.path)) disk.removeFolder(lock.path);
    discard(disk, paths.clientLock);
  };
  try {
    noteLock(disk, paths, lock.path);
  } catch (error) {
    release();
    throw asFailure(error, paths.clientLock, 'note the lock');
  }
  return release;
}

/**
 * Releases a client's lock that a killed run left, if it is still that one: others would wait until it is stale. Nothing
 * else is removed: a note may say anything.
 */
export function releaseLeftLock(disk: Disk, paths: StatePaths, isLock: (path: string) => boolean): void {
  if (!disk.linkStatus(paths.clientLock)) return;
  const note = parseNote(disk.readFile(paths.clientLock));
  const isOurs = note && isLock(note.path);
  const status = isOurs ? disk.status(note.path) : undefined;
  if (note && status?.inode === note.inode && status?.modified === note.modified) disk.removeFolder(note.path);
  discard(disk, paths.clientLock);
}

/** What tells a lock folder from another one that was made at the same place. */
interface LockNote {
  readonly path: string;
  readonly inode: number | undefined;
  readonly modified: number | undefined;
}

function noteLock(disk: Disk, paths: StatePaths, path: string): void {
  const status = disk.status(path);
  const note: LockNote = { path, inode: status?.inode, modified: status?.modified };
  disk.writeNew(paths.clientLock, new TextEncoder().encode(JSON.stringify(note)), 0o600);
}

function waitFor(host: Host, lock: ClientLock): void {
  const start = host.now().getTime();
  for (let told = false; !tryMake(host.disk, lock.path); ) {
    const waited = host.now().getTime() - start;
    if (isStale(host, lock.path)) removeStale(host.disk, lock.path);
    else if (waited > longest) throw held(lock);
    else host.pause(pause);
    if (waited > silence && !told) {
      host.terminal.error(`Waiting for ${lock.holder}, which holds ${lock.path}\n`);
      told = true;
    }
  }
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

/** Whether a client's lock stands there that nobody keeps up any more. Throws `Failure` when that cannot be seen. */
export function isLeftClientLock(host: Host, path: string): boolean {
  try {
    return isStale(host, path);
  } catch (error) {
    throw asFailure(error, path, 'look at the lock');
  }
}

function isStale({ disk, now }: Host, lock: string): boolean {
  const status = disk.status(lock);
  return status !== undefined && now().getTime() - status.modified > stale;
}

/** Its holder, or another waiter, may be quicker. */
function removeStale(disk: Disk, lock: string): void {
  try {
    disk.removeFolder(lock);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Undefined for a note that was cut off. */
function parseNote(content: Uint8Array): LockNote | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(content)) as LockNote;
  } catch {
    return undefined;
  }
}

function held({ path, holder }: ClientLock): Failure {
  const message = `${holder} holds the lock of this file, and did not release it for ten seconds`;
  const remedy = `Wait until ${holder} is done, or close it, then run the command again.`;
  return new Failure([problem('lock-held', message, remedy, { path })]);
}
