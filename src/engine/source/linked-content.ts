import { dirname, extname, join } from 'node:path';
import type { Target } from '../../adapters/client.ts';
import { listTree, type Tree } from '../../host/reading/list-tree.ts';
import { Failure } from '../../model/failure.ts';
import { isBelow } from '../../model/paths.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { World } from '../world.ts';

/**
 * A client's home with what stands behind links of it, as far as they stay in the user's home: a skill that is a link, a
 * command or a memory that is one. What leads out of that, or up to where it stands, or could be any file, stays closed.
 */
export function withLinkedContent(world: World, state: ClientState): ClientState {
  const { runtime } = state;
  const names = [...runtime.listings.values()].flat();
  const read = new Map(names.filter((name) => name.endsWith('/')).flatMap((name) => linkedFolder(world, state, name)));
  const open = new Set([...runtime.beyond].filter((name) => read.has(`${name}/`) || isLinkedText(world, state, name)));
  if (open.size === 0) return state;
  const trees = [...read.values()];
  const listings = [...runtime.listings].map(
    ([folder, listed]) => [folder, listed.flatMap((name) => read.get(name)?.names ?? [name])] as const,
  );
  const now = {
    listings: new Map(listings),
    beyond: new Set([
      ...[...runtime.beyond].filter((name) => !open.has(name)),
      ...trees.flatMap((tree) => tree.beyond),
    ]),
    passedOver: new Map([...runtime.passedOver, ...trees.flatMap((tree) => tree.passedOver)]),
  };
  return { ...state, runtime: { ...runtime, ...now } };
}

function linkedFolder({ host }: World, { home, client }: ClientState, name: string): [string, Tree][] {
  const folder = name.slice(0, -1);
  const skills = client.targets.find((target) => target.kind === 'skills')?.folder;
  try {
    const path = join(home.root, folder);
    const [real, around] = [host.disk.realPath(path), host.disk.realPath(dirname(path))];
    if (isBelow(around, real)) return [];
    const tree = listTree(host.disk, home.root, folder, []);
    // In a skill, a link may be somebody else's; among the skills, it is imported only if it leads to one.
    const isOne = isBetween(folder, skills) ? tree.names.includes(`${folder}/SKILL.md`) : !isInside(folder, skills);
    return isOne && !tree.beyond.includes(folder) ? [[name, tree]] : [];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/** Only a file with the ending that its folder is for: nobody's keys are named `.md`. */
function isLinkedText({ host: { disk }, environment }: World, { home, client }: ClientState, name: string): boolean {
  const target = client.targets.find((each) => isInside(name, folderOf(each)));
  const path = join(home.root, name);
  if (!target || target.kind === 'skills' || disk.status(path)?.kind !== 'file') return false;
  const ending = target.kind === 'files' ? target.extension : '.md';
  const real = disk.realPath(path);
  return extname(real) === ending && isBelow(real, disk.realPath(environment.home));
}

function folderOf(target: Target): string | undefined {
  return 'folder' in target ? target.folder : undefined;
}

function isBetween(name: string, folder: string | undefined): boolean {
  return folder !== undefined && dirname(name) === folder;
}

function isInside(name: string, folder: string | undefined): boolean {
  return folder !== undefined && name.startsWith(`${folder}/`);
}
