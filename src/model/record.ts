import type { RecordedUnit } from './unit.ts';
import type { KeyPath } from './value.ts';

/**
 * The layout of record files. A record with a higher number is from a newer Syncline and is not touched. 2 knows of earlier
 * values, which a Syncline that writes 1 would forget.
 */
export const recordVersion = 2;

/** Which repository deployed to a home. */
export interface Repository {
  /** The id in `clients/syncline.toml`, else the root commit, else the real path. */
  readonly id: string;
  /** What the markers in the runtime call it: the name its folder had when it deployed first. */
  readonly name: string;
  /** Its real path at the last run. */
  readonly path: string;
  /** Its last commit, or null outside git. */
  readonly commit: string | null;
  /** Where it may be fetched from, in a form that is equal for every clone; absent where it has no remote. */
  readonly remotes?: readonly string[];
}

/** The repository that a command was run in, with what it can be compared by. */
export interface IdentifiedRepository {
  readonly repository: Repository;
  /** Whether the id stands in `clients/syncline.toml`, where anybody can copy it. */
  readonly isNamed: boolean;
  /** Whether the clone holds the newest commits only. */
  readonly isShallow: boolean;
  /** Whether its history holds a commit; undefined where git cannot say. */
  readonly holds: (commit: string) => boolean | undefined;
}

/** What we deployed last into one client home: one file in the state directory. */
export interface ClientRecord {
  readonly version: number;
  /** The Syncline that wrote it. */
  readonly syncline: string;
  readonly client: string;
  /** The real path of the client home. */
  readonly home: string;
  readonly repository: Repository;
  readonly units: readonly RecordedUnit[];
  /** By the name the client's targets use: what else we did to the files that others write too. */
  readonly files: Readonly<Record<string, RecordedFile>>;
  /** Folders we created, relative to the client's home; `.` is the home itself. */
  readonly folders: readonly string[];
}

/** The glue: what to take out again, besides the units, to give the user the first bytes back. */
export interface RecordedFile {
  /** True when the file was not there before us. */
  readonly created: boolean;
  readonly inserted: readonly { readonly at: number; readonly text: string }[];
  readonly parents: readonly KeyPath[];
  /** Sections that stand in the user's own text, outside our block, by their address: that text. */
  readonly found?: Readonly<Record<string, string>>;
  /**
   * The file as it was before a push first replaced a value of the user's in it: the digest of a `FirstText` that is kept, and
   * the digest of the text that our last run left. Where that still stands, nobody else wrote in between.
   */
  readonly first?: { readonly digest: string; readonly left: string };
}

/** A shared file as it was once, with what was ours in it by then. It is kept as JSON. */
export interface FirstText extends Pick<RecordedFile, 'inserted' | 'parents' | 'found'> {
  readonly text: string;
  readonly owned: readonly Pick<RecordedUnit, 'kind' | 'address' | 'earlier'>[];
}

/** The digests of the earlier values that a record needs. */
export function earlierDigests(record: ClientRecord | null | undefined): Set<string> {
  const units = (record?.units ?? []).flatMap(({ earlier }) => earlier?.digest ?? []);
  const files = Object.values(record?.files ?? {}).flatMap(({ first }) => first?.digest ?? []);
  return new Set([...units, ...files]);
}
