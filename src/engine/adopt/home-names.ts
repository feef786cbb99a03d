import type { Disk } from '../../host/disk.ts';
import { listTree } from '../../host/reading/list-tree.ts';
import { Failure } from '../../model/failure.ts';
import type { NamedHome } from '../../sync/import/leftovers.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { World } from '../world.ts';

/** The names at the top of a client's home, and the files below the folders that are reported file by file. */
export function namedHome({ host: { disk } }: World, state: ClientState): NamedHome {
  const { home, client } = state;
  if (disk.status(home.root)?.kind !== 'folder') return { state, names: [] };
  const top = disk.list(home.root).map(({ name }) => name);
  const below = (client.leftovers?.folders ?? []).flatMap((folder) => filesIn(disk, home.root, folder));
  return { state, names: [...top, ...below] };
}

function filesIn(disk: Disk, root: string, folder: string): readonly string[] {
  try {
    return listTree(disk, root, folder, []).names;
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
