import { withoutSecrets } from '../../content/secrets/secrets.ts';
import type { FileWrite, Plan } from '../../model/plan.ts';
import { countsText, unitsText } from '../../report/plan-text.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { canAsk, isAgreed } from './ask.ts';

/**
 * Shows a plan that takes back what stands, and asks a person at a terminal whether it may be applied; `d` shows the diff. True
 * where nobody is there to be asked, or nothing would be written.
 */
export async function isConfirmed(context: Context, plan: Plan, states: readonly ClientState[]): Promise<boolean> {
  const { host, options, paint } = context;
  if (!canAsk(context) || options.yes || plan.writes.length === 0) return true;
  const own = plan.units.filter(({ verdict }) => verdict !== 'unmanaged');
  const rows = unitsText(own, 'will', paint, options.verbose);
  host.terminal.out(withoutSecrets(`${rows}${countsText(own, 'will')}\n${repositoryText(plan.writes)}`));
  return isAgreed(context, plan, states);
}

/** The report of a plan to which a person said no. */
export function showUnconfirmed(context: Context, { command, units }: Plan): number {
  return show(context, { command, exitCode: 1, inSync: false, units, findings: [] }, 'Nothing was written.\n');
}

/** Files of a repository that go are easily overlooked among those of the clients. */
function repositoryText(writes: readonly FileWrite[]): string {
  const gone = writes.filter(({ client, after }) => client === '' && after === null).length;
  return gone === 0
    ? ''
    : `Of these, ${gone} ${gone === 1 ? 'is a file' : 'are files'} of your repository or configuration that would be deleted.\n`;
}
