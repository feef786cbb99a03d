import { dirname } from 'node:path';
import type { Disk, NodeKind } from '../disk.ts';
import { errorCode } from '../system-error.ts';

/** Creates a folder and its parents, and forces them to the disk: what is put inside is only safe when they are. */
export function makeDurableFolders(disk: Disk, path: string, mode?: number): void {
  const first = disk.makeFolders(path, mode);
  if (first === undefined) return;
  for (let at = path; ; at = dirname(at)) {
    disk.syncFolder(dirname(at));
    if (at === first || dirname(at) === at) return;
  }
}

/**
 * The same for many folders, parents first: all are made, then each folder that got one is forced to the disk, once for all that
 * it got. `before` is called with each before it is made.
 */
export function makeAllDurable(disk: Disk, folders: readonly string[], before: (folder: string) => void): void {
  const grown = new Set<string>();
  for (const folder of folders) {
    before(folder);
    const first = disk.makeFolders(folder);
    if (first === undefined) continue;
    for (let at = folder; ; at = dirname(at)) {
      grown.add(dirname(at));
      if (at === first || dirname(at) === at) break;
    }
  }
  for (const folder of grown) disk.syncFolder(folder);
}

/** The folders that have to be made so that these are there, parents first, each once. Each is looked at once. */
export function missingFolders(disk: Disk, folders: readonly string[]): string[] {
  const missing = new Set<string>();
  for (const folder of folders) {
    const above: string[] = [];
    for (let at = folder; !missing.has(at) && !disk.status(at) && dirname(at) !== at; at = dirname(at)) above.push(at);
    for (const each of above.reverse()) missing.add(each);
  }
  return [...missing];
}

/** Removes a folder unless something stands in it; nothing where a file stands in its way by now. */
export function removeIfEmpty(disk: Disk, folder: string): void {
  if (kindAt(disk, folder) === 'folder' && disk.list(folder).length === 0) disk.removeFolder(folder);
}

/** What stands at a place, links not followed; `blocked` when a file stands where one of its folders belongs. */
export function kindAt(disk: Disk, path: string): NodeKind | 'nothing' | 'blocked' {
  try {
    return disk.linkStatus(path)?.kind ?? 'nothing';
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return 'blocked';
    throw error;
  }
}
