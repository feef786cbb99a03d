import type { Finding } from './finding.ts';

/** One file below `clients/`, as the host read it. */
export interface SourceFile {
  /** Relative to the repository, with `/`: `clients/codex/instructions.md`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** Everything below `clients/` but `pulled/`, sorted by path. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  /** Why the other files could not be read. */
  readonly unreadable?: readonly Finding[];
}
