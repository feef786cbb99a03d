import { besideStates } from '../engine/beside-states.ts';
import { noChoices } from '../engine/choices.ts';
import { formerValues } from '../engine/former-values.ts';
import { retryWhenMoved } from '../engine/retry-when-moved.ts';
import { gatherStates } from '../engine/source/gather.ts';
import { withRun } from '../engine/with-run.ts';
import { applyPlan } from '../host/transaction/apply.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { Repository } from '../model/record.ts';
import type { Remain } from '../report/commands/remains-text.ts';
import { nextStepsText } from '../report/next-steps.ts';
import { countsText, unitsText } from '../report/plan-text.ts';
import { checkPlan } from '../sync/check/check-plan.ts';
import { afterwardsOf } from '../sync/plan/client-next-steps.ts';
import { makePlan } from '../sync/plan/plan.ts';
import type { Context } from './context.ts';
import { isConfirmed, showUnconfirmed } from './prompts/confirm.ts';
import { deploy } from './push-runtime.ts';
import { asGiven, show, wantedDiffs } from './show.ts';

/** `clean-runtime`: removes all that was placed and deploys the source again; with `--remove-only` it stops before that. */
export function cleanRuntime(context: Context): Promise<number> {
  if (!context.options.removeOnly) return deploy(context, 'clean');
  return removeDeployed(context, 'clean-runtime', () => ({ text: '' }));
}

/** What a removal ends with: what it leaves on the machine, as data and as text. */
type After = (plan: Plan) => { readonly left?: readonly Remain[]; readonly text: string };

/** Removes all that was placed. Needs no repository: the record says what is ours. */
export function removeDeployed(
  context: Context,
  command: 'clean-runtime' | 'uninstall',
  after: After,
): Promise<number> {
  return withRun(context, command, (recovered) =>
    retryWhenMoved(async () => removeAll(context, command, recovered, after)),
  );
}

async function removeAll(
  context: Context,
  command: 'clean-runtime' | 'uninstall',
  recovered: readonly Finding[],
  after: After,
): Promise<number> {
  const states = gatherStates(context, new Map()).filter(({ record }) => record);
  const repository = states[0]?.record?.repository ?? noRepository;
  const { version, paint, options } = context;
  const made = makePlan({
    ...{ command, mode: 'remove-only', choices: noChoices, clients: states },
    ...{ repository, version, beside: besideStates(context) },
  });
  const plan = checkPlan(made.plan, { known: context.allClients, clients: states, edits: made.edits });
  const former = formerValues(context, plan, states);
  if (command === 'uninstall' && !(await isConfirmed(context, plan, states))) return showUnconfirmed(context, plan);
  const backups = applyPlan(context.host, context.state, plan);
  const tense = options.dryRun ? 'will' : 'did';
  const own = plan.units.filter(({ verdict }) => verdict !== 'unmanaged');
  const body = [
    unitsText(own, tense, paint, options.verbose),
    // Of all that is deployed that would be every byte.
    command === 'uninstall' && !options.verbose ? '' : wantedDiffs(context, plan, states),
    states.length === 0 ? 'Nothing was deployed to these homes.\n' : `${countsText(own, tense)}\n`,
  ].join('');
  const afterwards = afterwardsOf(plan, states);
  const sameHome = asGiven(context, ['home']);
  const ending = { tense, writes: plan.writes.length, backups, left: 0, canUndo: false, sameHome, afterwards } as const;
  const { left, text } = after(plan);
  const findings = [...recovered, ...plan.findings, ...former, ...(options.json ? afterwards : [])];
  const outcome = { command, exitCode: 0, inSync: false, units: own, findings, ...(left ? { left } : {}) };
  return show(context, outcome, body, (states.length === 0 ? '' : nextStepsText(ending)) + text);
}

const noRepository: Repository = { id: '', name: '', path: '', commit: null };
