import { readRuntime } from '../host/read-runtime.ts';
import type { ClientState } from '../sync/client-state.ts';
import { inspectedFiles } from '../sync/inspection.ts';
import type { Context } from './context.ts';

/** A client's home with the contents of every memory, skill and other listed file as well. */
export function withEverything({ host }: Context, state: ClientState): ClientState {
  const { runtime } = state;
  const more = readRuntime(host.disk, { ...state.home, files: inspectedFiles(state), trees: [] });
  const files = new Map([...runtime.files, ...more.files]);
  return { ...state, runtime: { ...runtime, files, places: new Map([...runtime.places, ...more.places]) } };
}
