import { basename, dirname, join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { Repository } from '../model/record.ts';
import type { Disk } from './disk.ts';
import { gitIn } from './git.ts';
import type { Host } from './host.ts';

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
 * Which repository this is: the `id` in `clients/syncline.toml` when the content room found one, else the root commit,
 * else the real path. A shallow clone does not know its root commit.
 */
export function identifyRepository(
  { disk, programs, variables }: Host,
  folder: string,
  id: string | undefined,
): Repository {
  const path = disk.realPath(folder);
  // Starting git takes longer than all our own reading.
  const git = gitRootOf(disk, path) === undefined ? () => undefined : answersIn({ programs, variables }, path);
  const [isShallow, commit = null] = git(['rev-parse', '--is-shallow-repository', 'HEAD'])?.split('\n') ?? [];
  const needsRoot = id === undefined && commit !== null && isShallow === 'false';
  const roots = needsRoot ? git(['rev-list', '--max-parents=0', 'HEAD']) : undefined;
  return { id: id ?? roots?.split('\n').sort()[0] ?? path, name: basename(path), path, commit };
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

/** What git answers about a folder, or undefined when it is not installed, this is no repository, or the answer is empty. */
function answersIn(host: Pick<Host, 'programs' | 'variables'>, folder: string) {
  const git = gitIn(host, folder);
  return (words: readonly string[]): string | undefined => git.ask(words)?.trim() || undefined;
}

/**
 * How many commits that touch `clients/` the branch that this one follows has more, as far as they were fetched; 0 where that
 * cannot be told. The network is not asked.
 */
export function newCommits({ disk, programs, variables }: Host, folder: string): number {
  if (gitRootOf(disk, disk.realPath(folder)) === undefined) return 0;
  return Number(
    answersIn({ programs, variables }, folder)(['rev-list', '--count', 'HEAD..@{upstream}', '--', 'clients']) ?? 0,
  );
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
