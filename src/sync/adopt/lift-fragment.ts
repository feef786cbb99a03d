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
import { type FragmentSource, partAt, placeOfElement } from '../desired-fragment.ts';
import type { FragmentPart } from '../fragment-parts.ts';
import type { SourceChange, ValueEdit } from './change.ts';
import { withTokens } from './restore-tokens.ts';

/** The edit of one key: into the file it comes from. Undefined `have`: somebody took it out. */
export function liftLeaf(source: FragmentSource, unit: WantedUnit, have: Value | undefined): SourceChange[] {
  const path = unit.address?.path ?? [];
  const at = partAt(source.target, source.fragment, path);
  return at ? [valueChange(source, unit.id, at, have)] : [];
}

/** The edit of one element of a list; undefined `have`: somebody took it out. */
export function liftElement(source: FragmentSource, unit: WantedUnit, have: Value | undefined): SourceChange[] {
  const path = unit.address?.path ?? [];
  const at = placeOfElement(source.target, source.fragment, path, unit.value as Value);
  return at ? [valueChange(source, unit.id, at, have)] : [];
}

/** An entry that somebody took out goes from every file that says something of it. */
export function liftRemovedEntry({ target, fragment }: FragmentSource, unit: WantedUnit): SourceChange[] {
  const path = unit.address?.path ?? [];
  const shared = target.shared?.placeOf(path) ?? path;
  const places = [
    ...fragment.own.map((part) => ({ part, path })),
    ...fragment.shared.map((part) => ({ part, path: shared })),
  ];
  const holding = places.filter((place) => valueAt(place.part.literal, place.path) !== undefined);
  return holding.map((place) => change(unit.id, place.part, { remove: [place.path] }));
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
    return part ? [valueChange(source, unit.id, { part, path: [...path, ...leaf] }, value)] : [];
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

/** The changes in the shared spelling, and the keys for which it has none: all together where it can be, else one by one. */
function sharedChanges(
  source: FragmentSource,
  unit: WantedUnit,
  want: Table,
  changed: readonly ChangedLeaf[],
): { readonly changes: readonly SourceChange[]; readonly unsaid: readonly ChangedLeaf[] } {
  const spelled = (side: Table) => inSharedSpelling(source, unit, side);
  const old = spelled(want);
  if (changed.length === 0 || !old) return { changes: [], unsaid: changed };
  const steps = spelled(withChanges(want, changed)) ? [changed] : changed.map((one) => [one]);
  const unsaid: ChangedLeaf[] = [];
  const said = steps.reduce((below, step) => {
    const next = withChanges(below, step);
    if (spelled(next)) return next;
    unsaid.push(...step);
    return below;
  }, want);
  const now = spelled(said) ?? old;
  const changes = changedLeaves(old.value as Table, now.value as Table).flatMap(({ leaf, value }) => {
    const at = [...now.path, ...leaf];
    const part = partWith(source.fragment.shared, at, now.path);
    return part ? [valueChange(source, unit.id, { part, path: at }, value)] : [];
  });
  return { changes, unsaid };
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

function ownChanges(
  { client, target, fragment }: FragmentSource,
  unit: WantedUnit,
  changed: readonly ChangedLeaf[],
): SourceChange[] {
  if (changed.length === 0) return [];
  const entry = unit.address?.path ?? [];
  const holding = fragment.own.find(({ values }) => valueAt(values, entry) !== undefined) ?? fragment.own[0];
  const path = holding?.file.path ?? `clients/${client}/${target.source}`;
  const set = changed.flatMap(({ leaf, value }) => (value === undefined ? [] : [{ path: [...entry, ...leaf], value }]));
  const remove = changed.flatMap(({ leaf, value }) => (value === undefined ? [[...entry, ...leaf]] : []));
  return [{ id: unit.id, path, edit: { kind: 'values', format: target.format, set, append: [], remove } }];
}

/** One value put or taken out where it stands; tokens stay. */
function valueChange(
  { tokens }: FragmentSource,
  id: string,
  { part, path }: { readonly part: FragmentPart; readonly path: KeyPath },
  have: Value | undefined,
): SourceChange {
  if (have === undefined) return change(id, part, { remove: [path] });
  return change(id, part, { set: [{ path, value: withTokens(through(part.literal, path), have, tokens) }] });
}

function change(id: string, { file, format }: FragmentPart, edit: Partial<ValueEdit>): SourceChange {
  return { id, path: file.path, edit: { kind: 'values', format, set: [], append: [], remove: [], ...edit } };
}

/** The value at a path that may lead through lists. */
function through(root: Value, path: KeyPath): Value | undefined {
  return path.reduce<Value | undefined>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as Value | undefined;
    return valueAt(value, [key]);
  }, root);
}
