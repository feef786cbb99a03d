import type { Client } from '../../adapters/client.ts';
import { decodeText, encodeText } from '../../content/text.ts';
import type { ClientHome } from '../../model/paths.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { Runtime } from '../../model/runtime.ts';
import type { SourceFile } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { besideOf } from '../beside-powers.ts';
import { type ClientState, readDocuments, runtimePath } from '../plan/client-state.ts';
import { mergeUnits, type Side } from '../plan/merged-unit.ts';
import { gained, guardsLost, powersOf, rootLeaves } from '../powers/unit-powers.ts';

/** A client, and what two sources want for it. */
export interface SourcePair {
  readonly client: Client;
  readonly home: ClientHome;
  readonly before: readonly WantedUnit[];
  readonly now: readonly WantedUnit[];
}

/** A unit that two sources want differently, as a push would plan it in a home that is as the first one says. */
export interface ChangedUnit extends PlannedUnit {
  readonly action: 'create' | 'update' | 'remove';
}

/** One side of a comparison: the unit, and its value as it is compared and shown. */
interface Wanted {
  readonly unit: WantedUnit;
  readonly side: Side;
}

/**
 * The units of one client that are not the same in two sources, in the order of the second, then those that are gone. What
 * a layer leaves out counts as absent. Values are compared as they are with a runtime, never as texts.
 */
export function changedUnits({ client, home, before, now }: SourcePair): ChangedUnit[] {
  const [old, fresh] = [sidesOf(client, home, before), sidesOf(client, home, now)];
  const written = [...fresh].flatMap(([id, wanted]) => {
    const was = old.get(id);
    if (was?.side.digest === wanted.side.digest) return [];
    const around = () => [rootLeaves(now, wanted.unit.file)];
    const of = ({ unit }: Wanted) => powersOf(client, unit, around, besideOf(now));
    const powers = gained(was && of(was), of(wanted));
    const guards = was ? guardsLost(client, was.unit, wanted.unit) : [];
    return [writtenUnit(home, was, wanted, { powers, guards })];
  });
  const gone = [...old].filter(([id]) => !fresh.has(id)).map(([, wanted]) => removedUnit(client, home, wanted));
  return [...written, ...gone];
}

/** Brings the units together with a home in which nothing is, so that their values get the forms they are compared in. */
function sidesOf(client: Client, home: ClientHome, wanted: readonly WantedUnit[]): Map<string, Wanted> {
  const { documents } = readDocuments(client, home, nothing, undefined);
  const state: ClientState = {
    ...{ client, home, wanted, documents },
    ...{ runtime: nothing, record: undefined, earlier: new Map(), skillsBeside: [] },
  };
  const sides = mergeUnits(state).flatMap(({ want, wantSide }): [string, Wanted][] =>
    want && wantSide ? [[want.id, { unit: want, side: wantSide }]] : [],
  );
  return new Map(sides);
}

const nothing: Runtime = {
  home: '',
  files: new Map(),
  listings: new Map(),
  beyond: new Set(),
  passedOver: new Map(),
  places: new Map(),
  folders: new Set(),
};

function writtenUnit(
  home: ClientHome,
  was: Wanted | undefined,
  { unit, side }: Wanted,
  { powers, guards }: Required<Pick<PlannedUnit, 'powers' | 'guards'>>,
): ChangedUnit {
  return {
    ...planned(home, unit, was ? 'update' : 'create'),
    ...(powers.length > 0 ? { powers } : {}),
    ...(guards.length > 0 ? { guards } : {}),
    ...(was ? { have: was.side.text() } : {}),
    ...{ source: unit.source, want: side.text() },
  };
}

function removedUnit(client: Client, home: ClientHome, { unit, side }: Wanted): ChangedUnit {
  const guards = guardsLost(client, unit, undefined);
  return { ...planned(home, unit, 'remove'), have: side.text(), ...(guards.length > 0 ? { guards } : {}) };
}

function planned(home: ClientHome, unit: WantedUnit, action: ChangedUnit['action']): ChangedUnit {
  const { id, client, file, kind, address } = unit;
  const path = runtimePath(home, file);
  return { id, client, file, kind, path, action, verdict: 'source-ahead', ...(address ? { address } : {}) };
}

/** What a layer changes otherwise than the source does without it: everything else was told already. */
export function changedByLayer(changes: readonly ChangedUnit[], plain: readonly ChangedUnit[]): ChangedUnit[] {
  const told = new Map(plain.map((unit) => [unit.id, unit]));
  return changes.filter(({ id, want, have }) => {
    const other = told.get(id);
    return !other || other.want !== want || other.have !== have;
  });
}

/**
 * Files as git keeps them, with the line ends that a checkout gave to those that stand there now: git may keep LF where the
 * working tree has CRLF, which is no change.
 */
export function asCheckedOut(kept: readonly SourceFile[], standing: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(standing.map((file) => [file.path, file]));
  return kept.map((file) => {
    const text = decodeText(file.bytes);
    const now = decodeText(byPath.get(file.path)?.bytes ?? new Uint8Array());
    if (!now?.includes('\r\n') || text === undefined || text.includes('\r\n')) return file;
    return { ...file, bytes: encodeText(text.replaceAll('\n', '\r\n')) };
  });
}
