import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path/posix';
import type { Disk, NodeKind, NodeStatus } from '../../src/host/disk.ts';
import type { Exchanged } from '../../src/host/transaction/exchange.ts';

/**
 * A disk in memory that behaves like a local Unix one, for tests that need thousands of runs. It keeps what is forced to
 * the disk apart from what is not: `cutPower` loses entries of folders that were not synced. File contents are always
 * forced out, because the only call that writes them does so.
 */
export interface MemoryDisk {
  readonly disk: Disk;
  write(path: string, content: string | Uint8Array, mode?: number): void;
  /** As most programs write: a new file that takes the place of the old one. */
  replace(path: string, content: string, mode: number): void;
  link(path: string, target: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  remove(path: string): void;
  chmod(path: string, mode: number): void;
  /** Sets a node's time of change to now. */
  touch(path: string): void;
  /** Every node below a folder: kind, mode and content digest, by path relative to it. */
  snapshot(folder: string): Record<string, string>;
  /** Loses, in each folder, the last changes since it was synced; `kept` says how many of so many survive. */
  cutPower(kept: (changes: number) => number): void;
  /** A copy that shares nothing with this one, with a clock of its own. */
  copy(now: () => number): MemoryDisk;
}

/** The calls of a disk, all of them: what can fail, and where a process can be killed. */
export const diskCalls = [
  ...(['status', 'linkStatus', 'realPath', 'readLink', 'readFile', 'list'] as const),
  ...(['makeFolders', 'makeFolder', 'removeFolder', 'writeNew', 'makeLink', 'setOwner'] as const),
  ...(['rename', 'exchange', 'unlink', 'writeLoose', 'syncFolder'] as const),
];

interface FileNode {
  readonly kind: 'file';
  readonly inode: number;
  content: Uint8Array;
  mode: number;
  modified: number;
}

interface LinkNode {
  readonly kind: 'link';
  readonly inode: number;
  readonly target: string;
  mode: number;
  modified: number;
}

interface FolderNode {
  readonly kind: 'folder';
  readonly inode: number;
  entries: Map<string, Node>;
  /** The entries as they were when the folder was synced last, and the changes since. */
  durable: Map<string, Node>;
  changes: ((entries: Map<string, Node>) => void)[];
  mode: number;
  modified: number;
}

type Node = FileNode | LinkNode | FolderNode;

const nothing = (path: string) => systemError('ENOENT', path);

/** A system error as Node throws it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/** Makes an empty disk. `now` gives the time of changes in milliseconds. */
export function memoryDisk(now: () => number = () => 0, root: FolderNode = newFolder(1, 0o755, 0)): MemoryDisk {
  let inodes = highest(root) + 1;
  const place = (path: string, follow: boolean) => find(root, path, follow, 0);

  function parentOf(path: string): FolderNode {
    const parent = place(dirname(path), true).node;
    if (!parent) throw nothing(path);
    if (parent.kind !== 'folder') throw systemError('ENOTDIR', path);
    return parent;
  }

  function change(folder: FolderNode, act: (entries: Map<string, Node>) => void): void {
    act(folder.entries);
    folder.changes.push(act);
    folder.modified = now();
  }

  function add(path: string, node: Node): void {
    const parent = parentOf(path);
    const name = nameOf(path);
    if (parent.entries.has(name)) throw systemError('EEXIST', path);
    change(parent, (entries) => entries.set(name, node));
  }

  function folderAt(path: string): FolderNode {
    const { node } = place(path, true);
    if (!node) throw nothing(path);
    if (node.kind !== 'folder') throw systemError('ENOTDIR', path);
    return node;
  }

  function fileNode(path: string): FileNode {
    const { node } = place(path, true);
    if (!node) throw nothing(path);
    if (node.kind !== 'file') throw systemError('EISDIR', path);
    return node;
  }

  const disk: Disk = {
    status: (path) => statusOf(place(path, true).node),
    linkStatus: (path) => statusOf(place(path, false).node),
    realPath: (path) => {
      const { node, real } = place(path, true);
      if (!node) throw nothing(path);
      return real;
    },
    readLink: (path) => {
      const { node } = place(path, false);
      if (node?.kind !== 'link') throw systemError(node ? 'EINVAL' : 'ENOENT', path);
      return node.target;
    },
    readFile: (path) => fileNode(path).content,
    list: (path) => [...folderAt(path).entries].map(([name, { kind }]) => ({ name, kind })),
    makeFolders: (path, mode = 0o777) => {
      const found = place(path, true).node;
      if (found?.kind === 'folder') return undefined;
      if (found) throw systemError('EEXIST', path);
      const first = disk.makeFolders(dirname(path), mode);
      add(path, newFolder(inodes++, mode & ~0o022, now()));
      return first ?? path;
    },
    makeFolder: (path) => add(path, newFolder(inodes++, 0o755, now())),
    removeFolder: (path) => {
      const node = place(path, false).node;
      if (!node) throw nothing(path);
      if (node.kind !== 'folder') throw systemError('ENOTDIR', path);
      if (node.entries.size > 0) throw systemError('ENOTEMPTY', path);
      change(parentOf(path), (entries) => entries.delete(nameOf(path)));
    },
    writeNew: (path, content, mode) =>
      add(path, { kind: 'file', inode: inodes++, content: Uint8Array.from(content), mode, modified: now() }),
    makeLink: (path, target) => add(path, { kind: 'link', inode: inodes++, target, mode: 0o777, modified: now() }),
    setOwner: (path) => void fileNode(path),
    rename: (from, to) => rename(from, to),
    exchange: (staged, target, there) => exchange(staged, target, there),
    unlink: (path) => {
      const node = place(path, false).node;
      if (!node) throw nothing(path);
      if (node.kind === 'folder') throw systemError('EISDIR', path);
      change(parentOf(path), (entries) => entries.delete(nameOf(path)));
    },
    writeLoose: (path, content, mode) => {
      const target = place(path, true);
      const bytes = Uint8Array.from(content);
      if (target.node?.kind === 'file') Object.assign(target.node, { content: bytes, modified: now() });
      else disk.writeNew(target.real, bytes, mode);
    },
    syncFolder: (path) => {
      const folder = folderAt(path);
      folder.durable = new Map(folder.entries);
      folder.changes = [];
    },
  };

  function rename(from: string, to: string): void {
    const node = place(from, false).node;
    if (!node) throw nothing(from);
    const there = place(to, false).node;
    if (node.kind === 'folder' && there?.kind === 'folder' && there.entries.size > 0)
      throw systemError('ENOTEMPTY', to);
    if (node.kind !== 'folder' && there?.kind === 'folder') throw systemError('EISDIR', to);
    if (node.kind === 'folder' && there && there.kind !== 'folder') throw systemError('ENOTDIR', to);
    const [source, target] = [parentOf(from), parentOf(to)];
    if (source === target) {
      change(source, (entries) => {
        entries.delete(nameOf(from));
        entries.set(nameOf(to), node);
      });
    } else {
      change(target, (entries) => entries.set(nameOf(to), node));
      change(source, (entries) => entries.delete(nameOf(from)));
    }
  }

  function exchange(staged: string, target: string, there: Uint8Array): Exchanged {
    const [ours, theirs] = [place(staged, false).node, place(target, false).node];
    if (ours?.kind !== 'file' || theirs?.kind !== 'file') return 'unable';
    if (!Buffer.from(theirs.content).equals(there)) return 'moved';
    change(parentOf(target), (entries) => entries.set(nameOf(target), ours).set(nameOf(staged), theirs));
    return 'exchanged';
  }

  const visit = (folder: FolderNode, kept: (changes: number) => number): void => {
    const survivors = folder.changes.slice(0, kept(folder.changes.length));
    folder.entries = new Map(folder.durable);
    for (const survivor of survivors) survivor(folder.entries);
    folder.durable = new Map(folder.entries);
    folder.changes = [];
    for (const node of folder.entries.values()) if (node.kind === 'folder') visit(node, kept);
  };

  return {
    disk,
    write: (path, content, mode = 0o644) => {
      disk.makeFolders(dirname(path), 0o755);
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const target = place(path, true);
      if (target.node?.kind === 'file') Object.assign(target.node, { content: bytes, modified: now() });
      else disk.writeNew(target.real, bytes, mode);
      settle(root);
    },
    replace: (path, content, mode) => {
      disk.makeFolders(dirname(path), 0o755);
      disk.writeNew(`${path}.tmp`, new TextEncoder().encode(content), mode);
      disk.rename(`${path}.tmp`, path);
      settle(root);
    },
    link: (path, target) => {
      disk.makeFolders(dirname(path), 0o755);
      disk.makeLink(path, target);
      settle(root);
    },
    read: (path) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(disk.readFile(path)),
    exists: (path) => disk.linkStatus(path) !== undefined,
    remove: (path) => {
      parentOf(path).entries.delete(nameOf(path));
      settle(root);
    },
    chmod: (path, mode) => {
      const { node } = place(path, true);
      if (!node) throw nothing(path);
      node.mode = mode;
    },
    touch: (path) => {
      const { node } = place(path, false);
      if (node) node.modified = now();
    },
    snapshot: (folder) => snapshotOf(folderAt(folder), ''),
    cutPower: (kept) => visit(root, kept),
    copy: (clock) => memoryDisk(clock, copyOf(root) as FolderNode),
  };
}

interface Found {
  readonly node: Node | undefined;
  /** The path with every link followed, as far as it exists. */
  readonly real: string;
}

/** Walks a path from the root. A missing parent is no error; a file in the middle is. */
function find(root: FolderNode, path: string, follow: boolean, links: number): Found {
  if (links > 40) throw systemError('ELOOP', path);
  let at: Found = { node: root, real: '/' };
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (const [index, part] of parts.entries()) {
    if (part === '..') {
      at = find(root, dirname(at.real), true, links + 1);
      continue;
    }
    if (!at.node) return { node: undefined, real: join(at.real, ...parts.slice(index)) };
    if (at.node.kind !== 'folder') throw systemError('ENOTDIR', path);
    const node: Node | undefined = at.node.entries.get(part);
    const here = { node, real: at.real === '/' ? `/${part}` : `${at.real}/${part}` };
    const last = index === parts.length - 1;
    at =
      node?.kind === 'link' && (follow || !last)
        ? find(root, join(node.target.startsWith('/') ? '' : at.real, node.target), true, links + 1)
        : here;
  }
  return at;
}

function newFolder(inode: number, mode: number, modified: number): FolderNode {
  return { kind: 'folder', inode, entries: new Map(), durable: new Map(), changes: [], mode, modified };
}

function statusOf(node: Node | undefined): NodeStatus | undefined {
  if (!node) return undefined;
  const { kind, inode, mode, modified } = node;
  const size = node.kind === 'file' ? node.content.length : 0;
  return { kind: kind as NodeKind, inode, mode, modified, changed: modified, size, uid: 1000, gid: 1000 };
}

/** What a test arranges has been on the disk for long. */
function settle(folder: FolderNode): void {
  folder.durable = new Map(folder.entries);
  folder.changes = [];
  for (const node of folder.entries.values()) if (node.kind === 'folder') settle(node);
}

function snapshotOf(folder: FolderNode, at: string): Record<string, string> {
  const nodes: Record<string, string> = {};
  for (const [name, node] of [...folder.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = at === '' ? name : `${at}/${name}`;
    nodes[path] = describe(node);
    if (node.kind === 'folder') Object.assign(nodes, snapshotOf(node, path));
  }
  return nodes;
}

function describe(node: Node): string {
  if (node.kind === 'link') return `link to ${node.target}`;
  const mode = node.mode.toString(8);
  if (node.kind === 'folder') return `folder ${mode}`;
  return `file ${mode} ${createHash('sha256').update(node.content).digest('hex')}`;
}

function copyOf(node: Node): Node {
  if (node.kind !== 'folder') return { ...node };
  const entries = new Map([...node.entries].map(([name, each]) => [name, copyOf(each)]));
  return { ...node, entries, durable: new Map(entries), changes: [] };
}

function highest(node: Node): number {
  return node.kind === 'folder' ? Math.max(node.inode, ...[...node.entries.values()].map(highest)) : node.inode;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
