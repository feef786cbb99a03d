import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { isDrift, type Plan } from '../../model/plan.ts';
import { broken } from '../check/check-edit.ts';
import type { ClientState } from '../plan/client-state.ts';
import { makePlan } from '../plan/plan.ts';
import type { Assembled } from './assemble.ts';
import { type Owner, withFoundInstructions } from './found-record.ts';

/** A plan for the records alone: all that was taken counts as found, and no file of a home changes. */
export function planImport(
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
  if (plan.writes.length > 0) throw new Failure(plan.writes.map(({ path }) => leftOver(path)));
  const different = plan.units.find(isDrift);
  if (different) throw new Failure([broken(`"${different.id}" would differ`, different.path)]);
  return plan;
}

/** All units agree, so what a push would write is only the place of our markers: some were there. */
function leftOver(path: string): Finding {
  const message = 'a marker of an earlier Syncline stands in the file, and nothing is recorded of it';
  const remedy = 'Take it out (in JSON the key "_syncline"), or push from the repository that it is of.';
  return problem('marker-left-over', message, remedy, { path });
}
