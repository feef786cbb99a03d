import type { ClientLock, CommandName } from './plan.ts';

/** The layout of run files. One with a higher number is from a newer Syncline. */
export const runVersion = 1;

/** What one run changed: `run.json`, beside the files as they were before it. */
export interface RunIndex {
  readonly version: number;
  /** Its name, which begins with the time it started. */
  readonly run: string;
  readonly command: CommandName;
  readonly files: readonly RunFile[];
  /** Folders it made, absolute, parents first. */
  readonly folders: readonly string[];
}

/** One file of a run. */
export interface RunFile {
  /** The client and the file as in unit ids; the file is empty for the client's record. */
  readonly client: string;
  readonly file: string;
  /** Absolute, as the user knows it. */
  readonly path: string;
  /** Where the bytes are: the end of the link when the path is one. */
  readonly target: string;
  /** What the symlink said that stood at the path; absent when it was none. */
  readonly link?: string;
  /** What stood there, and the name of its backup; null when nothing did. */
  readonly before: { readonly digest: string; readonly mode: number; readonly backup: string } | null;
  /** What the run put there; null when it deleted the file. */
  readonly after: { readonly digest: string; readonly mode: number } | null;
  readonly lock?: ClientLock;
  /** Set when other programs write the file too: its client, or a person's editor. */
  readonly shared?: true;
}

/** When a run started, in ISO 8601: its name begins with that. */
export function timeOfRun(run: string): string {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)/.exec(run) ?? [];
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
