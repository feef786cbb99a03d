import { placesOf } from '../../content/overlay.ts';
import type { Contribution } from '../../model/explanation.ts';
import type { SourceTree } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { isTable, type KeyPath, type Value, valueAt } from '../../model/value.ts';
import type { ClientDesired } from './desired.ts';
import { type FragmentSource, type Place, placesOfElement } from './fragment.ts';

/** Every place in the source that says something for a unit, the lowest first. */
export function contributionsTo(unit: WantedUnit, desired: ClientDesired, tree: SourceTree): Contribution[] {
  const contribution = (path: string, role: Contribution['role'], lines: Lines = {}): Contribution => ({
    ...{ path, layer: layerOf(path, tree), role },
    ...lines,
  });
  const roleOf = (index: number, of: readonly unknown[], other: Contribution['role']) =>
    index === of.length - 1 ? 'wins' : other;
  if (unit.kind === 'file')
    return fileContributions(unit, tree).map((path, index, all) => contribution(path, roleOf(index, all, 'below')));
  if (unit.kind === 'section') return sectionPaths(unit, desired).map((path) => contribution(path, 'adds'));
  const source = desired.fragments.find(({ target }) => target.file === unit.file);
  const other = unit.kind === 'leaf' ? 'below' : 'adds';
  return (source ? fragmentPlaces(source, unit) : []).map(({ part, path }, index, all) =>
    contribution(part.file.path, roleOf(index, all, other), linesOf(part, path)),
  );
}

type Lines = Pick<Contribution, 'line' | 'lastLine'>;

/** The lines on which a value, and what is in it, begins. */
function linesOf({ format, text, values }: Place['part'], path: KeyPath): Lines {
  const lines = pathsIn(valueBelow(values, path), path).map((each) => format.lineOf(text, each) ?? 0);
  const line = format.lineOf(text, path);
  const lastLine = Math.max(...lines);
  return { ...(line === undefined ? {} : { line }), ...(line !== undefined && lastLine > line ? { lastLine } : {}) };
}

function valueBelow(values: Value | undefined, [key, ...rest]: KeyPath): Value | undefined {
  if (key === undefined) return values;
  const inner = Array.isArray(values) ? (values as readonly Value[])[Number(key)] : valueAt(values, [key]);
  return valueBelow(inner, rest);
}

function pathsIn(value: Value | undefined, at: KeyPath): KeyPath[] {
  const keys = Array.isArray(value) || isTable(value) ? Object.keys(value) : [];
  return [at, ...keys.flatMap((key) => pathsIn(valueBelow(value, [key]), [...at, key]))];
}

/** The layer that a file of the source stands in. */
function layerOf(path: string, { layers }: SourceTree): string {
  const holding = layers.filter((layer) => path.startsWith(`${layer}/`));
  return holding.reduce((longest, layer) => (layer.length > longest.length ? layer : longest), 'clients');
}

/** The same file in every place of the client, lowest first; the last one is what it gets. */
function fileContributions({ client, source }: WantedUnit, tree: SourceTree): string[] {
  const places = placesOf(tree, client);
  const place = places.filter((each) => source.path.startsWith(`${each}/`)).at(-1);
  if (place === undefined) return [source.path];
  const known = new Set(tree.files.map(({ path }) => path));
  const twins = places.map((each) => each + source.path.slice(place.length)).filter((path) => known.has(path));
  return [...twins.filter((path) => path !== source.path), source.path];
}

function sectionPaths({ id, source }: WantedUnit, { pieces }: ClientDesired): string[] {
  const found = pieces.filter(([of]) => of === id).flatMap(([, parts]) => parts());
  const paths = found.flatMap(({ from }) => from?.path ?? []);
  return [...new Set(paths.length > 0 ? paths : [source.path])];
}

function fragmentPlaces(source: FragmentSource, { address, value }: WantedUnit): Place[] {
  const { fragment, target } = source;
  if (!address || value === undefined) return [];
  if (address.element) return placesOfElement(source, fragment, address.path, value).reverse();
  const path = target.shared?.placeOf(address.path);
  // Of what the shared file cannot say, it knows no place.
  const common = path && path.length > 0 ? fragment.shared.map((part) => ({ part, path })) : [];
  const own = fragment.own.map((part) => ({ part, path: address.path }));
  return [...common, ...own].filter((place) => valueAt(place.part.values, place.path) !== undefined);
}
