import { join, sep } from 'node:path';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { SourceFile, SourceTree } from '../model/source.ts';
import type { Disk } from './disk.ts';
import { asFailure } from './system-error.ts';

/** Names that editors and systems leave behind, and our own inspection copy. */
const ignored = /^(\.DS_Store|Thumbs\.db|\.git|.*~|\..*\.sw[a-p])$/;

/**
 * Reads everything below `clients/`, but not `clients/<client>/pulled`. Links are followed; each file tells whether it
 * was reached through one that leaves its skill folder, or `clients/` elsewhere. What cannot be read is told with the rest.
 */
export function readSource(disk: Disk, repository: string): SourceTree {
  const root = join(repository, 'clients');
  if (disk.status(root)?.kind !== 'folder') {
    const remedy = 'Run the command inside the repository, or name it with --repo.';
    throw new Failure([problem('no-source', 'there is no clients/ folder here', remedy, { path: repository })]);
  }
  const found: Found = { files: [], unreadable: [] };
  walk(disk, { path: root, relative: 'clients', real: disk.realPath(root), seen: [] }, found);
  return { ...found, files: found.files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

interface Found {
  readonly files: SourceFile[];
  readonly unreadable: Finding[];
}

interface Folder {
  readonly path: string;
  /** Relative to the repository, with `/`. */
  readonly relative: string;
  /** The real path of what links below must stay inside: the skill's folder, or `clients/`. */
  readonly real: string;
  /** The link this folder was reached through. */
  readonly link?: SourceFile['link'];
  /** Real paths of the folders above, against circles. */
  readonly seen: readonly string[];
}

function walk(disk: Disk, folder: Folder, found: Found): void {
  const real = disk.realPath(folder.path);
  if (folder.seen.includes(real)) return;
  for (const { name } of disk.list(folder.path)) {
    if (ignored.test(name) || isPulled(folder.relative, name)) continue;
    const [path, relative] = [join(folder.path, name), `${folder.relative}/${name}`];
    visit(disk, { ...folder, path, relative, seen: [...folder.seen, real] }, found);
  }
}

function visit(disk: Disk, at: Folder, found: Found): void {
  try {
    const link = linkOf(disk, at) ?? at.link;
    const status = disk.status(at.path);
    if (status?.kind === 'folder') {
      const bound = isSkillFolder(at.relative) && !link ? { real: disk.realPath(at.path) } : {};
      walk(disk, { ...at, ...bound, ...(link ? { link } : {}) }, found);
    } else if (status?.kind === 'file') {
      const bytes = disk.readFile(at.path);
      found.files.push({
        path: at.relative,
        bytes,
        executable: (status.mode & 0o100) !== 0,
        ...(link ? { link } : {}),
      });
    } else {
      const message = 'this is neither a file nor a folder';
      found.unreadable.push(problem('odd-source', message, 'Remove it.', { path: at.relative }));
    }
  } catch (error) {
    found.unreadable.push(...asFailure(error, at.relative, 'read it').findings);
  }
}

function linkOf(disk: Disk, { path, real }: Folder): SourceFile['link'] {
  if (disk.linkStatus(path)?.kind !== 'link') return undefined;
  const target = disk.realPath(path);
  return { target: disk.readLink(path), leaves: target !== real && !target.startsWith(real + sep) };
}

function isPulled(parent: string, name: string): boolean {
  return name === 'pulled' && parent.split('/').length === 2;
}

function isSkillFolder(relative: string): boolean {
  return /^clients\/[^/]+\/skills\/[^/]+$/.test(relative);
}
