import type { Verdict } from '../../model/plan.ts';

/**
 * The verdict on one unit, from the digests of its value in source, runtime and record; undefined is absence.
 * The tests stand in the order of the table in design section 2; the function is total.
 */
export function decide(want: string | undefined, have: string | undefined, base: string | undefined): Verdict {
  if (want === have) return have === base ? 'same' : 'agreed';
  if (have === base) return 'source-ahead';
  if (want === undefined && base === undefined) return 'unmanaged';
  return want === base ? 'runtime-ahead' : 'conflict';
}
