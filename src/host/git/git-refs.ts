import { join, resolve } from 'node:path';
import type { ReadableDisk } from '../disk.ts';

/** Where git keeps things of a repository: what is this work tree's own, and what all its work trees share. */
export interface GitFolders {
  readonly own: string;
  readonly common: string;
}

/** The folders of the work tree whose root this is (gitrepository-layout(5)); undefined where git has to be asked. */
export function gitFolders(disk: ReadableDisk, root: string): GitFolders | undefined {
  const path = join(root, '.git');
  if (disk.status(path)?.kind === 'folder') return { own: path, common: path };
  const [, named] = /^gitdir: (.+)$/m.exec(textAt(disk, path) ?? '') ?? [];
  if (named === undefined) return undefined;
  const own = resolve(root, named);
  return { own, common: resolve(own, textAt(disk, join(own, 'commondir'))?.trim() ?? '.') };
}

/** A commit by its whole name, as git keeps it. */
export const commitName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The commit that HEAD is, read as git keeps it, since starting git takes longer than all our own reading: null before the first
 * one; undefined where git has to be asked, because it keeps its refs in another way.
 */
export function headCommit(disk: ReadableDisk, { own, common }: GitFolders): string | null | undefined {
  if (disk.status(join(common, 'reftable'))) return undefined;
  const head = textAt(disk, join(own, 'HEAD'))?.trim();
  if (head === undefined || commitName.test(head)) return head;
  const ref = branchIn(head);
  if (ref === undefined) return undefined;
  const loose = textAt(disk, join(common, ref))?.trim();
  if (loose !== undefined) return commitName.test(loose) ? loose : undefined;
  const packed = textAt(disk, join(common, 'packed-refs'))?.split('\n');
  return packed?.find((line) => line.endsWith(` ${ref}`))?.slice(0, -ref.length - 1) ?? null;
}

/** The branch that HEAD is on; undefined for none (a commit was checked out), and for what only git can tell. */
export function headBranch(disk: ReadableDisk, { own }: GitFolders): string | undefined {
  return branchIn(textAt(disk, join(own, 'HEAD'))?.trim() ?? '');
}

function branchIn(head: string): string | undefined {
  return /^ref: (refs\/.+)$/.exec(head)?.[1];
}

/** Whether the clone holds only the newest commits. */
export function isShallow(disk: ReadableDisk, { common }: GitFolders): boolean {
  return disk.status(join(common, 'shallow')) !== undefined;
}

/**
 * Looks at all that says what a branch follows, and whether there is anything to follow. Looking is the use of it: an answer of
 * git is as good as new while none of this has changed.
 */
export function hasRemotes(disk: ReadableDisk, { own, common }: GitFolders): boolean {
  for (const path of [join(own, 'HEAD'), join(common, 'config'), join(own, 'config.worktree')]) textAt(disk, path);
  // A branch may follow another one of this clone.
  holdsFiles(disk, join(common, 'refs', 'heads'));
  const packed = textAt(disk, join(common, 'packed-refs'))?.includes(' refs/remotes/') ?? false;
  return (
    holdsFiles(disk, join(common, 'refs', 'remotes')) || packed || disk.status(join(common, 'reftable')) !== undefined
  );
}

function holdsFiles(disk: ReadableDisk, folder: string): boolean {
  if (disk.status(folder)?.kind !== 'folder') return false;
  const found = disk.list(folder).map(({ name, kind }) => {
    const path = join(folder, name);
    if (kind === 'folder') return holdsFiles(disk, path);
    return textAt(disk, path) !== undefined;
  });
  return found.includes(true);
}

/** Undefined for what cannot be read, too: git is asked then. */
function textAt(disk: ReadableDisk, path: string): string | undefined {
  try {
    return disk.status(path)?.kind === 'file' ? new TextDecoder().decode(disk.readFile(path)) : undefined;
  } catch {
    return undefined;
  }
}
