import { basename, join, sep } from 'node:path';
import { listTree } from '../../host/reading/list-tree.ts';
import { readRuntime } from '../../host/reading/read-runtime.ts';
import { Failure } from '../../model/failure.ts';
import { type PassedOver, passedOver } from '../../model/passed-over.ts';
import { isBelow } from '../../model/paths.ts';
import { freeNames } from '../../sync/import/find-free.ts';
import type { FreeHome, TopEntry } from '../../sync/import/free-home.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { World } from '../world.ts';

/** More in one folder is data of a program, not a person's scripts. */
const mostFiles = 500;

/** Lists the top of a client's home, and reads what a file of any kind in the source could be. */
export function withFreeFiles(world: World, state: ClientState): FreeHome {
  const { disk } = world.host;
  const { home, runtime } = state;
  if (disk.status(home.root)?.kind !== 'folder') return { state, entries: [] };
  const names = disk.list(home.root).map(({ name }) => name);
  const skipped: Skipped[] = [];
  const entries = freeNames(state, names).flatMap((name): TopEntry[] => {
    const why = passedOver(name);
    if (why === undefined) return [entryOf(world, state, name, skipped)];
    skipped.push([name, why]);
    return [];
  });
  const files = entries.flatMap((entry) => entry.files);
  const read = readRuntime(disk, { ...home, files, trees: [] });
  return {
    entries,
    state: {
      ...state,
      runtime: {
        ...runtime,
        files: new Map([...runtime.files, ...read.files]),
        places: new Map([...runtime.places, ...read.places]),
        passedOver: new Map([...runtime.passedOver, ...skipped]),
      },
    },
  };
}

type Skipped = readonly [name: string, why: PassedOver];

function entryOf(world: World, { home }: ClientState, name: string, skipped: Skipped[]): TopEntry {
  const { disk } = world.host;
  const path = join(home.root, name);
  const kind = disk.status(path)?.kind;
  const isOpen = (file: string) => isOpenLink(world, join(home.root, file));
  const closed = (reason: string): TopEntry => ({ name, files: [], left: [], closed: reason });
  if (kind === 'file' && disk.linkStatus(path)?.kind === 'link' && !isOpen(name)) return closed(leadsOut);
  if (kind === 'file') return { name, files: [name], left: [] };
  if (kind !== 'folder') return closed('it leads nowhere, or is no regular file');
  try {
    const { names, beyond, passedOver: without } = listTree(disk, home.root, name, []);
    skipped.push(...without);
    if (beyond.includes(name)) return closed(leadsOut);
    if (names.length > mostFiles) return closed(`it holds more than ${mostFiles} files`);
    const left = names.filter((file) => beyond.includes(file.replace(/\/$/, '')) && !isOpen(file));
    return { name, files: names.filter((file) => !left.includes(file)), left };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return closed('it cannot be listed');
  }
}

const leadsOut = 'it is a link to somewhere that is not imported from';
/** Hidden folders in which people keep such files; in others there are keys. */
const ofDotfiles = /^(?:\.dotfiles|\.config|\.local|\.agents|\.claude|\.codex)$/;

/** Whether a file is a link of a person's own making: to a file of the same name in their home, and not where keys are. */
function isOpenLink({ host: { disk }, environment }: World, path: string): boolean {
  if (path.endsWith('/') || disk.status(path)?.kind !== 'file') return false;
  const [real, home] = [disk.realPath(path), disk.realPath(environment.home)];
  if (!isBelow(real, home) || basename(real) !== basename(path)) return false;
  const parts = real.slice(home.length).split(sep);
  return parts.every((part) => !part.startsWith('.') || ofDotfiles.test(part));
}
