import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { Host } from '../host.ts';
import { readSource } from '../reading/read-source.ts';
import { gitIn, textOf } from './git.ts';
import { contentsOf, treeAt } from './git-objects.ts';
import { gitTreeDisk, treeRoot } from './git-tree.ts';

/** The source as it was at a commit. */
export interface SourceAt extends Pick<SourceTree, 'files' | 'unreadable'> {
  readonly commit: string;
}

/** Asks git in the repository. Throws `Failure` where it does not answer. */
type Ask = (words: readonly string[], input?: string) => string;

/**
 * Reads everything below `clients/` as it stands at a git ref, by the rules of `readSource`; empty when the ref has no such
 * folder. Nothing is checked out. Throws `Failure` where git is not installed, for a folder that is in no git repository,
 * and for a ref that names no commit here.
 */
export function readSourceAt(host: Host, repository: string, ref: string): SourceAt {
  const ask = askIn(host, repository, ref);
  const prefix = textOf(ask(['rev-parse', '--show-prefix']).replace(/\n$/, ''));
  const commit = commitOf(ask, ref);
  const nodes = treeAt(ask, commit);
  const start = `${prefix}clients/`;
  const wanted = [...nodes].filter(([path, { kind }]) => path.startsWith(start) || kind === 'link');
  if (!wanted.some(([path]) => path.startsWith(start))) return { commit, files: [], unreadable: [] };
  const contents = heldBy(
    ask,
    wanted.filter(([, { kind }]) => kind !== 'other').map(([, { object }]) => object),
  );
  // What a link leads to may stand anywhere in the tree.
  const contentOf = (object: string) => contents.get(object) ?? (heldBy(ask, [object]).get(object) as Uint8Array);
  return { commit, ...readSource(gitTreeDisk(nodes, contentOf), join(treeRoot, prefix.replace(/\/$/, ''))) };
}

function askIn(host: Host, folder: string, ref: string): Ask {
  const git = gitIn(host, folder);
  return (words, input) => {
    const { code, out, err } = git.run(words, input);
    if (code === 0) return out;
    const [, gone] = /could not fetch (\w+) from promisor remote/.exec(err) ?? [];
    if (gone !== undefined) throw notHeld(gone);
    const [said = ''] = textOf(err).split('\n');
    const reason = said === '' ? 'git did not answer' : `git says: ${said}`;
    const message = `the source at ${JSON.stringify(ref)} cannot be read; ${reason}`;
    const remedy = 'Run the command in a clone of the repository, with git installed.';
    throw new Failure([problem('no-git', message, remedy, { path: folder })]);
  };
}

function commitOf(ask: Ask, ref: string): string {
  try {
    return ask(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]).trim();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const message = `git knows no commit ${JSON.stringify(ref)} here`;
    const remedy = 'Correct the name, or fetch it first; in CI, fetch the whole history (fetch-depth: 0).';
    throw new Failure([problem('unknown-ref', message, remedy)], { cause: error });
  }
}

/** The contents of all these objects. Throws `Failure` where one is missing. */
function heldBy(ask: Ask, objects: readonly string[]): Map<string, Uint8Array> {
  const contents = contentsOf(ask, objects);
  const gone = objects.find((object) => !contents.has(object));
  if (gone !== undefined) throw notHeld(gone);
  return contents;
}

/** A clone may hold only some of the objects; git would ask the network for the others, which we do not. */
function notHeld(object: string): Failure {
  const message = `this clone does not hold the object ${object}, which the source needs`;
  return new Failure([problem('no-git', message, 'Fetch the whole history first, without a filter.')]);
}
