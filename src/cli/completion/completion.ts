import { completionScript, completionShells } from '../../report/commands/completion-scripts.ts';
import type { Context } from '../context.ts';
import { usage } from '../usage.ts';

/** `completion <shell>`: prints the script that completes what is typed. Throws `Failure` for another shell. */
export async function completion({ host, options }: Context): Promise<number> {
  const { shell } = options;
  const script = shell === undefined ? undefined : completionScript(shell);
  const remedy = `Write syncline completion ${completionShells.join('|')}.`;
  if (shell === undefined) throw usage('completion needs the name of a shell', remedy);
  if (script === undefined) throw usage(`there is no completion for ${JSON.stringify(shell)}`, remedy);
  host.terminal.out(script);
  return 0;
}
