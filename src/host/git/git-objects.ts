import type { Git } from './git.ts';
import { textOf } from './git.ts';
import type { GitNode } from './git-tree.ts';

/** Asks git; undefined for no answer, where the caller does not throw. */
type Ask = Git['ask'];

/**
 * What a commit holds, by path: with `under`, what is at or below that path in the folder that git is in, by paths from there; else
 * all of it, by paths from the root.
 */
export function treeAt(ask: Ask, commit: string, under?: string): Map<string, GitNode> {
  const place = under === undefined ? ['--full-tree', commit] : [commit, under];
  const rows = (ask(['ls-tree', '-r', '-z', ...place]) ?? '').split('\0').filter((row) => row !== '');
  return new Map(rows.map(nodeOf));
}

/** `<mode> <type> <object>\t<path>`. */
function nodeOf(row: string): [path: string, node: GitNode] {
  const [mode = '', , object = ''] = row.slice(0, row.indexOf('\t')).split(' ');
  return [textOf(row.slice(row.indexOf('\t') + 1)), { kind: kindOf(mode), object, executable: mode === '100755' }];
}

/** A submodule is a commit of another repository. */
function kindOf(mode: string): GitNode['kind'] {
  if (mode === '120000') return 'link';
  return mode.startsWith('100') ? 'file' : 'other';
}

/** The contents of objects, by their names, all asked for at once. Those that this clone does not hold are not in it. */
export function contentsOf(ask: Ask, objects: readonly string[]): Map<string, Uint8Array> {
  const asked = [...new Set(objects)];
  const contents = new Map<string, Uint8Array>();
  const answer =
    asked.length === 0 ? '' : (ask(['cat-file', '--batch'], asked.map((each) => `${each}\n`).join('')) ?? '');
  // Of each `<object> blob <size>\n<content>\n`, or `<object> missing\n`.
  for (let at = 0; at < answer.length; ) {
    const head = answer.slice(at, answer.indexOf('\n', at));
    const [object = '', , size] = head.split(' ');
    const start = at + head.length + 1;
    at = size === undefined ? start : start + Number(size) + 1;
    if (size !== undefined) contents.set(object, Buffer.from(answer.slice(start, at - 1), 'latin1'));
  }
  return contents;
}
