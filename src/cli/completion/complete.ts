import { visible } from '../../model/texts/visible.ts';
import { helpTopics } from '../../report/help-topics.ts';
import { commandRows } from '../commands.ts';
import { type Candidate, foldersMark, type World } from './candidate.ts';
import { type Place, placeOf } from './complete-place.ts';
import { quotedRest, splitLine } from './shell-words.ts';

/**
 * `__complete`, which the scripts of `completion` call: prints what can stand at the cursor, one a line, or nothing. It writes
 * nothing, waits for no lock, and an error is no words: somebody is in the middle of typing.
 */
export async function complete(words: readonly string[], world: World): Promise<number> {
  try {
    const [shell, ...rest] = words;
    const text = shell === 'bash' ? await forBash(rest, world) : await forOthers(rest, world);
    world.host.terminal.out(text);
  } catch {
    // Whatever is wrong, the command itself will tell.
  }
  return 0;
}

/**
 * Bash gives the line up to the cursor and the part of it that is replaced, which begins after a colon or a quote; it wants
 * that part alone, quoted as the line before it asks for.
 */
async function forBash([line = '', region = '']: readonly string[], world: World): Promise<string> {
  const { words } = splitLine(line);
  const head = splitLine(line.slice(0, line.length - region.length));
  const candidates = await candidatesFor(words.slice(1, -1), words.at(-1) ?? '', world);
  if (candidates === foldersMark) return `${foldersMark}\n`;
  const skip = (head.words.at(-1) ?? '').length;
  return candidates.map(({ word }) => `${quotedRest(word.slice(skip), head.quote)}\n`).join('');
}

/** zsh and fish give the words and quote what they get; the last word is as it was typed. */
async function forOthers(given: readonly string[], world: World): Promise<string> {
  const typed = splitLine(given.at(-1) ?? '').words.join(' ');
  const candidates = await candidatesFor(given.slice(0, -1), typed, world);
  if (candidates === foldersMark) return `${foldersMark}\n`;
  return candidates.map(({ word, meaning }) => `${word}\t${meaning}\n`).join('');
}

async function candidatesFor(
  before: readonly string[],
  typed: string,
  world: World,
): Promise<readonly Candidate[] | typeof foldersMark> {
  const found = await wordsAt(placeOf(before, typed, commandRows), before, typed, world);
  if (found === foldersMark) return found;
  // A line end, or what a person does not see, would be typed for them.
  return found.filter(({ word }) => word.startsWith(typed) && visible(word) === word);
}

async function wordsAt(
  place: Place,
  before: readonly string[],
  typed: string,
  world: World,
): Promise<readonly Candidate[] | typeof foldersMark> {
  if (place.kind === 'command') return typed.startsWith('-') ? [option('--help'), option('--version')] : commandWords();
  if (place.kind === 'help')
    return [...commandWords(), ...Object.keys(helpTopics).map((word) => ({ word, meaning: 'topic' }))];
  if (place.kind === 'option') return optionWords(place);
  if (place.kind === 'nothing') return [];
  return (await import('./complete-values.ts')).valuesAt(place, before, typed, world);
}

function commandWords(): Candidate[] {
  const rows = commandRows.map(({ name, summary }) => ({ word: name, meaning: summary }));
  return [...rows, { word: 'help', meaning: 'explain a command or a topic' }];
}

function optionWords({ row, given }: Place & { kind: 'option' }): Candidate[] {
  const options = row.options.map(([flags, meaning]) => ({ word: /--[\w-]+/.exec(flags)?.[0] ?? '', meaning }));
  return [...options, option('--help')].filter(({ word }) => !given.includes(word));
}

function option(word: string): Candidate {
  return { word, meaning: '' };
}
