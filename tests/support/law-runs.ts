import { tried } from './reliability.ts';

/**
 * How many inputs a law is tried on: the given number in CI, a tenth of it elsewhere, or the second number where an input
 * takes long, so that `npm run check` stays short; LAW_RUNS is a factor for a long search.
 */
export function lawRuns(full: number, short = full / 10): number {
  const { LAW_RUNS: factor, CI: inCi } = process.env;
  const runs = Math.ceil(factor !== undefined ? full * Number(factor) : inCi === 'true' ? full : short);
  tried(runs);
  return runs;
}

/** All rows of a table of cases in CI; elsewhere every third one, beginning with the first or the second. */
export function sampled<T>(cases: readonly T[], from: 0 | 1 = 0): readonly T[] {
  return process.env.CI === 'true' ? cases : cases.filter((_, index) => index % 3 === from);
}

/**
 * How many steps a test takes at a time through cases that are many and long: all of them for docs/reliability.md, every fourth in
 * CI, and few elsewhere.
 */
export function strideOf(elsewhere: number): number {
  if (process.env.RELIABILITY !== undefined) return 1;
  return process.env.CI === 'true' ? 4 : elsewhere;
}
