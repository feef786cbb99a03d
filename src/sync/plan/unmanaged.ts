import type { PlannedUnit } from '../../model/plan.ts';
import { type Address, unitId } from '../../model/unit.ts';
import { isTable, type KeyPath, samePath, type Table, type Value } from '../../model/value.ts';
import { elementAddress } from '../source/desired-fragment.ts';
import { type ClientState, type Document, runtimePath } from './client-state.ts';

/**
 * What stands in the runtime and is not ours, as far as it could be managed: servers and providers, memories, skills
 * (one row for a folder that is wholly the user's), and foreign files inside our skill folders. With elements: hooks and
 * rules, too.
 */
export function unmanagedUnits(state: ClientState, detail?: 'with elements'): PlannedUnit[] {
  const documents = [...state.documents.values()];
  const elements = detail ? documents.flatMap((document) => strangeElements(state, document)) : [];
  return [...documents.flatMap((document) => entries(state, document)), ...elements, ...files(state)];
}

/** Elements of lists that are sets: hooks and rules of the user's. */
function strangeElements(state: ClientState, { target, values }: Document): PlannedUnit[] {
  if (target.kind !== 'fragment') return [];
  const ours = new Set(knownUnits(state).map(({ id }) => id));
  const found = setsIn(values, target.unitKind).flatMap(([path, list]) =>
    list.map((value) => elementAddress(path, value)),
  );
  const rows = found.map((address) => row(state, target.file, 'element', address));
  return [...new Map(rows.map((unit) => [unit.id, unit])).values()].filter(({ id }) => !ours.has(id));
}

function setsIn(
  table: Table,
  unitKind: (path: KeyPath, value: Value) => string,
  at: KeyPath = [],
): [KeyPath, readonly Value[]][] {
  return Object.keys(table).flatMap((key): [KeyPath, readonly Value[]][] => {
    const [path, value] = [[...at, key], table[key] as Value];
    if (Array.isArray(value)) return unitKind(path, value) === 'set' ? [[path, value]] : [];
    return isTable(value) && unitKind(path, value) === 'table' ? setsIn(value, unitKind, path) : [];
  });
}

function entries(state: ClientState, document: Document): PlannedUnit[] {
  const { target } = document;
  if (target.kind !== 'fragment') return [];
  const ours = knownUnits(state).flatMap(({ file, address }) =>
    file === target.file && address ? [address.path] : [],
  );
  return entryAddresses(document.values, target.unitKind)
    .filter((path) => !ours.some((own) => samePath(own, path)))
    .map((path) => row(state, target.file, 'entry', { path }));
}

function entryAddresses(
  table: Table,
  unitKind: (path: KeyPath, value: Value) => string,
  at: KeyPath = [],
): readonly KeyPath[] {
  return Object.keys(table).flatMap((key): readonly KeyPath[] => {
    const [path, value] = [[...at, key], table[key] as Value];
    if (!isTable(value)) return [];
    if (unitKind(path, value) === 'entry') return [path];
    return at.length === 0 ? entryAddresses(value, unitKind, path) : [];
  });
}

function files(state: ClientState): PlannedUnit[] {
  const ours = new Set(knownUnits(state).map(({ file }) => file));
  const ourSkills = new Set([...ours].map((file) => file.split('/').slice(0, 2).join('/')));
  const skills = state.client.targets.find((target) => target.kind === 'skills')?.folder;
  const names = [...state.runtime.listings].flatMap(([folder, listed]) =>
    listed
      .filter((file) => !ours.has(file) && !(file.endsWith('/') && ourSkills.has(file.slice(0, -1))))
      .map((file) => {
        const top = file.split('/').slice(0, 2).join('/');
        return folder === skills && !ourSkills.has(top) ? top : file;
      }),
  );
  return [...new Set(names)].map((file) => row(state, file, 'file'));
}

function knownUnits({ wanted, record }: ClientState) {
  return [...wanted, ...(record?.units ?? [])];
}

function row({ client, home }: ClientState, file: string, kind: PlannedUnit['kind'], address?: Address): PlannedUnit {
  return {
    ...{ id: unitId(client.name, file, address), client: client.name, file, kind },
    ...(address ? { address } : {}),
    ...{ verdict: 'unmanaged', action: 'leave', path: runtimePath(home, file) },
  };
}
