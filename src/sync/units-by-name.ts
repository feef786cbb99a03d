import type { PlannedUnit } from '../model/plan.ts';
import type { SourceTree } from '../model/source.ts';
import { meansUnit, unitId } from '../model/unit.ts';
import { leavesOf } from '../model/value.ts';
import { type ClientState, runtimePath } from './plan/client-state.ts';
import { unmanagedUnits } from './plan/unmanaged.ts';
import { contributionsTo } from './source/contributions.ts';
import type { ClientDesired } from './source/desired.ts';

/** A client with its source, as far as names are looked for in it. */
export interface NamedIn {
  readonly state: ClientState;
  readonly desired: ClientDesired;
}

/** What a name means: units, and how many keys and rules of the user's that it does not name one by one. */
export interface NamedUnits {
  readonly units: readonly PlannedUnit[];
  readonly others: number;
}

/**
 * What a name means. Keys, hooks and rules of the user's have names that hold their values: one is told only to who knows its
 * whole name.
 */
export function unitsNamed(name: string, units: readonly PlannedUnit[], states: readonly ClientState[]): NamedUnits {
  const named = states.some(({ client }) => client.name === name) ? `${name}:` : name;
  const known = units.filter(({ id }) => meansUnit(named, id));
  if (known.length > 0) return { units: known, others: 0 };
  const yours = states.flatMap((state) => [...unmanagedUnits(state, 'with elements'), ...keysOf(state)]);
  const found = yours.filter(({ id }) => meansUnit(named, id));
  const [exact] = found.filter(({ id }) => id === named);
  return exact ? { units: [exact], others: 0 } : { units: [], others: found.length };
}

/** The units in a file of the runtime, or in all files below a folder; `paths` are its names, real or not. */
export function unitsAtPath(
  paths: readonly string[],
  units: readonly PlannedUnit[],
  states: readonly ClientState[],
): PlannedUnit[] {
  const real = new Map(states.map(({ client, runtime }) => [client.name, runtime.places]));
  return units.filter((unit) => {
    const standing = [unit.path, real.get(unit.client)?.get(unit.file) ?? unit.path];
    return standing.some((path) => paths.some((named) => isAtOrBelow(path, named)));
  });
}

/** The units that have something from a file of the source, or from those below a folder of it. */
export function unitsFromSource(
  path: string,
  units: readonly PlannedUnit[],
  clients: readonly NamedIn[],
  tree: SourceTree,
): PlannedUnit[] {
  const ids = clients.flatMap(({ desired }) =>
    desired.units.filter((unit) =>
      [unit.source, ...contributionsTo(unit, desired, tree)].some((place) => isAtOrBelow(place.path, path)),
    ),
  );
  const found = new Set(ids.map(({ id }) => id));
  return units.filter(({ id }) => found.has(id));
}

/** The client in whose home a path is. */
export function clientAt(paths: readonly string[], states: readonly ClientState[]): ClientState | undefined {
  return states.find(({ home, runtime }) => {
    const roots = [home.root, runtime.home, ...Object.values(home.elsewhere)];
    return roots.some((root) => paths.some((path) => isAtOrBelow(path, root)));
  });
}

/** Windows has two ways to write one path. */
function isAtOrBelow(path: string, folder: string): boolean {
  const [one, other] = [path, folder].map((each) => each.replaceAll('\\', '/')) as [string, string];
  return one === other || one.startsWith(other.endsWith('/') ? other : `${other}/`);
}

/** Every single key of the files that others write too. */
function keysOf({ client, home, documents }: ClientState): PlannedUnit[] {
  return [...documents.values()].flatMap(({ target: { file, kind }, values }) => {
    if (kind !== 'fragment') return [];
    return leavesOf(values).map(
      ([path]): PlannedUnit => ({
        ...{ id: unitId(client.name, file, { path }), client: client.name, file, kind: 'leaf', address: { path } },
        ...{ verdict: 'unmanaged', action: 'leave', path: runtimePath(home, file) },
      }),
    );
  });
}
