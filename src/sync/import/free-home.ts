import type { ClientState } from '../plan/client-state.ts';

/** What stands at the top of a client's home and is neither of a target nor the client's own. */
export interface TopEntry {
  readonly name: string;
  /** The file itself, or what the folder holds, relative to the home. */
  readonly files: readonly string[];
  /** What of it is a link to elsewhere, or no regular file. */
  readonly left: readonly string[];
  /** Why nothing of it can be imported. */
  readonly closed?: string;
}

/** A home, and what stands free at its top. */
export interface FreeHome {
  readonly state: ClientState;
  readonly entries: readonly TopEntry[];
}
