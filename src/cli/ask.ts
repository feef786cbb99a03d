import type { Plan } from '../model/plan.ts';
import { countsText, powersText, unitsText } from '../report/plan-text.ts';
import { visible } from '../report/visible.ts';
import type { ClientState } from '../sync/client-state.ts';
import type { Chosen } from './choices.ts';
import type { Context } from './context.ts';
import { unitDiffText } from './show.ts';

/** Whether a person is there to be asked, and wants to be. */
function canAsk({ host, options }: Context): boolean {
  return host.terminal.isInteractive && !options.json && !options.dryRun;
}

/**
 * Asks about each conflict, one at a time, with its diff. Gives the choices when all are settled; undefined when there
 * is nobody to ask, nothing to ask about, or the person quits.
 */
export async function settleConflicts(
  context: Context,
  plan: Plan,
  states: readonly ClientState[],
): Promise<Chosen | undefined> {
  const conflicts = plan.units.filter(({ action }) => action === 'stop');
  const { overwrite, keep, keepAlways } = context.options;
  const chosen = overwrite || keep || keepAlways;
  if (plan.command !== 'push-runtime' || conflicts.length === 0 || chosen || !canAsk(context)) return undefined;
  const [overwritten, kept]: [string[], string[]] = [[], []];
  for (const unit of conflicts) {
    context.host.terminal.out(`${unitDiffText(context, unit, states)}\n`);
    const answer = await askLetter(context, `${visible(unit.id)}: [o]verwrite, [k]eep or [q]uit? `, ['o', 'k', 'q']);
    if (answer === 'q') return undefined;
    (answer === 'o' ? overwritten : kept).push(unit.id);
  }
  return { overwrite: overwritten, keep: kept };
}

/** The first push into a home shows its plan and asks. True when the plan may be applied. */
export async function askToApply(context: Context, plan: Plan, states: readonly ClientState[]): Promise<boolean> {
  const first = states.some(({ record }) => !record);
  if (plan.command !== 'push-runtime' || !first || plan.writes.length === 0) return true;
  if (context.options.yes || !canAsk(context)) return true;
  const { paint } = context;
  const { terminal } = context.host;
  terminal.out(powersText(plan.units, 'will', paint) + unitsText(plan.units, 'will', paint));
  terminal.out(`${countsText(plan.units, 'will')}; nothing else in these files changes.\n`);
  return (await askLetter(context, 'Go on? [y]es or [n]o: ', ['y', 'n'])) === 'y';
}

/** Asks until the answer begins with one of the letters; the end of the input counts as the last of them. */
async function askLetter({ host }: Context, question: string, letters: readonly string[]): Promise<string> {
  for (;;) {
    const answer = await host.terminal.ask(question);
    const letter = answer === undefined ? letters.at(-1) : answer.trim().toLowerCase()[0];
    if (letter !== undefined && letters.includes(letter)) return letter;
  }
}
