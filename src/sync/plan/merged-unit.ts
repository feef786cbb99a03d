import type { FragmentTarget } from '../../adapters/client.ts';
import { decodeText } from '../../content/text.ts';
import { digestOfFile, digestOfValue, membersByDigest } from '../../model/digest.ts';
import type { Verdict } from '../../model/plan.ts';
import { addressText, type RecordedUnit, type Unit, type WantedUnit } from '../../model/unit.ts';
import { isTable, type KeyPath, leavesOf, type Table, tableOf, type Value, valueAt } from '../../model/value.ts';
import type { ClientState, Document, KeptValue } from './client-state.ts';
import { decide } from './decide.ts';

/** One unit with its three values, ready to be decided on. */
export interface MergedUnit {
  readonly unit: Unit;
  readonly want: WantedUnit | undefined;
  readonly base: RecordedUnit | undefined;
  /** What counts as deployed last: the recorded value, or what was adopted since. */
  readonly baseDigest: string | undefined;
  readonly have: Side | undefined;
  readonly wantSide: Side | undefined;
  readonly verdict: Verdict;
  /** The value at the unit's address as it stands, with what the client added; only for shared files. */
  readonly raw: Value | undefined;
  /** True when the unit stands between our markers or in our list; only asked where the record does not know it. */
  readonly marked: boolean;
  /** What the user had there before us, where it may come back. */
  readonly earlier?: KeptValue & { readonly mode?: number };
  /** A section that stands in the user's own text, outside our block: that text. */
  readonly own?: string;
  /** Where a layer says that this machine does without it. */
  readonly leftOut?: string;
}

/** A value of a unit: its digest, and its text for diffs. */
export interface Side {
  readonly digest: string;
  text(): string;
}

/** Second step of the flow: brings want, have and base of every unit of a client together and decides. */
export function mergeUnits(state: ClientState): MergedUnit[] {
  const wanted = new Map(state.wanted.map((unit) => [unit.id, unit]));
  const recorded = new Map((state.record?.units ?? []).map((unit) => [unit.id, unit]));
  const ids = [...wanted.keys(), ...[...recorded.keys()].filter((id) => !wanted.has(id))];
  const merged = ids.map((id) => mergeUnit(state, wanted.get(id), recorded.get(id)));
  const foreign = foreignFolders(merged, state);
  const taken = ({ want, verdict }: MergedUnit) => verdict === 'source-ahead' && foreign.has(want?.folder ?? '');
  return merged.map((unit) => (taken(unit) ? { ...unit, verdict: 'conflict' } : unit));
}

function mergeUnit(state: ClientState, source: WantedUnit | undefined, recorded: RecordedUnit | undefined): MergedUnit {
  const unit = (source ?? recorded) as Unit;
  // What is left out on this machine is no more wanted than what has no source; it is only named.
  const want = source?.leftOut === undefined ? source : undefined;
  const document = unit.kind === 'file' ? undefined : state.documents.get(unit.file);
  const own = document && ownText(state, document, unit, want, recorded);
  const raw = own ?? (document && rawValue(document, unit));
  const have = document
    ? valueSide(document, unit, raw, pathsOf(document, want, recorded))
    : fileSide(state, unit, want);
  const wantSide = want && (document ? valueSide(document, unit, want.value, undefined) : wantedFile(want));
  const marked = !recorded && document !== undefined && isMarked(document, unit);
  const base = recorded ?? withoutRecord(state, unit, have, wantSide, marked);
  const baseDigest = digestOfBase(base, wantSide);
  const verdict = decide(wantSide?.digest, have?.digest, baseDigest);
  const leftOut = source?.leftOut === undefined ? {} : { leftOut: source.leftOut };
  return {
    unit,
    want,
    base,
    baseDigest,
    have,
    wantSide,
    verdict,
    raw,
    marked,
    ...(own === undefined ? {} : { own }),
    ...earlierOf(state, recorded),
    ...leftOut,
  };
}

function earlierOf({ earlier }: ClientState, recorded: RecordedUnit | undefined): Pick<MergedUnit, 'earlier'> {
  if (!recorded?.earlier) return {};
  const kept = earlier.get(recorded.earlier.digest);
  const { mode } = recorded.earlier;
  return kept ? { earlier: { ...kept, ...(mode === undefined ? {} : { mode }) } } : {};
}

/** A section that the user has, word for word, in a text of their own is found there; it is not ours. */
function ownText(
  { record }: ClientState,
  document: Document,
  unit: Unit,
  want: WantedUnit | undefined,
  recorded: RecordedUnit | undefined,
): string | undefined {
  if (unit.kind !== 'section' || !unit.address || rawValue(document, unit) !== undefined) return undefined;
  const found = record?.files[unit.file]?.found ?? {};
  const text = recorded ? found[addressText(unit.address)] : want?.value;
  return typeof text === 'string' && document.target.format.standsIn?.(document.text, text) ? text : undefined;
}

/** Who takes an adoption back in git wants the edit to be one again: the source then holds what was deployed. */
function digestOfBase(base: RecordedUnit | undefined, want: Side | undefined): string | undefined {
  return base?.adopted !== undefined && want?.digest !== base.digest ? base.adopted : base?.digest;
}

