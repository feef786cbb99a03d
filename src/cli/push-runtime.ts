import { applyPlan } from '../host/apply.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import { nextStepsText } from '../report/next-steps.ts';
import { conflictsText, countsText, powersText, unitsText } from '../report/plan-text.ts';
import { checkPlan } from '../sync/check-plan.ts';
import type { Choices, Mode } from '../sync/choose-action.ts';
import type { ClientState } from '../sync/client-state.ts';
import { makePlan } from '../sync/plan.ts';
import { allowedTexts } from '../sync/source-problems.ts';
import { askToApply, settleConflicts } from './ask.ts';
import { choicesOf, noChoices, refuseUnknownNames } from './choices.ts';
import type { Context } from './context.ts';
import { gatherDesired, gatherSource, gatherStates, refuseOtherRepository, repositoryOf } from './gather.ts';
import { untilApplied } from './replan.ts';
import { scanPlanned } from './scan-source.ts';
import { show, wantedDiffs } from './show.ts';
import { withRun } from './with-run.ts';

/** `push-runtime`: makes the runtime what the source wants, and leaves every edit that is not ours. */
export function pushRuntime(context: Context): Promise<number> {
  return deploy(context, 'push');
}

/** push and the second half of clean are one engine: read, plan, check, apply; again if a client wrote meanwhile. */
export function deploy(context: Context, mode: 'push' | 'clean'): Promise<number> {
  const command = mode === 'push' ? 'push-runtime' : 'clean-runtime';
  return withRun(context, command, (recovered) => untilApplied(() => deployOnce(context, mode, recovered)));
}

async function deployOnce(context: Context, mode: 'push' | 'clean', recovered: readonly Finding[]): Promise<number> {
  const { made, states, source } = await planDeploy(
    context,
    mode,
    mode === 'push' ? choicesOf(context.options) : noChoices,
  );
  if (mode === 'push') refuseUnknownNames(context.options, made.plan.units);
  const settled = await settleConflicts(context, made.plan, states);
  const { plan, edits } = settled ? (await planDeploy(context, mode, settled)).made : made;
  if (plan.units.some(({ action }) => action === 'stop')) return showConflicts(context, plan, states, recovered);
  const broken = checkPlan({ plan, edits }, states, allowedTexts(source.tree));
  if (broken.length > 0) throw new Failure(broken);
  if (!(await askToApply(context, plan, states))) return showDeclined(context, plan);
  const backups = applyPlan(context.host, context.state, plan);
  return showApplied(context, plan, states, backups, recovered);
}

/** Reads everything and makes the plan. Throws `Failure` with all that is wrong with source, runtime or record. */
export async function planDeploy(context: Context, mode: Exclude<Mode, 'remove-only'>, choices: Choices) {
  const source = gatherSource(context);
  const desired = gatherDesired(context, source);
  const states = gatherStates(context, desired);
  const found = repositoryOf(context, source);
  if (!context.options.takeOver) refuseOtherRepository(states, found);
  // Two clones of one repository may have folders of two names; the markers must not change with the clone.
  const known = states.find(({ record }) => record?.repository.id === found.id)?.record?.repository;
  const repository = { ...found, name: known?.name ?? found.name };
  const command = mode === 'push' ? 'push-runtime' : mode === 'clean' ? 'clean-runtime' : 'check-sync';
  const request = { command, mode, choices, clients: states, repository, version: context.version } as const;
  const made = makePlan(request);
  await scanPlanned(context, source, made.plan.units);
  return { made, states, source };
}

function showConflicts(
  context: Context,
  plan: Plan,
  states: readonly ClientState[],
  recovered: readonly Finding[],
): number {
  const { options, paint } = context;
  const rows = unitsText(plan.units, 'will', paint, options.verbose) + wantedDiffs(context, plan, states);
  const outcome = { command: plan.command, exitCode: 3, inSync: false, units: plan.units, findings: [...recovered] };
  return show(context, outcome, rows + conflictsText(plan.units, paint));
}

function showDeclined(context: Context, { command, units }: Plan): number {
  return show(context, { command, exitCode: 1, inSync: false, units, findings: [] }, 'Nothing was written.\n');
}

function showApplied(
  context: Context,
  plan: Plan,
  states: readonly ClientState[],
  backups: string | undefined,
  recovered: readonly Finding[],
): number {
  const { options, paint } = context;
  const left = plan.units.filter(({ action, verdict }) => action === 'leave' && verdict !== 'unmanaged');
  const exitCode = left.length > 0 ? 1 : 0;
  const tense = options.dryRun ? 'will' : 'did';
  const body = [
    powersText(plan.units, tense, paint),
    unitsText(plan.units, tense, paint, options.verbose),
    wantedDiffs(context, plan, states),
    `${countsText(plan.units, tense)}\n`,
  ].join('');
  const ending = {
    tense,
    writes: plan.writes.length,
    backups,
    left: left.length,
    canUndo: true,
  } as const;
  const findings = [...recovered, ...plan.findings];
  const outcome = { command: plan.command, exitCode, inSync: exitCode === 0, units: plan.units, findings };
  return show(context, outcome, body, nextStepsText(ending));
}
