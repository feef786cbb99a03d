import { Failure } from '../model/failure.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { gatherStates } from './source/gather.ts';
import { gatherDesired } from './source/judge-source.ts';
import type { Source } from './source/source.ts';
import type { World } from './world.ts';

/**
 * The clients that `--client` leaves out, with what the source wants of them: what is one file with one of theirs must suit them too.
 * What is wrong with them is no reason to stop.
 */
export function besideStates(world: World, source?: Source): readonly ClientState[] {
  const clients = world.allClients.filter((client) => !world.clients.includes(client));
  if (clients.length === 0) return [];
  const others = { ...world, clients };
  try {
    return gatherStates(others, source ? gatherDesired(others, source) : new Map());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [];
  }
}
