import type { HeadersHelper } from './client.ts';

const plainWord = /^(?:-[\w@+=:,./-]*|[\w@+:,./][\w@+:,./-]*)$/;
/** In double quotes these words mean the same to a POSIX shell and to cmd.exe. */
const sameInBothShells = /^(?:[^"$`!%\\\n]|\\(?=[^"$`\\\n]))*$/;

/** A program and its arguments as one line: a POSIX shell gives them back, and so does cmd.exe where it can be had. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (plainWord.test(word)) return word;
  return sameInBothShells.test(word) ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A token of this machine, and the header it is sent in if that is not the usual one. */
export interface TokenOfLine {
  readonly name: string;
  readonly header?: string;
}

const [nameMark, headerMark] = ['syncline-name-mark', 'syncline-header-mark'];

/** The token of which a line prints the headers, or undefined where the line is not that of our helper. */
export function tokenOfLine(line: string, helper: HeadersHelper): TokenOfLine | undefined {
  for (const mark of [undefined, headerMark]) {
    const found = patternOf(shellLine(helper(nameMark, mark))).exec(line)?.groups;
    if (!found?.name) continue;
    const token = { name: found.name, ...(found.header === undefined ? {} : { header: found.header }) };
    if (shellLine(helper(token.name, found.header)) === line) return token;
  }
  return undefined;
}

function patternOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const names = literal.replace(nameMark, '(?<name>[\\w.-]+)').replace(headerMark, '(?<header>[\\w-]+)');
  return new RegExp(`^${names}$`);
}
