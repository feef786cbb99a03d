import { planDeploy } from '../../engine/plan-deploy.ts';
import { sessionHookFindings, wantsSessionCheck } from '../../engine/session/session-hook.ts';
import { tokenFindings } from '../../engine/tokens/tokens.ts';
import { withKeptAnswer } from '../../engine/with-kept-answer.ts';
import { withSettledRuntime } from '../../engine/with-run.ts';
import type { Finding } from '../../model/finding.ts';
import { isDrift, type Plan, type PlannedUnit } from '../../model/plan.ts';
import { asideWord, plural, verdictsText } from '../../report/plan-text.ts';
import { differenceCode, unitsToAgreeTo } from '../../sync/powers/consent.ts';
import type { Context } from '../context.ts';
import { powersOfPlan } from '../prompts/ask.ts';
import { show, wantedDiffs } from '../show.ts';

/** `check-sync`: reads everything, changes nothing, and exits 0 only when both sides are equal. */
export async function checkSync(context: Context): Promise<number> {
  const { report } = context.options;
  const body = async () => {
    if (context.options.against !== undefined) return (await import('./check-against.ts')).checkAgainst(context);
    if (context.options.sourceOnly) return (await import('./check-source.ts')).checkSource(context);
    return withKeptAnswer(context, (own) => withSettledRuntime(own, 'check-sync', (done) => checkRuntime(own, done)));
  };
  return report === undefined ? body() : (await import('./report.ts')).withReport(context, report, body);
}

async function checkRuntime(context: Context, recovered: readonly Finding[]): Promise<number> {
  const { made, states, tokens, notes } = await planDeploy(context, 'check', {});
  const { plan } = made;
  const exitCode = differenceCode(plan.units);
  const verdicts = verdictsText(plan.units, context.paint, context.options.verbose);
  const powers = powersOfPlan(context, unitsToAgreeTo(plan.units), 'will');
  const text = `${verdicts}${wantedDiffs(context, plan, states)}${powers}${summary(plan, exitCode)}`;
  const hook = sessionHookFindings(context, wantsSessionCheck(states.flatMap(({ wanted }) => wanted)));
  const told = context.options.verbose ? notes : summedUp(notes);
  const findings = [...recovered, ...told, ...tokenFindings(context, tokens), ...hook, ...plan.findings];
  const outcome = { command: 'check-sync', exitCode, inSync: exitCode === 0, units: plan.units, findings };
  return context.options.report === undefined
    ? show(context, outcome, text)
    : (await import('./report.ts')).showReport(context, outcome, text);
}

/** What push and `--source-only` say about the source is one line here: people run a check all day. */
function summedUp(notes: readonly Finding[]): Finding[] {
  if (notes.length === 0) return [];
  const message = `there ${notes.length === 1 ? 'is 1 thing' : `are ${notes.length} things`} to know about the source, such as what a client cannot be told`;
  const remedy = 'check-sync --verbose tells them; push-runtime, too.';
  return [{ code: 'source-notes', severity: 'note', message, remedy }];
}

function summary({ units }: Plan, exitCode: number): string {
  // What is left out now and was deployed once differs until a push has removed it.
  const isLeft = (unit: PlannedUnit) => unit.leftOut !== undefined && !isDrift(unit);
  const managed = units.filter((unit) => unit.verdict !== 'unmanaged' && !isLeft(unit));
  const besides = (['left out', 'kept'] as const)
    .map((word) =>
      asideLine(units.filter((unit) => isLeft(unit) && (asideWord(unit) ?? 'left out') === word).length, word),
    )
    .join('');
  if (exitCode === 0)
    return `In sync: ${managed.length} ${plural('unit', managed.length)} ${managed.length === 1 ? 'is' : 'are'} equal on both sides.\n${besides}`;
  const differing = managed.filter(isDrift);
  const differ = differing.length;
  const next = [
    ...(besides === '' ? [] : [besides.trimEnd()]),
    differ === 0
      ? `${managed.length} ${plural('unit', managed.length)} ${managed.length === 1 ? 'is' : 'are'} equal on both sides, and tokens go where they were not made for.`
      : `${differ} of ${managed.length} ${plural('unit', managed.length)} ${differ === 1 ? 'differs' : 'differ'}.`,
    ...meanings.flatMap(([verdict, text]) => (differing.some((unit) => unit.verdict === verdict) ? [text] : [])),
    ...(unitsToAgreeTo(units).length > 0
      ? ['new powers: push-runtime asks; without a terminal it needs --allow-powers.']
      : []),
    'check-sync --verbose shows the differences.',
  ];
  return `${next.join('\n')}\n`;
}

function asideLine(count: number, word: 'left out' | 'kept'): string {
  const how = word === 'kept' ? 'kept as it is' : word;
  return count > 0 ? `${count} ${plural('unit', count)} ${count === 1 ? 'is' : 'are'} ${how} on this machine.\n` : '';
}

/** What to do about each verdict that makes a difference. */
const meanings = [
  ['source-ahead', 'source-ahead: push-runtime writes it.'],
  ['runtime-ahead', 'runtime-ahead: push-runtime leaves it, --overwrite replaces it.'],
  ['conflict', 'conflict: push-runtime stops until you choose --overwrite or --keep.'],
] as const;
