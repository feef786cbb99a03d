import type { EditResult, UnitText, UnitValue } from '../../formats/format.ts';
import type { Action } from '../../model/plan.ts';
import type { Address } from '../../model/unit.ts';
import type { KeyPath } from '../../model/value.ts';
import type { Document } from './client-state.ts';
import type { MergedUnit } from './merged-unit.ts';

/** A merged unit with what the plan does about it. */
export interface DecidedUnit {
  readonly merged: MergedUnit;
  readonly action: Action;
}

/** The edit of one shared file: what was asked, what came out. The checker looks at both. */
export interface DocumentEdit {
  readonly document: Document;
  readonly set: readonly UnitValue[];
  readonly remove: readonly UnitText[];
  /** What the user had before us and has again afterwards. Sections are text of the user's own then, in no block. */
  readonly back?: readonly UnitValue[];
  /** From the record: the tables and lists around our units that we made, and may take out again once they are empty. */
  readonly parents: readonly KeyPath[];
  readonly result: EditResult;
}

/** How a unit became, or becomes, ours. */
export function originOf({ base, verdict, marked }: MergedUnit): 'placed' | 'found' {
  if (base) return base.origin;
  return verdict === 'agreed' && !marked ? 'found' : 'placed';
}

/** A unit as the formats see it. */
export function unitText({ unit }: MergedUnit): UnitText {
  return { kind: unit.kind, address: unit.address as Address };
}

/** Whether a unit is one that we placed, and stays so. */
export function staysOurs({ merged, action }: DecidedUnit): boolean {
  if (['remove', 'release', 'restore', 'stop'].includes(action)) return false;
  if (action === 'leave' ? !merged.base : !merged.want) return false;
  return originOf(merged) === 'placed';
}
