import type { Client } from '../adapters/client.ts';
import type { Host } from '../host/host.ts';
import type { StatePaths } from '../host/state/state-directory.ts';
import type { Environment } from '../model/paths.ts';

/** What a caller may ask for besides the everyday; without any, what is asked for every day. */
export interface Wishes {
  /** The repository; absent: the one that the working directory is in. */
  readonly repo?: string;
  /** Stands for HOME and the clients' own variables. */
  readonly home?: string;
  /** The clients that are named; absent: all. */
  readonly client?: readonly string[];
  /** Units to adopt, or all that can be. */
  readonly adopt?: true | readonly string[];
  /** Nothing is written: the disk is one that cannot. */
  readonly dryRun?: boolean;
  /** A home of another repository is taken for one of ours. */
  readonly takeOver?: boolean;
  readonly verbose?: boolean;
  /** Whether `doctor` may use the network, and start servers. */
  readonly online?: boolean;
  readonly startServers?: boolean;
}

/** What the engine works with: the machine that it was given, and what was asked of it. */
export interface World {
  /** With a disk that cannot write in a dry run. */
  readonly host: Host;
  /** Those that are meant; without a choice all. */
  readonly clients: readonly Client[];
  readonly allClients: readonly Client[];
  readonly environment: Environment;
  readonly state: StatePaths;
  readonly options: Wishes;
  readonly version: string;
}
