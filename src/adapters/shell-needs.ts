import type { Environment } from '../model/paths.ts';
import type { Need } from './checkup.ts';
import { scriptsOfLine, scriptsOfWords } from './shell-scripts.ts';

/** Where a line of shell stands, and whose it is. */
export type LinePlace = Pick<Need, 'file' | 'path' | 'by'>;

/** What a shell sets by itself, and what the clients set for what they start. */
const alwaysSet =
  /^(?:HOME|PATH|USER|LOGNAME|SHELL|PWD|OLDPWD|TMPDIR|LANG|TERM|HOSTNAME|UID|EUID|PPID|IFS|RANDOM|SECONDS|LINENO|COLUMNS|LINES|OSTYPE|BASH\w*|CLAUDE\w*|CODEX\w*)$/;
/** Words that a shell knows itself, so that no program of the name is needed. */
const ownWords = new Set(
  (
    '! [ [[ { ( : . alias bg break builtin case cd command continue declare do echo eval exec exit export false fg fi for ' +
    'function getopts hash if let local printf pushd popd pwd read readonly return set shift source test then time times ' +
    'trap true type ulimit umask unset until wait while'
  ).split(' '),
);
/** A word that means itself to a shell. */
const plainWord = /^[\w@%+=:,./~-]+$/;

/** The program that a line of shell starts first, and the variables that it reads and does not set or test itself. */
export function needsOfLine(line: string, place: LinePlace, { home }: Pick<Environment, 'home'>): Need[] {
  const program = firstProgram(line, home);
  const variables = variablesRead(line).map((name): Need => ({ kind: 'variable', name, ...place }));
  const scripts = scriptsOfLine(line)
    .filter((path) => !isTested(path, line))
    .map((path) => atHome(path, home));
  const needs = [...new Set(scripts)].filter((path) => path !== program).map((path) => scriptNeed(path, place));
  const all = [...needs, ...variables];
  return program === undefined ? all : [{ kind: 'program', name: program, ...place }, ...all];
}

/** The scripts among a program and its arguments, which no shell expands. */
export function needsOfWords(words: readonly string[], place: LinePlace): Need[] {
  const scripts = scriptsOfWords(words).filter((path) => path !== words[0] && !/^[~$]/.test(path));
  return scripts.map((path) => scriptNeed(path, place));
}

function scriptNeed(name: string, place: LinePlace): Need {
  return { kind: 'script', name, ...place };
}

/** Whether a line goes on without the script where it is not there: `[ -x ~/a.sh ] && ~/a.sh`. */
function isTested(path: string, line: string): boolean {
  const name = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:\\[|\\btest)\\s+-[efrsx]\\s+["']?${name}["']?(?=[\\s;\\]]|$)`).test(line);
}

function atHome(word: string, home: string): string {
  return word.replace(/^(?:~(?=\/)|\$HOME(?=\/)|\$\{HOME\}(?=\/))/, () => home);
}

/** Undefined where only a shell could tell. */
function firstProgram(line: string, home: string): string | undefined {
  const [, quoted, bare] =
    /^\s*(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"']*)\s+)*(?:["']([^"']+)["']|([^\s;&|<>()]+))/.exec(line) ?? [];
  const named = quoted ?? bare;
  const word = named === undefined ? undefined : atHome(named, home);
  const isPlain = quoted === undefined ? plainWord.test(word ?? '') : !/[$`\\]/.test(word ?? '$');
  return word === undefined || !isPlain || ownWords.has(word) ? undefined : word;
}

/** Only where nothing stands in for an unset one: `${NAME:-x}` has a value in any case. */
function variablesRead(line: string): string[] {
  const open = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (part) => (part.startsWith("'") ? '' : part));
  const read = [...open.matchAll(/(?<!\\)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)].map(
    ([, a, b]) => (a ?? b) as string,
  );
  return [...new Set(read)].filter((name) => !alwaysSet.test(name) && !isHandled(name, open));
}

/** Whether the line sets a variable, or asks whether it is set. */
function isHandled(name: string, line: string): boolean {
  return new RegExp(
    `\\b${name}=|\\b(?:for|read(?: -\\w+)*) ${name}\\b|-[nzv] +"?\\$?\\{?${name}\\b|\\$\\{${name}[:=?+-]`,
  ).test(line);
}
