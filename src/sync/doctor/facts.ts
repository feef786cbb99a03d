import type { Complaint, Need } from '../../adapters/checkup.ts';
import type { Client } from '../../adapters/client.ts';
import type { Finding } from '../../model/finding.ts';
import type { Environment } from '../../model/paths.ts';
import type { ClientState } from '../plan/client-state.ts';

/** What was found out about one client. */
export interface ClientFacts {
  readonly client: Client;
  /** Its home, files, record and what is wanted of it; absent where its files could not be read. */
  readonly state?: ClientState;
  readonly hasHome: boolean;
  /** Where its program stands; absent: it is not on PATH. */
  readonly program?: string;
  readonly version: Version;
  /** Whether it was asked about its files: not where they could not be read. */
  readonly asked: boolean;
  /** Files that we write, or wrote, and that a link leads to where nothing may be written. */
  readonly readOnly: readonly { readonly path: string; readonly place: string }[];
  /** What it has against its files; absent: it was not asked, or said nothing that we know. */
  readonly complaints?: readonly Complaint[];
  /** Of those of its needs that were looked for, what came of it. */
  readonly needs: readonly NeedFact[];
  /** Imports of its instructions that lead nowhere: what was named, the file that is not there, and where that stands. */
  readonly lostImports: readonly LostImport[];
  /** Servers that it started and that do not work; absent: it was not asked. */
  readonly failedServers?: readonly { readonly server: string; readonly says: string }[];
  /** The texts of files beside, by their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
}

/** An `@path` that leads to no file. */
export interface LostImport {
  readonly named: string;
  readonly target: string;
  readonly path: string;
  readonly line: number;
}

/** What a program says of its version; broken: it could not be started at all. */
export type Version = { readonly text: string } | 'unknown' | 'broken';

/** A need, and why it is not met; without a reason it is. */
export interface NeedFact {
  readonly need: Need;
  readonly unmet?: string;
}

/** What was found out about the machine and our own state on it. */
export interface MachineFacts {
  readonly environment: Environment;
  readonly platform: string;
  /** The version of Node. */
  readonly node: string;
  readonly hasGit: boolean;
  readonly lock?: { readonly path: string; readonly by: string; readonly left: boolean };
  /** Set when a run was cut off, or is under way. */
  readonly journal?: string;
  /** Locks of clients that nobody keeps up, with the client's title. */
  readonly clientLocks: readonly { readonly path: string; readonly title: string }[];
  /** What is wrong with whose our state is. */
  readonly foreign?: Finding;
  /** What others on this machine may read, though it holds secrets. */
  readonly open: readonly OpenPlace[];
}

export interface OpenPlace {
  readonly path: string;
  readonly kind: 'file' | 'state';
}
