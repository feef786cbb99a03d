import { resolve } from 'node:path';
import { withoutSecrets } from '../../content/secrets/secrets.ts';
import type { Deployment } from '../../engine/deployment.ts';
import { planDeploy } from '../../engine/plan-deploy.ts';
import { Failure } from '../../model/failure.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import { visible } from '../../model/texts/visible.ts';
import { findingsText } from '../../report/findings-text.ts';
import { plural } from '../../report/plan-text.ts';
import type { Context } from '../context.ts';
import { unitDiffText } from '../show.ts';
import { askLetter } from './ask.ts';
import { openEditor } from './editor.ts';

/** What a person says about one conflict. */
type Answer = 'overwrite' | 'keep' | 'keepAlways' | 'adopt';

const explanation = `  overwrite    take the repository's value; the client's goes into the backup
  keep         leave the client's value as it is this time, and push the rest
  keep always  the same, and from now on: it is written to your configuration
  adopt        bring the client's value into the repository
  edit         open both files in your editor, then look again
  quit         change nothing\n`;

const answers: Readonly<Record<string, Answer>> = { o: 'overwrite', k: 'keep', w: 'keepAlways', a: 'adopt' };

/** The conflicts as they were settled so far, and the plan that follows. */
interface Settling {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly deployment: Deployment;
}

/**
 * Asks about each conflict, one at a time, with its diff; call it where `canSettle` says so. Gives the plan with what was chosen;
 * undefined when the person quits. Writes nothing; an editor may.
 */
export async function settleConflicts(context: Context, deployment: Deployment): Promise<Deployment | undefined> {
  const count = openConflicts(deployment, new Map()).length;
  context.host.terminal.out(
    `${count} ${plural('conflict', count)}: both sides hold a value of their own. For each, you can\n${explanation}`,
  );
  let now: Settling | undefined = { answers: new Map(), deployment };
  for (let unit = next(now); unit && now; unit = now && next(now)) now = await settleOne(context, now, unit);
  if (!now) return undefined;
  const chosen = chosenBy(now.answers);
  return planDeploy(context, 'push', chosen, chosen.adopt);
}

function next({ answers: given, deployment }: Settling): PlannedUnit | undefined {
  return openConflicts(deployment, given)[0];
}

function openConflicts({ made }: Deployment, given: ReadonlyMap<string, Answer>): PlannedUnit[] {
  return made.plan.units.filter(({ action, id }) => action === 'stop' && !given.has(id));
}

/** One question. Undefined when the person quits. */
async function settleOne(context: Context, settling: Settling, unit: PlannedUnit): Promise<Settling | undefined> {
  const { terminal } = context.host;
  terminal.out(`\n${unitDiffText(context, unit, settling.deployment.states)}\n`);
  const question = `${visible(unit.id)}: [o]verwrite, [k]eep, keep al[w]ays, [a]dopt, [e]dit or [q]uit? `;
  const letter = await askLetter(context, question, ['o', 'k', 'w', 'a', 'e', 'q']);
  if (letter === 'q') return undefined;
  if (letter === 'e') return edited(context, settling, unit);
  const answer = answers[letter] as Answer;
  const given = new Map([...settling.answers, [unit.id, answer] as const]);
  if (answer !== 'adopt') return { ...settling, answers: given };
  return (await planned(context, given)) ?? settling;
}

/** After the editor everything is read again; a conflict that is gone needs no answer any more. */
async function edited(context: Context, settling: Settling, unit: PlannedUnit): Promise<Settling | undefined> {
  const { folder } = settling.deployment.source;
  const source = unit.source && { path: resolve(folder, unit.source.path), line: unit.source.line };
  for (;;) {
    openEditor(context, [...(source ? [source] : []), { path: unit.path }]);
    const now = await planned(context, settling.answers);
    if (now) return now;
    if ((await askLetter(context, '[e]dit again or [q]uit? ', ['e', 'q'])) === 'q') return undefined;
  }
}

/** The plan with these answers; undefined when there is none, and why is said. */
async function planned(context: Context, given: ReadonlyMap<string, Answer>): Promise<Settling | undefined> {
  try {
    return { answers: given, deployment: await planDeploy(context, 'push', {}, chosenBy(given).adopt) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.host.terminal.error(withoutSecrets(findingsText(error.findings, context.paint)));
    return undefined;
  }
}

function chosenBy(given: ReadonlyMap<string, Answer>): { [answer in Answer]: string[] } {
  const idsOf = (answer: Answer) => [...given].flatMap(([id, one]) => (one === answer ? [id] : []));
  return { overwrite: idsOf('overwrite'), keep: idsOf('keep'), keepAlways: idsOf('keepAlways'), adopt: idsOf('adopt') };
}
