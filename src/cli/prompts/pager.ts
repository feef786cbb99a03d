import type { Context } from '../context.ts';

/** Status of a shell that could not start, or did not find, what it was to start. */
const notStarted = [126, 127];

/**
 * Shows a text through the person's pager: `$PAGER`, else `less -R`, which ends at once where the text fits the screen. False,
 * and nothing was shown, where nobody looks on, nobody wants one, or there is none.
 */
export function paged({ host, environment, options }: Context, text: string): boolean {
  const { terminal, programs, variables } = host;
  if (!terminal.isInteractive || options.pager === false || variables.TERM === 'dumb') return false;
  const start = { folder: environment.workingDirectory, variables: { LESS: 'FRX', LV: '-c', ...variables } };
  const wanted = variables.PAGER ?? 'less -R';
  if (wanted.trim() === '' || wanted.trim() === 'cat') return false;
  // PAGER is a line for a shell: it may hold options. Ctrl-C is for the pager, not for the shell around it.
  const shell = host.platform === 'win32' ? undefined : programs.find('sh', start);
  const [name = '', ...words] = wanted.trim().split(/\s+/);
  const program = shell ?? programs.find(name, start);
  if (program === undefined) return false;
  const code = programs.show(program, shell ? ['-c', `trap : INT; ${wanted}`] : words, { ...start, input: text });
  return code !== undefined && !notStarted.includes(code);
}