/** Without a record, a value equal to want that stands between our markers counts as placed. */
function withoutRecord(
  state: ClientState,
  unit: Unit,
  have: Side | undefined,
  want: Side | undefined,
  marked: boolean,
): RecordedUnit | undefined {
  if (state.record || !marked || !have || have.digest !== want?.digest) return undefined;
  const { id, client, file, kind, address } = unit;
  return { id, client, file, kind, ...(address ? { address } : {}), origin: 'placed', digest: have.digest };
}

function isMarked(document: Document, { kind, address }: Unit): boolean {
  return document.exists && address !== undefined && document.target.format.isMarked(document.text, { kind, address });
}

/** What stands at a unit's address; of a list the element that equals ours. */
export function rawValue({ values }: Document, { address }: Unit): Value | undefined {
  if (!address) return undefined;
  const value = valueAt(values, address.path);
  if (!address.element) return value;
  const list = Array.isArray(value) ? (value as readonly Value[]) : [];
  const [index] = membersByDigest(list).get(address.element.digest) ?? [];
  return index === undefined ? undefined : list[index];
}

/** Both sides of an entry as they are compared: renames applied, defaults and, unless asked for, what was added left out. */
export function entrySides(
  { unit, want, base, raw }: MergedUnit,
  target: FragmentTarget,
  detail?: 'with what was added',
): { readonly want: Value; readonly have: Value } {
  const paths = [...entryPaths(want?.value ?? null), ...(base?.paths ?? [])];
  const [wanted, standing] = [want?.value ?? null, raw ?? null];
  return {
    want: comparable(target, unit, wanted, undefined),
    have: comparable(target, unit, standing, detail ? undefined : paths),
  };
}

/** The leaf paths that make up an entry's value: those of want and base. */
function pathsOf(
  document: Document,
  want: WantedUnit | undefined,
  base: RecordedUnit | undefined,
): readonly KeyPath[] | undefined {
  if ((want ?? base)?.kind !== 'entry' || document.target.kind !== 'fragment') return undefined;
  return [...(want?.value === undefined ? [] : entryPaths(want.value)), ...(base?.paths ?? [])];
}

/** The leaf paths of an entry, relative to it. */
export function entryPaths(value: Value): KeyPath[] {
  return leavesOf(value).map(([path]) => path);
}

function valueSide(
  { target }: Document,
  unit: Unit,
  value: Value | undefined,
  paths: readonly KeyPath[] | undefined,
): Side | undefined {
  if (value === undefined || !unit.address) return undefined;
  const { address } = unit;
  const compared = target.kind === 'fragment' && unit.kind === 'entry' ? comparable(target, unit, value, paths) : value;
  const normal = typeof compared === 'string' && unit.kind === 'section' ? sectionText(compared) : compared;
  return { digest: digestOfValue(normal), text: () => target.format.render(address, normal) };
}

function comparable(target: FragmentTarget, unit: Unit, value: Value, paths: readonly KeyPath[] | undefined): Value {
  const at = unit.address?.path ?? [];
  const renamed = target.renamed(at, value);
  if (!isTable(renamed)) return renamed;
  return target.withoutDefaults(at, paths ? project(renamed, paths) : renamed);
}

/** Only what stands at the given paths: a client's own additions to an entry are not part of its value. */
function project(value: Table, paths: readonly KeyPath[]): Table {
  const leaves = paths.flatMap((path): [KeyPath, Value][] => {
    const found = valueAt(value, path);
    return found === undefined ? [] : [[path, found]];
  });
  return tableOf(leaves);
}

/** The text of a section as both sides are compared: LF, no line end at the end. */
export function sectionText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '');
}

/** A file that holds what it should is digested once for both sides: to compare takes a tenth of that. */
function fileSide(state: ClientState, unit: Unit, want: WantedUnit | undefined): Side | undefined {
  const file = state.runtime.files.get(unit.file);
  const isAsWanted = file && want?.content && Buffer.compare(file.bytes, want.content) === 0;
  return file && contentSide(isAsWanted ? (want.content as Uint8Array) : file.bytes, (file.mode & 0o100) !== 0);
}

function wantedFile(want: WantedUnit): Side {
  return contentSide(want.content as Uint8Array, want.executable === true);
}

function contentSide(bytes: Uint8Array, executable: boolean): Side {
  const text = () => `${executable ? '(executable)\n' : ''}${decodeText(bytes) ?? `(binary, ${bytes.length} bytes)\n`}`;
  return { digest: digestOfFile(bytes, executable), text };
}

/**
 * A skill folder of that name which we did not deploy is never filled up: its missing files are conflicts, unless
 * everything we want in it is there already.
 */
function foreignFolders(merged: readonly MergedUnit[], { runtime }: ClientState): Set<string> {
  const foreign = new Set<string>();
  for (const file of [...runtime.listings.values()].flat()) {
    for (let at = file.length; at > 0; at = file.lastIndexOf('/', at - 1)) foreign.add(file.slice(0, at));
  }
  for (const { want, base } of merged) if (base && want?.folder) foreign.delete(want.folder);
  return foreign;
}
