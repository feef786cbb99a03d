import { shellLine } from '../../adapters/shell-line.ts';
import type { Host } from '../../host/host.ts';
import { linkInto, sourceAround } from '../../host/reading/in-source.ts';
import { realHome } from '../../host/reading/read-runtime.ts';
import { asFailure } from '../../host/system-error.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { isBelow } from '../../model/paths.ts';
import { type ClientState, runtimePath } from '../../sync/plan/client-state.ts';
import { isOutside } from '../../sync/source/layers-in-force.ts';
import { outsideFolder, type Source } from '../source/source.ts';
import type { World } from '../world.ts';

/**
 * Throws `Failure` when a file that we deploy, or deployed, really lies in a repository: by a link of the user's, as people had it
 * before they had a tool. What is written there would change the source itself. Only adoption does that.
 */
export function refuseSourceTargets(world: World, states: readonly ClientState[], source?: Source): void {
  const findings = sourceTargets(world, states, source);
  if (findings.length > 0) throw new Failure(findings);
}

/** A finding for each link, or each home, by which files of ours lie in a repository. */
function sourceTargets(world: World, states: readonly ClientState[], source?: Source): Finding[] {
  const { host } = world;
  const known = foldersOf(world, states, source);
  const seen = new Map<string, string | undefined>();
  const found = states.flatMap(({ home, runtime, wanted, record }) => {
    const ours = [...wanted.filter(({ leftOut }) => leftOut === undefined), ...(record?.units ?? [])];
    return [...new Set(ours.map(({ file }) => file))].flatMap((file) => {
      const path = runtimePath(home, file);
      const place = runtime.places.get(file) ?? path;
      const folder = looking(path, () => sourceAround(host.disk, { path, place }, known, seen));
      return folder === undefined ? [] : [targetFinding(host, { path, place, folder, root: home.root })];
    });
  });
  return [...new Map(found.map((finding) => [finding.path, finding])).values()];
}

/** Throws `Failure` when the home, a client's home or our state lies in a repository: each push would change the source. */
export function refuseHomesInside(world: World, folder: string): void {
  const { host, environment, clients, state } = world;
  const top = realHome(host.disk, folder);
  const homes = [environment.home, ...clients.map((client) => client.locate(environment).root)];
  const isInside = (path: string) => isBelow(realHome(host.disk, path), top);
  // A link to a file of a client's home is reported by its link; with the state folder, everything would lie there.
  const inside = homes.find((home) => isInside(home) && !linkInto(host.disk, home, top));
  if (inside !== undefined) throw new Failure([homeInside(inside, top)]);
  if (isInside(state.root)) throw new Failure([stateInside(state.root, top)]);
}

function foldersOf(world: World, states: readonly ClientState[], source: Source | undefined): string[] {
  const recorded = states.flatMap(({ record }) => record?.repository.path ?? []);
  const layers = source ? source.setup.layers.filter(isOutside).map((layer) => outsideFolder(world, layer)) : [];
  const all = [...(source ? [source.folder] : []), ...layers, ...recorded];
  return [...new Set(all.filter((path) => path !== '').map((path) => realHome(world.host.disk, path)))];
}

/** Where a file stands, and really stands; the repository around that; and the home it is of. */
interface Target {
  readonly path: string;
  readonly place: string;
  readonly folder: string;
  readonly root: string;
}

/** A finding for a path of a home that really lies in a repository. */
export function targetFinding({ disk }: Host, { path, place, folder, root }: Target): Finding {
  const link = looking(path, () => linkInto(disk, path, folder));
  if (!link) return homeInside(root, folder);
  const message = `by the link ${JSON.stringify(link.path)}, which leads to ${JSON.stringify(link.target)}, this lies in the repository ${JSON.stringify(folder)}: ${JSON.stringify(place)}`;
  const undo = shellLine(['rm', link.path]);
  const remedy = `Only adoption writes into a repository. Remove the link, ${undo}, and push: the client then gets files of its own. What is not yet in clients/ is copied first, and adopted afterwards.`;
  return problem('target-in-source', message, remedy, { path: link.path });
}

function homeInside(path: string, folder: string): Finding {
  const message = `this home lies in the repository ${JSON.stringify(folder)}, so that a push would change the repository itself`;
  const remedy =
    'Keep clients/ in a folder that holds no home, such as a folder "agents" in your home, or name another home with --home, CODEX_HOME or CLAUDE_CONFIG_DIR.';
  return problem('home-in-source', message, remedy, { path });
}

function stateInside(path: string, folder: string): Finding {
  const message = `the state folder lies in the repository ${JSON.stringify(folder)}, which could carry backups, tokens and records to other machines`;
  const remedy =
    'Remove the link by which it lies there, or name a folder of this machine alone with XDG_STATE_HOME; move what stands in it there.';
  return problem('home-in-source', message, remedy, { path });
}

function looking<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw asFailure(error, path, 'see where it leads');
  }
}
