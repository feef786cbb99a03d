import type { Deployment } from '../engine/deployment.ts';
import { explainUnit } from '../engine/explain/explain-unit.ts';
import { gatherPast } from '../engine/explain/last-deployed-text.ts';
import { whatIsMeant } from '../engine/explain/resolve-name.ts';
import { planDeploy } from '../engine/plan-deploy.ts';
import { besideSource } from '../engine/source/judge-source.ts';
import { otherRepositoryOf, repositoryOf } from '../engine/whose-repository.ts';
import { withSettledRuntime } from '../engine/with-run.ts';
import type { Explanation } from '../model/explanation.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import { isDrift, type PlannedUnit } from '../model/plan.ts';
import { briefText, explanationRow, explanationsText } from '../report/commands/explain-text.ts';
import { unlistedNotes } from '../sync/source/unlisted.ts';
import type { NamedIn } from '../sync/units-by-name.ts';
import type { Context } from './context.ts';
import { show } from './show.ts';

const command = 'explain';

/** Of more units than this each gets a row only: to tell all of one takes git and the backups. */
const toldWhole = 10;

/** `explain`: where a unit or a file comes from, who wrote it, who changed it, and what a push would do. Writes nothing. */
export function explain(context: Context): Promise<number> {
  return withSettledRuntime(context, command, async (recovered) => {
    // A home of another repository is explained, too.
    const any = { ...context, options: { ...context.options, takeOver: true } };
    return explainName(context, await planDeploy(any, 'check', {}), recovered);
  });
}

function explainName(context: Context, deployment: Deployment, recovered: readonly Finding[]): number {
  const { what } = context.options;
  if (what === undefined) {
    const remedy = 'Write the name of a unit, or the path of a file of the source or of a client.';
    throw new Failure([problem('usage', 'explain needs to know what', remedy)]);
  }
  const { states, desired, made, source } = deployment;
  const clients = besideSource(states, desired);
  const { units, notes } = whatIsMeant(context, what, { ...deployment, clients });
  const isWhole = units.length <= toldWhole || context.options.verbose === true;
  const explanations = isWhole ? explanationsOf(context, deployment, clients, units) : [];
  const body = isWhole ? explanationsText(explanations, context.paint) : briefText(units, context.paint);
  const unlisted = unlistedNotes(units, source.tree, context.clients);
  const findings = [...recovered, ...notes, ...unlisted, ...stopNotes(made.plan.units, units)];
  const outcome = { command, exitCode: 0, inSync: !made.plan.units.some(isDrift), units, findings };
  return show(context, { ...outcome, explanations: explanations.map(explanationRow) }, body);
}

function explanationsOf(
  context: Context,
  { source, states }: Deployment,
  clients: readonly NamedIn[],
  units: readonly PlannedUnit[],
): Explanation[] {
  const past = gatherPast(context, source);
  const repository = repositoryOf(context, source, states);
  const others = new Map(states.map((state) => [state.client.name, otherRepositoryOf(state, repository)?.path]));
  return units.flatMap((unit) => {
    const of = clients.find(({ state }) => state.client.name === unit.client);
    return of ? [explainUnit(context, { past, source, of, otherRepository: others.get(unit.client) }, unit)] : [];
  });
}

/** A conflict anywhere stops the whole push, also for units that have none. */
function stopNotes(all: readonly PlannedUnit[], units: readonly PlannedUnit[]): Finding[] {
  const writes = units.some(({ action }) => ['create', 'update', 'remove', 'release', 'restore'].includes(action));
  const stop = all.find(({ action }) => action === 'stop');
  if (!writes || !stop) return [];
  const message = `the next push stops before it writes anything: "${stop.id}" is a conflict`;
  const remedy = 'syncline diff shows the conflicts; push-runtime says how to settle them.';
  return [{ code: 'push-stops', severity: 'note', message, remedy }];
}
