import { dirname, join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import { type PassedOver, passedOver, passedOverFolder } from '../../model/passed-over.ts';
import { isBelow } from '../../model/paths.ts';
import type { Disk, NodeKind } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { blockerOf } from '../transaction/blocker.ts';

/** What stands below a folder of a client's home, and what of it must not be copied. */
export interface Tree {
  readonly folder: string;
  /** Sorted, relative to the home. */
  readonly names: readonly string[];
  /** Without the `/` of linked folders. */
  readonly beyond: readonly string[];
  /** Names that are not listed, nor what is below them: nobody would put it into a repository. */
  readonly passedOver: readonly (readonly [name: string, why: PassedOver])[];
}

/** A folder that is not there. */
export function emptyTree(folder: string): Tree {
  return { folder, names: [], beyond: [], passedOver: [] };
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
  readonly passedOver: [string, PassedOver][];
}

/**
 * Lists a folder with everything below. Links in it are listed, not followed: what is behind a user's linked skill is
 * not ours to walk. One to a folder ends in `/`. The folder itself may be a link.
 */
export function listTree(disk: Disk, root: string, folder: string, owned: readonly string[]): Tree {
  const path = join(root, folder);
  try {
    if (!disk.status(path)) return emptyTree(folder);
    const [home, real] = [disk.realPath(root), disk.realPath(path)];
    if (isBelow(home, real)) throw new Failure([leadsAbove(path, real)]);
    const names: string[] = [];
    // Dotfiles stand beside the client's home, in the user's; what leads out of that as well is not ours to copy.
    const beyond = isBelow(real, home) || isBelow(real, disk.realPath(dirname(root))) ? [] : [folder];
    const walk: Walk = { disk, root, bounds: [home, real], names, beyond, passedOver: [] };
    list(walk, folder, entriesOf(disk, path), owned);
    return { folder, names: names.sort(), beyond, passedOver: walk.passedOver };
  } catch (error) {
    throw asFailure(error, blockerOf(disk, path), 'list it');
  }
}

function list(walk: Walk, folder: string, entries: Entries, owned: readonly string[] = []): void {
  for (const { name, kind } of entries) {
    if (owned.includes(name)) continue;
    const [below, why] = [`${folder}/${name}`, passedOver(name)];
    if (why) walk.passedOver.push([below, why]);
    else if (kind === 'folder') enter(walk, below);
    else take(walk, below, kind);
    if (walk.names.length > mostNames) throw new Failure([tooMany(join(walk.root, folder))]);
  }
}

function enter(walk: Walk, folder: string): void {
  const entries = entriesOf(walk.disk, join(walk.root, folder));
  const why = passedOverFolder(entries.map(({ name }) => name));
  if (why) walk.passedOver.push([folder, why]);
  else list(walk, folder, entries);
}

type Entries = ReturnType<Disk['list']>;

/** What stands in a folder. Throws `Failure` when it cannot be listed. */
export function entriesOf(disk: Disk, path: string): Entries {
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
