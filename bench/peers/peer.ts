import type { Program } from '../group.ts';
import type { Sandbox } from '../sandbox.ts';

/** A tool of others that people use for this, and the command of it that comes nearest to ours. */
export interface Peer {
  readonly package: string;
  readonly version: string;
  /** What its package starts, from the package's folder. */
  readonly script: string;
  readonly rows: readonly PeerRow[];
  /** Brings its source and its home to where these commands have nothing to do. */
  readonly prepare: (place: Sandbox, start: Start) => void;
}

/** Runs the tool once, with these words. */
export type Start = (words: readonly string[]) => void;

export interface PeerRow {
  readonly name: string;
  readonly words: readonly string[];
  /** What it does not do that `check-sync` does, or does otherwise. */
  readonly note: string;
}

/** The row of a tool, ready to run. */
export function programOf({ name, words, note }: PeerRow, place: Sandbox, script: string): Program {
  const { home, repo } = place;
  return { name, words: [process.execPath, script, ...words], cwd: repo, home, env: quiet, note };
}

/** They are to measure their work, not the way to their makers. */
export const quiet = { DO_NOT_TRACK: '1', DISABLE_TELEMETRY: '1', NO_UPDATE_NOTIFIER: '1', CI: '1' };
