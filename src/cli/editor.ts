import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { Context } from './context.ts';

/**
 * Opens files in the person's editor, as git does: VISUAL or EDITOR, a line for the shell, else vi or Notepad. Comes back
 * when the editor is closed. Throws `Failure` when it could not be started or failed.
 */
export function openEditor({ host }: Context, files: readonly string[]): void {
  const { VISUAL, EDITOR } = host.variables;
  const isWindows = host.platform === 'win32';
  const editor = VISUAL || EDITOR || (isWindows ? 'notepad' : 'vi');
  const start = { folder: host.workingDirectory, variables: host.variables };
  const [program, ...words] = isWindows ? editor.split(' ') : ['/bin/sh', '-c', `${editor} "$@"`, editor];
  const code = host.programs.show(program as string, [...words, ...files], start);
  if (code === 0) return;
  const message = `the editor ${JSON.stringify(editor)} could not be started, or failed`;
  throw new Failure([problem('editor', message, 'Set EDITOR to one that waits until you are done.')]);
}
