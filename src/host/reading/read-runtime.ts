import { basename, dirname, join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import { foldersAbove, isBelow } from '../../model/paths.ts';
import type { Runtime, RuntimeFile, RuntimeRequest } from '../../model/runtime.ts';
import type { Disk } from '../disk.ts';
import { asFailure, errorCode } from '../system-error.ts';
import { targetOf } from '../transaction/atomic-write.ts';
import { blockerOf } from '../transaction/blocker.ts';
import { listEach } from './list-each.ts';
import { listTree, type Tree } from './list-tree.ts';
import { readFileOf } from './read-file.ts';

/**
 * Reads what the planner asks for of one client home. A file that is not there is no error. Throws `Failure` with
 * every file that cannot be read, and that is a folder or a pipe.
 */
export function readRuntime(disk: Disk, request: RuntimeRequest): Runtime {
  const findings: Finding[] = [];
  const [files, places] = [new Map<string, RuntimeFile>(), new Map<string, string>()];
  const realFolder = remembered((folder) => realHome(disk, folder));
  collected(findings, request.files, (name) => {
    const path = request.elsewhere[name] ?? join(request.root, name);
    const [file, isLink] = readFile(disk, path);
    if (file) files.set(name, file);
    const target = isLink ? targetOf(disk, path) : path;
    places.set(name, join(realFolder(dirname(target)), basename(target)));
    return [];
  });
  const trees = collected(findings, request.trees, ({ folder, owned, each }) => [
    each === undefined
      ? listTree(disk, request.root, folder, owned)
      : listEach(disk, request.root, folder, { each, owned }),
  ]);
  if (findings.length > 0) throw new Failure(distinct(findings));
  const home = realHome(disk, request.root);
  const beyond = [...trees.flatMap((tree) => tree.beyond), ...linkedOut(request, home, places)];
  return {
    home,
    files,
    places,
    listings: new Map(trees.map(({ folder, names }: Tree) => [folder, names])),
    beyond: new Set(beyond),
    passedOver: new Map(trees.flatMap((tree) => tree.passedOver)),
    folders: existingFolders(disk, request),
  };
}

/** The real path of a folder; where it is not there yet, of its nearest parent, and the rest as it is. */
export function realHome(disk: Disk, path: string): string {
  try {
    return disk.realPath(path);
  } catch (error) {
    // Of a path that a disk error hides, nothing may be guessed: the record is found by it.
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(errorCode(error) ?? '')) throw error;
    const parent = dirname(path);
    return parent === path ? path : join(realHome(disk, parent), path.slice(parent.length));
  }
}

/** Thousands of files stand in a few folders. */
function remembered(find: (folder: string) => string): (folder: string) => string {
  const known = new Map<string, string>();
  return (folder) => {
    const found = known.get(folder) ?? find(folder);
    known.set(folder, found);
    return found;
  };
}

/** Goes on after a failure, so that all of them are told at once. */
function collected<T, R>(findings: Finding[], items: readonly T[], read: (item: T) => R[]): R[] {
  return items.flatMap((item) => {
    try {
      return read(item);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
}

/** One folder in the way is the reason for many files. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map(findings.map((finding) => [finding.path, finding]));
  return [...byPlace.values()];
}

function readFile(disk: Disk, path: string): [file: RuntimeFile | undefined, isLink: boolean] {
  try {
    const node = disk.linkStatus(path);
    const isLink = node?.kind === 'link';
    const status = isLink ? disk.status(path) : node;
    return [status && readFileOf(disk, path, status), isLink];
  } catch (error) {
    throw asFailure(error, blockerOf(disk, path), 'read it');
  }
}

/** Of the files that stand in no listed folder: those that are links to somewhere out of the home. */
function linkedOut({ elsewhere, trees }: RuntimeRequest, home: string, places: ReadonlyMap<string, string>): string[] {
  const isAlone = (name: string) => !elsewhere[name] && !trees.some(({ folder }) => name.startsWith(`${folder}/`));
  return [...places].flatMap(([name, place]) => (isAlone(name) && !isBelow(place, home) ? [name] : []));
}

function existingFolders(disk: Disk, { root, files, elsewhere }: RuntimeRequest): Set<string> {
  const inHome = files.filter((file) => elsewhere[file] === undefined);
  const existing = [...foldersAbove(inHome)].filter((name) => disk.status(join(root, name))?.kind === 'folder');
  return new Set(existing);
}
