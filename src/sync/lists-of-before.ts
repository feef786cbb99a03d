import type { Client } from '../adapters/client.ts';
import { digestOfValue } from '../model/digest.ts';
import type { ClientRecord } from '../model/record.ts';
import { type RecordedUnit, unitId, type WantedUnit } from '../model/unit.ts';
import { type KeyPath, samePath, type Value, valueAt } from '../model/value.ts';
import type { Document } from './client-state.ts';
import { elementAddress } from './desired-fragment.ts';

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
  const lists = record.units.filter((unit) => isSetNow(unit, beside));
  if (lists.length === 0) return record;
  const units = record.units.flatMap((unit) => (lists.includes(unit) ? elementsOf(unit, beside) : [unit]));
  const known = new Map(units.map((unit) => [unit.id, unit]));
  return { ...record, units: [...known.values()], files: withParents(record.files, lists) };
}

function isSetNow({ id, kind, file, address }: RecordedUnit, { documents, wanted }: Beside): boolean {
  const target = documents.get(file)?.target;
  if (kind !== 'leaf' || !address || target?.kind !== 'fragment') return false;
  // Some keys take a list or another value: what is wanted as one value was deployed as one.
  if (wanted.some((unit) => unit.id === id)) return false;
  const isWanted = wanted.some(
    ({ file: of, address: at }) => of === file && at?.element && samePath(at.path, address.path),
  );
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
