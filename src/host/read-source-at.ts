import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { SourceTree } from '../model/source.ts';
import { type GitNode, gitTreeDisk, treeRoot } from './git-tree.ts';
import type { Host } from './host.ts';
import { readSource } from './read-source.ts';

/** The source as it was at a commit. */
export interface SourceAt extends Pick<SourceTree, 'files' | 'unreadable'> {
  readonly commit: string;
}

/** Runs git in the repository and gives what it printed, a byte a character. Throws `Failure`. */
type Git = (words: readonly string[], input?: string) => string;

const kinds: Readonly<Record<string, GitNode['kind']>> = { '100644': 'file', '100755': 'file', '120000': 'link' };

/**
 * Reads everything below `clients/` as it stands at a git ref, by the rules of `readSource`; empty when the ref has no such
 * folder. Nothing is checked out. Throws `Failure` where git is not installed, for a folder that is in no git repository,
 * and for a ref that names no commit here.
 */
export function readSourceAt(host: Host, repository: string, ref: string): SourceAt {
  const git = gitIn(host, repository, ref);
  const prefix = git(['rev-parse', '--show-prefix']).replace(/\n$/, '');
  const commit = commitOf(git, ref);
  const nodes = nodesOf(git(['ls-tree', '-r', '-z', '--full-tree', commit]));
  const start = `${fromBytes(prefix)}clients/`;
  const wanted = [...nodes].filter(([path, { kind }]) => path.startsWith(start) || kind === 'link');
  if (!wanted.some(([path]) => path.startsWith(start))) return { commit, files: [], unreadable: [] };
  const contents = contentsOf(
    git,
    wanted.filter(([, { kind }]) => kind !== 'other').map(([, { object }]) => object),
  );
  const contentOf = (object: string) => contents.get(object) ?? (contentsOf(git, [object]).get(object) as Uint8Array);
  return { commit, ...readSource(gitTreeDisk(nodes, contentOf), join(treeRoot, fromBytes(prefix).replace(/\/$/, ''))) };
}

/** `GIT_DIR` and the like stay out: in a hook they name the repository of the hook. */
function gitIn({ programs, variables }: Host, folder: string, ref: string): Git {
  const own = Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('GIT_')));
  return (words, input = '') => {
    const start = {
      folder,
      variables: { ...own, LC_ALL: 'C', GIT_NO_LAZY_FETCH: '1' },
      input,
      encoding: 'latin1',
    } as const;
    const { code, out, err } = programs.run('git', ['-C', folder, ...words], start);
    if (code === 0) return out;
    const [said = ''] = fromBytes(err).split('\n');
    const reason = said === '' ? 'git did not answer' : `git says: ${said}`;
    const message = `the source at ${JSON.stringify(ref)} cannot be read; ${reason}`;
    const remedy = 'Run the command in a clone of the repository, with git installed.';
    throw new Failure([problem('no-git', message, remedy, { path: folder })]);
  };
}

function commitOf(git: Git, ref: string): string {
  try {
    return git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]).trim();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const message = `git knows no commit ${JSON.stringify(ref)} here`;
    const remedy = 'Correct the name, or fetch it first; in CI, fetch the whole history (fetch-depth: 0).';
    throw new Failure([problem('unknown-ref', message, remedy)], { cause: error });
  }
}

/** `<mode> <type> <object>\t<path>`, ended by NUL. */
function nodesOf(listing: string): Map<string, GitNode> {
  const rows = listing.split('\0').filter((row) => row !== '');
  return new Map(
    rows.map((row) => {
      const [mode = '', , object = ''] = row.slice(0, row.indexOf('\t')).split(' ');
      const path = fromBytes(row.slice(row.indexOf('\t') + 1));
      // A submodule is a commit of another repository.
      return [path, { kind: kinds[mode] ?? 'other', object, executable: mode === '100755' }];
    }),
  );
}

/** The contents of objects, all asked at once: `<object> blob <size>\n<content>\n` for each. */
function contentsOf(git: Git, objects: readonly string[]): Map<string, Uint8Array> {
  const asked = [...new Set(objects)];
  const contents = new Map<string, Uint8Array>();
  const answer = asked.length === 0 ? '' : git(['cat-file', '--batch'], asked.map((object) => `${object}\n`).join(''));
  for (let at = 0; at < answer.length; ) {
    const head = answer.slice(at, answer.indexOf('\n', at));
    const [object = '', type = '', size = '0'] = head.split(' ');
    if (type === 'missing') throw new Failure([missing(object)]);
    const start = at + head.length + 1;
    contents.set(object, Buffer.from(answer.slice(start, start + Number(size)), 'latin1'));
    at = start + Number(size) + 1;
  }
  return contents;
}

/** A clone may hold only some of the objects; git would ask the network for the others, which we do not. */
function missing(object: string): Finding {
  const message = `this clone does not hold the object ${object}, which the source needs`;
  return problem('no-git', message, 'Fetch the whole history first, without a filter.');
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
