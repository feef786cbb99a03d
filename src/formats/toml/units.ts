import { membersByDigest } from '../../model/digest.ts';
import { type KeyPath, startsWith, type Table, type Value, valueAt } from '../../model/value.ts';
import type { UnitText } from '../format.ts';
import { type Doc, elementSegments, placeAt, type Segment } from './read/doc.ts';

/** Answers which keys of a file belong to units, for any number of units. */
export interface Units {
  /** The leaf or entry that holds `path`. */
  readonly covering: (path: KeyPath) => UnitText | undefined;
  /** Whether a key is a unit, is in one, or has a list of which elements are units. */
  readonly holding: (path: KeyPath) => boolean;
  /** The entry with exactly this path, or that holds it. */
  readonly entryAt: (path: KeyPath) => UnitText | undefined;
  /** The paths of lists of which elements are units, with the digests. */
  readonly lists: readonly { readonly path: KeyPath; readonly digests: ReadonlySet<string> }[];
}

interface Node {
  readonly children: Map<string, Node>;
  unit?: UnitText;
}

/** Indexes units by key path. */
export function indexUnits(units: readonly UnitText[]): Units {
  const root: Node = { children: new Map() };
  const lists = new Map<string, { path: KeyPath; digests: Set<string> }>();
  for (const unit of units) {
    const { path, element } = unit.address;
    if (!element) nodeFor(root, path).unit = unit;
    else {
      const list = lists.get(JSON.stringify(path)) ?? { path, digests: new Set() };
      list.digests.add(element.digest);
      lists.set(JSON.stringify(path), list);
    }
  }
  const covering = (path: KeyPath) => find(root, path);
  const entryAt = (path: KeyPath) => {
    const unit = covering(path);
    return unit?.kind === 'entry' ? unit : undefined;
  };
  const holding = (path: KeyPath) => covering(path) !== undefined || lists.has(JSON.stringify(path));
  return { covering, holding, entryAt, lists: [...lists.values()] };
}

/** The last index in a list, which must not change any more, at which an element with this digest stands, or -1. */
export function lastIndexOf(list: Value | undefined, digest: string): number {
  return Array.isArray(list) ? (membersByDigest(list).get(digest)?.at(-1) ?? -1) : -1;
}

/** The segments of each element that is a unit and is written as `[[path]]`: one group per element. */
export function unitElements(doc: Doc, values: Table, units: Units): Segment[][] {
  return units.lists.flatMap(({ path, digests }) => {
    const place = placeAt(doc.root, path);
    const list = valueAt(values, path);
    if (!place || place.elements.length === 0) return [];
    const members = Array.isArray(list) ? [...membersByDigest(list)] : [];
    const ours = members.filter(([digest]) => digests.has(digest)).map(([, at]) => place.elements[at.at(-1) ?? -1]);
    return ours.filter((segment) => segment !== undefined).map((segment) => [...elementSegments(place, segment)]);
  });
}

/** The lists that hold elements which are units, and nothing else, by the text of their path. */
export function unitLists(values: Table, { lists }: Units): Set<string> {
  const whole = lists.filter(({ path, digests }) => {
    const list = valueAt(values, path);
    return (
      Array.isArray(list) && list.length > 0 && [...membersByDigest(list).keys()].every((digest) => digests.has(digest))
    );
  });
  return new Set(whole.map(({ path }) => JSON.stringify(path)));
}

/** True when a segment stands at or below the path of an entry. */
export function below(segment: Segment, unit: UnitText): boolean {
  return startsWith(segment.path, unit.address.path);
}

function nodeFor(root: Node, path: KeyPath): Node {
  let node = root;
  for (const key of path) {
    const child = node.children.get(key) ?? { children: new Map() };
    node.children.set(key, child);
    node = child;
  }
  return node;
}

function find(root: Node, path: KeyPath): UnitText | undefined {
  let node: Node | undefined = root;
  for (const key of path) {
    node = node.children.get(key);
    if (!node) return undefined;
    if (node.unit) return node.unit;
  }
  return undefined;
}
