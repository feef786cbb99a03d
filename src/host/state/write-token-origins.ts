import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import { asFailure } from '../system-error.ts';
import { removeDurably, replaceFile } from '../transaction/atomic-write.ts';
import { makeDurableFolders } from '../transaction/folders.ts';
import type { StatePaths } from './state-directory.ts';
import { sweep } from './token-files.ts';
import { refuseLinks, tokenOriginsPath } from './token-origins.ts';

/** Writes where a token may go, in one step and forced to the disk. Throws `Failure`; the old file then stands. */
export function writeTokenOrigins(host: Host, paths: StatePaths, name: string, origins: readonly string[]): void {
  const path = tokenOriginsPath(paths, name);
  const { disk, uniqueName } = host;
  try {
    refuseLinks(disk, [paths.tokenOrigins, path]);
    makeDurableFolders(disk, paths.tokenOrigins, 0o700);
    sweep(disk, path);
    const text = [...new Set(origins)].map((origin) => `${origin}\n`).join('');
    replaceFile(disk, path, new TextEncoder().encode(text), 0o600, uniqueName());
  } catch (error) {
    throw asFailure(error, path, 'write where the token may go');
  }
}

/** Forgets where a token may go. Of a link only the link goes. Throws `Failure`. */
export function removeTokenOrigins(disk: Disk, paths: StatePaths, name: string): void {
  const path = tokenOriginsPath(paths, name);
  try {
    refuseLinks(disk, [paths.tokenOrigins]);
    removeDurably(disk, path);
  } catch (error) {
    throw asFailure(error, path, 'remove where the token may go');
  }
}

/** Brings back what `readTokenOrigins` gave. Throws `Failure`. */
export function putTokenOrigins(host: Host, paths: StatePaths, name: string, was: readonly string[] | undefined): void {
  if (was) writeTokenOrigins(host, paths, name, was);
  else removeTokenOrigins(host.disk, paths, name);
}
