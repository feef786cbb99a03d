import type { Commit, LastChange } from '../model/commit.ts';
import type { SourceFile } from '../model/source.ts';
import type { Host } from './host.ts';
import { gitVariables, isInGit } from './repository.ts';

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

type Git = (words: readonly string[], input?: string) => string | undefined;

/** One line a commit: name, time, author, subject. */
const format = '--format=%H%x1f%aI%x1f%an%x1f%s';

/** The history of a folder; undefined where it is in no repository, or git is not installed. */
export function historyOf(host: Host, folder: string): History | undefined {
  const git = gitAt(host, folder);
  // Git may be there and refuse: the folder of another user, a broken repository.
  if (git?.(['rev-parse', '--is-inside-work-tree'])?.trim() !== 'true') return undefined;
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

function gitAt({ disk, programs, variables }: Host, folder: string): Git | undefined {
  if (!isInGit(disk, folder)) return undefined;
  const start = { folder, variables: gitVariables(variables), encoding: 'latin1' } as const;
  const program = programs.find('git', start);
  if (program === undefined) return undefined;
  // An index that git only refreshes is no reason to write one: these commands read.
  const always = [
    '--no-optional-locks',
    '-c',
    'core.quotePath=false',
    '-c',
    'core.fsmonitor=false',
    '-c',
    'log.showSignature=false',
  ];
  return (words, input) => {
    const { code, out } = programs.run(program, [...always, ...words], {
      ...start,
      ...(input === undefined ? {} : { input }),
    });
    return code === 0 ? out : undefined;
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

function uncommittedIn(git: Git, path: string): number {
  const words = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', literal(path)];
  return (git(words) ?? '').split('\0').filter(Boolean).length;
}

function lastChange(git: Git, path: string, lines: Lines | undefined): LastChange {
  if (lines) return newestOf(git, git(['blame', '--porcelain', '-L', `${lines.first},${lines.last}`, '--', path]));
  const [commit] = commitsIn(git(['log', '-1', format, '--', literal(path)]));
  return commit && uncommittedIn(git, path) === 0 ? { commit } : { without: 'uncommitted' };
}

/** What `blame --porcelain` prints: of each commit its name, and where it comes first when it was made. */
function newestOf(git: Git, blame = ''): LastChange {
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

function commitOf(git: Git, id: string): Commit | undefined {
  return commitsIn(git(['log', '-1', format, id]))[0];
}

/** The full name of a commit: what the record says may be anything. */
function isName(id: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(id);
}

function filesAt(git: Git, id: string, path: string): SourceFile[] {
  const listed = git(['ls-tree', '-r', '-z', id, path]) ?? '';
  const entries = listed.split('\0').flatMap((entry) => {
    const [, mode, object, name] = /^(100\d{3}) blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return mode && object && name !== undefined ? [{ mode, object, name: textOf(name) }] : [];
  });
  const batch = git(['cat-file', '--batch'], entries.map(({ object }) => `${object}\n`).join('')) ?? '';
  const contents = blobsIn(batch);
  return entries.flatMap(({ mode, name }, index) => {
    const bytes = contents[index];
    return bytes ? [{ path: name, bytes, executable: mode === '100755' }] : [];
  });
}

/** What `cat-file --batch` prints: a line that ends with the size, the bytes, a line end. */
function blobsIn(batch: string): Uint8Array[] {
  const blobs: Uint8Array[] = [];
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    const size = Number(/ (\d+)$/.exec(batch.slice(at, end))?.[1]);
    if (end === -1 || Number.isNaN(size)) return blobs;
    blobs.push(Buffer.from(batch.slice(end + 1, end + 1 + size), 'latin1'));
    at = end + 1 + size + 1;
  }
  return blobs;
}

function textOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
