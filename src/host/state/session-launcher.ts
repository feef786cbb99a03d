import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import { fileAt } from '../reading/read-file.ts';
import { asFailure } from '../system-error.ts';
import { replaceFile } from '../transaction/atomic-write.ts';
import { makeDurableFolders } from '../transaction/folders.ts';
import type { StatePaths } from './state-directory.ts';

/** What a session check judges: the folder of the repository, and the home that stood for HOME in the push, if one did. */
export interface SessionPlace {
  readonly repository: string;
  readonly home?: string;
}

/** Whether something stands where the hook looks for the launcher. Throws `Failure` when that cannot be seen. */
export function isSessionLauncherThere({ disk }: Host, { sessionCheck }: StatePaths): boolean {
  try {
    return ((fileAt(disk, sessionCheck)?.mode ?? 0) & 0o100) !== 0;
  } catch (error) {
    throw asFailure(error, sessionCheck, 'read it');
  }
}

/**
 * Writes the program that a SessionStart hook calls, unless it stands: what the hook itself says is the same on every
 * machine, and Syncline need not be on PATH. Throws `Failure`.
 */
export function writeSessionLauncher(host: Host, paths: StatePaths, place: SessionPlace): void {
  const { disk, process, uniqueName } = host;
  const bytes = new TextEncoder().encode(launcherText(process.started, place));
  try {
    const standing = fileAt(disk, paths.sessionCheck);
    if (standing && isSessionLauncherThere(host, paths) && Buffer.from(standing.bytes).equals(bytes)) return;
    makeDurableFolders(disk, dirname(paths.sessionCheck), 0o700);
    replaceFile(disk, paths.sessionCheck, bytes, 0o755, uniqueName());
  } catch (error) {
    throw asFailure(error, paths.sessionCheck, 'write it');
  }
}

/** It ends well whatever happens: a check must never be the reason that a session does not start. */
function launcherText([program, file]: readonly [string, string], { repository, home }: SessionPlace): string {
  const more = home === undefined ? '' : ` --home ${quoted(home)}`;
  return `#!/bin/sh
# Written by Syncline for the hooks that run when a session starts. It never fails.
program=${quoted(program)}
syncline=${quoted(file)}
repository=${quoted(repository)}
if [ -x "$program" ] && [ -f "$syncline" ] && [ -d "$repository/clients" ]; then
  "$program" "$syncline" session-check --hook --repo "$repository"${more} 2>/dev/null </dev/null
else
  echo '{"systemMessage":"Syncline: the repository, Syncline or Node is not where it was at the last push, so nothing was checked. Run push-runtime in the repository."}'
fi
exit 0
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
