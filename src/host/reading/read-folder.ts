import { join } from 'node:path';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { fileAt } from './read-file.ts';

/** The files below a folder by path relative to it, with `/`, and the links, which are not followed; '' is the folder. */
export interface FolderContent {
  readonly files: ReadonlyMap<string, RuntimeFile>;
  readonly links: readonly string[];
}

/** Reads a folder that is ours; empty when it is not there. Throws `Failure` for what can't be read. */
export function readFolder(disk: Disk, folder: string): FolderContent {
  const found = { files: new Map<string, RuntimeFile>(), links: [] as string[] };
  try {
    visit(disk, folder, '', found);
  } catch (error) {
    throw asFailure(error, folder, 'read the inspection copy');
  }
  return found;
}

function visit(disk: Disk, folder: string, name: string, found: { files: Map<string, RuntimeFile>; links: string[] }) {
  const path = name === '' ? folder : join(folder, name);
  const kind = disk.linkStatus(path)?.kind;
  if (kind === 'link') found.links.push(name);
  else if (kind === 'folder') {
    for (const entry of disk.list(path)) visit(disk, folder, name === '' ? entry.name : `${name}/${entry.name}`, found);
  } else {
    const file = fileAt(disk, path);
    if (file) found.files.set(name, file);
  }
}
