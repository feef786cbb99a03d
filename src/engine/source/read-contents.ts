import { readRuntime } from '../../host/reading/read-runtime.ts';
import { inspectedFiles } from '../../sync/inspection.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { World } from '../world.ts';

/** A client's home with the contents of every memory, skill and other listed file as well. */
export function withEverything({ host }: World, state: ClientState): ClientState {
  const { runtime } = state;
  const more = readRuntime(host.disk, { ...state.home, files: inspectedFiles(state), trees: [] });
  const files = new Map([...runtime.files, ...more.files]);
  return { ...state, runtime: { ...runtime, files, places: new Map([...runtime.places, ...more.places]) } };
}

/** A client's home with the names of those files at its top that are of a kind we deploy: the profiles of Codex. */
export function withTopFiles({ host: { disk } }: World, state: ClientState): ClientState {
  const { client, home, runtime } = state;
  if (disk.status(home.root)?.kind !== 'folder') return state;
  const isOurs = (name: string) =>
    client.targets.some((target) => target.kind === 'files' && target.relative?.(name) !== undefined);
  const names = disk.list(home.root).flatMap(({ name, kind }) => (kind === 'file' && isOurs(name) ? [name] : []));
  return { ...state, runtime: { ...runtime, listings: new Map([...runtime.listings, ['.', names.sort()]]) } };
}
