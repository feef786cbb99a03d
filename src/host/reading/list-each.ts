import { dirname, join } from 'node:path';
import { isBelow } from '../../model/paths.ts';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { blockerOf } from '../transaction/blocker.ts';
import { emptyTree, entriesOf, listTree, type Tree } from './list-tree.ts';

/**
 * Lists the folder of one name in each folder of another, and nothing else of them: what stands beside it may be huge.
 * Linked folders are not entered; the one of that name may be a link to the user's dotfiles. A link to elsewhere is
 * one name that ends in `/`. Throws `Failure` for what cannot be listed.
 */
export function listEach(
  disk: Disk,
  root: string,
  folder: string,
  { each, owned }: { readonly each: string; readonly owned: readonly string[] },
): Tree {
  const path = join(root, folder);
  try {
    if (disk.status(path)?.kind !== 'folder') return emptyTree(folder);
    if (disk.linkStatus(path)?.kind === 'link' && !leadsBeside(disk, root, path)) return closed(folder, folder);
    const parents = entriesOf(disk, path).filter(({ kind }) => kind === 'folder');
    const trees = parents.map(({ name }) => listOne(disk, root, `${folder}/${name}/${each}`, owned));
    const names = trees.flatMap((tree) => tree.names).sort();
    const [beyond, passedOver] = [trees.flatMap((tree) => tree.beyond), trees.flatMap((tree) => tree.passedOver)];
    return { folder, names, beyond, passedOver };
  } catch (error) {
    throw asFailure(error, blockerOf(disk, path), 'list it');
  }
}

function listOne(disk: Disk, root: string, folder: string, owned: readonly string[]): Tree {
  const path = join(root, folder);
  const kind = disk.linkStatus(path)?.kind;
  if (kind === 'folder' || (kind === 'link' && leadsBeside(disk, root, path))) {
    return listTree(disk, root, folder, owned);
  }
  return kind === 'link' ? closed(folder, folder) : emptyTree(folder);
}

/** Whether a link leads to a folder of the user that is not the client's: what is in the home is listed where it stands. */
function leadsBeside(disk: Disk, root: string, path: string): boolean {
  if (disk.status(path)?.kind !== 'folder') return false;
  const [home, real] = [disk.realPath(root), disk.realPath(path)];
  return isBelow(real, disk.realPath(dirname(root))) && !isBelow(real, home) && !isBelow(home, real);
}

function closed(folder: string, name: string): Tree {
  return { ...emptyTree(folder), names: [`${name}/`], beyond: [name] };
}
