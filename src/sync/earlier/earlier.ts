import { decodeUtf8, encodeText } from '../../content/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { ClientRecord, FirstText, RecordedFile } from '../../model/record.ts';
import type { Address, RecordedUnit, WantedUnit } from '../../model/unit.ts';
import { tableOf, type Value, valueAt } from '../../model/value.ts';
import type { ClientState, Document } from '../plan/client-state.ts';
import type { DecidedUnit, DocumentEdit } from '../plan/decided-unit.ts';
import type { MergedUnit } from '../plan/merged-unit.ts';

/** A value of the user's that a plan replaces, as it is kept. */
export interface EarlierValue {
  readonly content: Uint8Array;
  readonly mode?: number;
}

/** The digests of what may come back: of units that are wanted no longer, and of the files they stand in. */
export function returningDigests(record: ClientRecord | undefined, wanted: readonly WantedUnit[]): Set<string> {
  const kept = record?.units.filter(({ earlier }) => earlier) ?? [];
  if (kept.length === 0) return new Set();
  const staying = new Set(wanted.filter(({ leftOut }) => leftOut === undefined).map(({ id }) => id));
  const back = kept.filter(({ id }) => !staying.has(id));
  const files = [...new Set(back.map(({ file }) => file))];
  return new Set([
    ...back.flatMap(({ earlier }) => earlier?.digest ?? []),
    ...files.flatMap((file) => record?.files[file]?.first?.digest ?? []),
  ]);
}

/** What a plan replaces of the user's in one unit; undefined where that was ours, or is kept already. */
function replacedValue(state: ClientState, { merged, action }: DecidedUnit): EarlierValue | undefined {
  const { unit, base, have, marked, raw } = merged;
  const isUsers = base ? base.origin === 'found' : !marked;
  if (action !== 'update' || !have || !isUsers || base?.earlier) return undefined;
  const document = unit.kind === 'file' ? undefined : state.documents.get(unit.file);
  if (document && unit.address && raw !== undefined) return { content: contentOf(document, unit.address, raw) };
  const file = state.runtime.files.get(unit.file);
  return file && { content: file.bytes, mode: file.mode };
}

/** A value as it is kept: a text of the file's own format, which a person can read as well. */
function contentOf({ target: { format } }: Document, address: Address, value: Value): Uint8Array {
  if (format.name === 'markdown') return encodeText(String(value));
  if (format.name === 'toml') return encodeText(format.render(address, value));
  const members = Object.entries(tableOf([[address.path, value]]));
  return encodeText(`{${members.map(([key, each]) => format.render({ path: [key] }, each)).join()}}\n`);
}

/** The value that `replacedValue` kept; undefined for what is not one. */
export function valueBefore(
  { target: { format } }: Document,
  { unit, earlier }: Pick<MergedUnit, 'unit' | 'earlier'>,
): Value | undefined {
  const text = earlier && decodeUtf8(earlier.content);
  if (text === undefined || !unit.address) return undefined;
  return format.name === 'markdown' ? text : valueAt(format.read(text), unit.address.path);
}

/** A shared file as it stands, with what is ours in it: what `first` of the record leads to. */
function firstText({ text }: Document, units: readonly RecordedUnit[], file?: RecordedFile): Uint8Array {
  const owned = units.map(({ kind, address, earlier }) => ({
    kind,
    ...(address ? { address } : {}),
    ...(earlier ? { earlier } : {}),
  }));
  const { inserted = [], parents = [], found } = file ?? {};
  const first: FirstText = { text, inserted, parents, owned, ...(found ? { found } : {}) };
  return encodeText(JSON.stringify(first));
}

/** Whether a shared file still is as our last run left it. */
function isAsLeft({ text }: Document, file: RecordedFile | undefined): boolean {
  return file?.first !== undefined && file.first.left === digestOf(text);
}

/** The file as it was before we replaced a value of the user's in it, where nobody else has written it since. */
export function firstTextOf(state: ClientState, document: Document): FirstText | undefined {
  const file = state.record?.files[document.target.file];
  if (!file?.first || !isAsLeft(document, file)) return undefined;
  const kept = state.earlier.get(file.first.digest);
  return kept && (JSON.parse(decodeUtf8(kept.content) as string) as FirstText);
}

/** All that a plan newly keeps of what was the user's: of each unit, by its id, and the contents by their digest. */
export interface Kept {
  readonly units: ReadonlyMap<string, NonNullable<RecordedUnit['earlier']>>;
  /** The units that this plan itself replaces; of others, another client's record kept it first. */
  readonly replaced: ReadonlySet<string>;
  readonly contents: Map<string, Uint8Array>;
}

/** Gathers what a plan replaces of the user's. */
export function keptBy(state: ClientState, decided: readonly DecidedUnit[]): Kept {
  const units = new Map<string, NonNullable<RecordedUnit['earlier']>>();
  const contents = new Map<string, Uint8Array>();
  const replaced = new Set<string>();
  for (const each of decided) {
    const own = replacedValue(state, each);
    const value = own ?? takenOver(each);
    if (!value) continue;
    const digest = digestOf(value.content);
    contents.set(digest, value.content);
    if (own) replaced.add(each.merged.unit.id);
    units.set(each.merged.unit.id, { digest, ...(value.mode === undefined ? {} : { mode: value.mode }) });
  }
  return { units, replaced, contents };
}

/** What another client's record keeps of a file that is one for both: whichever of them goes last gives it back. */
function takenOver({ merged: { base, earlier }, action }: DecidedUnit): EarlierValue | undefined {
  const isKnown = action === 'record' || action === 'update' || action === 'none';
  return isKnown && !base?.earlier ? earlier : undefined;
}

/** The `first` of a file after an edit; what it leads to is kept where that is new. */
export function firstAfter(
  state: ClientState,
  { document, result }: DocumentEdit,
  recorded: readonly RecordedUnit[],
  kept: Kept,
): RecordedFile['first'] {
  const { file } = document.target;
  const own = recorded.filter((unit) => unit.file === file);
  if (!own.some(({ earlier }) => earlier)) return undefined;
  const known = state.record?.files[file];
  const left = digestOf(result.text);
  if (known?.first && isAsLeft(document, known)) return { digest: known.first.digest, left };
  if (!own.some(({ id }) => kept.replaced.has(id))) return undefined;
  const before = (state.record?.units ?? []).filter((unit) => unit.file === file && unit.origin === 'placed');
  const content = firstText(document, before, known);
  const digest = digestOf(content);
  kept.contents.set(digest, content);
  return { digest, left };
}

/** The earlier values that a plan lets go of without putting them back: somebody wrote, or removed, the unit since. */
export function notPutBack(units: readonly DecidedUnit[]): DecidedUnit[] {
  return units.filter(({ merged, action }) => {
    if (!merged.earlier || merged.want) return false;
    // By a link, another client's record still has it.
    if (action === 'release' && merged.have && merged.have.digest === merged.baseDigest) return false;
    return action === 'release' || action === 'record' || (action === 'restore' && !merged.have);
  });
}
