import * as fs from 'node:fs';
import { type Exchanged, exchangeFiles } from './exchange.ts';

/** What kind of thing stands at a path. */
export type NodeKind = 'file' | 'folder' | 'link' | 'other';

export interface NodeStatus {
  readonly kind: NodeKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  readonly size: number;
  /** Milliseconds since 1970, with a fraction. */
  readonly modified: number;
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
  /** Forces a folder's entries to the disk. */
  syncFolder(path: string): void;
}

/** What of a disk is needed to read a source. */
export type ReadableDisk = Pick<Disk, 'status' | 'linkStatus' | 'realPath' | 'readLink' | 'readFile' | 'list'>;

/** The disk of this machine. */
export const realDisk: Disk = {
  status: (path) => statusOf(() => fs.statSync(path)),
  linkStatus: (path) => statusOf(() => fs.lstatSync(path)),
  realPath: (path) => fs.realpathSync(path),
  readLink: (path) => fs.readlinkSync(path),
  readFile: (path) => fs.readFileSync(path),
  list: (folder) =>
    fs.readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  makeFolders: (path, mode) => fs.mkdirSync(path, { recursive: true, ...(mode === undefined ? {} : { mode }) }),
  makeFolder: (path) => fs.mkdirSync(path),
  removeFolder: (path) => fs.rmdirSync(path),
  writeNew,
  makeLink: (path, target) => fs.symlinkSync(target, path),
  setOwner: (path, uid, gid) => fs.chownSync(path, uid, gid),
  rename: (from, to) => fs.renameSync(from, to),
  exchange: (staged, target, there) => exchangeFiles(staged, target, there),
  unlink: (path) => fs.unlinkSync(path),
  syncFolder,
};

/** The mode is set again after the file is made, because the process's umask takes bits away. */
function writeNew(path: string, content: Uint8Array, mode: number): void {
  const file = fs.openSync(path, 'wx', mode);
  try {
    // One write call may take only a part, on a full disk for one; writeFileSync goes on until all is written or throws.
    fs.writeFileSync(file, content);
    fs.fchmodSync(file, mode);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Windows has no folder handles to force out. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = fs.openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fs.fsyncSync(folder);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    fs.closeSync(folder);
  }
}

function statusOf(read: () => fs.Stats): NodeStatus | undefined {
  const stats = unlessAbsent(read);
  if (!stats) return undefined;
  const { mode, uid, gid, ino, size, mtimeMs } = stats;
  return { kind: kindOf(stats), mode: mode & 0o7777, uid, gid, inode: ino, size, modified: mtimeMs };
}

/** By hand, because with `throwIfNoEntry: false` Node 22 hides ENOTDIR too: a file where a folder belongs. */
function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function kindOf(entry: fs.Stats | fs.Dirent): NodeKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
