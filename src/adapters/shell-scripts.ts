/** Programs that run the file which is their first argument that is no option. */
const interpreters =
  /^(?:(?:ba|da|z|k|mk|a|fi|c|tc)?sh|python[\d.]*|pypy[\d.]*|node(?:js)?|deno|bun|tsx|ts-node|ruby|perl|php|lua|Rscript|pwsh|powershell|osascript|source|\.)(?:\.exe)?$/;
/** Programs that start the one that follows, after options, assignments and what their options take. */
const starters =
  /^(?:env|exec|command|builtin|nohup|time|nice|timeout|gtimeout|sudo|doas|stdbuf|setsid|ionice|caffeinate|chronic|xvfb-run|uv|poetry|pipenv|rye|mise|npx|if|then|else|do|while|until|!|\{|\()$/;
/** Words of starters and interpreters that are no program and no file: `uv run`, `bun run`. */
const verbs = /^(?:run|exec|x|--)$/;
/** Options whose next word is their value, by program; of others only `-x value` of these single letters. */
const withValue: Readonly<Record<string, RegExp>> = {
  python: /^(?:-[XW]|--check-hash-based-pycs)$/,
  node: /^(?:-r|-C|--require|--import|--loader|--experimental-loader|--conditions|--env-file)$/,
  sh: /^(?:[-+][eux]*o|[-+]O|--rcfile|--init-file)$/,
  ruby: /^-[rIEC]$/,
  perl: /^-I$/,
  php: /^-[cdz]$/,
  deno: /^(?:-c|--config|--import-map|--lock)$/,
  env: /^(?:-u|-C|-P|--unset|--chdir)$/,
  nice: /^-n$/,
  timeout: /^-[ks]$/,
  sudo: /^-[ugCDhpRrTt]$/,
  stdbuf: /^-[ioe]$/,
  uv: /^(?:--with|--python|-p|--project|--directory)$/,
};
/** Options after which there is code, or a module, and no file. */
const inlineCode = /^(?:-[eux]*c|-e|-E|-p|-m|-M|-n?e|--eval|--print|--command|-Command|-r(?=$)|eval)$/;

/**
 * The files that a line of shell has a program run: `~/x.sh` where it stands first, and after an interpreter, with options
 * and words such as `env A=1` before it passed over. Only paths; of a command in quotes after `-c`, those of that command.
 */
export function scriptsOfLine(line: string): string[] {
  return commandsOf(line).flatMap(scriptsOfWords);
}

/** The same of a program and its arguments, as servers name them. */
export function scriptsOfWords(words: readonly string[]): string[] {
  const [program, rest] = programOf(words);
  if (program === undefined) return [];
  const name = nameOf(program);
  if (!interpreters.test(name)) return isPath(program) ? [program] : [];
  const own = isPath(program) ? [program] : [];
  return [...own, ...scriptAfter(name, rest)];
}

function scriptAfter(name: string, words: readonly string[]): string[] {
  const takesValue = withValue[kindOf(name)];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    // Of PHP and Ruby -r is code and a library; of a shell a rare switch.
    if (inlineCode.test(word) && !(word === '-r' && !name.startsWith('php')) && !takesValue?.test(word))
      return kindOf(name) === 'sh' ? scriptsOfLine(words[at + 1] ?? '') : [];
    if (takesValue?.test(word)) at += 1;
    else if (!word.startsWith('-') && !word.startsWith('+') && !verbs.test(word)) return isPath(word) ? [word] : [];
  }
  return [];
}

/** The program that is started in the end, and its words. */
function programOf(words: readonly string[]): [program: string | undefined, rest: readonly string[]] {
  let starter: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (/^[A-Za-z_]\w*=/.test(word)) continue;
    if (starter !== undefined && withValue[kindOf(starter)]?.test(word)) at += 1;
    else if (starter !== undefined && (word.startsWith('-') || verbs.test(word) || isAmount(starter, word))) continue;
    else if (starters.test(nameOf(word))) starter = nameOf(word);
    else return [word, words.slice(at + 1)];
  }
  return [undefined, []];
}

/** `timeout 5s x.sh`. */
function isAmount(starter: string, word: string): boolean {
  return /timeout$/.test(starter) && /^[\d.]+[smhd]?$/.test(word);
}

function kindOf(name: string): string {
  if (/sh(?:\.exe)?$/.test(name) && !/^p(?:ower|w)sh/.test(name)) return 'sh';
  if (/^py/.test(name)) return 'python';
  if (/^(?:node|nodejs|tsx|ts-node)$/.test(name)) return 'node';
  return name === 'gtimeout' ? 'timeout' : name === 'doas' ? 'sudo' : name;
}

function nameOf(word: string): string {
  return word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
}

/** A path that begins somewhere: the others begin in the project that the client is started in. */
function isPath(word: string): boolean {
  return /^(?:\/|~\/|\$HOME\/|\$\{HOME\}\/|[A-Za-z]:[\\/])/.test(word);
}

/** The words of each command of a line, quotes taken off. A word in which a shell puts something in is left as it stands. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  const token =
    /\s*(?:(\|\||&&|[;&|\n()])|(?:\d*>>?|<)&?\s*\S+|((?:[^\s;&|()<>"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+))/gy;
  for (const [, separator, word] of line.matchAll(token)) {
    if (separator !== undefined) commands.push([]);
    else if (word !== undefined) commands.at(-1)?.push(unquoted(word));
  }
  return commands;
}

function unquoted(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, plain?: string) =>
    double === undefined ? (single ?? plain ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
  );
}
