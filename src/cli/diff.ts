import { unknownNames } from '../engine/choices.ts';
import type { Deployment } from '../engine/deployment.ts';
import { type Base, findBase, gatherPast, type Past, secretsOf } from '../engine/explain/last-deployed-text.ts';
import { planDeploy } from '../engine/plan-deploy.ts';
import { withSettledRuntime } from '../engine/with-run.ts';
import type { Difference } from '../model/difference.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import { isDrift, type PlannedUnit } from '../model/plan.ts';
import { meansUnit } from '../model/unit.ts';
import { differenceRow, differencesSummary, differencesText } from '../report/differences-text.ts';
import { numberedMarks } from '../report/redaction.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { type MergedUnit, mergeUnits } from '../sync/plan/merged-unit.ts';
import { differenceCode, standingPowers } from '../sync/powers/consent.ts';
import type { Context } from './context.ts';
import { lineEnded, maskFor, showPaged } from './show.ts';

const command = 'diff';

/** `diff`: what stands in the runtime against what the source wants, unit by unit. Writes nothing. */
export function diff(context: Context): Promise<number> {
  return withSettledRuntime(context, command, async (recovered) =>
    showDifferences(context, await planDeploy(context, 'check', {}), recovered),
  );
}

function showDifferences(context: Context, deployment: Deployment, recovered: readonly Finding[]): number {
  const { units } = deployment.made.plan;
  const names = context.options.unit ?? [];
  const unknown = unknownNames(names, units);
  if (unknown.length > 0) throw new Failure(unknown);
  const all = context.options.verbose === true;
  const meant =
    names.length === 0 ? units.filter((unit) => all || isDrift(unit)) : units.filter((unit) => isNamed(unit, names));
  const shown = meant.filter(differs);
  const differences = differencesOf(context, deployment, shown);
  const equal = names.filter((name) => !shown.some(({ id }) => meansUnit(name, id)));
  const masked = deployment.notes.filter(({ code }) => code === 'masked-source');
  const elsewhere = names.length === 0 ? standingPowers(units) : [];
  const findings = [...recovered, ...masked, ...elsewhere, ...yoursAlone(units, equal)];
  const exitCode = differenceCode(names.length === 0 ? units : shown);
  const outcome = { command, exitCode, inSync: !units.some(isDrift), units: meant, findings };
  const said = equal.filter((name) => !findings.some(({ message }) => message.startsWith(JSON.stringify(name))));
  const body = differencesText(differences, context.paint) + differencesSummary(differences, said);
  return showPaged(context, { ...outcome, differences: differences.map(differenceRow) }, body);
}

function isNamed({ id }: PlannedUnit, names: readonly string[]): boolean {
  return names.some((name) => meansUnit(name, id));
}

function differs({ verdict }: PlannedUnit): boolean {
  return verdict === 'source-ahead' || verdict === 'runtime-ahead' || verdict === 'conflict';
}

/** Of what nobody manages there is only one side. */
function yoursAlone(units: readonly PlannedUnit[], names: readonly string[]): Finding[] {
  return names.flatMap((name): Finding[] => {
    const named = units.filter(({ id }) => meansUnit(name, id));
    if (!named.every(({ verdict }) => verdict === 'unmanaged')) return [];
    const message = `${JSON.stringify(name)} is yours alone: the source has nothing to compare it with`;
    const remedy = 'Take it into the source with pull-runtime --adopt, if it is to be there.';
    return [{ code: 'unmanaged', severity: 'note', message, remedy }];
  });
}

function differencesOf(context: Context, deployment: Deployment, shown: readonly PlannedUnit[]): Difference[] {
  if (shown.length === 0) return [];
  const { states, source } = deployment;
  const found = new Map(
    states.flatMap((state) => mergeUnits(state).map((merged) => [merged.unit.id, { state, merged }])),
  );
  let past: Past | undefined;
  const baseOf = (state: ClientState, merged: MergedUnit) => {
    past ??= gatherPast(context, source);
    return findBase(context, past, state, merged);
  };
  const rows = shown.flatMap((unit) => {
    const at = found.get(unit.id);
    return at ? [{ unit, ...at, base: unit.verdict === 'conflict' ? baseOf(at.state, at.merged) : undefined }] : [];
  });
  const secrets = rows.flatMap(({ merged, base }) => [...(base?.secrets ?? []), ...secretsOfSides(merged)]);
  const [mask, mark] = [maskFor(states, secrets), numberedMarks()];
  return rows.map(({ unit, merged, base }) => differenceOf(unit, merged, base, (text) => mask(text, mark)));
}

function secretsOfSides(merged: MergedUnit): string[] {
  return [merged.wantSide, merged.have].flatMap((side) => (side ? secretsOf(merged, side) : []));
}

function differenceOf(
  unit: PlannedUnit,
  { wantSide, have, baseDigest }: MergedUnit,
  base: Base | undefined,
  mask: (text: string) => string,
): Difference {
  const text = (side: { text(): string } | undefined) => side && mask(lineEnded(side.text()) as string);
  const [wanted, standing] = [text(wantSide), text(have)];
  const noBase = baseDigest === undefined ? 'never' : 'lost';
  return {
    unit,
    ...(wanted === undefined ? {} : { want: wanted }),
    ...(standing === undefined ? {} : { have: standing }),
    ...(base ? { base: { text: mask(lineEnded(base.text) as string), from: placeOf(base) } } : {}),
    ...(unit.verdict === 'conflict' && !base ? { noBase } : {}),
  };
}

function placeOf({ from }: Base): string {
  return 'commit' in from ? `commit ${from.commit.slice(0, 7)}` : `the backup of run ${from.run}`;
}
