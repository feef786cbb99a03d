import type { Bench, Program } from './group.ts';
import type { Sandbox } from './sandbox.ts';

/** What the rows of Syncline are called, wherever they stand. */
export const ours = {
  check: 'check-sync',
  all: 'check-sync --full',
  push: 'push-runtime, nothing to do',
  session: 'session-check',
} as const;

export const emptyScript = 'empty Node script';

/** One of our commands, as it runs for people: the record is there, and nothing has changed. */
export function syncline(bench: Bench, place: Sandbox, name: string, command: readonly string[]): Program {
  return { name, words: [process.execPath, bench.bin, ...command], cwd: place.repo, home: place.home };
}

/** `check-sync` as people run it and, where it can, reading everything. */
export function checks(bench: Bench, place: Sandbox): Program[] {
  const all = syncline(bench, place, ours.all, ['check-sync', '--full']);
  return [syncline(bench, place, ours.check, ['check-sync']), ...(bench.canReadAll ? [all] : [])];
}

/** The push that finds everything as it should be. */
export function idlePush(bench: Bench, place: Sandbox): Program {
  return syncline(bench, place, ours.push, ['push-runtime']);
}

export function sessionCheck(bench: Bench, place: Sandbox): Program {
  return syncline(bench, place, ours.session, ['session-check']);
}

/** A script of ours that does only the part below which nobody can go. */
export function baseline(
  bench: Bench,
  place: Sandbox,
  name: string,
  script: Parameters<Bench['baseline']>[0],
  words: readonly string[] = [],
): Program {
  return { name, words: [process.execPath, bench.baseline(script), ...words], cwd: place.root, home: place.home };
}
