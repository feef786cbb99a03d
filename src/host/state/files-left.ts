import { dirname } from 'node:path';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';
import { countEarlier } from '../transaction/earlier-values.ts';
import { listRuns } from '../transaction/runs.ts';
import type { StatePaths } from './state-directory.ts';
import { listTokens } from './token-files.ts';

/** What of ours stands outside the clients' homes. */
export interface OwnFiles {
  /** How many runs can be restored. */
  readonly runs: number;
  /** How many values are kept that were the user's before a push replaced them. */
  readonly earlier: number;
  /** The names of the tokens. */
  readonly tokens: readonly string[];
  /** The keys of the records: what is deployed, to which homes. */
  readonly records: readonly string[];
  /** The file of the user's configuration, if there is one. */
  readonly configuration: string | undefined;
  /** The folders that hold all that. */
  readonly folders: readonly string[];
}

/** Looks at what of ours stands outside the clients' homes. Throws `Failure` for what cannot be read. */
export function ownFiles(disk: Disk, paths: StatePaths, configuration: string): OwnFiles {
  try {
    const isThere = (path: string) => disk.status(path) !== undefined;
    return {
      runs: listRuns(disk, paths).length,
      earlier: countEarlier(disk, paths),
      tokens: listTokens(disk, paths),
      records: recordKeys(disk, paths),
      configuration: isThere(configuration) ? configuration : undefined,
      folders: [paths.root, dirname(configuration)].filter(isThere),
    };
  } catch (error) {
    throw asFailure(error, paths.root, 'look at it');
  }
}

/** The keys of all records, whatever home they are of. Throws the system's error when they cannot be listed. */
export function recordKeys(disk: Disk, { records }: StatePaths): string[] {
  const names = disk.status(records) ? disk.list(records).map(({ name }) => name) : [];
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}
