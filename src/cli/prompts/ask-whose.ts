import { withoutSecrets } from '../../content/secrets/secrets.ts';
import { doubtfulCodes } from '../../engine/whose-repository.ts';
import { Failure } from '../../model/failure.ts';
import { findingsText } from '../../report/findings-text.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { askLetter, canAsk } from './ask.ts';

/**
 * Runs a push. Where nothing proves that the repository is the one of the record, a person at a terminal is asked, and on yes
 * the push takes the home over. `--yes` does not answer that: it was given for a repository that is known.
 */
export async function askingWhose(context: Context, push: (context: Context) => Promise<number>): Promise<number> {
  try {
    return await push(context);
  } catch (error) {
    const isDoubt = error instanceof Failure && error.findings.every(({ code }) => doubtfulCodes.has(code));
    if (!isDoubt || !canAsk(context) || context.options.yes) throw error;
    context.host.terminal.error(withoutSecrets(findingsText(error.findings, context.paint)));
    const question = 'Does this repository take over from that one? [y]es or [n]o (Enter means no): ';
    if ((await askLetter(context, question, ['y', 'n'], 'n')) === 'y')
      return push({ ...context, options: { ...context.options, takeOver: true } });
    const outcome = { command: 'push-runtime', exitCode: 1, inSync: false, units: [], findings: [] };
    return show(context, outcome, 'Nothing was written.\n');
  }
}
