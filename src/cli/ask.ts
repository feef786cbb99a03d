import { countsText, powersText, unitsText } from '../report/plan-text.ts';
import type { Context } from './context.ts';
import type { Deployment } from './plan-deploy.ts';
import { adoptedText } from './show.ts';

/** Whether a person is there to be asked, and wants to be. */
export function canAsk({ host, options }: Context): boolean {
  return host.terminal.isInteractive && !options.json && !options.dryRun;
}

/** Shows a plan and asks whether it may be applied. True without a person to ask, too, and when there is nothing to write. */
export async function askToApply(context: Context, { made, adopted }: Deployment): Promise<boolean> {
  const { units, writes } = made.plan;
  const count = writes.length + (adopted?.writes.length ?? 0);
  if (count === 0 || context.options.yes || !canAsk(context)) return true;
  const { paint } = context;
  const { terminal } = context.host;
  terminal.out(
    powersText(units, 'will', paint) + unitsText(units, 'will', paint) + adoptedText(adopted, 'will', paint),
  );
  terminal.out(`${countsText(units, 'will')}; nothing else in these files changes.\n`);
  return (await askLetter(context, 'Go on? [y]es or [n]o: ', ['y', 'n'])) === 'y';
}

/** Asks until the answer begins with one of the letters; the end of the input and Ctrl-C count as the last of them. */
export async function askLetter({ host }: Context, question: string, letters: readonly string[]): Promise<string> {
  for (;;) {
    const answer = await host.terminal.ask(question);
    const letter = answer === undefined ? letters.at(-1) : answer.trim().toLowerCase()[0];
    if (letter !== undefined && letters.includes(letter)) return letter;
  }
}
