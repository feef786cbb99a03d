import type { WantedUnit } from '../../model/unit.ts';
import {
  type KeyPath,
  leavesOf,
  samePath,
  sameValue,
  type Table,
  tableOf,
  type Value,
  valueAt,
} from '../../model/value.ts';
import type { FragmentSource } from '../source/fragment.ts';
import type { FragmentPart } from '../source/fragment-parts.ts';
import type { SourceChange } from './change.ts';
import { changeOf, valueChange } from './lift-fragment.ts';

/** An entry that somebody took out goes from every file that says something of it. */
export function liftRemovedEntry({ target, fragment }: FragmentSource, unit: WantedUnit): SourceChange[] {
  const path = unit.address?.path ?? [];
  const shared = target.shared?.placeOf(path) ?? path;
  const places = [
    ...fragment.own.map((part) => ({ part, path })),
    ...fragment.shared.map((part) => ({ part, path: shared })),
  ];
  const holding = places.filter((place) => valueAt(place.part.literal, place.path) !== undefined);
  return holding.map((place) => changeOf(unit.id, place.part, { remove: [place.path] }));
}

/**
 * The edit of an entry, key by key: what the client's own fragment says goes there, what all clients share goes to the
 * shared file in its spelling; what that cannot say becomes the client's own.
 */
export function liftEntry(source: FragmentSource, unit: WantedUnit, want: Table, have: Table): SourceChange[] {
  const path = unit.address?.path ?? [];
  const { own } = source.fragment;
  const ownPart = (leaf: KeyPath) => own.findLast(({ values }) => valueAt(values, [...path, ...leaf]) !== undefined);
  const changed = changedLeaves(want, have);
  const mine = changed.flatMap(({ leaf, value }) => {
    const part = ownPart(leaf);
    const edited = { want: valueAt(want, leaf), have: value };
    return part ? [valueChange(source, unit.id, { part, path: [...path, ...leaf] }, edited)] : [];
  });
  const common = changed.filter(({ leaf }) => !ownPart(leaf));
  const shared = tableOf(leavesOf(want).filter(([leaf]) => !ownPart(leaf)));
  const { changes, unsaid } = sharedChanges(source, unit, shared, common);
  return [...mine, ...changes, ...ownChanges(source, unit, unsaid)];
}

interface ChangedLeaf {
  readonly leaf: KeyPath;
  /** Absent: somebody took it out. */
  readonly value: Value | undefined;
}

function changedLeaves(want: Table, have: Table): ChangedLeaf[] {
  const old = leavesOf(want).filter(([leaf, value]) => !sameValue(valueAt(have, leaf), value));
  const added = leavesOf(have).filter(([leaf]) => valueAt(want, leaf) === undefined);
  return [
    ...old.map(([leaf]) => ({ leaf, value: valueAt(have, leaf) })),
    ...added.map(([leaf, value]) => ({ leaf, value })),
  ];
}

function withChanges(table: Table, changed: readonly ChangedLeaf[]): Table {
  const kept = leavesOf(table).filter(([path]) => !changed.some(({ leaf }) => samePath(leaf, path)));
  const put = changed.flatMap(({ leaf, value }): [KeyPath, Value][] => (value === undefined ? [] : [[leaf, value]]));
  return tableOf([...kept, ...put]);
}

/** The changes in the shared spelling, and the keys for which it has none. */
function sharedChanges(
  source: FragmentSource,
  unit: WantedUnit,
  want: Table,
  changed: readonly ChangedLeaf[],
): { readonly changes: readonly SourceChange[]; readonly unsaid: readonly ChangedLeaf[] } {
  const old = inSharedSpelling(source, unit, want);
  if (changed.length === 0 || !old) return { changes: [], unsaid: changed };
  const { said, unsaid } = sayable(want, changed, (side) => inSharedSpelling(source, unit, side) !== undefined);
  const now = inSharedSpelling(source, unit, said) ?? old;
  const changes = changedLeaves(old.value as Table, now.value as Table).flatMap(({ leaf, value }) => {
    const at = [...now.path, ...leaf];
    const part = partWith(source.fragment.shared, at, now.path);
    const edited = { want: valueAt(old.value, leaf), have: value };
    return part ? [valueChange(source, unit.id, { part, path: at }, edited)] : [];
  });
  return { changes, unsaid };
}

/** The entry with all that can be said of what changed, all together where it can be, else key by key; and the rest. */
function sayable(want: Table, changed: readonly ChangedLeaf[], canSay: (side: Table) => boolean) {
  const steps = canSay(withChanges(want, changed)) ? [changed] : changed.map((one) => [one]);
  const unsaid: ChangedLeaf[] = [];
  const said = steps.reduce((below, step) => {
    const next = withChanges(below, step);
    if (canSay(next)) return next;
    unsaid.push(...step);
    return below;
  }, want);
  return { said, unsaid };
}

function inSharedSpelling({ target, fragment, helper }: FragmentSource, unit: WantedUnit, entry: Table) {
  if (fragment.shared.length === 0) return undefined;
  const found = target.shared?.untranslate(unit.address?.path ?? [], entry, helper);
  return found && 'value' in found ? found : undefined;
}

/** The last file that has the key; else the first that has the entry. */
function partWith(parts: readonly FragmentPart[], at: KeyPath, entry: KeyPath): FragmentPart | undefined {
  const holding = parts.findLast(({ values }) => valueAt(values, at) !== undefined);
  return holding ?? parts.find(({ values }) => valueAt(values, entry) !== undefined);
}

/** Keys that only the client can have: to its own file that has the entry, else to the one that holds on every machine. */
function ownChanges(
  { client, target, fragment }: FragmentSource,
  unit: WantedUnit,
  changed: readonly ChangedLeaf[],
): SourceChange[] {
  if (changed.length === 0) return [];
  const entry = unit.address?.path ?? [];
  const holding = fragment.own.find(({ values }) => valueAt(values, entry) !== undefined);
  const path = holding?.file.path ?? `clients/${client}/${target.source}`;
  const set = changed.flatMap(({ leaf, value }) => (value === undefined ? [] : [{ path: [...entry, ...leaf], value }]));
  const remove = changed.flatMap(({ leaf, value }) => (value === undefined ? [[...entry, ...leaf]] : []));
  return [{ id: unit.id, path, edit: { kind: 'values', format: target.format, set, append: [], remove } }];
}
