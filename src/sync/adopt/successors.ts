import { digestOfValue } from '../../model/digest.ts';
import { unitId } from '../../model/unit.ts';
import { isTable, type KeyPath, type Value, valueAt } from '../../model/value.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { MergedUnit } from '../plan/merged-unit.ts';
import { elementAddress } from '../source/desired-fragment.ts';

/** The element that somebody made of one of ours. */
export interface Successor {
  readonly now: Value;
  readonly nowId: string;
}

/**
 * The elements that took the place of those of ours that are gone from their lists, by the id of the old one. Nobody knows
 * which of the user's elements were there before, so one is taken only where there is no doubt: it is of the same thing,
 * like the old one, and no other element is or has such a successor.
 */
export function successorsOf(
  open: readonly MergedUnit[],
  state: ClientState,
  merged: readonly MergedUnit[],
): ReadonlyMap<string, Successor> {
  const gone = open.filter(({ have, want }) => !have && want?.address?.element);
  const found = gone.map((unit) => ({ unit, likely: likelySuccessors(unit, state, merged) }));
  const ids = found.flatMap(({ likely }) => likely.map(({ nowId }) => nowId));
  const isSure = ({ nowId }: Successor) => ids.filter((id) => id === nowId).length === 1;
  return new Map(
    found.flatMap(({ unit, likely: [only, ...more] }) =>
      only && more.length === 0 && isSure(only) ? [[unit.unit.id, only] as const] : [],
    ),
  );
}

/** Below this likeness two elements are not one that was edited. */
const alike = 0.5;

function likelySuccessors(
  { want, unit }: MergedUnit,
  state: ClientState,
  merged: readonly MergedUnit[],
): readonly Successor[] {
  const path = unit.address?.path ?? [];
  const list = valueAt(state.documents.get(unit.file)?.values, path);
  const known = new Set(merged.flatMap((each) => (each.have ? (each.unit.address?.element?.digest ?? []) : [])));
  const strangers = (Array.isArray(list) ? (list as readonly Value[]) : []).filter(
    (item) => !known.has(digestOfValue(item)),
  );
  const old = want?.value ?? null;
  return strangers
    .filter((now) => isOfSameThing(old, now) && likeness(wordsOf(old), wordsOf(now)) >= alike)
    .map((now) => ({ now, nowId: unitId(unit.client, unit.file, elementAddress(path, now)) }));
}

/**
 * Of rules: whether they are about the same tool. Of hooks and other tables: whether they have the same matcher, or begin
 * the same command.
 */
function isOfSameThing(one: Value, other: Value): boolean {
  if (typeof one === 'string' && typeof other === 'string') return firstWord(one, /^\w*/) === firstWord(other, /^\w*/);
  const others = new Map(textsIn(other).map(([path, text]) => [path.join('.'), text]));
  return textsIn(one).some(
    ([path, text]) => firstWord(others.get(path.join('.')) ?? '', /^\S+/) === firstWord(text, /^\S+/),
  );
}

function firstWord(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[0];
}

/** The texts in an element and where in it they stand; not the type, which many have in common. */
function textsIn(value: Value, at: KeyPath = []): [KeyPath, string][] {
  if (typeof value === 'string') return at.at(-1) === 'type' ? [] : [[at, value]];
  if (!Array.isArray(value) && !isTable(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => textsIn(member as Value, [...at, key]));
}

function wordsOf(value: Value): string {
  return textsIn(value)
    .map(([, text]) => text)
    .join('\n');
}

/** How much two texts have in common, from 0 to 1: the pairs of characters that both have, out of all (Dice). */
function likeness(one: string, other: string): number {
  if (one === other) return 1;
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
