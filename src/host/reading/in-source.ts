import { dirname, join, resolve } from 'node:path';
import { isBelow } from '../../model/paths.ts';
import type { Disk, ReadableDisk } from '../disk.ts';
import { realHome } from './read-runtime.ts';
import { wayTo } from './way-to.ts';

/** A link, and the path that it leads to. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** What tells a folder that stands above a file as a repository of ours. */
const identity = join('clients', 'syncline.toml');

/**
 * The repository that a file really lies in: one of `known`, as real paths, or another one, such as a clone or a worktree, if its
 * `clients/` has an identity. `place` is where the file really stands. Undefined where it lies in none.
 */
export function sourceAround(
  disk: Pick<ReadableDisk, 'status'>,
  { path, place }: { readonly path: string; readonly place: string },
  known: readonly string[],
  seen: Map<string, string | undefined> = new Map(),
): string | undefined {
  const found = known.find((folder) => isBelow(place, folder));
  // What no link leads to stands in the home, which is judged as a whole.
  return found ?? (place === path ? undefined : above(disk, dirname(place), seen));
}

function above(
  disk: Pick<ReadableDisk, 'status'>,
  folder: string,
  seen: Map<string, string | undefined>,
): string | undefined {
  if (seen.has(folder)) return seen.get(folder);
  const parent = dirname(folder);
  const isOne = disk.status(join(folder, identity))?.kind === 'file';
  const found = isOne ? folder : parent === folder ? undefined : above(disk, parent, seen);
  seen.set(folder, found);
  return found;
}

/** The link on the way to a path by which it comes to lie in a folder; undefined where it lies there without one. */
export function linkInto(disk: Disk, path: string, folder: string): Link | undefined {
  const links = wayTo(disk, path).filter(({ status }) => status.kind === 'link');
  const all = links.map((link) => ({ path: link.path, target: resolve(dirname(link.path), disk.readLink(link.path)) }));
  return all.find(({ target }) => isBelow(realHome(disk, target), folder));
}
