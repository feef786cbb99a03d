import type { Commit } from './commit.ts';
import type { Verdict } from './plan.ts';

/** How things stand, as `status` tells it. */
export interface Status {
  readonly clients: readonly ClientStatus[];
  readonly repository: RepositoryStatus;
  /** Lowest first. */
  readonly layers: readonly string[];
  readonly runs: RunsStatus;
}

export interface ClientStatus {
  readonly client: string;
  readonly title: string;
  /** Its folder, and its files that stand elsewhere. */
  readonly homes: readonly string[];
  readonly inSync: boolean;
  /** Units by verdict, without what is left out or kept. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Left out by a layer, and kept by the user's configuration. */
  readonly leftOut: number;
  readonly kept: number;
  /** null: nothing was deployed yet. */
  readonly lastPush: LastPush | null;
  readonly session: SessionCost | null;
}

export interface LastPush {
  /** In ISO 8601; null where it was taken back since. */
  readonly time: string | null;
  /** When a restore went back to what was deployed at the commit. */
  readonly restored?: string;
  /** When `init` imported what the client had; nothing was pushed since. */
  readonly imported?: string;
  /** The full name of the commit; null outside git. */
  readonly commit: string | null;
  readonly subject: string | null;
  /** How many commits the repository is ahead of it; null where that is not known. */
  readonly ahead: number | null;
  /** The other repository that it came from. */
  readonly otherRepository?: string;
}

export interface RepositoryStatus {
  readonly path: string;
  /** Whether git answers there. */
  readonly git: boolean;
  readonly head: Commit | null;
  /** Files of `clients/` that are not as the last commit has them; null without git. */
  readonly uncommitted: number | null;
}

export interface RunsStatus {
  /** How many can be restored. */
  readonly count: number;
  readonly last: {
    readonly name: string;
    readonly command: string;
    readonly time: string;
    readonly files: number;
  } | null;
}

/** What a client loads in every session, in estimated tokens. */
export interface SessionCost {
  readonly tokens: number;
  readonly budget: number;
  /** The dearest first. */
  readonly files: readonly SessionFile[];
}

export interface SessionFile {
  /** A file relative to the client's home, or what of several is listed. */
  readonly name: string;
  readonly tokens: number;
  /** What of it Syncline put there, part by part. */
  readonly parts?: readonly { readonly name: string; readonly tokens: number }[];
}
