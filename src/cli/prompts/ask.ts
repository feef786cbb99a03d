import { withoutSecrets } from '../../content/secrets/secrets.ts';
import type { Adopted, Deployment } from '../../engine/deployment.ts';
import type { Plan, PlannedUnit } from '../../model/plan.ts';
import { foldedText } from '../../report/folded-text.ts';
import { countsText, type Tense, unitsText } from '../../report/plan-text.ts';
import { guardsText, powersText } from '../../report/powers-text.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import { unitsToAgreeTo } from '../../sync/powers/consent.ts';
import type { Context } from '../context.ts';
import { adoptedText, diffsText } from '../show.ts';

/** Whether a person is there to be asked, and wants to be. */
export function canAsk({ host, options }: Context): boolean {
  return host.terminal.isInteractive && !options.json && !options.dryRun;
}

/** Whether a push stops at conflicts that a person can be asked about. */
export function canSettle(context: Context, { command, units }: Plan): boolean {
  const { overwrite, keep, keepAlways } = context.options;
  const isOpen = command === 'push-runtime' && !overwrite && !keep && !keepAlways && canAsk(context);
  return isOpen && units.some(({ action }) => action === 'stop');
}

/**
 * What came of asking: nobody had to be asked; a person has seen the plan and said yes or no to it; or somebody would have to be
 * asked, and there is no terminal for that.
 */
export type Consent = 'unasked' | 'confirmed' | 'declined' | 'unanswered';

/**
 * Shows a plan and asks whether it may be applied. Asks for new powers and lost guards always, and for anything else where `asks`
 * says so; not when there is nothing to write. What options answer is not asked.
 */
export async function askToApply(context: Context, deployment: Deployment, asks: boolean): Promise<Consent> {
  const { made, adopted } = deployment;
  const { options, host } = context;
  const count = made.plan.writes.length + (adopted?.writes.length ?? 0);
  const open = options.allowPowers ? [] : unitsToAgreeTo(made.plan.units);
  // A token that goes elsewhere has to be agreed to also where nothing is written for that.
  if (options.yes || (open.length === 0 && (count === 0 || !asks))) return 'unasked';
  if (canAsk(context)) return askAboutPlan(context, deployment);
  // Of a dry run at a terminal the real one would ask.
  return open.length > 0 && !(options.dryRun && host.terminal.isInteractive && !options.json)
    ? 'unanswered'
    : 'unasked';
}

/** What is harmless comes first, and what a person has to agree to right before the question. */
async function askAboutPlan(context: Context, { made, adopted, states }: Deployment): Promise<Consent> {
  const { plan } = made;
  const { host, options, paint } = context;
  const rows = options.verbose ? unitsText(plan.units, 'will', paint, true) : foldedText(plan.units, paint);
  const counts = `${countsText(plan.units, 'will')}; nothing else in these files changes.\n`;
  const text = rows + adoptedText(adopted, 'will', paint) + counts + powersOfPlan(context, plan.units, 'will');
  host.terminal.out(withoutSecrets(text));
  return (await isAgreed(context, plan, states)) ? 'confirmed' : 'declined';
}

/** Asks whether a plan that was shown may be applied; `d` shows its diffs first, and Enter alone means no. */
export async function isAgreed(context: Context, plan: Plan, states: readonly ClientState[]): Promise<boolean> {
  for (;;) {
    const question = 'Go on? [y]es, [n]o or [d]iff (Enter means no): ';
    const letter = await askLetter(context, question, ['y', 'd', 'n'], 'n');
    if (letter !== 'd') return letter === 'y';
    context.host.terminal.out(withoutSecrets(diffsText(context, plan, states)));
  }
}

/** What a push does or has done: each unit, what it carried into the source, and the powers last. */
export function changesText(
  context: Context,
  units: readonly PlannedUnit[],
  adopted: Adopted | undefined,
  tense: Tense,
): string {
  const { paint, options } = context;
  const rows = unitsText(units, tense, paint, options.verbose) + adoptedText(adopted, tense, paint);
  return rows + powersOfPlan(context, units, tense);
}

/** The powers that a plan adds and the guards that it takes away, a row each; nothing where there are none. */
export function powersOfPlan({ paint }: Context, units: readonly PlannedUnit[], tense: Tense): string {
  const head = tense === 'will' ? 'New powers this run gives:' : 'New powers:';
  const text = powersText(units, paint, head) + guardsText(units, paint);
  return text === '' ? '' : `\n${text}`;
}

/**
 * Asks until the answer begins with one of the letters; the end of the input and Ctrl-C count as the last of them, and Enter alone
 * as `onEnter`, if that is given.
 */
export async function askLetter(
  { host }: Context,
  question: string,
  letters: readonly string[],
  onEnter?: string,
): Promise<string> {
  for (;;) {
    const answer = await host.terminal.ask(question);
    const letter = answer === undefined ? letters.at(-1) : (answer.trim().toLowerCase()[0] ?? onEnter);
    if (letter !== undefined && letters.includes(letter)) return letter;
  }
}
