import { sourceAround } from '../../host/reading/in-source.ts';
import { realHome } from '../../host/reading/read-runtime.ts';
import { Failure } from '../../model/failure.ts';
import type { World } from '../world.ts';
import { boundsOf } from './bounds-of.ts';
import { targetFinding } from './refuse-source-targets.ts';

/** Throws `Failure` when files of a home that `restore` would write really lie in a repository. */
export function refuseSourcePaths(world: World, paths: readonly string[]): void {
  const { disk } = world.host;
  const known = boundsOf(world).repositories.map((folder) => realHome(disk, folder));
  const found = paths.flatMap((path) => {
    const place = realHome(disk, path);
    const folder = sourceAround(disk, { path, place }, known);
    return folder === undefined ? [] : [targetFinding(world.host, { path, place, folder, root: path })];
  });
  if (found.length > 0) throw new Failure([...new Map(found.map((finding) => [finding.path, finding])).values()]);
}
