import { dirname, resolve } from 'node:path';
import { projectFiles } from '../../content/files/new-repository-files.ts';
import { findRepository } from '../../host/git/repository.ts';
import { recordKeys } from '../../host/state/files-left.ts';
import { readRecord } from '../../host/state/state-directory.ts';
import { userConfigPath } from '../../host/state/user-config.ts';
import type { Bounds } from '../../host/transaction/bounds.ts';
import { Failure } from '../../model/failure.ts';
import type { ClientRecord } from '../../model/record.ts';
import { isOutside } from '../../sync/source/layers-in-force.ts';
import { gatherSetup } from '../source/gather.ts';
import { outsideFolder } from '../source/source.ts';
import type { World } from '../world.ts';

/** What a run of this user may have written, as far as this machine knows: homes, repositories, layers, the configuration. */
export function boundsOf(world: World): Bounds {
  const { host, state, environment, allClients, options } = world;
  const records = recordKeys(host.disk, state).flatMap((key) => recordOf(world, key) ?? []);
  const here = unlessFailed(() => findRepository(host.disk, resolve(host.workingDirectory, options.repo ?? '.')));
  const layers = unlessFailed(() => gatherSetup(world).layers.filter(isOutside)) ?? [];
  return {
    homes: [
      ...allClients.map((client) => client.locate(environment)),
      ...records.map(({ home }) => ({ root: home, elsewhere: {} })),
    ],
    repositories: [...(here === undefined ? [] : [here]), ...records.map(({ repository }) => repository.path)],
    others: [
      dirname(userConfigPath(environment, host.platform)),
      ...layers.map((layer) => outsideFolder(world, layer)),
    ],
    around: projectFiles(true, 'all listed').map(({ path }) => path),
  };
}

function recordOf({ host, state }: World, key: string): ClientRecord | undefined {
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
