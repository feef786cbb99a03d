/** What the hooks of both clients are told: a script that writes it down, and the way to read it. */

/** A hook: writes the JSON that it gets into the file of its first argument, a line each, after its second. */
export const hookRecorder = '#!/bin/sh\ngot=$(cat)\nprintf \'%s\\t%s\\n\' "$2" "$got" >> "$1"\n';

/** What one hook was told. */
export type Told = Record<string, unknown>;

/** What is in such a file, the last of each second argument. */
export function toldHooks(log: string): Record<string, Told> {
  const lines = log.trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.split('\t')[0] as string, JSON.parse(line.slice(line.indexOf('\t') + 1)) as Told]),
  );
}
