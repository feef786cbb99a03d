import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Client } from '../../adapters/client.ts';
import { digestOf } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import { type ClientHome, isBelow } from '../../model/paths.ts';
import type { FileWrite, Plan } from '../../model/plan.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { DocumentEdit } from '../plan/decided-unit.ts';
import { broken } from './check-edit.ts';

/** Where a plan may write, and what it is held against. */
export interface PlanBounds {
  /** Every client there is: what their files must be like. */
  readonly known: readonly Client[];
  /** The clients whose homes the plan may write in: each only in its own. */
  readonly clients: readonly ClientState[];
  /** Where else it may write: below these folders, and to these files. */
  readonly folders?: readonly string[];
  readonly files?: readonly string[];
  /** Folders that a run of ours made: they may go again. */
  readonly made?: readonly string[];
  /** How shared files of the clients were edited; what is written to them must be that. */
  readonly edits?: readonly DocumentEdit[];
  /** Secrets that may be written: the source says so. */
  readonly allowed?: ReadonlySet<string>;
  /** Digests of files that stood there before, and come back as they were whatever they hold. */
  readonly returning?: ReadonlySet<string>;
}

/** What of a plan lies where this plan may not write. */
export function outOfBounds({ writes, makeFolders, removeFolders }: Plan, bounds: PlanBounds): Finding[] {
  const homes = new Map(bounds.clients.map(({ client, home }) => [client.name, home]));
  const outside = writes.filter((write) => {
    const home = homes.get(write.client);
    return !(home ? isInHome(home, write) : isAllowed(write.path, bounds)) || climbs(write.file);
  });
  const around = [
    ...[...homes.values()].flatMap(({ root, elsewhere }) => [root, ...Object.values(elsewhere).map(dirname)]),
    ...[...(bounds.folders ?? []), ...(bounds.files ?? []).map(dirname)],
  ];
  // What stands above a place where we may write has to be there first, and may go with it.
  const isAround = (folder: string) => around.some((root) => isBelow(folder, root) || isBelow(root, folder));
  const folders = [...makeFolders, ...removeFolders.filter((folder) => !bounds.made?.includes(folder))];
  const astray = folders.filter((folder) => !isPlain(folder) || !isAround(folder));
  return [
    ...outside.map(({ client, file, path }) => {
      const place = homes.has(client) ? `the home of ${client}` : 'what this command may write';
      return broken(`"${file}" is not inside ${place}`, path);
    }),
    ...astray.map((folder) => broken('this folder is not inside what the command may write', folder)),
  ];
}

/** Whether a file comes back as it stood there before: it is the user's, whatever it holds. */
export function isReturning({ content }: { readonly content: Uint8Array }, { returning }: PlanBounds): boolean {
  return returning?.has(digestOf(content)) ?? false;
}

function isInHome({ root, elsewhere }: ClientHome, { file, path }: FileWrite): boolean {
  return elsewhere[file] === path || path === join(root, file);
}

function isAllowed(path: string, { folders = [], files = [] }: PlanBounds): boolean {
  return isPlain(path) && (files.includes(path) || folders.some((folder) => path !== folder && isBelow(path, folder)));
}

function isPlain(path: string): boolean {
  return isAbsolute(path) && normalize(path) === path;
}

/** A name in a home or a repository; of a layer outside it is a whole path. */
function climbs(file: string): boolean {
  const parts = file.split('/');
  return parts.slice(1).includes('') || parts.some((part) => part === '..' || part === '.') || file === '';
}
