import { join } from 'node:path';
import type { Commit, LastChange } from '../../model/commit.ts';
import type { SourceFile } from '../../model/source.ts';
import type { Host } from '../host.ts';
import { type Git, gitIn, textOf } from './git.ts';
import { changedFiles, type WorkTree } from './git-changes.ts';
import { contentsOf, treeAt } from './git-objects.ts';
import { isInGit } from './repository.ts';

/** What git knows about a folder. Every path is relative to the folder. */
export interface History {
  /** The last commit; undefined before the first one. */
  head(): Commit | undefined;
  /** A commit by its name, or undefined where this clone does not have it. */
  commit(id: string): Commit | undefined;
  /** How many commits the last one is ahead of another; undefined where that cannot be told. */
  ahead(id: string): number | undefined;
  /** How many files at or below a path are not as the last commit has them, new ones too. */
  uncommitted(path: string): number;
  /** The commits after one that changed something at or below a path, the oldest first, at most so many. */
  since(id: string, path: string, most: number): readonly string[];
  /** The newest change of some lines, one-based; without lines, of the file. */
  lastChange(path: string, lines?: Lines): LastChange;
  /** The files at or below a path, as a commit has them. Links are left out. */
  files(id: string, path: string): readonly SourceFile[];
}

/** From the first up to and with the last. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

type Ask = Git['ask'];

/** One line a commit: name, time, author, subject. */
const format = '--format=%H%x1f%aI%x1f%an%x1f%s';

/** The history of a folder; undefined where it is in no repository, or git is not installed. */
export function historyOf(host: Host, folder: string): History | undefined {
  if (!isInGit(host.disk, folder)) return undefined;
  const { ask: git } = gitIn(host, folder);
  const tree: WorkTree = { disk: host.disk, ask: git, folder };
  // Git may be there and refuse: the folder of another user, a broken repository.
  if (git(['rev-parse', '--is-inside-work-tree'])?.trim() !== 'true') return undefined;
  return {
    head: () => commitOf(git, 'HEAD'),
    commit: (id) => (isName(id) ? commitOf(git, id) : undefined),
    ahead: (id) => {
      const count = isName(id) ? git(['rev-list', '--count', `${id}..HEAD`])?.trim() : undefined;
      return count ? Number(count) : undefined;
    },
    uncommitted: (path) => changedFiles(tree, path).length,
    since: (id, path, most) => {
      const all = isName(id) ? git(['rev-list', '--reverse', `${id}..HEAD`, '--', literal(path)]) : undefined;
      return (all ?? '').split('\n').filter(Boolean).slice(0, most);
    },
    lastChange: (path, lines) => lastChange(tree, path, lines),
    files: (id, path) => (isName(id) ? filesAt(git, id, path) : []),
  };
}

/** A path that git must not read as a pattern. */
function literal(path: string): string {
  return `:(literal)${path}`;
}

function commitsIn(lines: string | undefined): Commit[] {
  return textOf(lines ?? '')
    .split('\n')
    .flatMap((line) => {
      const [id, time, author, ...subject] = line.split('\u001f');
      return id && time && author !== undefined ? [{ id, time, author, subject: subject.join('\u001f') }] : [];
    });
}

function lastChange(at: WorkTree, path: string, lines: Lines | undefined): LastChange {
  const { ask: git } = at;
  const isAsCommitted = changedFiles(at, path).length === 0;
  if (!lines) {
    const [commit] = commitsIn(git(['log', '-1', format, '--', literal(path)]));
    return commit && isAsCommitted ? { commit } : { without: 'uncommitted' };
  }
  const there = isAsCommitted ? lines : linesInCommit(at, path, lines);
  if (!there) return { without: 'uncommitted' };
  // Of the commit: git would run the filters that the repository names on the working file. A list of commits to pass over
  // may hide who changed a line, and ends blame where it is missing.
  const plain = ['--no-textconv', '--no-ignore-revs-file', '--porcelain'];
  return newestOf(git, git(['blame', ...plain, '-L', `${there.first},${there.last}`, 'HEAD', '--', path]));
}

/** Where the lines of a changed file stand in the last commit; undefined where they do not, or in several places. */
function linesInCommit({ disk, ask, folder }: WorkTree, path: string, { first, last }: Lines): Lines | undefined {
  const [file] = filesAt(ask, 'HEAD', path);
  if (!file) return undefined;
  const linesOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  const [old, now] = [linesOf(file.bytes), linesOf(disk.readFile(join(folder, path))).slice(first - 1, last)];
  const starts = old.flatMap((_, at) => (now.every((line, index) => old[at + index] === line) ? [at] : []));
  const [start] = starts;
  return starts.length === 1 && start !== undefined ? { first: start + 1, last: start + now.length } : undefined;
}

/** What `blame --porcelain` prints: of each commit its name, and where it comes first when it was made. */
function newestOf(git: Ask, blame = ''): LastChange {
  const made = new Map<string, number>();
  let id = '';
  for (const line of blame.split('\n')) {
    id = /^([0-9a-f]{40,64}) \d+ \d+/.exec(line)?.[1] ?? id;
    const time = /^committer-time (\d+)$/.exec(line)?.[1];
    if (time) made.set(id, Number(time));
  }
  const [newest] = [...made].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const isOpen = newest === undefined || [...made.keys()].some((name) => /^0*$/.test(name));
  const commit = isOpen ? undefined : commitOf(git, newest);
  return commit ? { commit } : { without: 'uncommitted' };
}

function commitOf(git: Ask, id: string): Commit | undefined {
  return commitsIn(git(['log', '-1', format, id]))[0];
}

/** The full name of a commit: what the record says may be anything. */
function isName(id: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(id);
}

function filesAt(git: Ask, id: string, path: string): SourceFile[] {
  const files = [...treeAt(git, id, path)].filter(([, { kind }]) => kind === 'file');
  const contents = contentsOf(
    git,
    files.map(([, { object }]) => object),
  );
  return files.flatMap(([name, { object, executable }]) => {
    const bytes = contents.get(object);
    return bytes ? [{ path: name, bytes, executable }] : [];
  });
}
