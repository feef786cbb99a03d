import { Failure } from '../model/failure.ts';
import type { ClientState } from '../sync/client-state.ts';
import type { Context } from './context.ts';
import { gatherStates } from './gather.ts';
import { gatherDesired } from './judge-source.ts';
import type { Source } from './source.ts';

/**
 * The clients that `--client` leaves out, with what the source wants of them: what is one file with one of theirs must suit them too.
 * What is wrong with them is no reason to stop.
 */
export function besideStates(context: Context, source?: Source): readonly ClientState[] {
  const clients = context.allClients.filter((client) => !context.clients.includes(client));
  if (clients.length === 0) return [];
  const others = { ...context, clients };
  try {
    return gatherStates(others, source ? gatherDesired(others, source) : new Map());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [];
  }
}
