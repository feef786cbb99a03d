import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { isLeftBehind, isVersionControl } from '../../model/passed-over.ts';
import { isBelow } from '../../model/paths.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import type { NodeStatus, ReadableDisk } from '../disk.ts';
import { asFailure } from '../system-error.ts';

/** Folders that hold links to each other could be walked for hours. */
const [deepestLinks, mostLinked] = [3, 10_000];

/** In bytes. No client reads so large a file, hosts of git refuse one of 100 MB, and a text of 512 MB is more than Node can hold. */
const largestFile = 256 * 1024 * 1024;

/**
 * Reads everything below `clients/`, and below the layers outside the repository, but not `clients/<client>/pulled`. A link is followed as far as the repository
 * goes, in a skill as far as that skill goes; one that leads out of it is told and never read. What cannot be read is
 * told with the rest.
 */
export function readSource(
  disk: ReadableDisk,
  repository: string,
  outside: readonly string[] = [],
): Pick<SourceTree, 'files' | 'unreadable'> {
  const found: Found = { files: [], unreadable: [], linked: 0 };
  try {
    const root = join(repository, 'clients');
    if (disk.status(root)?.kind !== 'folder') {
      const remedy = 'Run the command inside the repository, or name it with --repo.';
      throw new Failure([problem('no-source', 'there is no clients/ folder here', remedy, { path: repository })]);
    }
    const real = disk.realPath(root);
    const bounds = [disk.realPath(repository), real];
    walk(disk, { path: root, relative: 'clients', real, bounds, links: 0, seen: [] }, found);
    for (const path of outside) readLayer(disk, path, found);
  } catch (error) {
    throw asFailure(error, repository, 'read the source');
  }
  const files = found.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { unreadable: found.unreadable, files };
}

/** A layer that stands outside the repository; its files go by their absolute paths. */
function readLayer(disk: ReadableDisk, path: string, found: Found): void {
  if (disk.status(path)?.kind !== 'folder') return;
  const real = disk.realPath(path);
  walk(disk, { path, relative: path, real, bounds: [real], links: 0, seen: [] }, found);
}

interface Found {
  readonly files: SourceFile[];
  readonly unreadable: Finding[];
  /** How many files and folders were reached through a link to a folder. */
  linked: number;
}

interface Place {
  readonly path: string;
  /** Relative to the repository, with `/`. */
  readonly relative: string;
  /** Without links. It is made from that of the folder above: to ask for it looks at every folder on the way. */
  readonly real: string;
  /** The real folders that what stands here may not leave: the repository and `clients/`, or the skill. */
  readonly bounds: readonly string[];
  /** The skill this is in. */
  readonly skill?: string;
  /** How many of the folders above are links. */
  readonly links: number;
  /** Real paths of the folders above, against circles. */
  readonly seen: readonly string[];
}

function walk(disk: ReadableDisk, folder: Place, found: Found): void {
  if (folder.seen.includes(folder.real)) return;
  const seen = [...folder.seen, folder.real];
  for (const { name } of disk.list(folder.path)) {
    if (isLeftBehind(name) || isVersionControl(name) || isPulled(folder.relative, name)) continue;
    const [path, real] = [join(folder.path, name), join(folder.real, name)];
    visit(disk, { ...folder, path, real, relative: `${folder.relative}/${name}`, seen }, found);
  }
}

function visit(disk: ReadableDisk, at: Place, found: Found): void {
  if (at.links > 0) found.linked += 1;
  if (at.links > deepestLinks || found.linked > mostLinked) throw new Failure([tooMany(at)]);
  try {
    const status = disk.linkStatus(at.path);
    if (!status) found.unreadable.push(unreachable(at));
    else if (status.kind !== 'link') take(disk, at, status, found);
    else follow(disk, at, found);
  } catch (error) {
    if (error instanceof Failure) throw error;
    found.unreadable.push(...asFailure(error, at.relative, 'read it').findings);
  }
}

function follow(disk: ReadableDisk, at: Place, found: Found): void {
  const real = disk.realPath(at.path);
  if (!at.bounds.some((bound) => isBelow(real, bound))) found.unreadable.push(leadsOut(disk, at));
  else take(disk, { ...at, real, links: at.links + 1 }, disk.status(at.path), found);
}

function take(disk: ReadableDisk, at: Place, status: NodeStatus | undefined, found: Found): void {
  if (status?.kind === 'folder') walk(disk, boundPlace(at), found);
  else if (status?.kind === 'file' && status.size > largestFile) found.unreadable.push(tooLarge(at, status.size));
  else if (status?.kind === 'file') {
    const executable = (status.mode & 0o100) !== 0;
    found.files.push({ path: at.relative, bytes: disk.readFile(at.path), executable });
  } else {
    const message = 'this is neither a file nor a folder';
    found.unreadable.push(problem('odd-source', message, 'Remove it.', { path: at.relative }));
  }
}

/** What stands in a skill's folder must stay in it. */
function boundPlace(at: Place): Place {
  if (at.skill !== undefined || !/^.+\/[^/]+\/skills\/[^/]+$/.test(at.relative)) return at;
  return { ...at, skill: at.relative, bounds: [at.real] };
}

function leadsOut(disk: ReadableDisk, { path, relative, skill }: Place): Finding {
  const [code, what] =
    skill === undefined
      ? ['symlink-leaves-repository', 'the repository']
      : ['symlink-leaves-skill', `its skill ${JSON.stringify(skill.split('/').at(-1))}`];
  const message = `this is a symlink that leaves ${what} (to ${JSON.stringify(disk.readLink(path))})`;
  // A folder has no lines.
  const line = kindAtEnd(disk, path) === 'folder' ? {} : { line: 1 };
  return problem(code, message, 'Put a real copy there.', { path: relative, ...line });
}

function kindAtEnd(disk: ReadableDisk, path: string): NodeStatus['kind'] | undefined {
  try {
    return disk.status(path)?.kind;
  } catch {
    return undefined;
  }
}

/** Listed, and yet not there: its name came back changed, or it is gone already. */
function unreachable({ relative }: Place): Finding {
  const name = relative.slice(relative.lastIndexOf('/') + 1);
  if (!name.includes('\ufffd')) {
    return problem('odd-source', 'it went away while it was read', 'Run the command again.', { path: relative });
  }
  const message = `the name ${JSON.stringify(name)} is not valid UTF-8 on the disk`;
  return problem('unsafe-name', message, 'Rename it.', { path: relative, line: 1 });
}

function tooLarge({ relative }: Place, size: number): Finding {
  const [is, may] = [size, largestFile].map((bytes) => `${Math.ceil(bytes / 1024 / 1024)} MB`);
  const message = `the file is ${is} large; a source may have files of up to ${may}`;
  return problem('too-large', message, 'Keep it outside the repository, and have a script fetch it.', {
    path: relative,
  });
}

function tooMany({ relative, skill }: Place): Finding {
  const message = `symlinks to folders lead into each other, more than ${deepestLinks} deep or to more than ${mostLinked} files`;
  return problem('too-many-links', message, 'Put real copies in their place.', { path: skill ?? relative, line: 1 });
}

function isPulled(parent: string, name: string): boolean {
  return name === 'pulled' && parent.split('/').length === 2;
}
