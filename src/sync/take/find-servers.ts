import type { HeadersHelper } from '../../adapters/client.ts';
import {
  isTable,
  type KeyPath,
  leavesOf,
  sameValue,
  type Table,
  tableOf,
  type Value,
  valueAt,
} from '../../model/value.ts';
import type { SourceChange } from '../adopt/change.ts';
import type { Proposal, TakeRequest } from './find.ts';
import { type FoundEntry, fragmentChange, ownPlace, sharedPlace } from './find-values.ts';
import { valueWithHomeToken } from './home-token.ts';
import { withReferences } from './referenced.ts';

/** An entry in the spelling that all clients share, and what only its client can say. */
interface Spelled {
  readonly found: FoundEntry;
  readonly path: KeyPath;
  /** Secrets are references. */
  readonly common: Table;
  readonly rest: Table;
  readonly variables: readonly string[];
  /** Whether the client's file still holds what is a reference here. */
  readonly waits: boolean;
}

/** Servers and other entries: what several clients have under one name, and can be said once, is one proposal. */
export function proposeEntries(entries: readonly FoundEntry[], { states, helper }: TakeRequest): Proposal[] {
  const spelled = entries.map((found) => spell(found, helper));
  const alone = entries.filter((_, index) => !spelled[index]).map(unspelled);
  const groups = new Map<string, Spelled[]>();
  for (const one of spelled) {
    if (!one) continue;
    const key = JSON.stringify([one.found.target.shared?.source, one.path]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const together = [...groups.values()].flatMap((group) => {
    const union = group.length === states.length && group.length > 1 ? unionOf(group, helper) : undefined;
    return union ? [sharedProposal(group, union)] : group.map((one) => ownProposal(one, group.length > 1, helper));
  });
  return [...together, ...alone];
}

function unspelled({ id, state, target, path, value }: FoundEntry): Proposal {
  const spellings = [valueWithHomeToken(value, state.home.root), value];
  const places = spellings.map((each) => [
    fragmentChange(id, ownPlace(state.client.name, target), { set: [{ path, value: each }] }),
  ]);
  return { ids: [id], name: id, ...describe(target.power(path, value)), places, variables: [], waiting: [] };
}

function describe(power: string | undefined): Pick<Proposal, 'kind' | 'power'> {
  return power === undefined ? { kind: 'provider' } : { kind: 'server', power };
}

/** An entry in the shared spelling, as far as that can say it; undefined where it cannot at all. */
function spell(found: FoundEntry, helper: HeadersHelper): Spelled | undefined {
  const { target, path, state } = found;
  const value = valueWithHomeToken(found.value, state.home.root);
  const { shared } = target;
  if (!shared || !isTable(value)) return undefined;
  const back = (side: Table) => {
    const common = shared.untranslate(path, side, helper);
    return 'value' in common && isTable(common.value) ? { path: common.path, value: common.value } : undefined;
  };
  const sayable = sayablePart(value, back);
  const common = sayable && back(sayable);
  if (!sayable || !common) return undefined;
  const rest = tableOf(
    Object.keys(value).flatMap((key) => (Object.hasOwn(sayable, key) ? [] : [[[key], value[key] as Value]])),
  );
  const referenced = withReferences(path.at(-1) ?? '', common.value);
  const { variables } = referenced;
  return { found, path: common.path, common: referenced.value, rest, variables, waits: variables.length > 0 };
}

/** The keys of an entry that the shared spelling has words for: all, or what tells how to reach it and each that goes with it. */
function sayablePart(value: Table, back: (side: Table) => unknown): Table | undefined {
  if (back(value)) return value;
  const only = (keys: readonly string[]) =>
    tableOf(keys.flatMap((key) => (Object.hasOwn(value, key) ? [[[key], value[key] as Value]] : [])));
  const reach = ['type', 'command', 'url'].filter((key) => Object.hasOwn(value, key));
  if (!back(only(reach))) return undefined;
  const keys = Object.keys(value).filter((key) => reach.includes(key) || back(only([...reach, key])));
  return back(only(keys)) ? only(keys) : undefined;
}

/** One shared entry that every client of the group gets its own of; undefined where there is none. */
function unionOf(group: readonly Spelled[], helper: HeadersHelper): Table | undefined {
  const leaves = group.flatMap(({ common }) => leavesOf(common));
  const union = tableOf(leaves);
  const agrees = group.every(
    (one) =>
      leavesOf(one.common).every(([path, value]) => sameValue(valueAt(union, path), value)) &&
      sameValue(translated(one, union, helper), translated(one, one.common, helper)),
  );
  return agrees ? union : undefined;
}

/** What the client gets of a shared entry. */
function translated({ found, path }: Spelled, entry: Table, helper: HeadersHelper): Value | undefined {
  const values = tableOf([[path, entry]]);
  const translation = found.target.shared?.translate(values, helper);
  const isWrong = translation?.problems.some(({ severity }) => severity === undefined);
  const value = translation && !isWrong ? valueAt(translation.values, found.path) : undefined;
  return value === undefined
    ? undefined
    : found.target.withoutDefaults(found.path, found.target.renamed(found.path, value));
}

function sharedProposal(group: readonly Spelled[], union: Table): Proposal {
  const changes = group.flatMap((one) => sharedChanges(one, union));
  return {
    ids: group.map(({ found }) => found.id),
    name: group[0]?.found.id ?? '',
    ...describe(powerOf(group[0] as Spelled)),
    ...{
      places: [changes],
      variables: distinct(group.flatMap(({ variables }) => variables)),
      waiting: waitingIds(group),
    },
  };
}

/** Alone it goes to the shared file, for this client: to share it is to take out one line. Beside a namesake to its own. */
function ownProposal(one: Spelled, hasNamesake: boolean, helper: HeadersHelper): Proposal {
  const { found, common, rest, variables } = one;
  const { name } = found.state.client;
  const forOne = sharedChanges(one, { ...common, clients: [name] });
  const whole = translated(one, common, helper);
  const value = isTable(whole) ? { ...whole, ...rest } : undefined;
  const own = value
    ? [[fragmentChange(found.id, ownPlace(name, found.target), { set: [{ path: found.path, value }] })]]
    : [];
  const places = hasNamesake ? own : [forOne, ...own];
  return { ids: [found.id], name: found.id, ...describe(powerOf(one)), places, variables, waiting: waitingIds([one]) };
}

function sharedChanges({ found, path, rest }: Spelled, entry: Table): readonly SourceChange[] {
  const { id, state, target } = found;
  const shared = target.shared
    ? [fragmentChange(id, sharedPlace(target.shared), { set: [{ path, value: entry }] })]
    : [];
  if (Object.keys(rest).length === 0) return shared;
  const set = Object.entries(rest).map(([key, value]) => ({ path: [...found.path, key], value }));
  return [...shared, fragmentChange(id, ownPlace(state.client.name, target), { set })];
}

function powerOf({ found: { target, path, value } }: Spelled): string | undefined {
  return target.power(path, value);
}

function waitingIds(group: readonly Spelled[]): string[] {
  return group.filter(({ waits }) => waits).map(({ found }) => found.id);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
