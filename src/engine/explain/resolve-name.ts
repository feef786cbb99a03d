import { join, relative, resolve, sep } from 'node:path';
import { nearestUnit } from '../../content/suggest-name.ts';
import { realHome } from '../../host/reading/read-runtime.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { SourceTree } from '../../model/source.ts';
import { clientAt, type NamedIn, unitsAtPath, unitsFromSource, unitsNamed } from '../../sync/units-by-name.ts';
import { unknownNames } from '../choices.ts';
import type { Deployment } from '../deployment.ts';
import type { World } from '../world.ts';

/** Where names are looked for. */
export interface Named extends Deployment {
  readonly clients: readonly NamedIn[];
}

/** What a name or a path means, and what is to be said of the rest of it. */
export interface Meant {
  readonly units: readonly PlannedUnit[];
  readonly notes: readonly Finding[];
}

/** The units that a person means: by name, by a path of the runtime, or by one of the source. Throws `Failure` for none. */
export function whatIsMeant(world: World, name: string, named: Named): Meant {
  const { made, states, source } = named;
  const { units, others } = unitsNamed(name, made.plan.units, states);
  if (units.length > 0) return { units, notes: [] };
  if (others > 0) return { units: [], notes: [allYours(name, others)] };
  const paths = pathsOf(world, name);
  const there = unitsAtPath(paths, made.plan.units, states);
  if (there.length > 0) return { units: there, notes: restNotes(paths, there, named) };
  const at = sourcePath(world, name, paths, source);
  const from = at === undefined ? [] : unitsFromSource(at, made.plan.units, named.clients, source.tree);
  if (from.length > 0) return { units: from, notes: [] };
  const note = (at === undefined ? undefined : sourceNote(at, source.tree)) ?? yoursNote(world, paths, named);
  if (note) return { units: [], notes: [note] };
  throw new Failure([unknown(name, named)]);
}

/** A path as it is written and as it really is: `~` is the home, all else is relative to the working directory. */
function pathsOf({ environment, host }: World, name: string): string[] {
  const path = resolve(
    environment.workingDirectory,
    name.replace(/^~(?=[/\\]|$)/, () => environment.home),
  );
  return [...new Set([path, realHome(host.disk, path)])];
}

/** The path as the source has it: relative to the repository, or absolute in a layer outside it. */
function sourcePath(
  { host }: World,
  name: string,
  paths: readonly string[],
  { folder, tree }: Named['source'],
): string | undefined {
  const folders = [folder, realHome(host.disk, folder)];
  const below = [join(folder, name), ...paths].flatMap((path) => folders.map((each) => relative(each, path)));
  const known = [...below, ...paths].map((path) => path.split(sep).join('/').replace(/\/+$/, ''));
  return known.find((path) => tree.files.some((file) => file.path === path || file.path.startsWith(`${path}/`)));
}

/** In a file that others write too, what is not ours is the user's. */
function restNotes(paths: readonly string[], units: readonly PlannedUnit[], { states }: Named): Finding[] {
  const documents = states.flatMap((state) => [...state.documents.values()]);
  if (!units.every(({ kind }) => kind !== 'file') || !documents.some(({ path }) => paths.includes(path))) return [];
  const message = "everything else in this file is yours, or the client's; Syncline never touches it";
  return [note('yours', message, 'Name a key of it to be sure: syncline explain <client>:<file>#<key>.')];
}

function allYours(name: string, count: number): Finding {
  const what = count === 1 ? 'the one key or rule there is' : `all ${count} keys and rules there are`;
  const message = `nothing of ours is at ${JSON.stringify(name)}: ${what} yours; Syncline never touches it`;
  return note('yours', message, 'Nothing is to be done.');
}

const partsOfTheSource: readonly (readonly [RegExp, string])[] = [
  [/\/vars\.toml$/, 'its values stand wherever a text of the source says {{var.NAME}}'],
  [/\/skills\/inject\.md$/, 'its text stands in every deployed SKILL.md'],
  [/\/layer\.toml$/, 'it says which units the machines and people of this layer do without'],
  [
    /^clients\/syncline\.toml$/,
    'it says which repository this is, what sessions may cost, and which memories are not listed (unlisted-memories)',
  ],
];

function sourceNote(path: string, tree: SourceTree): Finding {
  const meaning = partsOfTheSource.find(([pattern]) => pattern.test(path))?.[1];
  const outOfUse = tree.layers.some((layer) => path.startsWith(`${layer}/`)) ? '' : '; its layer is not in force here';
  const message = `no unit comes from this file of the source by itself${meaning ? `: ${meaning}` : outOfUse}`;
  return { ...note('no-unit', message, 'check-sync --verbose lists every unit with its source.'), path };
}

/** A file or folder in a client's home that nobody manages. */
function yoursNote({ host }: World, paths: readonly string[], { states }: Named): Finding | undefined {
  const [path = ''] = paths;
  const state = clientAt(paths, states);
  if (!state || !host.disk.linkStatus(path)) return undefined;
  const message = `this is yours, or ${state.client.title}'s own; Syncline never touches it`;
  return { ...note('yours', message, 'Nothing is to be done.'), path };
}

function note(code: string, message: string, remedy: string): Finding {
  return { code, severity: 'note', message, remedy };
}

function unknown(name: string, { made, source }: Named): Finding {
  const [finding] = unknownNames([name], made.plan.units);
  const paths = source.tree.files.map((file) => file.path);
  const path = /[/\\]/.test(name) ? nearestUnit(name, [...paths]) : undefined;
  const remedy = path ? `Did you mean ${JSON.stringify(path)}?` : (finding?.remedy ?? '');
  const message = `no unit is named ${JSON.stringify(name)}, and no file of the source or of a client is there`;
  return problem('usage', message, remedy);
}
