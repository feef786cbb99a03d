import { dirname, join, resolve } from 'node:path';
import type { NodeKind, NodeStatus, ReadableDisk } from './disk.ts';

/** One node of a git tree: what it is, and which object holds it. */
export interface GitNode {
  readonly kind: NodeKind;
  readonly object: string;
  readonly executable: boolean;
}

/** Where the tree stands on its disk: what a link names above it is not there. */
export const treeRoot = resolve('/tree');

const mostLinks = 40;

/**
 * A disk that holds one tree of git below `treeRoot`, so that a source in it is read by the same rules as one in a folder.
 * `nodes` are by path, with `/`; folders are made of the paths. It throws the system errors that a disk would throw.
 */
export function gitTreeDisk(
  nodes: ReadonlyMap<string, GitNode>,
  contentOf: (object: string) => Uint8Array,
): ReadableDisk {
  const folders = foldersOf(nodes);
  const nodeAt = (path: string): GitNode | undefined =>
    nodes.get(path) ?? (folders.has(path) ? { kind: 'folder', object: '', executable: false } : undefined);
  const textOf = ({ object }: GitNode) => new TextDecoder().decode(contentOf(object));

  /** The path with every link in it followed, the last one only where asked; undefined above the tree. */
  function real(path: string, followLast: boolean, links = 0): string | undefined {
    if (links > mostLinks) throw systemError('ELOOP', path);
    const inside = insideOf(path);
    if (inside === undefined) return undefined;
    const parts = inside === '' ? [] : inside.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const at = parts.slice(0, length).join('/');
      const node = nodeAt(at);
      if (node?.kind !== 'link' || (length === parts.length && !followLast)) continue;
      const target = resolve(join(treeRoot, dirname(at)), textOf(node));
      return real(join(target, ...parts.slice(length)), followLast, links + 1);
    }
    return inside;
  }

  function found(path: string, followLast: boolean): { readonly at: string; readonly node: GitNode } | undefined {
    const at = real(path, followLast);
    const node = at === undefined ? undefined : nodeAt(at);
    return at === undefined || !node ? undefined : { at, node };
  }

  function there(path: string, followLast = true) {
    const each = found(path, followLast);
    if (!each) throw systemError('ENOENT', path);
    return each;
  }

  return {
    status: (path) => statusOf(found(path, true)?.node),
    linkStatus: (path) => statusOf(found(path, false)?.node),
    realPath: (path) => join(treeRoot, there(path).at),
    readLink: (path) => textOf(there(path, false).node),
    readFile: (path) => contentOf(there(path).node.object),
    list: (path) => {
      const { at } = there(path);
      return [...(folders.get(at) ?? [])].map((name) => {
        const kind = nodeAt(at === '' ? name : `${at}/${name}`)?.kind ?? 'other';
        return { name, kind };
      });
    },
  };
}

function insideOf(path: string): string | undefined {
  if (path === treeRoot) return '';
  const within = path.startsWith(join(treeRoot, '/'));
  return within ? path.slice(treeRoot.length + 1).replaceAll('\\', '/') : undefined;
}

/** Every folder of the tree, with the names in it. */
function foldersOf(nodes: ReadonlyMap<string, GitNode>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of nodes.keys()) {
    const parts = path.split('/');
    for (const [index, name] of parts.entries()) {
      const folder = parts.slice(0, index).join('/');
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(name));
    }
  }
  return folders;
}

function statusOf(node: GitNode | undefined): NodeStatus | undefined {
  if (!node) return undefined;
  const mode = node.executable || node.kind === 'folder' ? 0o755 : 0o644;
  return { kind: node.kind, mode, uid: 0, gid: 0, inode: 0, size: 0, modified: 0 };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
