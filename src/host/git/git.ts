import type { Host } from '../host.ts';
import type { Ran } from '../machine/programs.ts';

/** git in one folder. What it prints is given a byte a character, since names and contents may be of any bytes. */
export interface Git {
  /** Where it stands; undefined where it is not installed. */
  find(): string | undefined;
  /** What came of it; without a code where it is not installed. */
  run(words: readonly string[], input?: string): Ran;
  /** What it printed; undefined where it is not installed or refuses. */
  ask(words: readonly string[], input?: string): string | undefined;
}

/**
 * Names are printed as they are, and no program is started that a repository names: no monitor, hook, pager or helper, and no
 * configuration of a bare repository that stands among the files. Commands that run filters (`status`, `diff`, `add`, and `blame` of
 * a file as it stands) are not used at all.
 */
const always = [
  ...['core.quotePath=false', 'core.fsmonitor=false', 'core.untrackedCache=false', 'core.hooksPath=/dev/null'],
  ...['log.showSignature=false', 'safe.bareRepository=explicit', 'core.pager=cat', 'core.sshCommand=false'],
  ...['core.askPass=false', 'credential.helper=', 'submodule.recurse=false', 'diff.external='],
];

/** All that is asked of git. None of these looks into the files of a work tree through what a repository names. */
export const askable = [
  ...['rev-parse', 'rev-list', 'log', 'blame', 'ls-tree', 'ls-files', 'cat-file', 'for-each-ref', 'config', 'init'],
  ...['check-ignore'],
];

/**
 * Nothing is written, and what is said does not go by the language of the machine. Nothing is fetched: git before 2.45 knows
 * no other way to say so than to allow it no protocol.
 */
const quiet = { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** git in a folder; it is looked for when it is needed, and once. */
export function gitIn({ programs, variables }: Pick<Host, 'programs' | 'variables'>, folder: string): Git {
  const start = { folder, variables: { ...withoutGit(variables), ...quiet }, encoding: 'latin1' } as const;
  const settings = always.flatMap((setting) => ['-c', setting]);
  let found: { readonly program: string | undefined } | undefined;
  const find = () => {
    found ??= { program: programs.find('git', start) };
    return found.program;
  };
  const run = (words: readonly string[], input = ''): Ran => {
    const program = find();
    if (program === undefined || !askable.includes(words[0] ?? '')) return { code: undefined, out: '', err: '' };
    return programs.run(program, [...settings, ...words], { ...start, input });
  };
  return {
    find,
    run,
    ask: (words, input) => {
      const { code, out } = run(words, input);
      return code === 0 ? out : undefined;
    },
  };
}

/** `GIT_DIR` and the like stay out: in a hook they name the repository of the hook. */
function withoutGit(variables: Host['variables']): Host['variables'] {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('GIT_')));
}

/** A text that git printed. */
export function textOf(printed: string): string {
  return Buffer.from(printed, 'latin1').toString('utf8');
}
