import { type EditRequest, type UnitText, type UnitValue, Unplaceable } from '../../formats/format.ts';
import type { FirstText } from '../../model/record.ts';
import { type Address, addressText } from '../../model/unit.ts';
import {
  isTable,
  type KeyPath,
  leavesOf,
  samePath,
  sameValue,
  type Table,
  type Value,
  valueAt,
} from '../../model/value.ts';
import type { Document } from '../plan/client-state.ts';
import { type DecidedUnit, type DocumentEdit, staysOurs, unitText } from '../plan/decided-unit.ts';
import { entryPaths, type MergedUnit } from '../plan/merged-unit.ts';
import { valueBefore } from './earlier.ts';

type MadeEdit = Pick<DocumentEdit, 'set' | 'remove' | 'back' | 'result'>;

/** The values of the user's that come back in one shared file, with what goes of our entries. */
export function returningOf(document: Document, units: readonly DecidedUnit[]): UnitValue[] {
  return units.flatMap(({ merged, action }) => {
    const value = action === 'restore' ? valueBefore(document, merged) : undefined;
    if (value === undefined) return [];
    return [{ ...unitText(merged), value, drop: droppedBy(merged, value) }];
  });
}

/** All of an entry of ours goes; of one that was found, which is still the user's, only what we made of it. */
function droppedBy({ unit, base, raw }: MergedUnit, value: Value): KeyPath[] {
  if (unit.kind !== 'entry' || !isTable(raw)) return [];
  const back = entryPaths(value);
  const ours = base?.origin === 'found' ? (base.paths ?? []) : entryPaths(raw);
  return ours.filter((path) => !back.some((other) => samePath(path, other)));
}

/**
 * The same edit made to the file as it was before we replaced anything in it: what comes back has its own bytes and place.
 * For a file that nobody else has written since. Undefined where that does not lead to the same values.
 */
