import { basename, join } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { type FileWrite, type PlannedRecord, sideOf } from '../../model/plan.ts';
import { type ClientRecord, earlierDigests } from '../../model/record.ts';
import type { RunFile } from '../../model/run.ts';
import type { Disk } from '../disk.ts';
import { fileAt } from '../reading/read-file.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure } from '../system-error.ts';

/** The file that keeps an earlier value: each record has its own, so that none outlives another's need. */
function earlierPath(paths: StatePaths, key: string, digest: string): string {
  return join(paths.earlier, `${key}.${digest}`);
}

/**
 * What is kept under these digests for a record. One that is gone, or is not what was put there, is missing. Throws `Failure`
 * for one that cannot be read.
 */
export function readEarlier(
  disk: Disk,
  paths: StatePaths,
  key: string,
  digests: Iterable<string>,
): Map<string, { readonly path: string; readonly content: Uint8Array }> {
  const found = new Map<string, { path: string; content: Uint8Array }>();
  for (const digest of digests) {
    const path = earlierPath(paths, key, digest);
    try {
      const content = disk.status(path) ? disk.readFile(path) : undefined;
      if (content && digestOf(content) === digest) found.set(digest, { path, content });
    } catch (error) {
      throw asFailure(error, path, 'read what was there before the first push');
    }
  }
  return found;
}

/** The earlier values that a record comes to need are written with it, and those that it needs no longer go with it. */
export function earlierWrites(
  disk: Disk,
  paths: StatePaths,
  { key, record, keeps, spares = [] }: PlannedRecord,
  before: ClientRecord | undefined,
): FileWrite[] {
  const [old, needed] = [earlierDigests(before), earlierDigests(record)];
  const write = (digest: string, content: Uint8Array | undefined): FileWrite[] => {
    const path = earlierPath(paths, key, digest);
    const now = sideOf(fileAt(disk, path));
    const isThere = content ? now?.digest === digest : now === null;
    if (isThere) return [];
    return [
      {
        client: key.replace(/-[^-]*$/, ''),
        file: '',
        path,
        before: now,
        after: content ? { content, mode: 0o600 } : null,
      },
    ];
  };
  const fresh = [...needed].flatMap((digest) => {
    const content = keeps?.get(digest);
    return content ? write(digest, content) : [];
  });
  const gone = [...old].filter((digest) => !needed.has(digest) && !spares.includes(digest));
  return [...fresh, ...gone.flatMap((digest) => write(digest, undefined))];
}

/** How many values of the user's are still kept. Throws the system's error when they cannot be listed. */
export function countEarlier(disk: Disk, { earlier }: StatePaths): number {
  return disk.status(earlier) ? disk.list(earlier).filter(({ kind }) => kind === 'file').length : 0;
}

/** The digest under which a file of a run is an earlier value; undefined for every other file. */
export function earlierDigestOf(paths: StatePaths, { file, path }: Pick<RunFile, 'file' | 'path'>): string | undefined {
  return file === '' && path.startsWith(join(paths.earlier, '/')) ? basename(path).split('.').at(-1) : undefined;
}
