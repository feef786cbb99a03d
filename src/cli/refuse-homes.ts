import { resolve } from 'node:path';
import { findRepository } from '../host/repository.ts';
import { Failure } from '../model/failure.ts';
import type { Context } from './context.ts';
import { refuseHomesInside } from './refuse-source-targets.ts';

/** Throws `Failure` when a home lies in the repository, before the first folder is made in it. */
export function refuseHomes(context: Context): void {
  const { host, options } = context;
  const start = resolve(host.workingDirectory, options.repo ?? '.');
  const folder = options.repo === undefined ? around(context, start) : start;
  if (folder !== undefined) refuseHomesInside(context, folder);
}

/** Whoever reads it reports that there is none. */
function around({ host }: Context, start: string): string | undefined {
  try {
    return findRepository(host.disk, start);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
