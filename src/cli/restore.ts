import { choicesOf, refuseUnknownNames } from '../engine/choices.ts';
import { boundsOf } from '../engine/refusals/bounds-of.ts';
import { refuseSourcePaths } from '../engine/refusals/refuse-source-paths.ts';
import { retryWhenMoved } from '../engine/retry-when-moved.ts';
import { withRun, withSettledRuntime } from '../engine/with-run.ts';
import { readStanding } from '../host/reading/read-file.ts';
import { applyPlan } from '../host/transaction/apply.ts';
import { refuseOutOfBounds } from '../host/transaction/bounds.ts';
import { earlierDigestOf } from '../host/transaction/earlier-values.ts';
import { indexPath, listRuns, readBackup } from '../host/transaction/runs.ts';
import { digestOf } from '../model/digest.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { CheckedPlan, Plan } from '../model/plan.ts';
import type { RunIndex } from '../model/run.ts';
import { runsText } from '../report/commands/runs-text.ts';
import { nextStepsText } from '../report/next-steps.ts';
import { conflictsText, countsText, unitsText } from '../report/plan-text.ts';
import { checkPlan } from '../sync/check/check-plan.ts';
import { filesOfRuns, planRestore, type RestoreFile } from '../sync/plan-restore.ts';
import type { Context } from './context.ts';
import { isConfirmed, showUnconfirmed } from './prompts/confirm.ts';
import { asGiven, show, wantedDiffs } from './show.ts';

const command = 'restore';

/** `restore`: puts every file back as it was before a run, the newest if none is named. Needs no repository. */
export function restore(context: Context): Promise<number> {
  if (context.options.list) return withSettledRuntime(context, command, async (recovered) => list(context, recovered));
  return withRun(context, command, (recovered) => retryWhenMoved(() => restoreOnce(context, recovered)));
}

function list(context: Context, recovered: readonly Finding[]): number {
  const runs = listRuns(context.host.disk, context.state);
  const findings = [...recovered];
  return show(context, { command, exitCode: 0, inSync: false, units: [], findings, runs }, runsText(runs));
}

async function restoreOnce(context: Context, recovered: readonly Finding[]): Promise<number> {
  const runs = chosenRuns(context);
  const plan = planFor(context, runs);
  refuseUnknownNames(context.options, plan.units);
  if (plan.units.some(({ action }) => action === 'stop')) return showConflicts(context, plan, runs, recovered);
  if (!(await isConfirmed(context, plan, []))) return showUnconfirmed(context, plan);
  const backups = applyPlan(context.host, context.state, checkedPlan(context, plan, runs));
  const tense = context.options.dryRun ? 'will' : 'did';
  const rows = unitsText(plan.units, tense, context.paint, context.options.verbose);
  const body = `${rows}${wantedDiffs(context, plan, [])}${countsText(plan.units, tense)}\n`;
  const sameHome = asGiven(context, ['home']);
  const ending = {
    tense,
    writes: plan.writes.length,
    backups,
    left: 0,
    canUndo: false,
    sameHome,
    afterwards: [],
    touchesClients: plan.writes.some(({ client }) => client !== ''),
  } as const;
  const outcome = { command, exitCode: 0, inSync: false, units: plan.units, findings: [...recovered] } as const;
  return show(context, outcome, body, nextStepsText(ending));
}

/** The run to go back before, and all that came after it, newest first. Throws `Failure` for one that names what no run of ours writes. */
function chosenRuns(context: Context): RunIndex[] {
  const { host, state, options } = context;
  const runs = listRuns(host.disk, state);
  const name = options.run ?? runs.find(isOfClients)?.run;
  if (name === undefined && runs.length > 0)
    throw new Failure([noRun('the only runs are of init, which are restored only by name')]);
  if (name === undefined) throw new Failure([noRun('there is no run to restore')]);
  const named = runs.filter(({ run }) => run.startsWith(name));
  const [chosen] = named;
  if (!chosen) throw new Failure([noRun(`there is no run ${JSON.stringify(name)}`)]);
  if (named.length > 1) throw new Failure([noRun(`${JSON.stringify(name)} begins the names of ${named.length} runs`)]);
  const since = runs.slice(0, runs.indexOf(chosen) + 1);
  const all = options.run === undefined ? since.filter(isOfClients) : since;
  const bounds = boundsOf(context);
  for (const run of all) refuseOutOfBounds(host.disk, state, bounds, run, indexPath(state, run.run));
  return all;
}

/** What init made is a repository that somebody has worked in since: it goes only if it is named. */
function isOfClients({ command: made }: RunIndex): boolean {
  return made !== 'init';
}

function planFor(context: Context, runs: readonly RunIndex[]): Plan {
  const { host, state, options, clients } = context;
  const names = clients.map(({ name }) => name);
  // What belongs to no client is our own: the source, the user's configuration.
  const wanted = options.client ? names : [...names, ''];
  const files = filesOfRuns(runs).filter(({ client }) => wanted.includes(client));
  const paths = files.flatMap(({ client, file, path }) =>
    client !== '' && file !== '' && !isCopy(file) ? [path] : [],
  );
  refuseSourcePaths(context, paths);
  const contentOf = (file: RestoreFile) => [file.path, readBackup(host.disk, state, file.run, file)] as const;
  return planRestore({
    files,
    folders: [...runs].reverse().flatMap(({ folders }) => folders),
    now: readStanding(
      host.disk,
      files.flatMap(({ path, target }) => [path, target]),
    ),
    backups: new Map(files.map(contentOf)),
    digestOf: (file) => earlierDigestOf(state, file),
    choices: choicesOf(options, { keep: [], path: '' }),
  });
}

/** What a restore may write are the files that the runs wrote, as they were; whether those are ours was judged with the runs. */
function checkedPlan({ allClients }: Context, plan: Plan, runs: readonly RunIndex[]): CheckedPlan {
  const files = runs.flatMap((run) => run.files);
  const links = files.flatMap(({ link }) => (link === undefined ? [] : digestOf(link)));
  return checkPlan(plan, {
    ...{ known: allClients, clients: [], files: files.flatMap(({ path, target }) => [path, target]) },
    made: runs.flatMap(({ folders }) => folders),
    returning: new Set([...files.flatMap(({ before }) => before?.digest ?? []), ...links]),
  });
}

function showConflicts(context: Context, plan: Plan, runs: readonly RunIndex[], recovered: readonly Finding[]): number {
  const { paint } = context;
  const words = `restore ${runs.at(-1)?.run}${asGiven(context, ['home'])}`;
  const text = unitsText(plan.units, 'will', paint) + conflictsText(plan.units, paint, words, 'the backup');
  const outcome = { command, exitCode: 3, inSync: false, units: plan.units, findings: [...recovered] };
  return show(context, outcome, text);
}

/** Copies for inspection stand in the repository. */
function isCopy(file: string): boolean {
  return file.startsWith('pulled/');
}

function noRun(message: string): Finding {
  return problem('no-run', message, 'syncline restore --list names those that can be restored.');
}
