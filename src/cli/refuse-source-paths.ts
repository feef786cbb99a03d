import { sourceAround } from '../host/in-source.ts';
import { realHome } from '../host/read-runtime.ts';
import { Failure } from '../model/failure.ts';
import { boundsOf } from './bounds-of.ts';
import type { Context } from './context.ts';
import { targetFinding } from './refuse-source-targets.ts';

/** Throws `Failure` when files of a home that `restore` would write really lie in a repository. */
export function refuseSourcePaths(context: Context, paths: readonly string[]): void {
  const { disk } = context.host;
  const known = boundsOf(context).repositories.map((folder) => realHome(disk, folder));
  const found = paths.flatMap((path) => {
    const place = realHome(disk, path);
    const folder = sourceAround(disk, { path, place }, known);
    return folder === undefined ? [] : [targetFinding(context.host, { path, place, folder, root: path })];
  });
  if (found.length > 0) throw new Failure([...new Map(found.map((finding) => [finding.path, finding])).values()]);
}
