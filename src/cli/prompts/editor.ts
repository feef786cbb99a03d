import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Context } from '../context.ts';

/** A file to open, and the one-based line to open it at, if one is known. */
export interface EditedFile {
  readonly path: string;
  readonly line?: number | undefined;
}

/** The arguments that open a file at a line, by the editor's program; an editor that is not listed opens it at its beginning. */
const lineWords: readonly (readonly [editors: RegExp, words: (path: string, line: number) => readonly string[]])[] = [
  [/^(?:vi|vim|nvim|gvim|nano|emacs|emacsclient|kak|joe|ne|mg)$/, (path, line) => [`+${line}`, path]],
  [/^(?:hx|helix|micro|subl|zed)$/, (path, line) => [`${path}:${line}`]],
  [/^(?:code|code-insiders|codium|cursor)$/, (path, line) => ['--goto', `${path}:${line}`]],
];

/**
 * Opens files in the person's editor, as git does: VISUAL or EDITOR, a line for the shell, else vi or Notepad; at their line
 * where the editor is one that takes it. Comes back when the editor is closed. Throws `Failure` when it could not be started or
 * failed.
 */
export function openEditor({ host }: Context, files: readonly EditedFile[]): void {
  const { VISUAL, EDITOR } = host.variables;
  const isWindows = host.platform === 'win32';
  const editor = VISUAL || EDITOR || (isWindows ? 'notepad' : 'vi');
  const start = { folder: host.workingDirectory, variables: host.variables };
  const [program, ...words] = isWindows ? editor.split(' ') : ['/bin/sh', '-c', `${editor} "$@"`, editor];
  const code = host.programs.show(
    program as string,
    [...words, ...files.flatMap((file) => fileWords(editor, file))],
    start,
  );
  if (code === 0) return;
  const message = `the editor ${JSON.stringify(editor)} could not be started, or failed`;
  throw new Failure([problem('editor', message, 'Set EDITOR to one that waits until you are done.')]);
}

function fileWords(editor: string, { path, line }: EditedFile): readonly string[] {
  const name =
    editor
      .trim()
      .split(/\s/)[0]
      ?.split(/[\\/]/)
      .at(-1)
      ?.replace(/\.exe$/i, '') ?? '';
  const row = line === undefined ? undefined : lineWords.find(([editors]) => editors.test(name));
  return row && line !== undefined ? row[1](path, line) : [path];
}
