import { ownFiles } from '../host/state/files-left.ts';
import { readRecord, recordPath } from '../host/state/state-directory.ts';
import { userConfigPath } from '../host/state/user-config.ts';
import { Failure } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import { visible } from '../model/texts/visible.ts';
import { type Remain, remainsText } from '../report/commands/remains-text.ts';
import { plural } from '../report/plan-text.ts';
import { removeDeployed } from './clean-runtime.ts';
import type { Context } from './context.ts';

/**
 * `uninstall`: takes all that was deployed out again, which needs only the record, and says what is left on the machine. What is left
 * is a person's to remove: it is the way back.
 */
export async function uninstall(context: Context): Promise<number> {
  const exitCode = await removeDeployed(context, 'uninstall', (plan) => remainsOrReason(context, plan));
  if (!context.options.dryRun) await withoutCache(context);
  return exitCode;
}

/** Answers that are kept are of no use any more; that they cannot be removed is no reason to call an uninstall failed. */
async function withoutCache({ host, state }: Context): Promise<void> {
  try {
    if (host.disk.status(state.cache)) await host.removeTree(state.cache);
  } catch {
    // They are found out of date by whoever reads them.
  }
}

/** The home that a record is about, or the record's file where it cannot be read. */
function homeOf({ host, state }: Context, key: string): string {
  try {
    return readRecord(host.disk, state, key)?.home ?? recordPath(state, key);
  } catch {
    return recordPath(state, key);
  }
}

/** All is removed by now: failing to list what is left is reported, and is no failure of the uninstall. */
function remainsOrReason(context: Context, plan: Plan): { left: readonly Remain[]; text: string } {
  try {
    return remainsAfter(context, plan);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { left: [], text: `What is left in ${visible(context.state.root)} could not be looked at.\n` };
  }
}

function remainsAfter(context: Context, plan: Plan): { left: readonly Remain[]; text: string } {
  const { host, state, environment } = context;
  const own = ownFiles(host.disk, state, userConfigPath(environment, host.platform));
  const gone = plan.records.filter(({ record }) => record === null).map(({ key }) => key);
  const [runs, tokens] = [own.runs, own.tokens.length];
  const spared = plan.records.reduce((sum, { spares = [] }) => sum + spares.length, 0);
  const earlier = context.options.dryRun ? spared : own.earlier;
  const left = [
    ...(runs > 0
      ? [{ path: state.runs, what: `backups of ${runs} ${plural('run', runs)}, for syncline restore` }]
      : []),
    ...(earlier > 0 ? [{ path: state.earlier, what: keptWords(earlier) }] : []),
    ...(tokens > 0 ? [{ path: state.tokens, what: `${tokens} ${plural('token', tokens)} that servers may know` }] : []),
    ...(own.configuration ? [{ path: own.configuration, what: 'your configuration of this machine' }] : []),
  ];
  const others = own.records.filter((key) => !gone.includes(key)).map((key) => homeOf(context, key));
  return { left, text: remainsText(left, { folders: own.folders, others, platform: host.platform }) };
}

function keptWords(count: number): string {
  return `${count} ${plural('value', count)} of yours from before the first push, which did not come back (take what you want first)`;
}
