import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { type Git, textOf } from './git.ts';
import { contentsOf, treeAt } from './git-objects.ts';
import type { GitNode } from './git-tree.ts';

/** A folder of a work tree, and git and the disk there. */
export interface WorkTree {
  readonly disk: Pick<Disk, 'linkStatus' | 'readFile' | 'readLink'>;
  readonly ask: Git['ask'];
  readonly folder: string;
}

/**
 * The files at or below a path that are not as the last commit has them, new ones too, by their paths from the folder. `git status`
 * runs the filters that a repository names, so the files are hashed here instead, as git does it (gitformat-pack(5)). What a checkout
 * makes of a file by itself is no change: line ends, ids (`ident` of gitattributes(5)), what Git LFS puts in place of its pointers,
 * and a file that a sparse checkout leaves out.
 */
export function changedFiles({ disk, ask, folder }: WorkTree, path: string): string[] {
  const tree = treeAt(ask, 'HEAD', path);
  const tracked = listed(ask, path, '--cached', '-t').map((row) => ({ tag: row[0], name: row.slice(2) }));
  const leftOut = new Set(tracked.flatMap(({ tag, name }) => (tag === 'S' ? [name] : [])));
  const names = [...tracked.map(({ name }) => name), ...listed(ask, path, '--others', '--exclude-standard')];
  const hasModes = ask(['config', '--type=bool', 'core.fileMode'])?.trim() !== 'false';
  const nodes = [...new Set([...tree.keys(), ...names])].map((name) => ({ name, node: tree.get(name) }));
  const standing = nodes.map((each) => ({
    ...each,
    found: compare(disk, join(folder, each.name), each.node, hasModes),
  }));
  const changed = standing.filter(({ name, found }) => found !== 'same' && !(found === 'absent' && leftOut.has(name)));
  const pointers = contentsOf(
    ask,
    changed.flatMap(({ node, found }) => (node && found === 'other content' ? [node.object] : [])),
  );
  const isPointed = ({ name, node }: (typeof changed)[number]) => {
    const pointer = pointers.get(node?.object ?? '');
    return pointer !== undefined && pointsTo(pointer, disk.readFile(join(folder, name)));
  };
  return changed.filter((each) => each.found !== 'other content' || !isPointed(each)).map(({ name }) => name);
}

function listed(ask: Git['ask'], path: string, ...which: readonly string[]): string[] {
  return textOf(ask(['ls-files', '-z', ...which, '--', `:(literal)${path}`]) ?? '')
    .split('\0')
    .filter(Boolean);
}

/** How what stands at a path compares with what the commit has; only a file of the right mode has `other content`. */
function compare(
  disk: WorkTree['disk'],
  path: string,
  node: GitNode | undefined,
  hasModes: boolean,
): 'same' | 'other content' | 'absent' | 'other' {
  // A submodule is a repository of its own.
  if (node?.kind === 'other') return 'same';
  const status = disk.linkStatus(path);
  if (!status) return 'absent';
  if (status.kind !== node?.kind) return 'other';
  if (node.kind === 'link') return isObject(Buffer.from(disk.readLink(path)), node.object) ? 'same' : 'other';
  if (hasModes && ((status.mode & 0o100) !== 0) !== node.executable) return 'other';
  const bytes = disk.readFile(path);
  return [bytes, checkedIn(bytes)].some((each) => isObject(each, node.object)) ? 'same' : 'other content';
}

function isObject(bytes: Uint8Array, object: string): boolean {
  const hash = createHash(object.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === object;
}

/** Without the line ends and the ids that a checkout gives. */
function checkedIn(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n');
  return Buffer.from(text.replaceAll(/\$Id: [0-9a-f]{40,64} \$/g, '$Id$$'), 'latin1');
}

/** Whether what a commit holds is a pointer of Git LFS to these bytes. */
function pointsTo(pointer: Uint8Array, bytes: Uint8Array): boolean {
  if (pointer.length > 1024) return false;
  const text = Buffer.from(pointer).toString('utf8');
  const oid = /^version https:\/\/git-lfs[^\n]*\n(?:[^\n]*\n)*oid sha256:([0-9a-f]{64})\n/.exec(text)?.[1];
  return oid !== undefined && createHash('sha256').update(bytes).digest('hex') === oid;
}
