import { dirname, join, resolve } from 'node:path';
import type { NodeKind, NodeStatus, ReadableDisk } from '../disk.ts';

/** One node of a git tree: what it is, and which object holds it. */
export interface GitNode {
  readonly kind: NodeKind;
  readonly object: string;
  readonly executable: boolean;
}

/** Where the tree stands on its disk: what a link names above it is not there. */
export const treeRoot = resolve('/tree');

const mostLinks = 40;

/** The nodes of a tree, its folders with the names in them, and the way to the objects. */
interface Tree {
  readonly nodes: ReadonlyMap<string, GitNode>;
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  contentOf(object: string): Uint8Array;
}

/** Whether a link that a path ends in is followed. */
type End = 'followed' | 'itself';

/**
 * A disk that holds one tree of git below `treeRoot`, so that a source in it is read by the same rules as one in a folder.
 * `nodes` are by path, with `/`; folders are made of the paths. It throws the system errors that a disk would throw.
 */
export function gitTreeDisk(
  nodes: ReadonlyMap<string, GitNode>,
  contentOf: (object: string) => Uint8Array,
): ReadableDisk {
  const tree: Tree = { nodes, folders: foldersOf(nodes), contentOf };
  return {
    status: (path) => statusOf(find(tree, path, 'followed')?.node),
    linkStatus: (path) => statusOf(find(tree, path, 'itself')?.node),
    realPath: (path) => join(treeRoot, findThere(tree, path, 'followed').at),
    readLink: (path) => textOf(tree, findThere(tree, path, 'itself').node),
    readFile: (path) => contentOf(findThere(tree, path, 'followed').node.object),
    list: (path) => listed(tree, findThere(tree, path, 'followed').at),
  };
}

function listed(tree: Tree, folder: string) {
  return [...(tree.folders.get(folder) ?? [])].map((name) => {
    const kind: NodeKind = nodeAt(tree, folder === '' ? name : `${folder}/${name}`)?.kind ?? 'other';
    return { name, kind };
  });
}

function nodeAt({ nodes, folders }: Tree, path: string): GitNode | undefined {
  return nodes.get(path) ?? (folders.has(path) ? { kind: 'folder', object: '', executable: false } : undefined);
}

function textOf({ contentOf }: Tree, { object }: GitNode): string {
  return new TextDecoder().decode(contentOf(object));
}

interface Found {
  /** Relative to the root, with `/`. */
  readonly at: string;
  readonly node: GitNode;
}

function find(tree: Tree, path: string, end: End): Found | undefined {
  const at = realIn(tree, path, end, 0);
  const node = at === undefined ? undefined : nodeAt(tree, at);
  return at === undefined || !node ? undefined : { at, node };
}

function findThere(tree: Tree, path: string, end: End): Found {
  const found = find(tree, path, end);
  if (!found) throw systemError('ENOENT', path);
  return found;
}

/** A path relative to the root with every link in it followed; undefined above the tree. */
function realIn(tree: Tree, path: string, end: End, links: number): string | undefined {
  if (links > mostLinks) throw systemError('ELOOP', path);
  const inside = insideOf(path);
  const parts = inside ? inside.split('/') : [];
  for (let length = 1; length <= parts.length; length += 1) {
    const at = parts.slice(0, length).join('/');
    const node = nodeAt(tree, at);
    if (node?.kind !== 'link' || (length === parts.length && end === 'itself')) continue;
    const target = resolve(join(treeRoot, dirname(at)), textOf(tree, node));
    return realIn(tree, join(target, ...parts.slice(length)), end, links + 1);
  }
  return inside;
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
  return { kind: node.kind, mode, uid: 0, gid: 0, inode: 0, size: 0, modified: 0, changed: 0 };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
