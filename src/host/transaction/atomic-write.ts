import { basename, dirname, join, resolve } from 'node:path';
import { linkMode } from '../../model/runtime.ts';
import type { Disk } from '../disk.ts';

/** A file written beside its target and forced to the disk, ready to take its place. */
export interface StagedFile {
  readonly temporary: string;
  /** Where it will stand: the end of the link when the path is one. */
  readonly target: string;
}

/** Where a new content of `path` is staged: beside the file it will replace, in the real folder. */
export function stagePlace(disk: Disk, path: string, name: string): StagedFile {
  return stagedBeside(targetOf(disk, path), name);
}

/** The same for a target that is known. */
export function stagedBeside(target: string, name: string): StagedFile {
  return { temporary: join(dirname(target), `.${basename(target)}.syncline-${name}`), target };
}

/**
 * Writes new content to its place beside a file, with the wanted mode and the owner of the file it will replace. A
 * symlink is written through, also one that leads to nothing yet. On any error the old file is untouched and the
 * temporary one is gone.
 */
export function stageFile(disk: Disk, path: string, content: Uint8Array, mode: number, name: string): StagedFile {
  const place = stagePlace(disk, path, name);
  stageAt(disk, place, content, mode);
  return place;
}

/** The same for a place that is known. With the mode of a symlink, makes one that says the content. */
export function stageAt(disk: Disk, { temporary, target }: StagedFile, content: Uint8Array, mode: number): void {
  const old = disk.status(target);
  try {
    if (mode === linkMode) return disk.makeLink(temporary, new TextDecoder().decode(content));
    disk.writeNew(temporary, content, mode);
    keepOwner(disk, temporary, old);
  } catch (error) {
    discard(disk, temporary);
    throw error;
  }
}

/** Puts a staged file in its place in one step and forces that to the disk. */
export function swapIn(disk: Disk, { temporary, target }: StagedFile): void {
  disk.rename(temporary, target);
  disk.syncFolder(dirname(target));
}

/** Both steps for a file that needs no plan: one of our own. What was staged is gone, whatever happens. */
export function replaceFile(disk: Disk, path: string, content: Uint8Array, mode: number, name: string): void {
  const staged = stageFile(disk, path, content, mode, name);
  try {
    swapIn(disk, staged);
  } finally {
    discard(disk, staged.temporary);
  }
}

/** Removes a file that may be there or not. */
export function discard(disk: Disk, path: string): void {
  if (disk.linkStatus(path)) disk.unlink(path);
}

/** Removes a file that may be there or not, and forces that to the disk. */
export function removeDurably(disk: Disk, path: string): void {
  discard(disk, path);
  if (disk.status(dirname(path))) disk.syncFolder(dirname(path));
}

/** Where a write to `path` lands: links are followed, at most 40 of them. */
export function targetOf(disk: Disk, path: string): string {
  let at = path;
  for (let links = 0; links < 40; links += 1) {
    if (disk.linkStatus(at)?.kind !== 'link') return at;
    // From where the link really stands: its folder may itself be reached through a link.
    at = resolve(disk.realPath(dirname(at)), disk.readLink(at));
  }
  throw Object.assign(new Error(`too many links at ${path}`), { code: 'ELOOP', path });
}

function keepOwner(disk: Disk, path: string, old: { uid: number; gid: number } | undefined): void {
  const now = disk.status(path);
  if (!old || !now || (old.uid === now.uid && old.gid === now.gid)) return;
  disk.setOwner(path, old.uid, old.gid);
}
