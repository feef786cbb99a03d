import { isSecretName } from './secret-names.ts';

/** A literal that is given to something whose name says that it is secret. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

// Values of arguments and URLs are short; a long text is prose, in which this would find too much.
const longestText = 4096;
const assignment = /(?<![\w-])-{0,2}([A-Za-z][\w-]{0,80})["']?(?:=|:\s?)["']?([^\s"'&;,/][^\s"'&;,]{5,})/g;

/** The secrets in an argument or a URL: `--api-key=…`, `-e NAME_TOKEN=…`, `X-Api-Key: …`, `?access_token=…`. */
export function secretAssignments(text: string): Assignment[] {
  if (text.length > longestText || !/[=:]/.test(text)) return [];
  return [...text.matchAll(assignment)]
    .map(([, name, value]) => ({ name: name as string, value: value as string }))
    .filter(({ name, value }) => isSecretName(name) && !/^(?:\$|%\w+%|<)/.test(value));
}
