import { digestOfValue } from '../../model/digest.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import { unitId } from '../../model/unit.ts';
import { canonical, type Value, valueAt } from '../../model/value.ts';
import type { ClientState } from '../client-state.ts';
import type { ClientDesired } from '../desired.ts';
import { elementAddress } from '../desired-fragment.ts';
import { type MergedUnit, mergeUnits } from '../merged-unit.ts';
import { unmanagedUnits } from '../unmanaged.ts';

/** One client as adoption sees it: its source and its runtime, every memory and skill read. */
export interface AdoptClient {
  readonly state: ClientState;
  readonly desired: ClientDesired;
}

/** Something in the runtime that could be carried into the source. */
export type Candidate = { readonly id: string; readonly of: AdoptClient } & (
  | { readonly kind: 'edited'; readonly merged: MergedUnit }
  | { readonly kind: 'removed'; readonly merged: MergedUnit }
  /** An element of a list of which another one took the place. */
  | { readonly kind: 'replaced'; readonly merged: MergedUnit; readonly now: Value; readonly nowId: string }
  | { readonly kind: 'unmanaged'; readonly unit: PlannedUnit }
);

/** All that could be adopted from one client, in the order of reports. */
export function candidatesOf(of: AdoptClient): Candidate[] {
  const merged = mergeUnits(of.state);
  const open = merged.filter(({ verdict }) => verdict === 'runtime-ahead' || verdict === 'conflict');
  const managed = open.map((unit): Candidate => {
    if (unit.have) return { kind: 'edited', id: unit.unit.id, of, merged: unit };
    const twin = unit.want?.address?.element ? twinOf(unit, of.state, merged) : undefined;
    return twin
      ? { kind: 'replaced', id: unit.unit.id, of, merged: unit, ...twin }
      : { kind: 'removed', id: unit.unit.id, of, merged: unit };
  });
  const unmanaged = unmanagedUnits(of.state, 'with elements');
  return [...managed, ...unmanaged.map((unit): Candidate => ({ kind: 'unmanaged', id: unit.id, of, unit }))];
}

/** Below this likeness two elements are not one that was edited. */
const alike = 0.5;

/** The element that somebody made of one of ours: of those that are not ours the most like it. */
function twinOf(
  { want, unit }: MergedUnit,
  state: ClientState,
  merged: readonly MergedUnit[],
): { now: Value; nowId: string } | undefined {
  const path = unit.address?.path ?? [];
  const list = valueAt(state.documents.get(unit.file)?.values, path);
  const known = new Set(merged.flatMap((each) => (each.have ? (each.unit.address?.element?.digest ?? []) : [])));
  const strangers = (Array.isArray(list) ? (list as readonly Value[]) : []).filter(
    (item) => !known.has(digestOfValue(item)),
  );
  const wanted = canonical(want?.value ?? null);
  const ranked = strangers.map((now) => ({ now, likeness: likeness(wanted, canonical(now)) }));
  const [best] = ranked.sort((a, b) => b.likeness - a.likeness);
  if (!best || best.likeness < alike) return undefined;
  return { now: best.now, nowId: unitId(unit.client, unit.file, elementAddress(path, best.now)) };
}

/** How much two texts have in common, from 0 to 1: the pairs of characters that both have, out of all (Dice). */
function likeness(one: string, other: string): number {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  const common = [...a].reduce((sum, [pair, count]) => sum + Math.min(count, b.get(pair) ?? 0), 0);
  return (2 * common) / Math.max(1, one.length + other.length - 2);
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
