import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** How another program is started. */
export interface Start {
  readonly folder: string;
  /** All of its environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What it gets on standard input; absent: nothing. */
  readonly input?: string;
  /** It is killed after this long, in milliseconds. */
  readonly timeout?: number;
  /** How what it prints becomes text; latin1 gives each byte as one character. Default: utf8. */
  readonly encoding?: 'utf8' | 'latin1';
}

/** What a program printed; the code is undefined when it was killed, or could not be started. */
export interface Ran {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** The other programs of this machine. */
export interface Programs {
  /**
   * Where a program stands: the first of that name in the folders of PATH, or at that very path when the name is one, which
   * may begin at `folder`. An empty or relative element of PATH means the folder somebody is in, which may be a stranger's
   * repository, and is passed over. Undefined when there is none that may be run.
   */
  find(name: string, start: Pick<Start, 'folder' | 'variables'>): string | undefined;
  /** Starts a program, waits for its end and gives what it printed. */
  run(program: string, words: readonly string[], start: Start): Ran;
  /** The same, but the program has the terminal: an editor, a pager. Gives its exit code. */
  show(program: string, words: readonly string[], start: Start): number | undefined;
}

const mostOutput = 64 * 1024 * 1024;

/** The programs of this machine. */
export const realPrograms: Programs = {
  find: findProgram,
  run: (program, words, { folder, variables, input, timeout, encoding = 'utf8' }) => {
    const limits = {
      maxBuffer: mostOutput,
      ...(timeout === undefined ? {} : { timeout, killSignal: 'SIGKILL' as const }),
    };
    const given = { cwd: folder, env: withAbsolutePath(variables), input: input ?? '', encoding };
    const { status, stdout, stderr } = spawnSync(program, [...words], { ...given, ...limits });
    return { code: status ?? undefined, out: stdout ?? '', err: stderr ?? '' };
  },
  show: (program, words, { folder, variables, input }) => {
    const stdio = [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'] as const;
    const given = { cwd: folder, env: withAbsolutePath(variables), ...(input === undefined ? {} : { input }) };
    return spawnSync(program, [...words], { ...given, stdio: [...stdio] }).status ?? undefined;
  },
};

/** Windows finds `npx` as `npx.cmd`: the endings stand in PATHEXT. */
function findProgram(name: string, { folder, variables }: Pick<Start, 'folder' | 'variables'>): string | undefined {
  const endings = ['', ...(variables.PATHEXT ?? '').split(delimiter).filter((ending) => ending !== '')];
  const isPath = /[/\\]/.test(name);
  const places = isPath
    ? [fromFolder(folder, name)]
    : absoluteFolders(variables.PATH ?? variables.Path ?? '').map((each) => join(each, name));
  return places.flatMap((place) => endings.map((ending) => place + ending)).find(mayRun);
}

function absoluteFolders(path: string): string[] {
  return path.split(delimiter).filter((each) => isAbsolute(each));
}

/** The environment for a program, which looks for others by the same PATH as we do: a shell for an editor or a pager. */
function withAbsolutePath(variables: Start['variables']): Record<string, string | undefined> {
  const entries = Object.entries(variables).map(([name, value]) => [
    name,
    value !== undefined && /^path$/i.test(name) ? absoluteFolders(value).join(delimiter) : value,
  ]);
  return Object.fromEntries(entries);
}

function fromFolder(folder: string, name: string): string {
  return /^([/\\]|[A-Za-z]:)/.test(name) ? name : join(folder, name);
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
