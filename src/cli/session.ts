import { dirname, relative, resolve } from 'node:path';
import type { EverySession } from '../adapters/every-session.ts';
import { importsIn } from '../content/imports.ts';
import { decodeText } from '../content/text.ts';
import { fileAt } from '../host/read-file.ts';
import { readRuntime } from '../host/read-runtime.ts';
import { errorCode } from '../host/system-error.ts';
import type { SessionCost } from '../model/status.ts';
import type { ClientState } from '../sync/client-state.ts';
import { instructionsFile, sessionCost, sessionFiles } from '../sync/session.ts';
import type { Context } from './context.ts';

/** How often one imported file may lead to another, as Claude Code has it. */
const deepestImport = 5;

/** What every session of a client costs; null where that is not known. Throws `Failure` for a file that cannot be read. */
export function gatherSession(context: Context, state: ClientState, budget: number): SessionCost | null {
  const session = state.client.everySession;
  if (!session) return null;
  const files = textsOf(context, state, session);
  const start = instructionsFile(files, session);
  const path = start === undefined ? undefined : `${state.home.root}/${start}`;
  const imported = new Map<string, string>();
  if (session.imports && path !== undefined)
    follow(context, state, { path, text: files.get(start ?? '') ?? '' }, imported);
  return sessionCost(state, session, { files, imported }, budget);
}

function textsOf({ host }: Context, state: ClientState, session: EverySession): Map<string, string> {
  const { root, elsewhere } = state.home;
  const { files } = readRuntime(host.disk, { root, elsewhere, files: sessionFiles(state, session), trees: [] });
  return new Map([...files].map(([name, { bytes }]) => [name, decodeText(bytes) ?? '']));
}

interface Importing {
  readonly path: string;
  readonly text: string;
}

/** Each file counts once, however often it is named; one that is not there is none. */
function follow(
  context: Context,
  state: ClientState,
  { path, text }: Importing,
  found: Map<string, string>,
  depth = 0,
): void {
  if (depth >= deepestImport) return;
  const { home } = context.environment;
  for (const named of importsIn(text)) {
    const at = resolve(
      dirname(path),
      named.replace(/^~(?=[/\\])/, () => home),
    );
    const name = nameOf(at, state.home.root, home);
    const content = found.has(name) ? undefined : textAt(context, at);
    if (content === undefined) continue;
    found.set(name, content);
    follow(context, state, { path: at, text: content }, found, depth + 1);
  }
}

function nameOf(path: string, root: string, home: string): string {
  const below = relative(root, path);
  if (!below.startsWith('..')) return below;
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

function textAt({ host }: Context, path: string): string | undefined {
  try {
    const file = fileAt(host.disk, path);
    return file && (decodeText(file.bytes) ?? '');
  } catch (error) {
    // What cannot be read is not read by the client either.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
