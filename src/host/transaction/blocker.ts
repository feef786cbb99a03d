import { dirname } from 'node:path';
import type { Disk } from '../disk.ts';

/**
 * What is in the way to a path when it cannot be reached: a parent that is a file or is not open to us, or a link that
 * leads in a circle. The path itself when its parents are not to blame.
 */
export function blockerOf(disk: Disk, path: string): string {
  for (const at of [...parentsOf(path), path]) {
    if (works(() => disk.status(at))) continue;
    // A link can be looked at, wherever it leads; what stands in a closed folder or below a file cannot.
    return works(() => disk.linkStatus(at)) ? at : dirname(at);
  }
  return path;
}

function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...parentsOf(parent), parent];
}

function works(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch {
    return false;
  }
}
