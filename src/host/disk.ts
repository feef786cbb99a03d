import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Exchanged, exchangeFiles } from './exchange.ts';
import { realReading } from './real-reading.ts';
import { errorCode } from './system-error.ts';

/** What kind of thing stands at a path. */
export type NodeKind = 'file' | 'folder' | 'link' | 'other';

export interface NodeStatus {
  readonly kind: NodeKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  readonly size: number;
  /** When the content was written last, and when anything about the node changed: milliseconds since 1970, with a fraction. */
  readonly modified: number;
  readonly changed: number;
}

/**
 * Every way the program touches a disk. All calls are synchronous and throw Node's system errors. A dry run, a test
 * that fails the n-th write and the real thing differ only in the disk they are given.
 */
export interface Disk {
  /** Follows links; undefined where nothing stands. */
  status(path: string): NodeStatus | undefined;
  /** Does not follow a link. */
  linkStatus(path: string): NodeStatus | undefined;
  realPath(path: string): string;
  readLink(path: string): string;
  readFile(path: string): Uint8Array;
  list(folder: string): { readonly name: string; readonly kind: NodeKind }[];
  /** Creates a folder and its parents; gives the first one it created, undefined when all were there. */
  makeFolders(path: string, mode?: number): string | undefined;
  /** Creates one folder; fails when it is there. */
  makeFolder(path: string): void;
  removeFolder(path: string): void;
  /** Writes all bytes to a new file and forces them to the disk; fails when the file is there. */
  writeNew(path: string, content: Uint8Array, mode: number): void;
  makeLink(path: string, target: string): void;
  setOwner(path: string, uid: number, gid: number): void;
  rename(from: string, to: string): void;
  /** Swaps a staged file with its target in one step, if the target holds these bytes. */
  exchange(staged: string, target: string, there: Uint8Array): Exchanged;
  unlink(path: string): void;
  /**
   * Writes what may be lost, or be there in part: it is forced nowhere, and goes to no other place first. In a folder that
   * is there.
   */
  writeLoose(path: string, content: Uint8Array, mode: number): void;
  /** Forces a folder's entries to the disk. */
  syncFolder(path: string): void;
}

/** What of a disk is needed to read a source. */
export type ReadableDisk = Pick<Disk, 'status' | 'linkStatus' | 'realPath' | 'readLink' | 'readFile' | 'list'>;

/** The disk of this machine. */
export const realDisk: Disk = {
  ...realReading,
  makeFolders,
  makeFolder: (path) => mkdirSync(path),
  removeFolder: (path) => rmdirSync(path),
  writeNew,
  makeLink: (path, target) => symlinkSync(target, path),
  setOwner: (path, uid, gid) => chownSync(path, uid, gid),
  rename: (from, to) => renameSync(from, to),
  exchange: (staged, target, there) => exchangeFiles(staged, target, there),
  unlink: (path) => unlinkSync(path),
  writeLoose: (path, content, mode) => writeFileSync(path, content, { mode }),
  syncFolder,
};

/** Node's own way tries for ever where a folder takes none and says ENOENT, as `/proc` does. */
function makeFolders(path: string, mode?: number): string | undefined {
  try {
    return makeMissing(path, mode);
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    const first = makeFolders(parent, mode);
    const made = makeMissing(path, mode);
    return first ?? made;
  }
}

/** Creates one folder; undefined when it is there, made by somebody else a moment ago for one. */
function makeMissing(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, mode);
    return path;
  } catch (error) {
    // What stands there may be a link that leads nowhere, or in a circle: that is the reason to tell.
    if (errorCode(error) === 'EEXIST') realReading.realPath(path);
    if (errorCode(error) !== 'ENOENT' && realReading.status(path)?.kind === 'folder') return undefined;
    throw error;
  }
}

/** The mode is set again after the file is made, because the process's umask takes bits away. */
function writeNew(path: string, content: Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    // One write call may take only a part, on a full disk for one; writeFileSync goes on until all is written or throws.
    writeFileSync(file, content);
    fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows has no folder handles to force out. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(folder);
  }
}