export function atFirst(
  document: Document,
  units: readonly DecidedUnit[],
  back: readonly UnitValue[],
  { request, first }: { readonly request: EditRequest; readonly first: FirstText },
): MadeEdit | undefined {
  const { format } = document.target;
  const { text, parents, owned } = first;
  // Where no section stays, text that was taken for the block as a whole is only the user's again.
  const hasSections = units.some(({ merged, action }) => !isSection(merged) || isManaged(merged, action));
  const inserted = first.inserted.filter((piece) => piece.text !== '' || hasSections);
  const values = format.read(text, inserted);
  const staying = units.filter(({ merged, action }) => isManaged(merged, action));
  const set = staying.flatMap(({ merged, action }) => valueNow(merged, action, values, owned));
  const isStaying = ({ address }: UnitText) => staying.some(({ merged }) => isAt(address, merged.unit.address));
  const ours = owned.filter((unit): unit is UnitText & (typeof owned)[number] => unit.address !== undefined);
  // A value that came back already, while others of ours stood here: what it was is not kept any more.
  const isKnown = ({ address, earlier }: (typeof ours)[number]) =>
    !earlier ||
    units.some(({ merged: { unit, base } }) => isAt(address, unit.address) && base?.earlier?.digest === earlier.digest);
  if (!ours.every(isKnown)) return undefined;
  const remove = ours.filter((unit) => !isStaying(unit)).map(({ kind, address }) => ({ kind, address }));
  const texts = first.found ?? {};
  // Text that was let go stays the user's, though the source has a section of that name again.
  const replaced = units.filter(({ merged }) => merged.base?.origin === 'found').map(({ merged }) => merged.unit);
  const found = set.flatMap((unit) => {
    const value = replaced.some(({ address }) => isAt(unit.address, address))
      ? texts[addressText(unit.address)]
      : undefined;
    return value === undefined ? [] : [{ ...unit, value }];
  });
  const giveBack = back.filter((unit) => unit.kind === 'section' && isIn(ours, unit));
  const start = { ...document, text, values };
  try {
    const result = format.edit(text, { ...request, set, remove, release: [], found, giveBack, inserted, parents });
    const made = withValuesBack(start, back, request, { set, remove: request.remove, result });
    const now = made.result.text === '' ? {} : format.read(made.result.text, made.result.inserted);
    const stands = [...set, ...back].every((unit) => !isValue(unit) || holds(now, unit));
    return stands ? { ...made, set: [...request.set, ...back.filter(isValue)] } : undefined;
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
}

/** An edit, and then the user's values as text of their own: what is not there yet is written as a person would. */
export function withValuesBack(
  { target }: Document,
  back: readonly UnitValue[],
  request: EditRequest,
  made: MadeEdit,
): MadeEdit {
  const set = [...made.set, ...back.filter(isValue)];
  const { result } = made;
  const now = result.text === '' ? {} : target.format.read(result.text, result.inserted);
  const missing = back.filter((unit) => isValue(unit) && !holds(now, unit));
  if (missing.length === 0 || target.kind !== 'fragment')
    return { ...made, set, back, result: { ...result, movedForeignText: true } };
  const values = missing.flatMap(({ address, value }) =>
    leavesIn(now, address.path, value).map(([path, leaf]) => ({ path, value: leaf })),
  );
  const standing = missing.filter(({ address }) => valueAt(now, address.path) !== undefined);
  const gone = standing.flatMap(({ address, drop = [] }) => drop.map((path) => [...address.path, ...path]));
  const text = target.format.amend(result.text, { set: values, append: [], remove: gone });
  const { inserted, parents, before } = result;
  const last = target.format.edit(text, { ...request, set: [], remove: [], release: [], inserted, parents });
  return { ...made, set, back, result: { ...last, before, movedForeignText: true } };
}

/** What to write of a value: all of it, or, where an entry stands, each of its leaves. */
function leavesIn(values: Table, at: KeyPath, value: Value): [KeyPath, Value][] {
  return isTable(valueAt(values, at)) && isTable(value) ? leavesOf(value, at) : [[at, value]];
}

function isManaged(merged: MergedUnit, action: DecidedUnit['action']): boolean {
  if (staysOurs({ merged, action })) return true;
  return (
    merged.base?.origin === 'found' &&
    merged.want !== undefined &&
    (merged.own === undefined || action === 'update') &&
    action !== 'leave'
  );
}

/** What a unit that stays is to hold, where the first text does not have it already. */
function valueNow(
  merged: MergedUnit,
  action: DecidedUnit['action'],
  values: Table,
  owned: readonly Partial<UnitText>[],
): UnitValue[] {
  const value = action === 'leave' ? merged.raw : merged.want?.value;
  if (value === undefined || !merged.unit.address) return [];
  const unit = { ...unitText(merged), value };
  if (unit.address.element) return isIn(owned, unit) ? [] : [unit];
  const standing = valueAt(values, unit.address.path);
  if (sameValue(standing, value)) return [];
  const keep = entryPaths(value);
  // What the user has besides in an entry that was found stays.
  const ours = merged.base?.origin === 'found' ? (merged.base.paths ?? []) : entryPaths(standing ?? null);
  const drop =
    unit.kind === 'entry' && isTable(standing) ? ours.filter((path) => !keep.some((kept) => samePath(kept, path))) : [];
  return [{ ...unit, ...(drop.length > 0 ? { drop } : {}) }];
}

function isSection({ unit }: MergedUnit): boolean {
  return unit.kind === 'section';
}

function isValue({ kind }: UnitText): boolean {
  return kind !== 'section';
}

function holds(values: Table, { address, value, drop = [] }: UnitValue): boolean {
  const have = valueAt(values, address.path);
  if (address.element) return true;
  const gone = drop.every((path) => valueAt(have, path) === undefined);
  return have !== undefined && gone && leavesOf(value).every(([path, leaf]) => sameValue(valueAt(have, path), leaf));
}

function isIn(owned: readonly Partial<UnitText>[], { address }: UnitText): boolean {
  return owned.some((unit) => isAt(unit.address, address));
}

function isAt(a: Address | undefined, b: Address | undefined): boolean {
  return a !== undefined && b !== undefined && samePath(a.path, b.path) && a.element?.digest === b.element?.digest;
}
