import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Disk } from '../disk.ts';
import { fileAt } from '../reading/read-file.ts';
import { asFailure } from '../system-error.ts';
import type { StatePaths } from './state-directory.ts';

/** The file that says where a token may go. It stands in a folder of its own, since a token can have any name of a file. */
export function tokenOriginsPath({ tokenOrigins }: StatePaths, name: string): string {
  return join(tokenOrigins, name);
}

/**
 * Where a token may go, one a line; undefined where nothing says so. Unlike a token it is no link: what that leads to may be
 * somebody else's. Throws `Failure` for one, and when it cannot be read.
 */
export function readTokenOrigins(disk: Disk, paths: StatePaths, name: string): readonly string[] | undefined {
  const path = tokenOriginsPath(paths, name);
  try {
    refuseLinks(disk, [paths.tokenOrigins, path]);
    const file = fileAt(disk, path);
    return (
      file &&
      new TextDecoder()
        .decode(file.bytes)
        .split('\n')
        .filter((line) => line !== '')
    );
  } catch (error) {
    throw asFailure(error, path, 'read where the token may go');
  }
}

/** Throws `Failure` where one of the places is a link. */
export function refuseLinks(disk: Disk, places: readonly string[]): void {
  const link = places.find((path) => disk.linkStatus(path)?.kind === 'link');
  if (link === undefined) return;
  const message =
    'a link stands where Syncline keeps where a token may go, so others may have written it; it is not read';
  const remedy = 'Remove the link. The next push then asks where the token may go.';
  throw new Failure([problem('token-origins', message, remedy, { path: link })]);
}
