import { maskSecrets, secretsIn } from '../../content/secrets/secrets.ts';
import { digestOf } from '../../model/digest.ts';
import type { ClientHome } from '../../model/paths.ts';
import { type ClientRecord, type RecordedFile, recordVersion } from '../../model/record.ts';
import { addressText, type RecordedUnit } from '../../model/unit.ts';
import { sameValue, tableOf, type Value } from '../../model/value.ts';
import { firstAfter, type Kept } from '../earlier/earlier.ts';
import type { PlanRequest } from './client-plan.ts';
import { type ClientState, recordedFile } from './client-state.ts';
import { type DecidedUnit, type DocumentEdit, originOf } from './decided-unit.ts';
import { entryPaths, type MergedUnit } from './merged-unit.ts';
import type { FolderChanges } from './plan-folders.ts';

/** The name of a client's record: one for each place where its files really are. */
export function recordKey(client: string, realHome: string, home: ClientHome): string {
  return `${client}-${digestOf([realHome, ...Object.values(home.elsewhere)].join('\n')).slice(0, 16)}`;
}

/** What a plan does in one client's home. */
interface PlannedParts {
  readonly units: readonly DecidedUnit[];
  readonly edits: readonly DocumentEdit[];
  readonly folders: FolderChanges;
  readonly kept: Kept;
}

/** The record as it stands once the plan is applied; null when nothing of ours is left to remember. */
export function recordAfter(
  state: ClientState,
  { units, edits, folders, kept }: PlannedParts,
  { mode, repository, version }: PlanRequest,
): ClientRecord | null {
  if (mode === 'remove-only') return null;
  const recorded = units.flatMap((unit) => recordedUnit(unit, kept));
  if (recorded.length === 0 && !state.record) return null;
  return {
    version: recordVersion,
    syncline: version,
    client: state.client.name,
    home: state.runtime.home,
    repository,
    units: recorded,
    files: recordedFiles(state, recorded, { units, edits, kept }),
    folders: folders.recorded,
  };
}

function recordedUnit(decided: DecidedUnit, kept: Kept): RecordedUnit[] {
  const { merged, action } = decided;
  if (action === 'leave') return merged.base ? [merged.base] : [];
  if (action === 'remove' || action === 'release' || action === 'restore' || !merged.want || !merged.wantSide)
    return [];
  const { id, client, file, kind, address } = merged.unit;
  const earlier = merged.base?.earlier ?? kept.units.get(id);
  return [
    {
      ...{ id, client, file, kind, origin: originOf(merged), digest: merged.wantSide.digest },
      ...(address ? { address } : {}),
      ...(kind === 'entry' ? { paths: entryPaths(merged.want.value ?? null) } : {}),
      ...(earlier ? { earlier } : {}),
    },
  ];
}

function recordedFiles(
  state: ClientState,
  units: readonly RecordedUnit[],
  { units: decided, edits, kept }: Omit<PlannedParts, 'folders'>,
): Record<string, RecordedFile> {
  const files: Record<string, RecordedFile> = {};
  const placed = new Set(units.filter(({ origin }) => origin === 'placed').map(({ file }) => file));
  for (const [file, recorded] of Object.entries({ ...state.glue?.files, ...state.record?.files })) {
    if (placed.has(file)) files[file] = recorded;
  }
  for (const edit of edits) {
    const { document, result } = edit;
    const { file } = document.target;
    const created = recordedFile(state, file)?.created ?? !document.exists;
    delete files[file];
    const found = foundIn(state, file, units, decided);
    const first = firstAfter(state, edit, units, kept);
    if (result.inserted.length + result.parents.length === 0 && !found && !first) continue;
    const secrets = addedSecrets(decided.filter(({ merged }) => merged.unit.file === file));
    const inserted = result.inserted.map(({ at, text }) => ({ at, text: maskSecrets(text, secrets) }));
    files[file] = {
      ...{ created, inserted, parents: result.parents },
      ...(found ? { found } : {}),
      ...(first ? { first } : {}),
    };
  }
  return files;
}

/** The texts of recorded sections that stand, or stood, in the user's own text. */
function foundIn(
  state: ClientState,
  file: string,
  units: readonly RecordedUnit[],
  decided: readonly DecidedUnit[],
): RecordedFile['found'] {
  const known = state.record?.files[file]?.found ?? {};
  const texts = units.flatMap((unit): [string, string][] => {
    if (unit.file !== file || unit.kind !== 'section' || !unit.address || unit.origin !== 'found') return [];
    const each = decided.find(({ merged }) => merged.unit.id === unit.id);
    if (!each) return [];
    const name = addressText(unit.address);
    const text = each.merged.own ?? (each.merged.have ? undefined : known[name]);
    return text === undefined || each.action === 'update' || each.action === 'create' ? [] : [[name, text]];
  });
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}

/** A record that knows of some units that the source has adopted their values; one it did not know was there before us. */
export function recordWith(record: ClientRecord, units: readonly MergedUnit[]): ClientRecord {
  const known = new Map(record.units.map((unit) => [unit.id, unit]));
  for (const { unit, have } of units) {
    const { id, client, file, kind, address } = unit;
    const base = known.get(id);
    if (!have) continue;
    if (base) known.set(id, { ...base, adopted: have.digest });
    else
      known.set(id, { id, client, file, kind, ...(address ? { address } : {}), origin: 'found', digest: have.digest });
  }
  return { ...record, units: [...known.values()] };
}

/**
 * What somebody wrote into our units that the source does not have, and that stands in a secret place. A text of the record
 * that is masked is found in the file no more, as if it had been edited after the run.
 */
function addedSecrets(units: readonly DecidedUnit[]): string[] {
  const inPlace = ({ merged }: DecidedUnit, value: Value | undefined) =>
    tableOf(value === undefined ? [] : [[merged.unit.address?.path ?? [], value]]);
  const edited = units.filter(({ merged: { raw, want } }) => raw !== undefined && !sameValue(raw, want?.value));
  if (edited.length === 0) return [];
  const own = new Set(units.flatMap((unit) => secretsIn(inPlace(unit, unit.merged.want?.value))));
  return edited.flatMap((unit) => secretsIn(inPlace(unit, unit.merged.raw))).filter((secret) => !own.has(secret));
}
