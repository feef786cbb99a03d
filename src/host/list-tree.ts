import { dirname, join, sep } from 'node:path';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import { blockerOf } from './blocker.ts';
import type { Disk, NodeKind } from './disk.ts';
import { asFailure } from './system-error.ts';

/** What stands below a folder of a client's home, and what of it must not be copied. */
export interface Tree {
  readonly folder: string;
  /** Sorted, relative to the home. */
  readonly names: readonly string[];
  /** Without the `/` of linked folders. */
  readonly beyond: readonly string[];
}

/** More than this is no folder of skills: it leads to the user's whole home, or to a whole disk. */
const mostNames = 100_000;

interface Walk {
  readonly disk: Disk;
  readonly root: string;
  /** Real folders that a link may lead into and still be copied. */
  readonly bounds: readonly string[];
  readonly names: string[];
  readonly beyond: string[];
}

/**
 * Lists a folder with everything below. Links in it are listed, not followed: what is behind a user's linked skill is
 * not ours to walk. One to a folder ends in `/`. The folder itself may be a link.
 */
export function listTree(disk: Disk, root: string, folder: string, owned: readonly string[]): Tree {
  const path = join(root, folder);
  try {
    if (!disk.status(path)) return { folder, names: [], beyond: [] };
    const [home, real] = [disk.realPath(root), disk.realPath(path)];
    if (isBelow(home, real)) throw new Failure([leadsAbove(path, real)]);
    const names: string[] = [];
    // Dotfiles stand beside the client's home, in the user's; what leads out of that as well is not ours to copy.
    const beyond = isBelow(real, home) || isBelow(real, disk.realPath(dirname(root))) ? [] : [folder];
    list({ disk, root, bounds: [home, real], names, beyond }, folder, owned);
    return { folder, names: names.sort(), beyond };
  } catch (error) {
    throw asFailure(error, blockerOf(disk, path), 'list it');
  }
}

/** Whether a real path is a real folder, or below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function list(walk: Walk, folder: string, owned: readonly string[] = []): void {
  const { disk, root } = walk;
  const path = join(root, folder);
  for (const { name, kind } of entriesOf(disk, path)) {
    if (owned.includes(name)) continue;
    if (kind === 'folder') list(walk, `${folder}/${name}`);
    else take(walk, `${folder}/${name}`, kind);
    if (walk.names.length > mostNames) throw new Failure([tooMany(path)]);
  }
}

/** What stands in a folder. Throws `Failure` when it cannot be listed. */
export function entriesOf(disk: Disk, path: string): ReturnType<Disk['list']> {
  try {
    return disk.list(path);
  } catch (error) {
    throw asFailure(error, blockerOf(disk, path), 'list it');
  }
}

function take({ disk, root, bounds, names, beyond }: Walk, name: string, kind: NodeKind): void {
  const end = kind === 'link' ? endOf(disk, join(root, name)) : undefined;
  names.push(end?.kind === 'folder' ? `${name}/` : name);
  const stays = end?.kind === 'file' && bounds.some((bound) => isBelow(end.path, bound));
  if (kind !== 'file' && !stays) beyond.push(name);
}

/** Where a link ends; undefined when it leads nowhere, in a circle, or to where we may not look. */
function endOf(disk: Disk, path: string): { path: string; kind: NodeKind } | undefined {
  try {
    const kind = disk.status(path)?.kind;
    return kind && { path: disk.realPath(path), kind };
  } catch {
    return undefined;
  }
}

function leadsAbove(path: string, real: string) {
  const message = `this is a link to ${JSON.stringify(real)}, which holds the client's own home`;
  return problem('odd-target', message, 'Make it a folder of its own, then run the command again.', { path });
}

function tooMany(path: string) {
  const message = `there are more than ${mostNames} files in this folder and beside it`;
  return problem('too-many-files', message, 'Move away what is not for the client; see where its links lead.', {
    path,
  });
}
