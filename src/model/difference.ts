import type { PlannedUnit, Verdict } from './plan.ts';

/** A unit of which both sides are shown. */
export interface Difference {
  readonly unit: PlannedUnit;
  /** Absent sides are not there. Without secrets, which are numbered so that the report knows where only one of them differs. */
  readonly want?: string;
  readonly have?: string;
  /** What was deployed last, of a conflict, and where it was found. */
  readonly base?: { readonly text: string; readonly from: string };
  /** Why a conflict has no base. never: nothing of ours was there before. lost: it is found nowhere any more. */
  readonly noBase?: 'never' | 'lost';
}

/** A difference as `--json` gives it. */
export interface DifferenceRow {
  readonly id: string;
  readonly verdict: Verdict;
  /** Of a conflict: where what was deployed last was found; null where it was not, and then why. */
  readonly base?: string | null;
  readonly noBase?: 'never' | 'lost';
  /** Unified, without secrets; of a conflict with a base two of them, the source's and the runtime's. */
  readonly patch: string;
}
