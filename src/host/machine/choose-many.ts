import { autocompleteMultiselect, isCancel } from '@clack/prompts';
import type { Choice } from '../host.ts';
import type { Streams } from '../streams.ts';

const rows = 15;

/**
 * A list on the terminal in which a person marks what they want, and finds it by typing; undefined when they leave it with
 * Ctrl-C or Escape. Once it is answered it folds to the count.
 */
export async function chooseMany(
  { input, output }: Streams,
  question: string,
  choices: readonly Choice[],
): Promise<readonly string[] | undefined> {
  const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) }));
  const initialValues = choices.flatMap(({ value, marked }) => (marked ? [value] : []));
  const lists = { options, initialValues, required: false, maxItems: rows };
  const answer = await autocompleteMultiselect<string>({ message: question, ...lists, input, output });
  return isCancel(answer) ? undefined : answer;
}
