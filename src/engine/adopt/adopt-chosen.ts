import { Failure } from '../../model/failure.ts';
import type { Adoption } from '../../sync/adopt/adoption.ts';
import { changedTree } from '../../sync/adopt/change.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import { recordWith } from '../../sync/plan/plan-record.ts';
import type { Adopted, Sides } from '../deployment.ts';
import { gatherStates } from '../source/gather.ts';
import { besideSource, gatherDesired } from '../source/judge-source.ts';
import { scanAdopted } from '../source/scan-source.ts';
import type { World } from '../world.ts';
import { adopt, adoptionWrites, conflictFinding } from './adopt.ts';

/**
 * The sides as they will be once these units are adopted. Throws `Failure` when one cannot be: it would bring a mistake or a
 * secret into the source, or two of them want different things.
 */
export async function withAdopted(
  world: World,
  sides: Sides,
  ids: readonly string[],
): Promise<Sides & { readonly adopted?: Adopted }> {
  const clients = besideSource(sides.states, sides.desired);
  const named = { ...world, options: { ...world.options, adopt: ids } };
  const adoption = ids.length > 0 ? adopt(named, sides.source, clients, []) : undefined;
  if (!adoption) return sides;
  const errors = adoption.findings.filter(({ severity }) => severity === 'error');
  const stops = [...adoption.conflicts.map(conflictFinding), ...errors];
  if (stops.length > 0) throw new Failure(stops);
  await scanAdopted(sides.source.tree, adoption.files);
  const source = { ...sides.source, tree: changedTree(sides.source.tree, adoption.files) };
  const desired = gatherDesired(world, source);
  const states = gatherStates(world, desired, source).map((state) => withAbsorbed(state, adoption));
  return {
    source,
    desired,
    states,
    adopted: { adoption, writes: adoptionWrites(world, sides.source, adoption.files) },
  };
}

function withAbsorbed(state: ClientState, { absorbed }: Adoption): ClientState {
  const units = absorbed.flatMap((one) => (one.state.client.name === state.client.name ? [one.unit] : []));
  return state.record && units.length > 0 ? { ...state, record: recordWith(state.record, units) } : state;
}
