import { join } from 'node:path';
import type { Learned, LearnedFolder } from '../../adapters/client.ts';
import type { Environment } from '../../model/paths.ts';
import type { Runtime, RuntimeRequest } from '../../model/runtime.ts';
import { emptyTable } from '../../model/value.ts';
import { hasSafeName, isBeyond, type LeftOut, reasonNotToCopy } from '../inspection.ts';
import type { ClientState } from '../plan/client-state.ts';

/** A folder of what a client learned, and how it is listed. */
export interface LearnedListing {
  readonly folder: LearnedFolder;
  readonly request: RuntimeRequest;
}

/** A file of what a client learned. */
export interface LearnedFile {
  /** As in unit ids. */
  readonly name: string;
  /** Its path from the folder's root on. */
  readonly at: string;
}

/** What a client says about its own memories, given what its files hold; undefined for one that makes none. */
export function learnedOf({ client, documents }: ClientState, environment: Environment): Learned | undefined {
  return client.learned?.(environment, (file) => documents.get(file)?.values ?? emptyTable());
}

/** What has to be listed. A folder that holds the whole home is none of memories, whatever a setting says. */
export function learnedListings({ home }: ClientState, learned: Learned, environment: Environment): LearnedListing[] {
  return learned.folders.flatMap((folder) => {
    const root = folder.root ?? home.root;
    const path = slashed(join(root, folder.folder));
    const homes = [home.root, environment.home].map(slashed);
    if (folder.root !== undefined && homes.some((own) => own.startsWith(path))) return [];
    const { each, owned } = folder;
    const tree = { folder: folder.folder, owned, ...(each === undefined ? {} : { each }) };
    return [{ folder, request: { root, elsewhere: {}, files: [], trees: [tree] } }];
  });
}

/** Of a listed folder: the memories that may be read, and the names of those that may not. */
export function learnedFiles(
  { home }: ClientState,
  learned: Learned,
  { folder, request }: LearnedListing,
  runtime: Runtime,
): { files: LearnedFile[]; left: LeftOut[] } {
  const listed = [...runtime.listings.values()].flat();
  const isOpen = (at: string) => !at.endsWith('/') && !isBeyond(runtime, at) && hasSafeName(at);
  const named = listed.map((at) => ({ at, name: nameOf(at, folder, request.root, home.root) }));
  // Of a linked folder nothing is known but what could be in it.
  const own = named.filter(({ at }) => learned.isMemory(at.endsWith('/') ? `${at}any.md` : at));
  return {
    files: own.filter(({ at }) => isOpen(at)),
    left: own.filter(({ at }) => !isOpen(at)).map(({ at, name }) => ({ name, reason: reasonNotToCopy(runtime, at) })),
  };
}

/** Tells of a file of the home, by its name in unit ids, whether the client wrote it down by itself. */
export function learnedAmong(state: ClientState, environment: Environment): (file: string) => boolean {
  const learned = learnedOf(state, environment);
  const listings = learned ? learnedListings(state, learned, environment) : [];
  return (file) =>
    listings.some(({ folder, request }) => {
      const [path, root] = [slashed(join(state.home.root, file)).slice(0, -1), slashed(request.root)];
      const at = path.startsWith(root) ? path.slice(root.length) : '';
      return folder.each === undefined && at.startsWith(`${folder.folder}/`) && learned?.isMemory(at) === true;
    });
}

function nameOf(at: string, { folder, alias }: LearnedFolder, root: string, home: string): string {
  if (alias === undefined) return at;
  const [path, below] = [slashed(join(root, at)), slashed(home)];
  return path.startsWith(below) ? path.slice(below.length, -1) : alias + at.slice(folder.length);
}

/** With `/` between its parts and at its end. */
function slashed(path: string): string {
  return `${path.replaceAll('\\', '/')}/`;
}
