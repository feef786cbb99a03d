import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { fileAt } from './read-file.ts';

/**
 * The texts of those of these files that are there, by their paths; of a folder, of every file right in it. Throws
 * `Failure` for what cannot be read.
 */
export function textsAt(disk: Disk, paths: readonly string[]): Map<string, string> {
  return new Map(paths.flatMap((path) => (isFolder(disk, path) ? filesIn(disk, path) : [path]).flatMap(textIn(disk))));
}

function textIn(disk: Disk): (path: string) => [string, string][] {
  return (path) => {
    const file = trying(path, () => fileAt(disk, path));
    return file ? [[path, new TextDecoder().decode(file.bytes)]] : [];
  };
}

function isFolder(disk: Disk, path: string): boolean {
  return trying(path, () => disk.status(path)?.kind === 'folder');
}

function filesIn(disk: Disk, folder: string): string[] {
  const nodes = trying(folder, () => disk.list(folder));
  return nodes.filter(({ kind }) => kind !== 'folder').map(({ name }) => join(folder, name));
}

function trying<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asFailure(error, path, 'read it');
  }
}
