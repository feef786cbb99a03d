import { join } from 'node:path';
import type { NodeStatus, ReadableDisk } from '../disk.ts';
import { type Passed, wayTo } from '../reading/way-to.ts';

/** Who runs this process, as the system numbers people. Windows has no such numbers. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A node that somebody else owns or can write to, so that what it holds may be somebody else's. */
export interface Distrusted extends Passed {
  readonly why: 'owner' | 'open';
}

type Looking = Pick<ReadableDisk, 'linkStatus' | 'readLink' | 'readFile'>;

/**
 * The first node on the way to a folder of ours that this user cannot rely on, by the rules of ssh's StrictModes: it belongs to
 * neither the user nor root, or others can write to it. Others may write to a folder above if it is sticky, as `/tmp` is.
 * Undefined where all is well; what is not there yet is well.
 */
export function distrusted(disk: Looking, user: User, folder: string): Distrusted | undefined {
  const way = wayTo(disk, folder);
  for (const [index, { path, status }] of way.entries()) {
    if (!isTrustedOwner(disk, user, status.uid)) return { path, status, why: 'owner' };
    if (status.kind === 'link') continue;
    const isAbove = index < way.length - 1;
    const isSticky = (status.mode & 0o1000) !== 0 && isAbove;
    if (!isSticky && isOpen(disk, user, status)) return { path, status, why: 'open' };
  }
  return undefined;
}

/**
 * The first of the nodes in our folder, and in the folders there but `unlisted`, that belongs to somebody else or that others can
 * write to. Undefined where all is well.
 */
export function distrustedIn(
  disk: Looking & Pick<ReadableDisk, 'list'>,
  user: User,
  folder: string,
  unlisted: string,
): Distrusted | undefined {
  const top = disk.linkStatus(folder)?.kind === 'link' ? wayTo(disk, folder).at(-1) : statusAt(disk, folder);
  if (!top) return undefined;
  if (top.status.uid !== user.uid) return { ...top, why: 'owner' };
  const isClosed = (top.status.mode & 0o011) === 0;
  const judged = (nodes: readonly Passed[]) => nodes.find(({ status }) => !isOurs(disk, user, status, isClosed));
  const inside = nodesIn(disk, top.path);
  const folders = inside.filter(({ path, status }) => status.kind === 'folder' && path !== join(top.path, unlisted));
  const found = judged(inside) ?? judged(folders.flatMap(({ path }) => nodesIn(disk, path)));
  return found && { ...found, why: found.status.uid === user.uid ? 'open' : 'owner' };
}

/** Whether a file is this user's own, and nobody else can have written it. */
export function isOwnFile(disk: Looking, user: User, path: string): boolean {
  const status = disk.linkStatus(path);
  return status?.kind === 'file' && isOurs(disk, user, status, false);
}

function isOurs(disk: Looking, user: User, status: NodeStatus, isClosed: boolean): boolean {
  if (status.uid !== user.uid) return false;
  return isClosed || status.kind === 'link' || !isOpen(disk, user, status);
}

function statusAt(disk: Looking, path: string): Passed | undefined {
  const status = disk.linkStatus(path);
  return status && { path, status };
}

function nodesIn(disk: Looking & Pick<ReadableDisk, 'list'>, folder: string): Passed[] {
  return disk.list(folder).flatMap(({ name }) => statusAt(disk, join(folder, name)) ?? []);
}

function isTrustedOwner(disk: Looking, user: User, uid: number): boolean {
  return uid === user.uid || uid === 0 || isUnmapped(disk, uid);
}

/** In a user namespace, such as the sandbox of a client, whoever has no number there is shown as this one: root of the machine, too. */
const overflowUid = 65_534;

function isUnmapped(disk: Looking, uid: number): boolean {
  if (uid !== overflowUid) return false;
  const map = linesOf(disk, '/proc/self/uid_map').map((line) => line.trim().split(/\s+/).map(Number));
  return map.length > 0 && !map.some(([first = 0, , count = 0]) => first <= uid && uid < first + count);
}

function isOpen(disk: Looking, user: User, { mode, gid }: NodeStatus): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isPrivateGroup(disk, user, gid));
}

/**
 * Whether a group is nobody's but this user's or root's: Debian, Fedora and others give each user a group alone, and a mask of 002
 * with it. Where the files do not know the group, one that has the user's own number is it.
 */
function isPrivateGroup(disk: Looking, { uid, gid: own }: User, gid: number): boolean {
  if (gid === 0 || (gid === own && own === uid)) return true;
  if (gid !== own) return false;
  const group = linesOf(disk, '/etc/group').find((line) => line.split(':')[2] === String(gid));
  if (group === undefined) return false;
  const people = linesOf(disk, '/etc/passwd').map((line) => line.split(':'));
  const mine = people.filter((fields) => fields[2] === String(uid)).map(([name]) => name);
  const members = (group.split(':')[3] ?? '').split(',').filter((name) => name !== '');
  const others = people.filter((fields) => fields[3] === String(gid) && fields[2] !== String(uid));
  return mine.length > 0 && others.length === 0 && members.every((name) => mine.includes(name));
}

function linesOf(disk: Looking, path: string): string[] {
  try {
    return new TextDecoder()
      .decode(disk.readFile(path))
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** The name of a user or a group of this number, as far as the machine's files know it. */
export function nameOfUser(disk: Looking, uid: number): string {
  const name = linesOf(disk, '/etc/passwd')
    .find((line) => line.split(':')[2] === String(uid))
    ?.split(':')[0];
  return name === undefined ? `user ${uid}` : `${name} (user ${uid})`;
}
