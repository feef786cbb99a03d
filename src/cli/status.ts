import type { Deployment } from '../engine/deployment.ts';
import { planDeploy } from '../engine/plan-deploy.ts';
import { gatherSession } from '../engine/session/session.ts';
import { otherRepositories, otherRepositoryOf, repositoryOf } from '../engine/whose-repository.ts';
import { withSettledRuntime } from '../engine/with-run.ts';
import { type History, historyOf } from '../host/git/history.ts';
import { recordPath } from '../host/state/state-directory.ts';
import { listRuns } from '../host/transaction/runs.ts';
import type { Finding } from '../model/finding.ts';
import { isDrift } from '../model/plan.ts';
import type { IdentifiedRepository } from '../model/record.ts';
import { type RunIndex, timeOfRun } from '../model/run.ts';
import type { ClientStatus, LastPush, RunsStatus, Status } from '../model/status.ts';
import { statusText } from '../report/commands/status-text.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { recordKey } from '../sync/plan/plan-record.ts';
import { standingPowers } from '../sync/powers/consent.ts';
import { readManifest } from '../sync/source/syncline-toml.ts';
import { budgetFindings, unitCounts } from '../sync/status.ts';
import type { Context } from './context.ts';
import { show } from './show.ts';

const command = 'status';

/** `status`: how things stand, on one screen. It informs and exits 0; a script that wants a verdict asks check-sync. */
export function status(context: Context): Promise<number> {
  return withSettledRuntime(context, command, async (recovered) => {
    const any = { ...context, options: { ...context.options, takeOver: true } };
    return showStatus(context, await planDeploy(any, 'check', {}), recovered);
  });
}

function showStatus(context: Context, deployment: Deployment, recovered: readonly Finding[]): number {
  const { states, source } = deployment;
  const { plan } = deployment.made;
  const repository = repositoryOf(context, source, states);
  const found = statusOf(context, deployment, repository);
  const budget = found.clients.flatMap(({ title, session }) => budgetFindings(title, session));
  const others = otherRepositories(states, repository).map((finding): Finding => ({ ...finding, severity: 'warning' }));
  // The text has the budget in its own rows.
  const findings = [...recovered, ...standingPowers(plan.units), ...(context.options.json ? budget : []), ...others];
  const inSync = !plan.units.some(isDrift);
  const outcome = { command, exitCode: 0, inSync, units: plan.units, findings, status: found };
  const { home } = context.environment;
  return show(context, outcome, statusText(found, { home, repository: source.folder, paint: context.paint }));
}

function statusOf(context: Context, deployment: Deployment, repository: IdentifiedRepository): Status {
  const { source, states } = deployment;
  const history = historyOf(context.host, source.folder);
  const runs = listRuns(context.host.disk, context.state);
  const { budget } = readManifest(source.tree);
  return {
    clients: states.map((state) => clientStatus(context, deployment, state, { history, runs, budget, repository })),
    repository: {
      ...{ path: source.folder, git: history !== undefined, head: history?.head() ?? null },
      uncommitted: history ? history.uncommitted('clients') : null,
    },
    layers: source.tree.layers,
    runs: runsStatus(runs),
  };
}

interface Around {
  readonly history: History | undefined;
  readonly runs: readonly RunIndex[];
  readonly budget: number;
  readonly repository: IdentifiedRepository;
}

function clientStatus(
  context: Context,
  { made, source }: Deployment,
  state: ClientState,
  around: Around,
): ClientStatus {
  const { client, home } = state;
  const units = made.plan.units.filter((unit) => unit.client === client.name);
  return {
    ...{ client: client.name, title: client.title, homes: [home.root, ...Object.values(home.elsewhere)] },
    ...unitCounts(units, source.setup.path),
    lastPush: lastPush(context, state, around),
    session: gatherSession(context, state, around.budget),
  };
}

function lastPush(context: Context, state: ClientState, { history, runs, repository }: Around): LastPush | null {
  const { record } = state;
  if (!record) return null;
  const { commit } = record.repository;
  const other = otherRepositoryOf(state, repository);
  return {
    ...timesOfPush(context, state, runs),
    ...{ commit, subject: (commit && history?.commit(commit)?.subject) ?? null },
    ahead: other || !commit ? null : (history?.ahead(commit) ?? null),
    ...(other ? { otherRepository: other.path } : {}),
  };
}

/**
 * When a client was pushed to last. A push that changed only the record leaves no run, but the time of the record; adoption
 * changes the record, too, and is a run.
 */
function timesOfPush(
  { host, state: paths }: Context,
  state: ClientState,
  runs: readonly RunIndex[],
): Pick<LastPush, 'time' | 'restored' | 'imported'> {
  const { client, runtime, home } = state;
  const own = runs.filter(({ files }) => files.some((file) => file.client === client.name));
  if (own[0]?.command === 'restore') return { time: null, restored: timeOfRun(own[0].run) };
  const push = own.find(({ command: of }) => of === 'push-runtime' || of === 'clean-runtime');
  if (push && push !== own[0]) return { time: timeOfRun(push.run) };
  const init = runs.find(({ command: of }) => of === 'init');
  if (!push && init && state.record?.repository.commit === null) return { time: null, imported: timeOfRun(init.run) };
  const modified = host.disk.status(recordPath(paths, recordKey(client.name, runtime.home, home)))?.modified;
  return { time: modified === undefined ? null : new Date(modified).toISOString() };
}

function runsStatus(runs: readonly RunIndex[]): RunsStatus {
  const [newest] = runs;
  if (!newest) return { count: 0, last: null };
  const files = newest.files.filter(({ file }) => file !== '').length;
  return {
    count: runs.length,
    last: { name: newest.run, command: newest.command, time: timeOfRun(newest.run), files },
  };
}
