import { relative } from 'node:path';
import type { EverySession } from '../../adapters/every-session.ts';
import { decodeText } from '../../content/text.ts';
import { readRuntime } from '../../host/reading/read-runtime.ts';
import type { SessionCost } from '../../model/status.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import { instructionsFile, sessionCost, sessionFiles } from '../../sync/session.ts';
import { followImports } from '../adopt/follow-imports.ts';
import type { World } from '../world.ts';

/** What every session of a client costs; null where that is not known. Throws `Failure` for a file that cannot be read. */
export function gatherSession(world: World, state: ClientState, budget: number): SessionCost | null {
  const session = state.client.everySession;
  if (!session) return null;
  const files = textsOf(world, state, session);
  const start = instructionsFile(files, session);
  const path = start === undefined ? undefined : `${state.home.root}/${start}`;
  const text = files.get(start ?? '') ?? '';
  const found = session.imports && path !== undefined ? followImports(world, { path, text }).found : [];
  const { home } = world.environment;
  const imported = new Map([...found].map(([at, content]) => [nameOf(at, state.home.root, home), content]));
  return sessionCost(state, session, { files, imported }, budget);
}

function textsOf({ host }: World, state: ClientState, session: EverySession): Map<string, string> {
  const { root, elsewhere } = state.home;
  const { files } = readRuntime(host.disk, { root, elsewhere, files: sessionFiles(state, session), trees: [] });
  return new Map([...files].map(([name, { bytes }]) => [name, decodeText(bytes) ?? '']));
}

function nameOf(path: string, root: string, home: string): string {
  const below = relative(root, path);
  if (!below.startsWith('..')) return below;
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
