import type { PlannedUnit } from '../model/plan.ts';
import { type Address, unitId } from '../model/unit.ts';
import { isTable, type KeyPath, samePath, type Table, type Value } from '../model/value.ts';
import { type ClientState, type Document, runtimePath } from './client-state.ts';

/**
 * What stands in the runtime and is not ours, as far as it could be managed: servers and providers, memories, skills
 * (one row for a folder that is wholly the user's), and foreign files inside our skill folders.
 */
export function unmanagedUnits(state: ClientState): PlannedUnit[] {
  return [...[...state.documents.values()].flatMap((document) => entries(state, document)), ...files(state)];
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
      .filter((file) => !ours.has(file))
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

function row({ client, home }: ClientState, file: string, kind: 'entry' | 'file', address?: Address): PlannedUnit {
  return {
    ...{ id: unitId(client.name, file, address), client: client.name, file, kind },
    ...(address ? { address } : {}),
    ...{ verdict: 'unmanaged', action: 'leave', path: runtimePath(home, file) },
  };
}
