import { nearest } from '../content/nearest.ts';
import { helpTopics } from '../report/help-topics.ts';
import { usage } from './usage.ts';

/** A command of the command line, as far as its help goes. */
interface Explained {
  name(): string;
  outputHelp(): void;
}

/** `help [word]`: the help of a command, a text about a topic, or without a word the overview. Throws `Failure`. */
export function help(
  program: Explained & { readonly commands: readonly Explained[] },
  word: string | undefined,
  out: (text: string) => void,
): void {
  if (word === undefined) return program.outputHelp();
  const command = program.commands.find((each) => each.name() === word);
  if (command) return command.outputHelp();
  const topic = Object.hasOwn(helpTopics, word) ? helpTopics[word] : undefined;
  if (topic !== undefined) return out(topic);
  const near = nearest(word, [...Object.keys(helpTopics), ...program.commands.map((each) => each.name())]);
  const topics = `Topics are ${Object.keys(helpTopics).join(', ')}; syncline --help lists the commands.`;
  throw usage(`there is no help on ${JSON.stringify(word)}`, near ? `Did you mean ${near}? ${topics}` : topics);
}

/** What a person means who types a command that is not there: the one that begins so; undefined when none does. */
export function commandBeginning(word: string, names: readonly string[]): string | undefined {
  return word.length > 1 ? names.find((name) => name.startsWith(word) || name.split('-').includes(word)) : undefined;
}
