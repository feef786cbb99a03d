import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import { plural, verdictsText } from '../report/plan-text.ts';
import { noChoices } from './choices.ts';
import type { Context } from './context.ts';
import { gatherDesired, gatherSource } from './gather.ts';
import { planDeploy } from './push-runtime.ts';
import { scanSource } from './scan-source.ts';
import { show, wantedDiffs } from './show.ts';
import { withSettledRuntime } from './with-run.ts';

/** `check-sync`: reads everything, writes nothing, and exits 0 only when both sides are equal. */
export function checkSync(context: Context): Promise<number> {
  if (context.options.sourceOnly) return checkSource(context);
  return withSettledRuntime(context, 'check-sync', (recovered) => checkRuntime(context, recovered));
}

/** The repository alone: parses, shapes, tokens, secrets. Needs no home. */
async function checkSource(context: Context): Promise<number> {
  const source = gatherSource(context);
  const desired = gatherDesired(context, source);
  const unused = await scanSource(source);
  const units = [...desired.values()].reduce((sum, each) => sum + each.units.length, 0);
  const findings = [...[...desired.values()].flatMap((each) => each.findings), ...unused];
  const outcome = { command: 'check-sync', exitCode: 0, inSync: true, units: [], findings };
  return show(context, outcome, `The source is sound: ${units} ${plural('unit', units)}.\n`);
}

async function checkRuntime(context: Context, recovered: readonly Finding[]): Promise<number> {
  const { made, states } = await planDeploy(context, 'check', noChoices);
  const { plan } = made;
  const exitCode = exitCodeOf(plan);
  const verdicts = verdictsText(plan.units, context.paint, context.options.verbose);
  const text = `${verdicts}${wantedDiffs(context, plan, states)}${summary(plan, exitCode)}`;
  const findings = [...recovered, ...plan.findings];
  return show(context, { command: 'check-sync', exitCode, inSync: exitCode === 0, units: plan.units, findings }, text);
}

/** 3 where a push would stop at a conflict, 1 for any other difference. */
function exitCodeOf({ units }: Plan): number {
  if (units.some(({ verdict }) => verdict === 'conflict')) return 3;
  return units.some(({ verdict }) => verdict === 'source-ahead' || verdict === 'runtime-ahead') ? 1 : 0;
}

function summary({ units }: Plan, exitCode: number): string {
  const managed = units.filter(({ verdict }) => verdict !== 'unmanaged');
  if (exitCode === 0)
    return `In sync: ${managed.length} ${plural('unit', managed.length)} ${managed.length === 1 ? 'is' : 'are'} equal on both sides.\n`;
  const differ = managed.filter(({ verdict }) => verdict !== 'same' && verdict !== 'agreed').length;
  const next = [
    `${differ} of ${managed.length} ${plural('unit', managed.length)} ${differ === 1 ? 'differs' : 'differ'}.`,
    'source-ahead: push-runtime writes it. runtime-ahead: push-runtime leaves it, --overwrite replaces it.',
    'conflict: push-runtime stops until you choose --overwrite or --keep. check-sync --verbose shows the differences.',
  ];
  return `${next.join('\n')}\n`;
}
