import type { PassedOver } from './passed-over.ts';

/** The mode of a symlink in a plan, whose content is what it says. */
export const linkMode = 0o120777;

/** One file of the runtime as it was read. */
export interface RuntimeFile {
  readonly bytes: Uint8Array;
  /** The permission bits, such as 0o600. */
  readonly mode: number;
}

/** What stands at a path: the file, links followed, and what the link says that stands there. */
export interface Standing {
  readonly file: RuntimeFile | undefined;
  readonly link?: string;
}

/** What the planner needs to see of one client home. */
export interface RuntimeRequest {
  readonly root: string;
  readonly elsewhere: Readonly<Record<string, string>>;
  /** Files to read, by their names relative to the home. */
  readonly files: readonly string[];
  /** Folders to list with everything below, and the names in them that the client owns. */
  readonly trees: readonly RuntimeTree[];
}

/** A folder of a client's home to list. */
export interface RuntimeTree {
  readonly folder: string;
  readonly owned: readonly string[];
  /** Lists only what is below the folder of this name in each folder of it. */
  readonly each?: string;
}

/** One client home as it was read. Nothing in it is trusted. */
export interface Runtime {
  /** The real path of the home, or what it will be. */
  readonly home: string;
  /** The files of the request that exist. */
  readonly files: ReadonlyMap<string, RuntimeFile>;
  /** By folder of the request: every file below it, relative to the home, sorted. A linked folder is one name that ends in `/`. */
  readonly listings: ReadonlyMap<string, readonly string[]>;
  /**
   * Names, and folders for all below them, whose bytes must not be copied: a link out of the home, and what is no file.
   * They are relative to the home.
   */
  readonly beyond: ReadonlySet<string>;
  /** Names that are in no listing, nor is what stands below them, and why: `.git`, `node_modules` and the like. */
  readonly passedOver: ReadonlyMap<string, PassedOver>;
  /** Where each requested file really stands, or would: two names may be one file. */
  readonly places: ReadonlyMap<string, string>;
  /** The folders that exist among the parents of the requested files, relative to the home; `.` is the home. */
  readonly folders: ReadonlySet<string>;
}
