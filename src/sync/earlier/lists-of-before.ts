import type { Client } from '../../adapters/client.ts';
import { digestOfValue } from '../../model/digest.ts';
import type { ClientRecord } from '../../model/record.ts';
import { type RecordedUnit, unitId, type WantedUnit } from '../../model/unit.ts';
import { type KeyPath, samePath, type Value, valueAt } from '../../model/value.ts';
import type { Document } from '../plan/client-state.ts';
import { elementAddress } from '../source/desired-fragment.ts';

/** What stands beside a record. */
export interface Beside {
  readonly client: Client;
  readonly documents: ReadonlyMap<string, Document>;
  readonly wanted: readonly WantedUnit[];
}

/**
 * The record with the elements of a list in place of the list, where an earlier version managed as one value what is a set
 * now. Which elements were deployed is known when the list stands as it was deployed, or is wanted as it was; otherwise
 * those count that are wanted and there, and all others are the user's.
 */
export function withElements(record: ClientRecord, beside: Beside): ClientRecord {
  const desired = desiredIn(beside.wanted);
  const lists = new Set(record.units.filter((unit) => isSetNow(unit, beside, desired)));
  if (lists.size === 0) return record;
  const units = record.units.flatMap((unit) => (lists.has(unit) ? elementsOf(unit, beside) : [unit]));
  const known = new Map(units.map((unit) => [unit.id, unit]));
  return { ...record, units: [...known.values()], files: withParents(record.files, [...lists]) };
}

/** What is wanted: as one unit, by id, and as a set of elements, by where it stands. */
interface Desired {
  readonly ids: ReadonlySet<string>;
  readonly sets: ReadonlySet<string>;
}

function desiredIn(wanted: Beside['wanted']): Desired {
  const sets = wanted.flatMap(({ file, address }) => (address?.element ? [placeOf(file, address.path)] : []));
  return { ids: new Set(wanted.map(({ id }) => id)), sets: new Set(sets) };
}

function placeOf(file: string, path: KeyPath): string {
  return JSON.stringify([file, ...path]);
}

function isSetNow(
  { id, kind, file, address }: RecordedUnit,
  { documents }: Pick<Beside, 'documents'>,
  desired: Desired,
): boolean {
  const target = documents.get(file)?.target;
  if (kind !== 'leaf' || !address || target?.kind !== 'fragment') return false;
  // Some keys take a list or another value: what is wanted as one value was deployed as one.
  if (desired.ids.has(id)) return false;
  const isWanted = desired.sets.has(placeOf(file, address.path));
  const list = standing(documents.get(file), address.path) ?? (isWanted ? [] : undefined);
  return Array.isArray(list) && target.unitKind(address.path, list as Value) === 'set';
}

function standing(document: Document | undefined, path: KeyPath): Value | undefined {
  return document && valueAt(document.values, path);
}

function elementsOf(unit: RecordedUnit, { client, documents, wanted }: Beside): RecordedUnit[] {
  const path = unit.address?.path ?? [];
  const now = standing(documents.get(unit.file), path);
  const list = Array.isArray(now) ? (now as readonly Value[]) : [];
  const want = wanted.flatMap(({ file, address, value }) =>
    file === unit.file && address?.element && samePath(address.path, path) && value !== undefined ? [value] : [],
  );
  const isDeployed = (values: readonly Value[]) => [unit.digest, unit.adopted].includes(digestOfValue(values));
  const digests = new Set(list.map(digestOfValue));
  const ours = isDeployed(list)
    ? list
    : isDeployed(want)
      ? want
      : want.filter((each) => digests.has(digestOfValue(each)));
  return ours.map((value) => {
    const address = elementAddress(path, value);
    const { file, origin } = unit;
    const id = unitId(client.name, file, address);
    return { id, client: client.name, file, kind: 'element', address, origin, digest: digestOfValue(value) };
  });
}

/** A list that we put there goes with its last element. */
function withParents(files: ClientRecord['files'], lists: readonly RecordedUnit[]): ClientRecord['files'] {
  const changed = Object.entries(files).map(([name, file]) => {
    const placed = lists.filter((unit) => unit.file === name && unit.origin === 'placed');
    return [
      name,
      { ...file, parents: [...file.parents, ...placed.flatMap(({ address }) => (address ? [address.path] : []))] },
    ];
  });
  return Object.fromEntries(changed);
}
