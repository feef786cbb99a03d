import type { Plan, PlannedUnit } from '../model/plan.ts';
import { countsText, powersText, type Tense, unitsText } from '../report/plan-text.ts';
import type { Adopted } from './adopt-chosen.ts';
import type { Context } from './context.ts';
import type { Deployment } from './plan-deploy.ts';
import { adoptedText, withoutSecrets } from './show.ts';

/** Whether a person is there to be asked, and wants to be. */
function canAsk({ host, options }: Context): boolean {
  return host.terminal.isInteractive && !options.json && !options.dryRun;
}

/** Whether a push stops at conflicts that a person can be asked about. */
export function canSettle(context: Context, { command, units }: Plan): boolean {
  const { overwrite, keep, keepAlways } = context.options;
  const isOpen = command === 'push-runtime' && !overwrite && !keep && !keepAlways && canAsk(context);
  return isOpen && units.some(({ action }) => action === 'stop');
}

/** What came of asking: nobody was asked, or a person has seen the plan and said yes or no to it. */
export type Consent = 'unasked' | 'confirmed' | 'declined';

/** Shows a plan and asks whether it may be applied; not without a person to ask, nor when there is nothing to write. */
export async function askToApply(context: Context, { made, adopted }: Deployment): Promise<Consent> {
  const { units, writes } = made.plan;
  const count = writes.length + (adopted?.writes.length ?? 0);
  if (count === 0 || context.options.yes || !canAsk(context)) return 'unasked';
  const counts = `${countsText(units, 'will')}; nothing else in these files changes.\n`;
  context.host.terminal.out(withoutSecrets(changesText(context, units, adopted, 'will') + counts));
  return (await askLetter(context, 'Go on? [y]es or [n]o: ', ['y', 'n'])) === 'y' ? 'confirmed' : 'declined';
}

/** What a push does or has done: the powers, each unit, and what it carried into the source. */
export function changesText(
  { paint, options }: Context,
  units: readonly PlannedUnit[],
  adopted: Adopted | undefined,
  tense: Tense,
): string {
  const rows = unitsText(units, tense, paint, options.verbose);
  return powersText(units, tense, paint) + rows + adoptedText(adopted, tense, paint);
}

/** Asks until the answer begins with one of the letters; the end of the input and Ctrl-C count as the last of them. */
export async function askLetter({ host }: Context, question: string, letters: readonly string[]): Promise<string> {
  for (;;) {
    const answer = await host.terminal.ask(question);
    const letter = answer === undefined ? letters.at(-1) : answer.trim().toLowerCase()[0];
    if (letter !== undefined && letters.includes(letter)) return letter;
  }
}
