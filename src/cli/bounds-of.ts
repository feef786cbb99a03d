import { dirname, resolve } from 'node:path';
import { projectFiles } from '../content/starter.ts';
import type { Bounds } from '../host/bounds.ts';
import { recordKeys } from '../host/remains.ts';
import { findRepository } from '../host/repository.ts';
import { readRecord } from '../host/state-directory.ts';
import { userConfigPath } from '../host/user-config.ts';
import { Failure } from '../model/failure.ts';
import type { ClientRecord } from '../model/record.ts';
import { isOutside } from '../sync/setup.ts';
import type { Context } from './context.ts';
import { gatherSetup } from './gather.ts';
import { outsideFolder } from './source.ts';

/** What a run of this user may have written, as far as this machine knows: homes, repositories, layers, the configuration. */
export function boundsOf(context: Context): Bounds {
  const { host, state, environment, allClients, options } = context;
  const records = recordKeys(host.disk, state).flatMap((key) => recordOf(context, key) ?? []);
  const here = unlessFailed(() => findRepository(host.disk, resolve(host.workingDirectory, options.repo ?? '.')));
  const layers = unlessFailed(() => gatherSetup(context).layers.filter(isOutside)) ?? [];
  return {
    homes: [
      ...allClients.map((client) => client.locate(environment)),
      ...records.map(({ home }) => ({ root: home, elsewhere: {} })),
    ],
    repositories: [...(here === undefined ? [] : [here]), ...records.map(({ repository }) => repository.path)],
    others: [
      dirname(userConfigPath(environment, host.platform)),
      ...layers.map((layer) => outsideFolder(context, layer)),
    ],
    around: projectFiles(true, 'all listed').map(({ path }) => path),
  };
}

function recordOf({ host, state }: Context, key: string): ClientRecord | undefined {
  return unlessFailed(() => readRecord(host.disk, state, key));
}

/** What cannot be read bounds nothing. */
function unlessFailed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
