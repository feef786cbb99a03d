/** A line of a log, as the runner of GitHub Actions takes it. */
export interface Annotation {
  readonly level: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * What a runner makes of a log: the annotations, and the lines that stay. It knows `::command key=value::message` after any
 * spaces, `##[command]` anywhere in a line, and the two commands that switch commands off and on. This is written after
 * the runner's own code (ActionCommand.cs, ActionCommandManager.cs); it is not that runner.
 */
export function readLog(log: string): { readonly annotations: Annotation[]; readonly lines: string[] } {
  const annotations: Annotation[] = [];
  const lines: string[] = [];
  let stopped: string | undefined;
  for (const line of log.split('\n')) {
    const found = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/s.exec(line);
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      else lines.push(line);
    } else if (found?.[1] === 'stop-commands') stopped = found[3] as string;
    else if (found) annotations.push(annotationOf(found[1] as string, found[2] ?? '', found[3] as string));
    else if (/##\[/.test(line)) throw new Error(`a command of the old form: ${line}`);
    else lines.push(line);
  }
  if (stopped !== undefined) throw new Error('commands stay switched off');
  return { annotations, lines };
}

function annotationOf(level: string, properties: string, message: string): Annotation {
  const pairs = properties.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [
      pair.slice(0, at),
      unescaped(
        pair
          .slice(at + 1)
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ','),
      ),
    ] as const;
  });
  return { level, message: unescaped(message), properties: Object.fromEntries(pairs) };
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
