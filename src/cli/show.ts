import { maskSecrets, withoutSecrets } from '../content/secrets/secrets.ts';
import { decodeText } from '../content/text.ts';
import type { Adopted } from '../engine/deployment.ts';
import type { FileWrite, Plan, PlannedUnit } from '../model/plan.ts';
import { shellWord } from '../model/texts/visible.ts';
import type { Paint } from '../report/colour.ts';
import { adoptionText } from '../report/commands/adopt-text.ts';
import { diffText } from '../report/diff-text.ts';
import { fewOfOneCode, findingsText } from '../report/findings-text.ts';
import { jsonText, type Outcome } from '../report/formats/json.ts';
import type { Tense } from '../report/plan-text.ts';
import { quietText } from '../report/quiet-text.ts';
import type { Mask } from '../report/redaction.ts';
import { runtimeSecrets, secretsOfFile, unlessOpen } from '../sync/open-texts.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import type { Context } from './context.ts';
import { paged } from './prompts/pager.ts';

/**
 * Prints what a command found: a body, the findings, and what to do next; or the one JSON object; or, with `--quiet`, what
 * needs a person. Gives the exit code back.
 */
export function show({ host, options, paint }: Context, outcome: Outcome, body: string, ending = ''): number {
  const { terminal } = host;
  if (options.json) terminal.out(jsonText(outcome, options.verbose === true, withoutSecrets));
  else if (options.quiet) terminal.out(withoutSecrets(quietText(outcome, body, paint)));
  else {
    // Of what an import leaves, each is named with its reason.
    const most = options.verbose || outcome.command === 'init' ? Number.POSITIVE_INFINITY : fewOfOneCode;
    terminal.out(withoutSecrets(body + findingsText(outcome.findings, paint, most) + ending));
  }
  return outcome.exitCode;
}

/** The same for what may be long: on a terminal a person leafs through it. */
export function showPaged(context: Context, outcome: Outcome, body: string): number {
  const { options, paint } = context;
  const text = withoutSecrets(body + findingsText(outcome.findings, paint));
  return !options.json && paged(context, text) ? outcome.exitCode : show(context, outcome, body);
}

/** What is or was adopted, and where it went. This very run brings it to the other units. */
export function adoptedText(adopted: Adopted | undefined, tense: Tense, paint: Paint): string {
  return adopted ? adoptionText(adopted.adoption.adopted, [], tense, paint) : '';
}

/** Diffs for who wants to see them: in a dry run, and with `--verbose`. */
export function wantedDiffs(context: Context, plan: Plan, states: readonly ClientState[]): string {
  const { dryRun, verbose } = context.options;
  return dryRun || verbose ? diffsText(context, plan, states) : '';
}

/** Every file a plan would change and every unit it would leave different, as unified diffs without secrets. */
export function diffsText(context: Context, plan: Plan, states: readonly ClientState[]): string {
  const mask = maskFor(
    states,
    plan.writes.flatMap(({ path, before, after }) =>
      [before, after].flatMap((side) => secretsOfFile(path, side ? decodeText(side.content) : undefined)),
    ),
  );
  const left = plan.units.filter(({ action, verdict }) => isOpen(verdict) && (action === 'leave' || action === 'stop'));
  const parts = [
    ...plan.writes.map((write) => diffText(sidesOf(write), mask, context.paint)),
    ...left.map((unit) => unitDiffText(context, unit, states, plan.command === 'restore' ? 'backup' : 'repository')),
  ];
  return parts.map((part) => (part.endsWith('\n') ? part : `${part}\n`)).join('');
}

/** One unit: what stands in the runtime against what the source, or a backup, has for it. */
export function unitDiffText(
  context: Context,
  unit: PlannedUnit,
  states: readonly ClientState[],
  wanted: 'repository' | 'backup' = 'repository',
): string {
  const sides = {
    name: unit.id,
    old: lineEnded(unit.have),
    new: lineEnded(unit.want),
    labels: ['client', wanted] as const,
  };
  const written = [unit.have, unit.want].flatMap((text) => secretsOfFile(unit.path, text));
  return diffText(sides, maskFor(states, written), context.paint);
}

function isOpen(verdict: string): boolean {
  return verdict === 'runtime-ahead' || verdict === 'conflict' || verdict === 'source-ahead';
}

/** A text with a line end at its end; an absent one stays absent. */
export function lineEnded(text: string | undefined): string | undefined {
  return text === undefined || text.endsWith('\n') ? text : `${text}\n`;
}

function sidesOf({ path, before, after }: FileWrite) {
  const text = (side: FileWrite['before'] | FileWrite['after']) =>
    side ? (decodeText(side.content) ?? `(binary, ${side.content.length} bytes)\n`) : undefined;
  return { name: path, old: text(before), new: text(after) };
}

/**
 * Takes out what the users' files hold that looks like a secret by its place, what else is known, and whatever looks like one
 * anywhere; but nothing that the source shows as well.
 */
export function maskFor(states: readonly ClientState[], more: readonly string[] = []): Mask {
  const known = unlessOpen(
    [...runtimeSecrets(states), ...more],
    states.flatMap(({ wanted }) => wanted),
  );
  return (text, mark) => maskSecrets(text, known, mark);
}

/** These options as they were given, after a space each: what a command to copy needs to be about the same places. */
export function asGiven({ options }: Context, names: readonly ('home' | 'repo')[]): string {
  return names.map((name) => (options[name] === undefined ? '' : ` --${name} ${shellWord(options[name])}`)).join('');
}
