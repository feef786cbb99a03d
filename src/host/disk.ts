import type { Exchanged } from './transaction/exchange.ts';

/** What kind of thing stands at a path. */
export type NodeKind = 'file' | 'folder' | 'link' | 'other';

export interface NodeStatus {
  readonly kind: NodeKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  readonly size: number;
  /** When the content was written last, and when anything about the node changed: milliseconds since 1970, with a fraction. */
  readonly modified: number;
  readonly changed: number;
}

/**
 * Every way the program touches a disk. All calls are synchronous and throw Node's system errors. A dry run, a test
 * that fails the n-th write and the real thing differ only in the disk they are given.
 */
export interface Disk {
  /** Follows links; undefined where nothing stands. */
  status(path: string): NodeStatus | undefined;
  /** Does not follow a link. */
  linkStatus(path: string): NodeStatus | undefined;
  realPath(path: string): string;
  readLink(path: string): string;
  readFile(path: string): Uint8Array;
  list(folder: string): { readonly name: string; readonly kind: NodeKind }[];
  /** Creates a folder and its parents; gives the first one it created, undefined when all were there. */
  makeFolders(path: string, mode?: number): string | undefined;
  /** Creates one folder; fails when it is there. */
  makeFolder(path: string): void;
  removeFolder(path: string): void;
  /** Writes all bytes to a new file and forces them to the disk; fails when the file is there. */
  writeNew(path: string, content: Uint8Array, mode: number): void;
  makeLink(path: string, target: string): void;
  setOwner(path: string, uid: number, gid: number): void;
  rename(from: string, to: string): void;
  /** Swaps a staged file with its target in one step, if the target holds these bytes. */
  exchange(staged: string, target: string, there: Uint8Array): Exchanged;
  unlink(path: string): void;
  /**
   * Writes what may be lost, or be there in part: it is forced nowhere, and goes to no other place first. In a folder that
   * is there.
   */
  writeLoose(path: string, content: Uint8Array, mode: number): void;
  /** Forces a folder's entries to the disk. */
  syncFolder(path: string): void;
}

/** What of a disk is needed to read a source. */
export type ReadableDisk = Pick<Disk, 'status' | 'linkStatus' | 'realPath' | 'readLink' | 'readFile' | 'list'>;
