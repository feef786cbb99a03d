import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheEntry } from '../../src/host/kept/stat-cache.ts';

/** The names of the answers in a cache folder; Node 22 and newer keep what they compiled beside them. */
export function answersIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json'));
}

/** Writes each kept answer anew; one for which nothing is given stays. */
export function rewriteAnswers(
  folder: string,
  change: (entry: CacheEntry, text: string) => CacheEntry | undefined,
): void {
  for (const name of answersIn(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const changed = change(JSON.parse(text) as CacheEntry, text);
    if (changed) writeFileSync(join(folder, name), JSON.stringify(changed));
  }
}

/** Makes each kept answer a text that only the cache holds, without a change of what it was made from. */
export function markAnswers(folder: string): void {
  rewriteAnswers(folder, (entry) => ({ ...entry, answer: { ...entry.answer, out: keptMark } }));
}

export const keptMark = 'KEPT\n';
