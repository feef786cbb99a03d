import { Failure } from '../../model/failure.ts';
import { isDrift, type Plan } from '../../model/plan.ts';
import { broken } from '../check-edit.ts';
import type { ClientState } from '../client-state.ts';
import { makePlan } from '../plan.ts';
import type { Assembled } from './assemble.ts';
import { type Owner, withFoundInstructions } from './found-record.ts';

/** A plan for the records alone: all that was taken counts as found, and no file of a home changes. */
export function planTake(
  { judged, taken }: Assembled,
  clients: readonly ClientState[],
  owner: Owner,
  keepPath: string,
): Plan {
  const waiting = new Set(taken.flatMap((one) => one.waiting));
  const always = (id: string) => (waiting.has(id) ? keepPath : undefined);
  const choices = { overwrite: () => false, keep: () => false, always };
  const states = clients.map((client) => {
    const wanted = judged.desired.get(client.client.name)?.units ?? [];
    const state = { ...client, wanted };
    return wanted.some(({ kind }) => kind === 'section') ? withFoundInstructions(state, owner) : state;
  });
  const { plan } = makePlan({ command: 'init', mode: 'push', choices, clients: states, ...owner });
  const [write] = plan.writes;
  if (write) throw new Failure([broken('taking it along would change a file', write.path)]);
  const different = plan.units.find(isDrift);
  if (different) throw new Failure([broken(`"${different.id}" would differ`, different.path)]);
  return plan;
}
