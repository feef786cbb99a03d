import { join, resolve } from 'node:path';
import type { SourceTree } from '../../model/source.ts';
import { isOutside, type Setup } from '../../sync/source/layers-in-force.ts';
import type { World } from '../world.ts';

/** The source as it was read: where it is, what it holds, and what the user says of this machine. */
export interface Source {
  readonly folder: string;
  readonly tree: SourceTree;
  readonly setup: Setup;
}

/** For a command that looks at the repository alone: no machine, no layers of anybody's. */
export const noSetup: Setup = { path: '', text: '', layers: [], keep: [] };

/** Where a layer out of the repository is. */
export function outsideFolder({ environment }: World, layer: string): string {
  return resolve(layer.replace(/^~(?=[/\\]|$)/, () => environment.home));
}

/** The folders that hold the source, its layers out of the repository too: where adoption may write. */
export function sourceFolders(world: World, { folder, setup }: Source): string[] {
  const outside = setup.layers.filter(isOutside).map((layer) => outsideFolder(world, layer));
  return [join(folder, 'clients'), ...outside];
}
