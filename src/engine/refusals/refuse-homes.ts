import { resolve } from 'node:path';
import { findRepository } from '../../host/git/repository.ts';
import { Failure } from '../../model/failure.ts';
import type { World } from '../world.ts';
import { refuseHomesInside } from './refuse-source-targets.ts';

/** Throws `Failure` when a home lies in the repository, before the first folder is made in it. */
export function refuseHomes(world: World): void {
  const { host, options } = world;
  const start = resolve(host.workingDirectory, options.repo ?? '.');
  const folder = options.repo === undefined ? around(world, start) : start;
  if (folder !== undefined) refuseHomesInside(world, folder);
}

/** Whoever reads it reports that there is none. */
function around({ host }: World, start: string): string | undefined {
  try {
    return findRepository(host.disk, start);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
