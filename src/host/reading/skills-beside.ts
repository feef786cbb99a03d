import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { errorCode } from '../system-error.ts';

/** Where to look for skills that a client reads besides its own. */
export interface SkillsBeside {
  /** The client's own skills folder, absolute. */
  readonly own: string;
  /** The folders it reads too, absolute. */
  readonly folders: readonly string[];
  /** The skills to look for, by the names of their folders. */
  readonly names: ReadonlySet<string>;
}

/**
 * The paths of the SKILL.md files of these skills in those folders. Codex 0.169 follows a linked folder, takes no linked
 * SKILL.md, and lists what leads to its own folder once. Nothing is deployed there, so a folder that cannot be looked at
 * stops nothing: it has none.
 */
export function findSkillsBeside(disk: Disk, { own, folders, names }: SkillsBeside): string[] {
  if (names.size === 0) return [];
  return folders.flatMap((folder) => {
    const there = unlessUnreadable(() => disk.list(folder)) ?? [];
    const found = there.filter(({ name, kind }) => names.has(name) && kind !== 'file');
    return found.flatMap(({ name }) => {
      const path = join(folder, name, 'SKILL.md');
      return unlessUnreadable(() => isAnother(disk, path, join(own, name, 'SKILL.md'))) ? [path] : [];
    });
  });
}

function isAnother(disk: Disk, path: string, own: string): boolean {
  if (disk.linkStatus(path)?.kind !== 'file') return false;
  return disk.linkStatus(own) === undefined || disk.realPath(path) !== disk.realPath(own);
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
