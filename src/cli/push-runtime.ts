import { withKeptAlways } from '../engine/adopt/keep-always.ts';
import { refuseUnknownNames } from '../engine/choices.ts';
import type { Deployment } from '../engine/deployment.ts';
import { planDeploy } from '../engine/plan-deploy.ts';
import { retryWhenMoved } from '../engine/retry-when-moved.ts';
import { prepareSessionCheck, wantsSessionCheck } from '../engine/session/session-hook.ts';
import { sourceFolders } from '../engine/source/source.ts';
import { withTokens } from '../engine/tokens/with-tokens.ts';
import { withKeptAnswer } from '../engine/with-kept-answer.ts';
import { hasJournal, withRun } from '../engine/with-run.ts';
import { applyPlan } from '../host/transaction/apply.ts';
import type { Finding } from '../model/finding.ts';
import { type CheckedPlan, isDrift, type Plan } from '../model/plan.ts';
import { nextStepsText } from '../report/next-steps.ts';
import { conflictsText, countsText, unitsText } from '../report/plan-text.ts';
import { checkPlan } from '../sync/check/check-plan.ts';
import { afterwardsOf } from '../sync/plan/client-next-steps.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { withAdoptionWrites } from '../sync/plan/plan-writes.ts';
import { allowedTexts } from '../sync/source/source-problems.ts';
import type { Context } from './context.ts';
import { askToApply, type Consent, canSettle, changesText } from './prompts/ask.ts';
import { askingWhose } from './prompts/ask-whose.ts';
import { asGiven, show, wantedDiffs } from './show.ts';

/** `push-runtime`: makes the runtime what the source wants, and leaves every edit that is not ours. */
export function pushRuntime(context: Context): Promise<number> {
  return deploy(context, 'push');
}

/** push and the second half of clean are one engine: read, plan, check, apply; again if a client wrote meanwhile. */
export function deploy(context: Context, mode: 'push' | 'clean'): Promise<number> {
  const command = mode === 'push' ? 'push-runtime' : 'clean-runtime';
  return withRun(context, command, (recovered) => {
    const once = (own: Context) => retryWhenMoved(() => deployOnce(own, mode, recovered));
    if (mode === 'clean') return once(context);
    const run = (own: Context) => askingWhose(own, once);
    if (recovered.length > 0) return run(context);
    return withKeptAnswer(context, (own) => {
      // This run looked before; who gives its answer again has to look for themselves.
      hasJournal(own);
      own.host.disk.linkStatus(own.state.clientLock);
      return run(own);
    });
  });
}

async function deployOnce(context: Context, mode: 'push' | 'clean', recovered: readonly Finding[]): Promise<number> {
  const first = await planDeploy(context, mode, mode === 'push' ? context.options : {});
  if (mode === 'push') refuseUnknownNames(context.options, first.made.plan.units);
  const settled = canSettle(context, first.made.plan)
    ? await (await import('./prompts/ask-conflicts.ts')).settleConflicts(context, first)
    : undefined;
  const deployment = settled ?? first;
  const { made, states, source, tokens, binds, notes } = deployment;
  if (made.plan.units.some(({ action }) => action === 'stop'))
    return showConflicts(context, made.plan, states, recovered);
  const whole = checkedPlan(context, deployment);
  const asks = mode === 'push' && (settled !== undefined || states.some(({ record }) => !record));
  const consent = await askToApply(context, deployment, asks);
  if (consent === 'declined') return showDeclined(context, made.plan);
  if (consent === 'unanswered') return showUnanswered(context, deployment, [...recovered, ...notes]);
  if (wantsSessionCheck(states.flatMap(({ wanted }) => wanted))) prepareSessionCheck(context, source);
  const applied = withTokens(context, { tokens, binds }, () => applyPlan(context.host, context.state, whole));
  const findings = [...recovered, ...notes, ...applied.findings];
  return showApplied(context, { ...deployment, made: { ...made, plan: whole } }, applied.result, findings, consent);
}

/** The plan as it will be applied: with what goes into the source and into the user's configuration. */
function checkedPlan(context: Context, { made, states, source, adopted, keepAlways }: Deployment): CheckedPlan {
  const kept = withKeptAlways(context, made.plan, source.setup, keepAlways);
  return checkPlan(withAdoptionWrites(kept, adopted?.writes ?? []), {
    ...{ known: context.allClients, clients: states, edits: made.edits, allowed: allowedTexts(source.tree) },
    folders: adopted ? sourceFolders(context, source) : [],
    files: keepAlways === undefined ? [] : [source.setup.path],
  });
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
  return show(
    context,
    outcome,
    rows + conflictsText(plan.units, paint, `push-runtime${asGiven(context, ['repo', 'home'])}`),
  );
}

/** The plan needs a person's consent and there is no terminal to ask at: nothing is written. */
function showUnanswered(context: Context, deployment: Deployment, recovered: readonly Finding[]): number {
  const { made, states, adopted } = deployment;
  const { command, units } = made.plan;
  const options = asGiven(context, ['repo', 'home']);
  const finding: Finding = {
    ...{ code: 'powers-to-allow', severity: 'warning' },
    message: 'this gives agents new powers, or takes away what holds them back, and there is no terminal to ask at',
    remedy: `Look at them above. To allow them: syncline ${command} --allow-powers${options}`,
  };
  const body = changesText(context, units, adopted, 'will') + wantedDiffs(context, made.plan, states);
  const outcome = { command, exitCode: 3, inSync: false, units, findings: [...recovered, finding] };
  return show(context, outcome, body, 'Nothing was written.\n');
}

function showDeclined(context: Context, { command, units }: Plan): number {
  return show(context, { command, exitCode: 1, inSync: false, units, findings: [] }, 'Nothing was written.\n');
}

/** Who has just seen the plan and said yes is told only what is new. */
function showApplied(
  context: Context,
  { made, states, adopted }: Deployment,
  backups: string | undefined,
  recovered: readonly Finding[],
  consent: Consent,
): number {
  const { options } = context;
  const { plan } = made;
  const left = plan.units.filter((unit) => unit.action === 'leave' && isDrift(unit));
  const exitCode = left.length > 0 ? 1 : 0;
  const tense = options.dryRun ? 'will' : 'did';
  const body = [
    consent === 'confirmed' ? '' : changesText(context, plan.units, adopted, tense),
    wantedDiffs(context, plan, states),
    plan.units.length > 0 ? `${countsText(plan.units, tense)}\n` : '',
  ].join('');
  const afterwards = afterwardsOf(plan, states);
  const ending = {
    tense,
    writes: plan.writes.length,
    backups,
    left: left.length,
    canUndo: true,
    sameHome: asGiven(context, ['home']),
    afterwards,
  } as const;
  const findings = [...recovered, ...plan.findings, ...(options.json ? afterwards : [])];
  const outcome = { command: plan.command, exitCode, inSync: exitCode === 0, units: plan.units, findings };
  return show(context, outcome, body, nextStepsText(ending));
}
