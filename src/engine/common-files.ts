import { readEarlier } from '../host/transaction/earlier-values.ts';
import { earlierDigests } from '../model/record.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { recordKey } from '../sync/plan/plan-record.ts';
import type { World } from './world.ts';

/**
 * The states with all that is kept of values that the user had, where a file of one is a file of another one of `all`, by a link:
 * the record that comes to know the file later must keep what the first one does. Others come back as they are.
 */
export function withKeptOfCommonFiles(
  world: World,
  states: readonly ClientState[],
  all: readonly ClientState[],
): readonly ClientState[] {
  return states.map((state) => {
    const others = all.filter(({ client }) => client !== state.client);
    if (!keepsOfCommonFile(state, others)) return state;
    const { client, runtime, home, record } = state;
    const key = recordKey(client.name, runtime.home, home);
    return { ...state, earlier: readEarlier(world.host.disk, world.state, key, earlierDigests(record)) };
  });
}

function keepsOfCommonFile({ record, runtime }: ClientState, others: readonly ClientState[]): boolean {
  const kept = (record?.units ?? []).filter(({ earlier }) => earlier);
  if (kept.length === 0) return false;
  const places = new Set(others.flatMap((other) => [...other.runtime.places.values()]));
  return kept.some(({ file }) => places.has(runtime.places.get(file) ?? ''));
}
