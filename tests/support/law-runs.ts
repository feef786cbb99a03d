import { tried } from './reliability.ts';

/**
 * How many inputs a law is tried on: the given number in CI, a tenth of it elsewhere, so that `npm run check` stays short;
 * LAW_RUNS is a factor for a long search.
 */
export function lawRuns(full: number): number {
  const factor = Number(process.env.LAW_RUNS ?? (process.env.CI === 'true' ? 1 : 0.1));
  const runs = Math.ceil(full * factor);
  tried(runs);
  return runs;
}
