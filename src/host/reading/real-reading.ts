import {
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Disk, NodeKind, NodeStatus, ReadableDisk } from '../disk.ts';
import { errorCode } from '../system-error.ts';

/** The reading half of the disk of this machine: it is loaded by itself where nothing is written. */
export const realReading: ReadableDisk = {
  status: (path) => statusOf(() => statSync(path)),
  linkStatus: (path) => statusOf(() => lstatSync(path)),
  realPath: (path) => realpathSync(path),
  readLink: (path) => readlinkSync(path),
  readFile: (path) => readFileSync(path),
  list: (folder) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
};

/** The same for a quick look, with what such a look may write: real paths come from the system, which needs no JavaScript for them. */
export const quickDisk: ReadableDisk & Pick<Disk, 'writeLoose'> = {
  ...realReading,
  realPath: (path) => realpathSync.native(path),
  writeLoose: (path, content, mode) => writeFileSync(path, content, { mode }),
};

function statusOf(read: () => Stats): NodeStatus | undefined {
  const stats = unlessAbsent(read);
  if (!stats) return undefined;
  const { mode, uid, gid, ino, size, mtimeMs, ctimeMs } = stats;
  return {
    ...{ kind: kindOf(stats), mode: mode & 0o7777, uid, gid, inode: ino, size },
    ...{ modified: mtimeMs, changed: ctimeMs },
  };
}

/** By hand, because with `throwIfNoEntry: false` Node 22 hides ENOTDIR too: a file where a folder belongs. */
function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function kindOf(entry: Stats | Dirent): NodeKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
