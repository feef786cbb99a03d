import type { Action, Verdict } from '../../model/plan.ts';
import type { MergedUnit } from './merged-unit.ts';

/** What a run is for. check plans like push, and is never applied. */
export type Mode = 'push' | 'check' | 'clean' | 'remove-only';

/** The units a user named, and whether all are meant. */
export interface Choices {
  overwrite(id: string): boolean;
  /** `--keep` without names means the conflicts; by name also what the repository would only bring forward. */
  keep(id: string, verdict: Verdict): boolean;
  /** Where it is said that the unit always stays as it is on this machine, or undefined. */
  always(id: string, verdict: Verdict): string | undefined;
}

/** What a unit's verdict means for a run: the command table of design section 2. */
export function chooseAction(merged: MergedUnit, mode: Mode, choices: Choices): Action {
  if (mode === 'remove-only') return removal(merged);
  if (isKeptAlways(merged, choices)) return 'leave';
  if (mode === 'clean' && merged.base?.origin === 'placed') return replacement(merged);
  const chosen = mode === 'push' ? settle(merged, choices) : merged.verdict;
  if (chosen === 'write') return write(merged);
  return chosen === 'keep' ? 'leave' : pushActions[chosen](merged);
}

/** Whether a unit differs and the user has said once and for all that it shall. */
export function isKeptAlways({ unit, verdict }: MergedUnit, choices: Choices): boolean {
  if (verdict === 'same' || verdict === 'agreed' || verdict === 'unmanaged') return false;
  return choices.always(unit.id, verdict) !== undefined && !choices.overwrite(unit.id);
}

/** One row per verdict, as push takes it when the user chose nothing. */
const pushActions: Readonly<Record<Verdict, (merged: MergedUnit) => Action>> = {
  same: () => 'none',
  agreed: () => 'record',
  'source-ahead': write,
  'runtime-ahead': () => 'leave',
  conflict: () => 'stop',
  unmanaged: () => 'leave',
};

function settle({ verdict, unit }: MergedUnit, choices: Choices): Verdict | 'write' | 'keep' {
  const open = verdict === 'conflict' || verdict === 'runtime-ahead';
  if (choices.keep(unit.id, verdict) && (open || verdict === 'source-ahead')) return 'keep';
  return open && choices.overwrite(unit.id) ? 'write' : verdict;
}

/** Makes the runtime what the source wants; a found unit is released, never removed. */
function write({ want, have, base, earlier }: MergedUnit): Action {
  if (want) return have ? 'update' : 'create';
  if (earlier) return 'restore';
  return base?.origin === 'found' ? 'release' : 'remove';
}

/** clean: whatever became of a unit we placed, it goes and what the source wants comes. */
function replacement(merged: MergedUnit): Action {
  const { wantSide, have } = merged;
  if (!wantSide) return removal(merged);
  if (!have) return 'create';
  return have.digest === wantSide.digest ? 'none' : 'update';
}

function removal({ base, have, baseDigest, earlier }: MergedUnit): Action {
  if (!base) return 'leave';
  // Whoever wrote it since means that more than what they had before us.
  if (earlier) return have && have.digest === baseDigest ? 'restore' : 'release';
  return base.origin === 'placed' && have ? 'remove' : 'release';
}
