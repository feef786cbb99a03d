import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CacheEntry } from '../../src/host/kept/stat-cache.ts';
import { rewriteAnswers } from './kept-answers.ts';

/**
 * How the stat cache is put to the test, besides its own tests. on: as people run it. off: every command reads everything. stale: after
 * each command its answer is made a wrong one, of a world in which one thing was otherwise: it must never be given.
 */
type CacheMode = 'on' | 'off' | 'stale';

const modes: readonly CacheMode[] = ['on', 'off', 'stale'];

/** All tests in one mode with `STAT_CACHE=stale npm test`; else each test in one of the three, always the same. */
export function cacheMode(): CacheMode {
  const asked = modes.find((mode) => mode === process.env.STAT_CACHE);
  const name = expect.getState().currentTestName ?? '';
  return asked ?? (modes[(createHash('sha256').update(name).digest()[1] as number) % modes.length] as CacheMode);
}

/** The words of a command as they are in a mode. */
export function wordsIn(mode: CacheMode, words: readonly string[]): readonly string[] {
  const keeps = ['check-sync', 'session-check', 'push-runtime'].includes(words[0] ?? '');
  // Where it is no option of its own any more, or the test is about it.
  const isOwn = words.includes('--') || words.includes('--full') || words.includes('--help');
  return mode === 'off' && keeps && !isOwn ? [words[0] as string, '--full', ...words.slice(1)] : words;
}

/** The answer that nobody may get. */
const wrong = 'STALE: this answer belongs to another world\n';

/** Makes every kept answer of a home a wrong one, that must not be given because something is not as it was. */
export function makeStale(home: string): void {
  const folder = join(home, '.local/state/syncline/cache');
  if (!existsSync(folder)) return;
  rewriteAnswers(folder, (entry, text) => {
    if (entry.answer.out === wrong) return undefined;
    const rows = entry.paths.filter(([, seen]) => Object.keys(seen).length > 0);
    const [, seen] = rows[(createHash('sha256').update(text).digest()[0] as number) % rows.length] as (typeof rows)[0];
    otherwise(seen);
    return { ...entry, answer: { ...entry.answer, out: wrong } };
  });
}

/** One thing that was seen, as it was not. */
function otherwise(seen: CacheEntry['paths'][number][1]): void {
  const { link, node } = seen;
  if (seen.members) seen.members = [seen.members[0], 'another digest'];
  if (typeof seen.content === 'string') seen.content = 'another digest';
  else if (link) seen.link = changedOne(link);
  else if (node) seen.node = changedOne(node);
  else if (link === null) seen.link = ['file', 0o644, 1, 2, 3, 4];
  else if (node === null) seen.node = ['file', 0o644, 1, 2, 3, 4];
  else if (seen.names !== undefined) seen.names += '\0file another';
  else if (seen.real !== undefined) seen.real += '/elsewhere';
  else if (seen.target !== undefined) seen.target += '/elsewhere';
  else seen.failed = { ...seen.failed, status: 'EIO' };
}

function changedOne([kind, mode, ...rest]: readonly [string, number, ...number[]]): readonly [
  string,
  number,
  ...number[],
] {
  return rest.length === 0 ? [kind, mode ^ 0o1] : [kind, mode, ...rest.slice(0, -1), (rest.at(-1) as number) + 1];
}
