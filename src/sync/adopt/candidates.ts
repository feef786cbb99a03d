import type { PlannedUnit } from '../../model/plan.ts';
import type { Table } from '../../model/value.ts';
import type { ClientState } from '../plan/client-state.ts';
import { type MergedUnit, mergeUnits } from '../plan/merged-unit.ts';
import { unmanagedUnits } from '../plan/unmanaged.ts';
import type { ClientDesired } from '../source/desired.ts';
import { entryWithAdded } from './added.ts';
import { type Successor, successorsOf } from './successors.ts';

/** One client as adoption sees it: its source and its runtime, every memory and skill read. */
export interface AdoptClient {
  readonly state: ClientState;
  readonly desired: ClientDesired;
}

/** Something in the runtime that could be carried into the source. */
export type Candidate = { readonly id: string; readonly of: AdoptClient } & (
  | { readonly kind: 'edited'; readonly merged: MergedUnit }
  | { readonly kind: 'removed'; readonly merged: MergedUnit }
  /** An entry of ours that got keys in the runtime; with them and every edit of it. */
  | { readonly kind: 'added'; readonly merged: MergedUnit; readonly entry: Table }
  /** An element of a list of which another one took the place. */
  | ({ readonly kind: 'replaced'; readonly merged: MergedUnit } & Successor)
  | { readonly kind: 'unmanaged'; readonly unit: PlannedUnit }
);

/** All that could be adopted from one client, in the order of reports. */
export function candidatesOf(of: AdoptClient): Candidate[] {
  const merged = mergeUnits(of.state);
  const open = merged.filter(({ verdict }) => verdict === 'runtime-ahead' || verdict === 'conflict');
  const successors = successorsOf(open, of.state, merged);
  const managed = open.map((unit): Candidate => {
    const common = { id: unit.unit.id, of, merged: unit };
    if (unit.have) return { ...common, kind: 'edited' };
    const successor = successors.get(unit.unit.id);
    return successor ? { ...common, kind: 'replaced', ...successor } : { ...common, kind: 'removed' };
  });
  const added = merged.flatMap((unit) => addedCandidate(of, unit));
  const unmanaged = unmanagedUnits(of.state, 'with elements');
  return [...managed, ...added, ...unmanaged.map((unit): Candidate => ({ kind: 'unmanaged', id: unit.id, of, unit }))];
}

function addedCandidate(of: AdoptClient, merged: MergedUnit): Candidate[] {
  const target = of.state.documents.get(merged.unit.file)?.target;
  if (merged.unit.kind !== 'entry' || target?.kind !== 'fragment') return [];
  const entry = entryWithAdded(merged, target);
  return entry ? [{ kind: 'added', id: merged.unit.id, of, merged, entry }] : [];
}
