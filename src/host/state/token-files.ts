import { basename, dirname, join } from 'node:path';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import { readFileOf } from '../reading/read-file.ts';
import { asFailure } from '../system-error.ts';
import { discard, replaceFile, targetOf } from '../transaction/atomic-write.ts';
import { makeDurableFolders } from '../transaction/folders.ts';
import type { StatePaths } from './state-directory.ts';

/** A token's file as it stands. */
export interface TokenFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** When it was written last, in milliseconds since 1970. */
  readonly modified: number;
}

/** The file of a token. */
export function tokenPath({ tokens }: StatePaths, name: string): string {
  return join(tokens, name);
}

/** The names that have a file, sorted. Throws `Failure` when the folder cannot be read. */
export function listTokens(disk: Disk, paths: StatePaths): string[] {
  try {
    if (!disk.status(paths.tokens)) return [];
    const names = disk.list(paths.tokens).map(({ name }) => name);
    return names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    throw asFailure(error, paths.tokens, 'list the tokens');
  }
}

/** A token's file, links followed; undefined where none is. Throws `Failure` when it cannot be read. */
export function readToken(disk: Disk, paths: StatePaths, name: string): TokenFile | undefined {
  const path = tokenPath(paths, name);
  try {
    const status = disk.status(path);
    return status && { ...readFileOf(disk, path, status), modified: status.modified };
  } catch (error) {
    throw asFailure(error, path, 'read the token');
  }
}

/**
 * Writes a token for its user only, in one step and forced to the disk. It is never backed up: that would be a second
 * copy of a secret. Throws `Failure`; the old token then stands.
 */
export function writeToken({ disk, uniqueName }: Host, paths: StatePaths, name: string, token: string): void {
  const path = tokenPath(paths, name);
  try {
    makeDurableFolders(disk, paths.tokens, 0o700);
    keepFromGit(disk, paths);
    sweep(disk, path);
    replaceFile(disk, path, new TextEncoder().encode(`${token}\n`), 0o600, uniqueName());
  } catch (error) {
    throw asFailure(error, path, 'write the token');
  }
}

/** Removes a token, and what a killed run left of it. Of a link only the link goes. Throws `Failure`. */
export function removeToken(disk: Disk, paths: StatePaths, name: string): void {
  const path = tokenPath(paths, name);
  try {
    sweep(disk, path);
    discard(disk, path);
    if (disk.status(paths.tokens)) disk.syncFolder(paths.tokens);
  } catch (error) {
    throw asFailure(error, path, 'remove the token');
  }
}

/** A killed run may have left the token in a staged file. Who calls this holds the run lock, so none is under way. */
export function sweep(disk: Disk, path: string): void {
  const target = targetOf(disk, path);
  const folder = dirname(target);
  if (!disk.status(folder)) return;
  const staged = disk.list(folder).filter(({ name }) => name.startsWith(`.${basename(target)}.syncline-`));
  for (const { name } of staged) disk.unlink(join(folder, name));
}

/** Some keep their whole home in git. */
function keepFromGit(disk: Disk, { tokens }: StatePaths): void {
  const path = join(tokens, '.gitignore');
  if (!disk.linkStatus(path)) disk.writeNew(path, new TextEncoder().encode('*\n'), 0o600);
}
