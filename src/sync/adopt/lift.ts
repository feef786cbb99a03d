import type { Client } from '../../adapters/client.ts';
import { escapedBytes, escapedValue } from '../../content/escaped.ts';
import type { Finding } from '../../model/finding.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { isTable, type Value } from '../../model/value.ts';
import { runtimePath } from '../plan/client-state.ts';
import { entrySides, rawValue, sectionText } from '../plan/merged-unit.ts';
import type { FragmentSource } from '../source/fragment.ts';
import type { Candidate } from './candidates.ts';
import type { SourceChange } from './change.ts';
import { liftEntry, liftRemovedEntry } from './lift-entry.ts';
import { liftElement, liftLeaf } from './lift-fragment.ts';
import { type LiftedUnit, liftFile, liftSection } from './lift-text.ts';
import { type Places, placesOfFile, placesOfValue } from './lift-unmanaged.ts';

type Managed = Exclude<Candidate, { kind: 'unmanaged' }>;

/** What a candidate that we deployed means for the source. */
export function liftManaged(candidate: Managed): LiftedUnit {
  const { want, unit } = candidate.merged;
  // Both sides differ and want is absent: the source dropped it, so there is no place it came from.
  if (!want) return { changes: [] };
  if (unit.kind !== 'file' && unit.kind !== 'section') return { changes: liftValue(candidate, want) };
  if (candidate.kind === 'removed')
    return { changes: [{ id: unit.id, path: want.source.path, edit: { kind: 'remove' } }] };
  const { state, desired } = candidate.of;
  const pieces = desired.pieces.find(([id]) => id === unit.id)?.[1]();
  const path = runtimePath(state.home, unit.file);
  if (unit.kind === 'section')
    return liftSection(want, pieces ?? [], sectionText(candidate.merged.raw as string), path);
  return liftFile(want, pieces, state.runtime.files.get(unit.file) as RuntimeFile, path);
}

function liftValue(candidate: Managed, want: WantedUnit): readonly SourceChange[] {
  const { kind, file } = want;
  const source = candidate.of.desired.fragments.find(({ target }) => target.file === file) as FragmentSource;
  if (kind === 'element') return liftElement(source, want, candidate.kind === 'replaced' ? candidate.now : undefined);
  if (kind === 'leaf') return liftLeaf(source, want, candidate.merged.raw);
  if (candidate.kind === 'removed') return liftRemovedEntry(source, want);
  const sides = entrySides(candidate.merged, source.target);
  const have = candidate.kind === 'added' ? candidate.entry : sides.have;
  return isTable(sides.want) && isTable(have)
    ? liftEntry(source, want, sides.want, have)
    : liftLeaf(source, want, candidate.merged.raw);
}

/** The file that holds a candidate, and the line of one that is a part of it. */
export function placeInRuntime(candidate: Candidate): Pick<Finding, 'path' | 'line'> {
  const { state } = candidate.of;
  const { file, address } = candidate.kind === 'unmanaged' ? candidate.unit : candidate.merged.unit;
  const document = state.documents.get(file);
  const line = document && address && document.target.format.lineOf(document.text, address.path);
  return { path: runtimePath(state.home, file), ...(line === undefined ? {} : { line }) };
}

/** Where something of the user's could go: for a skill's folder, one place for all of its files. */
export function placesOf({ of, unit }: Extract<Candidate, { kind: 'unmanaged' }>): Places {
  const { client, runtime, documents } = of.state;
  const document = documents.get(unit.file);
  if (document && unit.address) {
    const value = rawValue(document, unit) as Value;
    const source = of.desired.fragments.find(({ target }) => target.file === unit.file);
    return source ? placesOfValue(source, unit, escapedValue(value)) : [];
  }
  const below = [...runtime.files].filter(([name]) => name === unit.file || name.startsWith(`${unit.file}/`));
  const each = below.map(([name, file]) => placesOfFile(client, unit.id, name, asSource(client, name, file)));
  const [first] = each;
  return (first ?? []).map((_, index) => each.flatMap((places) => places[index] ?? []));
}

/** A file as its source has to be, so that it is deployed as it stands. Files of a format that we judge hold no tokens. */
function asSource({ targets }: Client, name: string, file: RuntimeFile): RuntimeFile {
  const target = targets.find(
    ({ kind, ...one }) => kind === 'files' && 'folder' in one && name.startsWith(`${one.folder}/`),
  );
  const isPlain = target?.kind === 'files' && target.content.kind === 'structured';
  return isPlain ? file : { ...file, bytes: escapedBytes(file.bytes) };
}
