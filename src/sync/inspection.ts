import { unsafeName } from '../content/names.ts';
import { likelySecrets } from '../content/secrets/likely-secrets.ts';
import { findSecrets, isTelling, maskSecrets } from '../content/secrets/secrets.ts';
import { withoutInjection } from '../content/skills/skills.ts';
import { decodeText, encodeText, isBinary, legibleText } from '../content/text.ts';
import type { UnitValue } from '../formats/format.ts';
import type { Finding } from '../model/finding.ts';
import { parentsOf } from '../model/paths.ts';
import type { Runtime } from '../model/runtime.ts';
import type { Address } from '../model/unit.ts';
import type { Table, Value } from '../model/value.ts';
import { unlessOpen } from './open-texts.ts';
import type { ClientState, Document } from './plan/client-state.ts';
import { type MergedUnit, mergeUnits } from './plan/merged-unit.ts';
import { valuesOf } from './source/source-problems.ts';

/** The inspection copy of one client: what goes below `clients/<client>/pulled/`, by path, secrets taken out. */
export type InspectionCopy = ReadonlyMap<string, Uint8Array>;

/** What a pull has to read besides what a push has read: every memory and skill, whoever wrote it. */
export function inspectedFiles({ runtime }: ClientState): string[] {
  const listed = [...runtime.listings.values()].flat();
  const isOpen = (file: string) => !file.endsWith('/') && !isBeyond(runtime, file) && hasSafeName(file);
  return listed.filter((file) => isOpen(file) && !runtime.files.has(file));
}

/** The repository goes to other systems, where a name that is fine here may not even be checked out; and to other people. */
export function hasSafeName(file: string): boolean {
  return file.split('/').every((name) => unsafeName(name) === undefined) && findSecrets(file).length === 0;
}

/** Says what a pull left out of the copy, and why. */
export function notCopied({ home, runtime, documents }: ClientState): Finding[] {
  const known = [...new Set([...runtime.files.keys(), ...[...runtime.listings.values()].flat()])];
  const isCopied = (file: string) => runtime.files.has(file) && isOpenFile(runtime, file);
  const left = known.filter((file) => !documents.has(file) && !isCopied(file));
  return leftOutOfCopy(
    left.map((name) => ({ name, reason: reasonNotToCopy(runtime, name) })),
    home.root,
  );
}

/** A file that is not copied. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** A warning for each reason for which files must not be copied; none where there are none. */
export function leftOutOfCopy(left: readonly LeftOut[], path: string): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of left) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, files]) => {
    const first = files.slice(0, 3).map((file) => JSON.stringify(file.replace(/\/$/, '')));
    const names = `${first.join(', ')}${files.length > first.length ? `, … (${files.length} in all)` : ''}`;
    const message = `left out of the copy: ${names}: ${reason}`;
    return { code: 'not-copied', severity: 'warning', message, remedy: 'Look there instead.', path };
  });
}

/** The reason for which a listed file is not copied. */
export function reasonNotToCopy(runtime: Runtime, file: string): string {
  if (file.endsWith('/')) return 'a link to a folder';
  if (isBeyond(runtime, file)) return 'a link that leads out of the home or nowhere, or no regular file';
  if (findSecrets(file).length > 0) return 'the name holds a secret';
  const [unsafe] = file.split('/').flatMap((name) => unsafeName(name) ?? []);
  if (unsafe !== undefined) return `the name is unsafe on other systems: ${unsafe}`;
  return 'it is no text and holds a secret';
}

/** Whether a file is, or stands below, a link out of the home: a copy of it could carry anything of this machine away. */
export function isBeyond({ beyond }: Runtime, file: string): boolean {
  return beyond.has(file) || parentsOf(file).some((folder) => beyond.has(folder));
}

/**
 * The copy of what the runtime holds: our units in the files that others write too, our whole files, and all memories
 * and skills. The same runtime always gives the same bytes.
 */
export function inspectionCopy(state: ClientState): InspectionCopy {
  const merged = mergeUnits(state);
  const label = state.record?.repository.name ?? 'the repository';
  const copy = new Map<string, Uint8Array>();
  const hide: Hide = (text, values) => maskSecrets(text, unlessOpen(likelySecrets(values), state.wanted));
  for (const document of state.documents.values()) {
    const text = documentCopy(document, merged, label, hide);
    if (text !== '') copy.set(nameOf(document), encodeText(text));
  }
  const shared = new Set(state.documents.keys());
  const known = [...state.documents.values()].flatMap(({ values }) => likelySecrets(values)).filter(isTelling);
  for (const [file, { bytes }] of [...state.runtime.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!shared.has(file) && isOpenFile(state.runtime, file)) copy.set(file, redacted(file, bytes, known));
  }
  return copy;
}

/** A leading dot would hide the file in the repository. */
function nameOf({ target }: Document): string {
  return target.kind === 'fragment' ? target.source : target.file;
}

/** Takes the secrets of some values out of a text, but what the source shows as well. */
type Hide = (text: string, values: Value) => string;

function documentCopy(
  { target, values }: Document,
  merged: readonly MergedUnit[],
  label: string,
  masked: Hide,
): string {
  const units = merged.filter(
    ({ unit, raw }) => unit.file === target.file && unit.kind !== 'file' && raw !== undefined,
  );
  if (units.length === 0) return '';
  if (target.kind === 'instructions') return masked(units.map(({ raw }) => `${raw as string}\n`).join('\n'), values);
  const set = units.map(
    ({ unit, raw }): UnitValue => ({ kind: unit.kind, address: unit.address as Address, value: raw as Value }),
  );
  const request = { set, remove: [], placed: set, inserted: [], parents: [], label };
  return masked(target.format.edit('', request).text, values);
}

function redacted(file: string, bytes: Uint8Array, known: readonly string[]): Uint8Array {
  const text = decodeText(bytes);
  if (text === undefined) return bytes;
  const placed = likelySecrets(variablesOf(file, text) ?? valuesOf(file, text) ?? {});
  return encodeText(maskSecrets(withoutInjection(text), [...known, ...placed]));
}

/** What a file named `.env` sets, as a structured file would hold it. */
function variablesOf(file: string, text: string): Table | undefined {
  if (!/(?:^|\/)\.env(?:\.[\w.-]+)?$/.test(file)) return undefined;
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(["']?)(.*?)\2[ \t]*\r?$/gm);
  return { env: Object.fromEntries([...lines].map(([, name, , value]) => [name, value as string])) };
}

/** What is no text cannot be masked, so it is copied only if no secret is seen in it, in UTF-16 neither. */
function isOpenFile(runtime: Runtime, file: string): boolean {
  const bytes = runtime.files.get(file)?.bytes;
  if (isBeyond(runtime, file)) return false;
  return !bytes || !isBinary(bytes) || findSecrets(legibleText(bytes)).length === 0;
}
