import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { type Git, textOf } from './git.ts';
import { contentsOf, treeAt } from './git-objects.ts';
import type { GitNode } from './git-tree.ts';

/** What a comparison with the last commit is made with. */
interface Compared {
  readonly disk: Pick<Disk, 'linkStatus' | 'readFile' | 'readLink'>;
  readonly ask: Git['ask'];
  readonly folder: string;
}

/**
 * The files at or below a path that are not as the last commit has them, new ones too, by their paths from the folder. `git status`
 * runs the filters that a repository names, so the files are hashed here instead, as git does it (gitformat-pack(5)); line ends that a
 * checkout gave and what Git LFS put in place of its pointers are no change.
 */
export function changedFiles({ disk, ask, folder }: Compared, path: string): string[] {
  const tree = treeAt(ask, 'HEAD', path);
  const names = ['--cached', '--others'].flatMap((kind) => {
    const words = [
      'ls-files',
      '-z',
      kind,
      ...(kind === '--others' ? ['--exclude-standard'] : []),
      '--',
      `:(literal)${path}`,
    ];
    return textOf(ask(words) ?? '')
      .split('\0')
      .filter(Boolean);
  });
  const modes = ask(['config', '--type=bool', 'core.fileMode'])?.trim() !== 'false';
  const isChanged = (name: string) => !isAsCommitted({ disk, ask, folder }, join(folder, name), tree.get(name), modes);
  return [...new Set([...tree.keys(), ...names])].filter(isChanged);
}

function isAsCommitted({ disk, ask }: Compared, path: string, node: GitNode | undefined, modes: boolean): boolean {
  // A submodule is a repository of its own.
  if (node?.kind === 'other') return true;
  const status = disk.linkStatus(path);
  if (!node || !status || status.kind !== node.kind) return false;
  const bytes = node.kind === 'link' ? Buffer.from(disk.readLink(path)) : disk.readFile(path);
  if (modes && node.kind === 'file' && ((status.mode & 0o100) !== 0) !== node.executable) return false;
  return (
    isObject(bytes, node.object) || isObject(withLineFeeds(bytes), node.object) || isPointed(ask, bytes, node.object)
  );
}

function isObject(bytes: Uint8Array, object: string): boolean {
  const hash = createHash(object.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === object;
}

function withLineFeeds(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** Whether the commit holds a pointer of Git LFS to these bytes. */
function isPointed(ask: Git['ask'], bytes: Uint8Array, object: string): boolean {
  const pointer = contentsOf(ask, [object]).get(object);
  if (!pointer || pointer.length > 1024) return false;
  const oid = /^version https:\/\/git-lfs[^\n]*\n(?:[^\n]*\n)*oid sha256:([0-9a-f]{64})\n/.exec(
    textOfBytes(pointer),
  )?.[1];
  return oid !== undefined && createHash('sha256').update(bytes).digest('hex') === oid;
}

function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
