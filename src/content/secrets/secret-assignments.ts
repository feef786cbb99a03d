import type { KeyPath, Value } from '../../model/value.ts';
import { isSecretName } from './secret-names.ts';
import { looksRandom } from './secret-texts.ts';

/** A literal that is given to something whose name says that it is secret. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

// Values of arguments and URLs are short; a long text is prose, in which this would find too much.
const longestText = 4096;
const assignment = /(?<![\w-])-{0,2}([A-Za-z][\w-]{0,80})["']?(?:=|:\s?)["']?([^\s"'&;,/][^\s"'&;,]{5,})/g;
const flag = /(?<![\w-])--?([A-Za-z][\w-]{1,80})\s+["']?([^\s"'&;,/-][^\s"'&;,]{5,})/g;
/** What curl and its like log in with. */
const login = /(?<![\w-])(-u|--user|--proxy-user)[\s=]*["']?[^\s"':]{1,80}:([^\s"':]{6,})/g;

/** A header of one's own, of which only the value tells. */
const header = /(?<![\w-])(?:-H|--header)[\s=]*["']?([A-Za-z][\w-]{0,80}):\s*([^\s"']{16,})/g;
/** What follows these flags stands in a table of secrets, or under a name that is as often another: `--key server.pem`. */
const tables = new Map([
  ...['-H', '--header', '-k', '--key'].map((name) => [name, 'headers'] as const),
  ...['-e', '--env'].map((name) => [name, 'env'] as const),
]);

/** Where the text after an argument stands, as in a structured file: under the flag's name, among headers or variables. */
export function placeAfter(argument: Value | undefined): KeyPath {
  const name = typeof argument === 'string' ? /^--?(\w.*)$/.exec(argument)?.[1] : undefined;
  if (name === undefined) return [];
  if (isSecretName(name)) return [name];
  const table = tables.get(argument as string);
  return table === undefined ? [] : [table, name];
}

/**
 * The secrets in an argument, a command or a URL: `--api-key=…`, `--api-key …`, `-e NAME_TOKEN=…`, `X-Api-Key: …`,
 * `?access_token=…`, `-u name:…`; under a bare `key` and in a header only what looks random.
 */
export function secretAssignments(text: string): Assignment[] {
  if (text.length > longestText || !/[=:]|-\w/.test(text)) return [];
  return [...matches(text, assignment), ...matches(text, flag)]
    .filter(({ name, value }) => isSecretName(name) || (/^key$/i.test(name) && looksRandom(value)))
    .concat(matches(text, header).filter(({ value }) => looksRandom(value)))
    .concat(matches(text, login))
    .filter(({ value }) => !/^(?:\$|%\w+%|<)/.test(value));
}

function matches(text: string, pattern: RegExp): Assignment[] {
  return [...text.matchAll(pattern)].map(([, name, value]) => ({
    name: name as string,
    value: unclosed(value as string),
  }));
}

/** A value without the brackets at its end that were opened before it: those of `Bash(tool --token x)`. */
function unclosed(value: string): string {
  const end = /[)\]}]+$/.exec(value)?.index ?? value.length;
  return /[([{]/.test(value) ? value : value.slice(0, end);
}
