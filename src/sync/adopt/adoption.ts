import type { Finding } from '../../model/finding.ts';
import type { Environment } from '../../model/paths.ts';
import type { Power } from '../../model/power.ts';
import type { SourceTree } from '../../model/source.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { MergedUnit } from '../plan/merged-unit.ts';
import type { ClientDesired } from '../source/desired.ts';
import type { AdoptClient, Candidate } from './candidates.ts';
import type { ChangedFile, SourceChange } from './change.ts';
import type { AdoptConflict } from './join-changes.ts';

/** What a source would want of each client, and the mistakes it would have. */
export interface JudgedSource {
  readonly desired: ReadonlyMap<string, ClientDesired>;
  readonly errors: readonly Finding[];
}

export interface AdoptRequest {
  readonly tree: SourceTree;
  /** Those that are looked at, which may be some of all. */
  readonly clients: readonly AdoptClient[];
  readonly candidates: readonly Candidate[];
  /** Files that become part of the source as they are: what an agent learned. */
  readonly learned: readonly SourceChange[];
  /** Whose files are named with "~" and by variables. */
  readonly environment: Environment;
  /** For all clients: a change of what they share may break one that is not looked at. */
  judge(tree: SourceTree): JudgedSource;
}

/** A unit of which the source holds more than the runtime now, all that the runtime has included. */
export interface Absorbed {
  readonly state: ClientState;
  readonly unit: MergedUnit;
}

/** A file of a client's home that the source names and does not hold. */
export interface NeededFile {
  readonly state: ClientState;
  /** Relative to the home. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** What names it, as people know it. */
  readonly by: string;
}

/** What adoption would do. With conflicts or errors nothing may be written. */
export interface Adoption {
  readonly files: readonly ChangedFile[];
  /** Each adopted unit with the source files that it changes. */
  readonly adopted: readonly { readonly id: string; readonly paths: readonly string[] }[];
  /** Units of which the record takes note that the source has their values. */
  readonly absorbed: readonly Absorbed[];
  /** Units of any client that the next push brings the adopted values to. */
  readonly also: readonly string[];
  /** What the source lets agents do that it did not before, by unit. */
  readonly powers: readonly { readonly id: string; readonly powers: readonly Power[] }[];
  /** Files of the homes that the source would name and not hold. */
  readonly needed: readonly NeededFile[];
  readonly conflicts: readonly AdoptConflict[];
  readonly findings: readonly Finding[];
}
