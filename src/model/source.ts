import type { Finding } from './finding.ts';

/** One file below `clients/`, as the host read it. */
export interface SourceFile {
  /** Relative to the repository, with `/`: `clients/codex/instructions.md`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** Everything below `clients/` but `pulled/`, and below the user's layers outside it, sorted by path. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  /**
   * The folders that have `shared/` and one folder for each client, lowest first: `clients`, then this machine's and the
   * user's layers (`clients/machines/work`, `clients/people/ana`, an absolute path). What a later one says wins.
   */
  readonly layers: readonly string[];
  /** Why the other files could not be read. */
  readonly unreadable?: readonly Finding[];
}
