import type { FragmentTarget, HeadersHelper, SharedFragment } from '../../adapters/client.ts';
import type { TokenValues } from '../../content/placeholders.ts';
import { digestOfValue, membersByDigest } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import { isTable, type KeyPath, startsWith, type Value, valueAt } from '../../model/value.ts';
import { type FragmentPart, type FragmentParts, ownParts, sharedParts } from './fragment-parts.ts';
import { type Merged, mergeParts, nothingMerged } from './merge-parts.ts';
import { problemsAsFindings } from './source-problems.ts';

/** Everything that says something for one fragment target, put together. */
export interface Fragment {
  /** The files that every client shares, then the client's own; each kind the lowest layer first. */
  readonly shared: readonly FragmentPart[];
  readonly own: readonly FragmentPart[];
  /** In the client's spelling. */
  readonly merged: Merged;
  readonly findings: readonly Finding[];
}

/** A fragment target of one client with the sources that make it up. */
export interface FragmentSource {
  readonly client: string;
  readonly target: FragmentTarget;
  readonly fragment: Fragment;
  readonly tokens: TokenValues;
  readonly helper: HeadersHelper;
}

/** What it takes to say in a client's spelling what all clients share. */
export type Translating = Pick<FragmentSource, 'target' | 'helper'>;

/** Reads and merges the sources of a fragment: what the clients share, translated, then the client's own over it. */
export function readFragment(
  client: string,
  target: FragmentTarget,
  tree: SourceTree,
  tokens: TokenValues,
  helper: HeadersHelper,
): Fragment {
  const own = ownParts(client, target, tree, tokens);
  const shared = target.shared ? translated(target.shared, tree, tokens, helper, own.parts) : undefined;
  const isSet = (path: KeyPath, value: Value) => target.unitKind(path, value) === 'set';
  const merged = mergeParts(shared?.merged ?? nothingMerged, own.parts, { isSet, replaces: target.replaces });
  const parts = shared?.parts ?? [];
  const together = target.problemsTogether(merged.values).flatMap((problem) => {
    const found = partAt(target, { shared: parts, own: own.parts }, problem.path);
    return found ? problemsAsFindings(found.part, [{ ...problem, path: found.path }]) : [];
  });
  const findings = [...(shared?.findings ?? []), ...own.findings, ...together];
  return { shared: parts, own: own.parts, merged, findings };
}

/** What the clients share in this client's spelling. */
function translated(
  shared: SharedFragment,
  tree: SourceTree,
  tokens: TokenValues,
  helper: HeadersHelper,
  own: readonly FragmentPart[],
): FragmentParts & { readonly merged: Merged } {
  const { parts, findings } = sharedParts(shared, tree, tokens);
  if (parts.length === 0) return { parts, findings, merged: nothingMerged };
  const { values, leftOut, idle } = mergeParts(nothingMerged, parts, shared);
  const { values: translation, problems } = shared.translate(values, helper);
  const open = problems.filter(({ solvedBy, path }) => !isSolved(solvedBy, own) && !isLeftOut(leftOut, path));
  const told = open.flatMap((problem) => {
    const part = lastWith(parts, problem.path);
    return part ? problemsAsFindings(part, [problem]) : [];
  });
  return { parts, findings: [...findings, ...told], merged: { values: translation, leftOut, idle } };
}

function isSolved(key: KeyPath | undefined, own: readonly FragmentPart[]): boolean {
  return key !== undefined && own.some(({ values }) => valueAt(values, key) !== undefined);
}

function isLeftOut(leftOut: Merged['leftOut'], path: KeyPath): boolean {
  return leftOut.some((one) => startsWith(path, one.path));
}

/** A place in a source file. */
export interface Place {
  readonly part: FragmentPart;
  readonly path: KeyPath;
}

/** The file that says what stands at a path of the client's file, and where in it: the last that has something there. */
export function partAt(
  { shared }: FragmentTarget,
  fragment: Pick<Fragment, 'shared' | 'own'>,
  path: KeyPath,
): Place | undefined {
  const own = lastWith(fragment.own, path);
  if (own && valueAt(own.values, path) !== undefined) return { part: own, path };
  const sharedPath = shared?.placeOf(path) ?? path;
  const common = lastWith(fragment.shared, sharedPath);
  if (common) return { part: common, path: sharedPath };
  return own && { part: own, path };
}

/** The last part that has a value at a path, else at its nearest parent. */
function lastWith(parts: readonly FragmentPart[], path: KeyPath): FragmentPart | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const found = parts.findLast(({ values }) => holds(values, path.slice(0, depth)));
    if (found) return found;
  }
  return undefined;
}

function holds(values: Value, path: KeyPath): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (Array.isArray(values)) return key in values && holds(values[Number(key)] as Value, rest);
  return isTable(values) && Object.hasOwn(values, key) && holds(values[key] as Value, rest);
}

/**
 * The places that have an element of a list: the client's own files first; of equal ones in a file, the one after `twins`
 * others.
 */
export function placesOfElement(
  { target: { shared }, helper }: Translating,
  fragment: Pick<Fragment, 'shared' | 'own'>,
  path: KeyPath,
  value: Value,
  twins = 0,
): Place[] {
  const found = (part: FragmentPart, list: KeyPath, items: Value | undefined): Place[] => {
    const index = indexOfElement(items, value, twins);
    return index === undefined ? [] : [{ part, path: [...list, String(index)] }];
  };
  const own = fragment.own.flatMap((part) => found(part, path, valueAt(part.values, path)));
  const list = shared?.placeOf(path) ?? [];
  const holding = shared ? fragment.shared.filter(({ values }) => Array.isArray(valueAt(values, list))) : [];
  const common = holding.flatMap((part) => {
    const [asItStands] = found(part, list, valueAt(part.values, list));
    // A matcher may be spelled in another way for this client.
    return asItStands ?? found(part, list, valueAt(shared?.translate(part.values, helper).values, path));
  });
  return [...own, ...common];
}

function indexOfElement(items: Value | undefined, value: Value, twins: number): number | undefined {
  const digest = digestOfValue(value);
  const equal = Array.isArray(items) ? (membersByDigest(items).get(digest) ?? []) : [];
  return equal[twins] ?? equal[0];
}
