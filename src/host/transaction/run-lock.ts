import { join } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure, errorCode } from '../system-error.ts';
import { discard } from './atomic-write.ts';
import { makeDurableFolders } from './folders.ts';
import type { Release } from './lock.ts';

/** A lock of which nothing is known but its age: of another machine, or without a readable holder. */
const foreignStale = 10 * 60_000;
const unreadableStale = 10_000;

/** Who holds the run lock, as the lock says it. */
interface Holder {
  readonly pid: number;
  readonly machine: string;
  readonly command: string;
  readonly since: string;
}

/**
 * Takes our own run lock, so that two runs never overlap. The lock is a folder that holds its holder's name; it is made
 * aside and renamed into place, which only one process can win. A lock whose process is gone is taken over.
 */
export function takeRunLock(host: Host, paths: StatePaths, command: string): Release {
  const { disk } = host;
  const mine = join(paths.root, `lock-${host.uniqueName()}`);
  try {
    makeDurableFolders(disk, paths.root, 0o700);
    disk.makeFolder(mine);
    disk.writeNew(join(mine, 'holder.json'), encode(holderOf(host, command)), 0o600);
    while (!tryRename(disk, mine, paths.lock)) takeAside(host, paths);
  } catch (error) {
    ignoringErrors(() => removeLock(disk, mine));
    throw asFailure(error, paths.lock, 'take the run lock');
  }
  // What can't be released is taken over by the next run, once this process is gone.
  return () => ignoringErrors(() => removeLock(disk, paths.lock));
}

/**
 * Moves a lock that nobody holds any more out of the way, under a name made from its holder: of two processes that saw
 * the same dead holder, one can; the other finds the name taken, and leaves the new lock alone.
 */
function takeAside(host: Host, paths: StatePaths): void {
  const { disk } = host;
  const text = readHolderText(disk, paths.lock);
  const holder = parseHolder(text);
  if (!isGone(host, paths.lock, holder)) throw held(host, paths.lock, holder);
  const aside = join(paths.root, `lock-of-${digestOf(text ?? '').slice(0, 12)}`);
  if (!tryRename(disk, paths.lock, aside)) throw held(host, paths.lock, undefined);
}

/** The run lock as it stands: who holds it, and whether nobody does any more. Undefined where none is. Changes nothing. */
export function lookAtRunLock(
  host: Host,
  { lock }: StatePaths,
): { readonly by: string; readonly left: boolean } | undefined {
  try {
    if (!host.disk.linkStatus(lock)) return undefined;
    const holder = parseHolder(readHolderText(host.disk, lock));
    return { by: nameOf(host, holder), left: isGone(host, lock, holder) };
  } catch (error) {
    throw asFailure(error, lock, 'look at the run lock');
  }
}

/** False when something with content stands there already. */
function tryRename(disk: Disk, from: string, to: string): boolean {
  try {
    disk.rename(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return false;
    // Windows says EPERM where a folder stands in the way; a lock that went away meanwhile was somebody's release.
    if (errorCode(error) === 'EPERM' && disk.linkStatus(to)) return false;
    if (errorCode(error) === 'ENOENT' && disk.linkStatus(from) === undefined) return true;
    throw error;
  }
}

function isGone(host: Host, lock: string, holder: Holder | undefined): boolean {
  const status = host.disk.status(lock);
  if (!status) return true;
  const age = host.now().getTime() - status.modified;
  if (!holder) return age > unreadableStale;
  if (holder.machine !== host.process.machine) return age > foreignStale;
  return !host.process.isAlive(holder.pid) || new Date(holder.since) < host.process.booted;
}

function holderOf({ process, now }: Host, command: string): Holder {
  return { pid: process.id, machine: process.machine, command, since: now().toISOString() };
}

function readHolderText(disk: Disk, lock: string): string | undefined {
  try {
    return new TextDecoder().decode(disk.readFile(join(lock, 'holder.json')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Holder> | null;
    const isWhole = ['machine', 'command', 'since'].every((key) => typeof value?.[key as keyof Holder] === 'string');
    return isWhole && typeof value?.pid === 'number' ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function removeLock(disk: Disk, lock: string): void {
  discard(disk, join(lock, 'holder.json'));
  if (disk.linkStatus(lock)) disk.removeFolder(lock);
}

function ignoringErrors(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing depends on it.
  }
}

function encode(holder: Holder): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(holder));
}

function held(host: Host, path: string, holder: Holder | undefined): Failure {
  const remedy = 'Wait until it is done, then run the command again; if no such process runs, remove that folder.';
  return new Failure([problem('lock-held', `the lock is held by ${nameOf(host, holder)}`, remedy, { path })]);
}

function nameOf(host: Host, holder: Holder | undefined): string {
  const elsewhere = holder && holder.machine !== host.process.machine ? ` on ${holder.machine}` : '';
  return holder ? `"syncline ${holder.command}" (process ${holder.pid}${elsewhere})` : 'another run of Syncline';
}
