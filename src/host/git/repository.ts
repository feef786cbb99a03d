import { basename, dirname, join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { IdentifiedRepository, Repository } from '../../model/record.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import { gitIn } from './git.ts';
import { commitName, gitFolders, hasRemotes, headBranch, headCommit, isShallow } from './git-refs.ts';
import { comparableRemotes } from './git-remotes.ts';

/** The nearest folder from `start` upwards that has a `clients/` folder. Throws `Failure` when there is none. */
export function findRepository(disk: Disk, start: string): string {
  for (let at = start; ; at = dirname(at)) {
    if (disk.status(join(at, 'clients'))?.kind === 'folder') return at;
    if (dirname(at) !== at) continue;
    const remedy = 'Run the command inside the repository, or name it with --repo.';
    throw new Failure([problem('no-source', 'no clients/ folder here or above', remedy, { path: start })]);
  }
}

/**
 * Which repository this is: the `id` in `clients/syncline.toml` when the content room found one, else the root commit, else the
 * real path. A shallow clone does not know its root commit. `known` are repositories as they were named before.
 */
export function identifyRepository(
  host: Host,
  folder: string,
  id: string | undefined,
  known: readonly Repository[] = [],
): IdentifiedRepository {
  const { disk } = host;
  const path = disk.realPath(folder);
  const name = basename(path);
  const root = gitRootOf(disk, path);
  const isNamed = id !== undefined;
  if (root === undefined)
    return { repository: { id: id ?? path, name, path, commit: null }, isNamed, isShallow: false, holds: () => false };
  const git = answersIn(host, path);
  const folders = gitFolders(disk, root);
  const read = folders && headCommit(disk, folders);
  if (read === undefined) host.spoil?.();
  const commit = read === undefined ? (git(['rev-parse', '--verify', 'HEAD']) ?? null) : read;
  const shallow = folders !== undefined && isShallow(disk, folders);
  const isWhole = commit !== null && !shallow;
  const found = id ?? (isWhole ? (rootBefore(commit, known) ?? rootOf(commit, git)) : undefined);
  // Git is not installed, or refuses.
  if (isWhole && found === undefined) host.spoil?.();
  const remotes = folders ? comparableRemotes(disk, folders) : [];
  const repository = { id: found ?? path, name, path, commit, ...(remotes.length > 0 ? { remotes } : {}) };
  return { repository, isNamed, isShallow: shallow, holds: holdingIn(host, path) };
}

/** What can be said of a repository without git: its last commit, and where it may be fetched from. */
export function glanceAt(disk: Disk, path: string): Pick<Repository, 'commit' | 'remotes'> {
  const root = gitRootOf(disk, path);
  const folders = root === undefined ? undefined : gitFolders(disk, root);
  if (folders === undefined) return { commit: null };
  return { commit: headCommit(disk, folders) ?? null, remotes: comparableRemotes(disk, folders) };
}

/** `holdsCommit` of one repository, which asks git about each commit once: every home and every question has the same ones. */
function holdingIn(host: Host, path: string): IdentifiedRepository['holds'] {
  const known = new Map<string, boolean | undefined>();
  return (commit) => {
    if (!known.has(commit)) known.set(commit, holdsCommit(host, path, commit));
    return known.get(commit);
  };
}

/** Git says 1 for an object that is not there, and more where it cannot look (git-cat-file(1), `-e`). */
function holdsCommit(host: Host, path: string, commit: string): boolean | undefined {
  if (!commitName.test(commit)) return false;
  const { code } = gitIn(host.untraced ?? host, path).run(['cat-file', '-e', commit]);
  if (code !== 0 && code !== 1) host.spoil?.();
  return code === 0 ? true : code === 1 ? false : undefined;
}

/** A commit has one history: what its root was once it is for ever. Starting git takes longer than all our own reading. */
function rootBefore(commit: string, known: readonly Repository[]): string | undefined {
  return known.find((one) => one.commit === commit && commitName.test(one.id))?.id;
}

function rootOf(commit: string, git: ReturnType<typeof answersIn>): string | undefined {
  return git(['rev-list', '--max-parents=0', commit])?.split('\n').sort()[0];
}

/** The folder at or above a path that is the root of a git repository, or undefined; git is not asked. */
export function gitRootOf(disk: Disk, path: string): string | undefined {
  if (disk.linkStatus(join(path, '.git')) !== undefined) return path;
  return dirname(path) === path ? undefined : gitRootOf(disk, dirname(path));
}

/** Whether a folder, which may not be there yet, is in a git repository. */
export function isInGit(disk: Disk, path: string): boolean {
  return gitRootOf(disk, path) !== undefined;
}

/**
 * What git answers about a folder, or undefined when it is not installed, this is no repository, or the answer is empty. It
 * leaves no trace: what git says of commits follows from the refs, which were looked at. Where that does not hold, `spoil` is called.
 */
function answersIn(host: Host, folder: string) {
  const git = gitIn(host.untraced ?? host, folder);
  return (words: readonly string[]): string | undefined => git.ask(words)?.trim() || undefined;
}

/**
 * How many commits that touch `clients/` the branch that this one follows has more, as far as they were fetched; 0 where that
 * cannot be told. The network is not asked.
 */
export function newCommits(host: Host, folder: string): number {
  const { disk } = host;
  const path = disk.realPath(folder);
  const root = gitRootOf(disk, path);
  const folders = root === undefined ? undefined : gitFolders(disk, root);
  if (folders === undefined) return 0;
  if (headCommit(disk, folders) === undefined) host.spoil?.();
  if (!hasRemotes(disk, folders)) return 0;
  const git = answersIn(host, path);
  const count = git(['rev-list', '--count', 'HEAD..@{upstream}', '--', 'clients']);
  if (count === undefined && !followsNothing(host, path, headBranch(disk, folders))) host.spoil?.();
  return Number(count ?? 0);
}

/** Whether git knows of nothing that a branch follows; else it failed for a reason that is not in the refs. */
function followsNothing(host: Host, folder: string, branch: string | undefined): boolean {
  if (branch === undefined) return true;
  const words = ['for-each-ref', '--format=%(upstream) %(upstream:track,nobracket)', branch];
  const followed = gitIn(host.untraced ?? host, folder)
    .ask(words)
    ?.trim();
  return followed === '' || followed?.endsWith(' gone') === true;
}

/** Makes a folder a git repository, unless it is in one already; a warning where git is not there or fails. */
export function initGit(host: Host, folder: string): Finding[] {
  if (isInGit(host.disk, folder)) return [];
  const git = gitIn(host, folder);
  if (git.ask(['init', '--quiet']) !== undefined) return [];
  const isThere = git.find() !== undefined;
  const message = isThere ? '"git init" failed here' : 'git is not on PATH, so this is no git repository yet';
  return [{ code: 'no-git', severity: 'warning', message, remedy: 'Run git init there.', path: folder }];
}
