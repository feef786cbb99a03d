import type { HeadersHelper } from '../../adapters/client.ts';
import { isTable, leavesOf, sameValue, type Table, tableOf, valueAt } from '../../model/value.ts';
import type { SourceChange } from '../adopt/change.ts';
import { type ImportRequest, type Proposal, powerHint } from './find.ts';
import { type FoundEntry, fragmentChange, ownPlace, sharedPlace } from './find-values.ts';
import { valueWithHomeToken } from './home-token.ts';
import { type Spelled, spell, translated } from './shared-server-of.ts';

/** Servers and other entries: what several clients have under one name, and can be said once, is one proposal. */
export function proposeEntries(entries: readonly FoundEntry[], { states, helper }: ImportRequest): Proposal[] {
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
  return { ids: [id], name: id, ...describe({ id, state, target, path, value }), places, variables: [], waiting: [] };
}

function describe({ state, target, path, value }: FoundEntry): Pick<Proposal, 'kind' | 'power'> {
  const kind = path[0] === 'model_providers' ? 'provider' : 'server';
  return { kind, ...powerHint(state.client.powers.ofValue(target.file, path, value, () => [])) };
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

function sharedProposal(group: readonly Spelled[], union: Table): Proposal {
  const changes = group.flatMap((one) => sharedChanges(one, union));
  return {
    ids: group.map(({ found }) => found.id),
    name: group[0]?.found.id ?? '',
    ...describe((group[0] as Spelled).found),
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
  return { ids: [found.id], name: found.id, ...describe(found), places, variables, waiting: waitingIds([one]) };
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

function waitingIds(group: readonly Spelled[]): string[] {
  return group.filter(({ waits }) => waits).map(({ found }) => found.id);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
