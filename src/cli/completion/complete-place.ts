import type { CommandRow } from '../commands.ts';

/** What can stand where the cursor is. */
export type Place =
  | { readonly kind: 'command' }
  | { readonly kind: 'help' }
  | { readonly kind: 'option'; readonly row: CommandRow; readonly given: readonly string[] }
  /** A value of an option (`--keep`) or of an argument (`run`); `before` is what stands in front of it in the same word. */
  | {
      readonly kind: 'value';
      readonly row: CommandRow;
      readonly name: string;
      readonly takes: string;
      readonly before: string;
    }
  | { readonly kind: 'nothing' };

/** The words of an unfinished command line as far as they choose where a command looks. */
export interface Settings {
  readonly repo?: string;
  readonly home?: string;
  readonly client?: readonly string[];
}

interface Walk {
  /** The option that takes the next word. */
  readonly open: string | undefined;
  readonly arguments: number;
  readonly onlyArguments: boolean;
}

type Flags = ReadonlyMap<string, string>;

/** What `<dir>`, `<name...>` or `[unit...]` takes, of an option as commander writes it; undefined when it takes nothing. */
export function takesOf(flags: string): string | undefined {
  return /[<[](.*?)(?:\.\.\.|…)?[>\]]/.exec(flags)?.[1];
}

/** Where the word stands that is being typed, after those before it (without the program). */
export function placeOf(before: readonly string[], word: string, rows: readonly CommandRow[]): Place {
  const [command, ...rest] = before;
  if (command === undefined) return { kind: 'command' };
  if (command === 'help') return { kind: rest.length === 0 ? 'help' : 'nothing' };
  const row = rows.find(({ name }) => name === command);
  if (!row) return { kind: 'nothing' };
  const flags = flagsOf(row);
  const walk = walkOver(rest, flags);
  const given = /^(--[\w-]+)=/.exec(word)?.[1];
  if (given !== undefined && !walk.onlyArguments) return optionValue(row, given, flags, `${given}=`);
  if (word.startsWith('-') && !walk.onlyArguments) return { kind: 'option', row, given: rest };
  if (walk.open !== undefined) return optionValue(row, walk.open, flags, '');
  return argumentValue(row, walk.arguments);
}

/** Which repository, home and clients the words before the cursor choose. */
export function settingsOf(before: readonly string[], row: CommandRow): Settings {
  const flags = flagsOf(row);
  const found: { repo?: string; home?: string; client?: string[] } = {};
  let open: string | undefined;
  const take = (name: string | undefined, value: string) => {
    if (name === '--repo' || name === '--home') found[name === '--repo' ? 'repo' : 'home'] = value;
    if (name === '--client') found.client = [...(found.client ?? []), value];
  };
  for (const word of before.slice(1)) {
    const [, name, value] = /^(--[\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) take(open, word);
    else if (value !== undefined) take(name, value);
    open = nextOpen(word, open, flags);
  }
  return found;
}

function optionValue(row: CommandRow, name: string, flags: Flags, before: string): Place {
  const takes = takesOf(flags.get(name) ?? '');
  return takes === undefined ? { kind: 'nothing' } : { kind: 'value', row, name, takes, before };
}

/** The last argument may be a list: `unit...`. */
function argumentValue(row: CommandRow, index: number): Place {
  const last = row.arguments?.at(-1)?.[0];
  const name = row.arguments?.[index]?.[0] ?? (last?.endsWith('...') ? last : undefined);
  return name === undefined
    ? { kind: 'nothing' }
    : { kind: 'value', row, name, takes: name.replace('...', ''), before: '' };
}

function walkOver(words: readonly string[], flags: Flags): Walk {
  let walk: Walk = { open: undefined, arguments: 0, onlyArguments: false };
  for (const word of words) {
    const isArgument = walk.onlyArguments || (!word.startsWith('-') && walk.open === undefined);
    walk = {
      open: walk.onlyArguments ? undefined : nextOpen(word, walk.open, flags),
      arguments: walk.arguments + (isArgument ? 1 : 0),
      onlyArguments: walk.onlyArguments || word === '--',
    };
  }
  return walk;
}

/** The option that takes the word after this one: this one, or a list that goes on. */
function nextOpen(word: string, open: string | undefined, flags: Flags): string | undefined {
  const isList = (name: string) => (flags.get(name) ?? '').includes('...');
  if (!word.startsWith('-')) return open !== undefined && isList(open) ? open : undefined;
  const [name = '', value] = word.split('=', 2);
  if (takesOf(flags.get(name) ?? '') === undefined) return undefined;
  return value === undefined || isList(name) ? name : undefined;
}

function flagsOf({ options }: CommandRow): Flags {
  return new Map(options.map(([flags]) => [/--[\w-]+/.exec(flags)?.[0] ?? '', flags]));
}
