import type { Client } from '../../adapters/client.ts';
import { nearest } from '../../content/suggest-name.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { SourceTree } from '../../model/source.ts';
import { unitId } from '../../model/unit.ts';
import { layersInside } from './layers-in-force.ts';
import { manifestPath, readManifest } from './syncline-toml.ts';

/** A warning for each name in `unlisted-memories` that no memory of any client or layer has. */
export function idleUnlisted(tree: SourceTree, clients: readonly Client[]): Finding[] {
  const { unlisted } = readManifest(tree);
  if (unlisted.length === 0) return [];
  const names = memoryNames(tree, clients);
  const idle = unlisted.filter(({ name }) => !names.has(name));
  return idle.map(({ name, line }) => {
    const message = `the source has no memory ${JSON.stringify(name)}, so nothing is left out of the instructions`;
    return { code: 'idle-name', severity: 'warning', message, remedy: meant(name, names), path: manifestPath, line };
  });
}

/** A note for each memory among the units that the instructions do not name: an agent that does not know of it is no mistake. */
export function unlistedNotes(units: readonly PlannedUnit[], tree: SourceTree, clients: readonly Client[]): Finding[] {
  const folders = clients.flatMap(({ name: client, targets }) =>
    targets.flatMap((target) => (target.kind === 'memory' ? [unitId(client, `${target.folder}/`)] : [])),
  );
  const isAmong = (name: string) => units.some(({ id }) => folders.some((folder) => id === folder + name));
  return readManifest(tree).unlisted.flatMap(({ name, line }): Finding[] => {
    if (!isAmong(name)) return [];
    const message = `${JSON.stringify(name)} is in unlisted-memories: a file in the clients that the instructions do not name`;
    const remedy = 'Take its name out and push, and sessions are told of it.';
    return [{ code: 'unlisted', severity: 'note', message, remedy, path: manifestPath, line }];
  });
}

/** The path of each memory below its `memory/`, whoever gets it. */
function memoryNames({ files, layers }: SourceTree, clients: readonly Client[]): Set<string> {
  const places = ['shared', ...clients.map(({ name }) => name)];
  const folders = [...new Set([...layers, ...layersInside({ files })])].flatMap((layer) =>
    places.map((place) => `${layer}/${place}/memory/`),
  );
  return new Set(
    files.flatMap(({ path }) => {
      const folder = folders.find((each) => path.startsWith(each));
      return folder === undefined ? [] : [path.slice(folder.length)];
    }),
  );
}

/** People write what they see: the folder as well, or the name without its ending. */
function meant(name: string, names: ReadonlySet<string>): string {
  const seen = [...names].find((one) => name.endsWith(`/${one}`) || `${name}.md` === one);
  const stem = (one: string) => one.replace(/\.md$/, '');
  // Their common ending makes no two names alike.
  const like = nearest(stem(name), [...names].map(stem));
  const near = seen ?? (like === undefined ? undefined : `${like}.md`);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  return 'Correct or remove it: it is a path below memory/, such as "projects/app.md".';
}
