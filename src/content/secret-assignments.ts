import { isSecretName } from './secret-names.ts';

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

/**
 * The secrets in an argument, a command or a URL: `--api-key=…`, `--api-key …`, `-e NAME_TOKEN=…`, `X-Api-Key: …`,
 * `?access_token=…`, `-u name:…`.
 */
export function secretAssignments(text: string): Assignment[] {
  if (text.length > longestText || !/[=:]|-\w/.test(text)) return [];
  return [...matches(text, assignment), ...matches(text, flag)]
    .filter(({ name }) => isSecretName(name))
    .concat(matches(text, login))
    .filter(({ value }) => !/^(?:\$|%\w+%|<)/.test(value));
}

function matches(text: string, pattern: RegExp): Assignment[] {
  return [...text.matchAll(pattern)].map(([, name, value]) => ({ name: name as string, value: value as string }));
}
