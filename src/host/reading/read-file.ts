import { linkMode, type RuntimeFile, type Standing } from '../../model/runtime.ts';
import type { Disk, NodeStatus } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { kindAt } from '../transaction/folders.ts';

/**
 * The file at a path, links followed, or undefined when nothing is there. Throws a system error for anything that is
 * no file: reading a pipe would wait for ever.
 */
export function fileAt(disk: Disk, path: string): RuntimeFile | undefined {
  const status = disk.status(path);
  return status && readFileOf(disk, path, status);
}

/** The same where the status is known. */
export function readFileOf(disk: Disk, path: string, status: NodeStatus): RuntimeFile {
  const code = status.kind === 'other' ? 'ENOTFILE' : 'EISDIR';
  if (status.kind !== 'file') throw Object.assign(new Error(`${path} is not a file`), { code, path });
  return { bytes: disk.readFile(path), mode: status.mode & 0o777 };
}

/** What stands at a place, without following a link: its bytes (of a link, what it says) and its mode. */
export function nodeAt(disk: Disk, path: string): RuntimeFile | undefined {
  if (disk.linkStatus(path)?.kind !== 'link') return fileAt(disk, path);
  return { bytes: new TextEncoder().encode(disk.readLink(path)), mode: linkMode };
}

/**
 * Whether a place holds a file or can hold one. Anything else, there or in the place of its folder, has come since a plan
 * was made; the next plan says what is wrong with it.
 */
export function isFileOrNothing(disk: Disk, path: string): boolean {
  return ['file', 'link', 'nothing'].includes(kindAt(disk, path));
}

/** What stands at each of these paths, by path. Throws `Failure` for one that cannot be read. */
export function readStanding(disk: Disk, paths: readonly string[]): Map<string, Standing> {
  return new Map(paths.map((path) => [path, standingAt(disk, path)]));
}

function standingAt(disk: Disk, path: string): Standing {
  try {
    const link = disk.linkStatus(path)?.kind === 'link' ? { link: disk.readLink(path) } : {};
    return { file: fileAt(disk, path), ...link };
  } catch (error) {
    throw asFailure(error, path, 'read it');
  }
}
