import { dirname, join } from 'node:path';
import { parentsOf } from '../model/paths.ts';
import type { Runtime, RuntimeFile, RuntimeRequest } from '../model/runtime.ts';
import type { Disk } from './disk.ts';
import { asFailure } from './system-error.ts';

/**
 * Reads what the planner asks for of one client home. A file that is not there is no error; one that cannot be read, or
 * that is a folder or a pipe, throws `Failure`.
 */
export function readRuntime(disk: Disk, request: RuntimeRequest): Runtime {
  const files = new Map<string, RuntimeFile>();
  for (const name of request.files) {
    const file = readFile(disk, request.elsewhere[name] ?? join(request.root, name));
    if (file) files.set(name, file);
  }
  const listings = request.trees.map(({ folder, owned }): [string, string[]] => [
    folder,
    listTree(disk, request.root, folder, owned).sort(),
  ]);
  const home = realHome(disk, request.root);
  return { home, files, listings: new Map(listings), folders: existingFolders(disk, request) };
}

/** The real path of a folder; where it is not there yet, of its nearest parent, and the rest as it is. */
export function realHome(disk: Disk, path: string): string {
  try {
    return disk.realPath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realHome(disk, parent), path.slice(parent.length));
  }
}

function readFile(disk: Disk, path: string): RuntimeFile | undefined {
  try {
    const status = disk.status(path);
    if (!status) return undefined;
    // Reading a pipe would wait for ever; reading a folder gives the right error by itself.
    if (status.kind === 'other') throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    return { bytes: disk.readFile(path), mode: status.mode & 0o777 };
  } catch (error) {
    throw asFailure(error, path, 'read it');
  }
}

/** Links are listed, not followed: what is behind a user's linked skill is not ours to walk. One to a folder ends in `/`. */
function listTree(disk: Disk, root: string, folder: string, owned: readonly string[]): string[] {
  const path = join(root, folder);
  try {
    const kind = disk.status(path)?.kind;
    if (kind === undefined) return [];
    return disk
      .list(path)
      .filter(({ name }) => !owned.includes(name))
      .flatMap((entry) => {
        const name = `${folder}/${entry.name}`;
        if (entry.kind === 'folder') return listTree(disk, root, name, []);
        const linked = entry.kind === 'link' && disk.status(join(root, name))?.kind === 'folder';
        return [linked ? `${name}/` : name];
      });
  } catch (error) {
    throw asFailure(error, path, 'list it');
  }
}

function existingFolders(disk: Disk, { root, files, elsewhere }: RuntimeRequest): Set<string> {
  const inHome = files.filter((file) => elsewhere[file] === undefined);
  const names = new Set(inHome.flatMap((file) => parentsOf(file)));
  const existing = [...names].filter((name) => disk.status(join(root, name))?.kind === 'folder');
  return new Set(existing);
}
