import { nearest } from '../content/suggest-name.ts';
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
  const near = nameMeant(word, [...Object.keys(helpTopics), ...program.commands.map((each) => each.name())]);
  const topics = `Topics are ${Object.keys(helpTopics).join(', ')}; syncline --help lists the commands.`;
  throw usage(`there is no help on ${JSON.stringify(word)}`, near ? `Did you mean ${near}? ${topics}` : topics);
}

/**
 * The command or topic that a person means who types one that is not there: it begins so, has that word in it, or is spelled like
 * it, as a whole or in one of its words. Undefined when none is near; of a short word only one letter may be wrong.
 */
export function nameMeant(word: string, names: readonly string[]): string | undefined {
  if (word.length < 2) return undefined;
  const beginning = names.find((name) => name.startsWith(word) || name.split('-').includes(word));
  if (beginning !== undefined) return beginning;
  const spelled = new Map<string, string>();
  for (const name of names) {
    for (const each of [name, ...name.split('-')]) if (!spelled.has(each)) spelled.set(each, name);
  }
  // Whoever writes "install" means anything but the opposite.
  spelled.delete(`un${word}`);
  const near = nearest(word, spelled.keys(), word.length < 5 ? 1 : undefined);
  return near && spelled.get(near);
}
