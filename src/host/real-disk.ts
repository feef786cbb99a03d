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
import type { Disk } from './disk.ts';
import { realReading } from './reading/real-reading.ts';
import { errorCode } from './system-error.ts';
import { exchangeFiles } from './transaction/exchange.ts';

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
