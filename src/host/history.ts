import type { Commit, LastChange } from '../model/commit.ts';
import type { SourceFile } from '../model/source.ts';
import { type Git, gitIn, textOf } from './git.ts';
import { contentsOf, treeAt } from './git-objects.ts';
import type { Host } from './host.ts';
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
  // Git may be there and refuse: the folder of another user, a broken repository.
  if (git(['rev-parse', '--is-inside-work-tree'])?.trim() !== 'true') return undefined;
  return {
    head: () => commitOf(git, 'HEAD'),
    commit: (id) => (isName(id) ? commitOf(git, id) : undefined),
    ahead: (id) => {
      const count = isName(id) ? git(['rev-list', '--count', `${id}..HEAD`])?.trim() : undefined;
      return count ? Number(count) : undefined;
    },
    uncommitted: (path) => uncommittedIn(git, path),
    since: (id, path, most) => {
      const all = isName(id) ? git(['rev-list', '--reverse', `${id}..HEAD`, '--', literal(path)]) : undefined;
      return (all ?? '').split('\n').filter(Boolean).slice(0, most);
    },
    lastChange: (path, lines) => lastChange(git, path, lines),
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

function uncommittedIn(git: Ask, path: string): number {
  const words = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', literal(path)];
  return (git(words) ?? '').split('\0').filter(Boolean).length;
}

function lastChange(git: Ask, path: string, lines: Lines | undefined): LastChange {
  if (lines) return newestOf(git, git(['blame', '--porcelain', '-L', `${lines.first},${lines.last}`, '--', path]));
  const [commit] = commitsIn(git(['log', '-1', format, '--', literal(path)]));
  return commit && uncommittedIn(git, path) === 0 ? { commit } : { without: 'uncommitted' };
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
