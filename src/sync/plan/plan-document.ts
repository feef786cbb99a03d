import { type EditRequest, type UnitValue, Unplaceable } from '../../formats/format.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { RecordedFile } from '../../model/record.ts';
import type { Address } from '../../model/unit.ts';
import { checkEdit } from '../check/check-edit.ts';
import { firstTextOf } from '../earlier/earlier.ts';
import { atFirst, returningOf, withValuesBack } from '../earlier/give-back.ts';
import type { Mode } from './choose-action.ts';
import { type ClientState, type Document, recordedFile, type SharedTarget } from './client-state.ts';
import { type DecidedUnit, type DocumentEdit, staysOurs, unitText } from './decided-unit.ts';
import { droppedLeaves } from './dropped-leaves.ts';
import type { MergedUnit } from './merged-unit.ts';

/** Third step for shared files: turns the decided units of one file into one edit. Throws `Failure` (exit 2). */
export function editDocument(
  state: ClientState,
  document: Document,
  units: readonly DecidedUnit[],
  mode: Mode,
  label: string,
): DocumentEdit | undefined {
  const request = requestFor(document, units, recordedFile(state, document.target.file), label);
  // Even where nothing is ours there may be glue of ours left, or a marker that a client took the other of.
  if (!document.exists && request.set.length === 0) return undefined;
  try {
    const edit = editFor(state, document, units, request, mode);
    return { document, parents: request.parents, ...edit, remove: [...edit.remove, ...(edit.result.released ?? [])] };
  } catch (error) {
    if (!(error instanceof Unplaceable)) throw error;
    throw new Failure([unplaceable(document, error)], { cause: error });
  }
}

type MadeEdit = Pick<DocumentEdit, 'set' | 'remove' | 'back' | 'result'>;

function requestFor(
  document: Document,
  units: readonly DecidedUnit[],
  recorded: RecordedFile | undefined,
  label: string,
): EditRequest {
  const written = units.filter(({ action }) => action === 'create' || action === 'update');
  return {
    set: written.map((unit) => unitValue(unit, document.target)),
    remove: units.filter(goes).map(({ merged }) => unitText(merged)),
    release: units.filter(isLetGo).map(({ merged }) => unitText(merged)),
    placed: units.filter(staysOurs).map(({ merged }) => unitText(merged)),
    found: written.flatMap(({ merged }) => (merged.own === undefined ? [] : [ownValue(merged, merged.own)])),
    inserted: recorded?.inserted ?? [],
    parents: recorded?.parents ?? [],
    label,
  };
}

function editFor(
  state: ClientState,
  document: Document,
  units: readonly DecidedUnit[],
  request: EditRequest,
  mode: Mode,
): MadeEdit {
  const back = returningOf(document, units);
  if (back.length === 0) return plainEdit(document, units, request, mode);
  const first = mode === 'clean' ? undefined : firstTextOf(state, document);
  const made = first && atFirst(document, units, back, { request, first });
  if (made && checkEdit({ document, parents: request.parents, ...made }).length === 0) return made;
  const giveBack = back.filter(({ kind }) => kind === 'section');
  return withValuesBack(document, back, request, plainEdit(document, units, { ...request, giveBack }, mode));
}

function plainEdit(document: Document, units: readonly DecidedUnit[], request: EditRequest, mode: Mode): MadeEdit {
  if (mode === 'clean') return redeploy(document, units, request);
  const { set, remove } = request;
  return { set, remove, result: document.target.format.edit(document.text, request) };
}

/** clean is one plan: all that is ours out, then the source in again, as if it were the first time. */
function redeploy({ text, target }: Document, units: readonly DecidedUnit[], request: EditRequest): MadeEdit {
  const { format } = target;
  const placed = units.filter(({ merged }) => merged.base?.origin === 'placed');
  const [kept, taken] = [placed.filter(isKept), placed.filter((unit) => !isKept(unit))];
  const ours = taken.map(({ merged }) => unitText(merged));
  const out = format.edit(text, {
    ...request,
    set: [],
    remove: ours,
    placed: kept.map(({ merged }) => unitText(merged)),
  });
  const back = units.filter((unit) => staysOurs(unit) && !isKept(unit) && unit.merged.want).map(fullValue);
  const known = new Set(back.map(({ address }) => addressKey(address)));
  const found = request.set.filter(({ address }) => !known.has(addressKey(address)));
  const { inserted, parents } = out;
  const set = [...back, ...found];
  const result = format.edit(out.text, { ...request, set, remove: [], inserted, parents });
  const movedForeignText = out.movedForeignText || result.movedForeignText;
  return { set, remove: ours, result: { ...result, before: out.before, movedForeignText } };
}

/** What always stays as it is on this machine is not redeployed either. */
function isKept({ action }: DecidedUnit): boolean {
  return action === 'leave';
}

/** A placed unit that somebody removed already is taken out too: what we made around it goes with it. */
function goes({ merged, action }: DecidedUnit): boolean {
  // A value that was found is changed back where it stands.
  if (action === 'restore') return merged.base?.origin === 'placed' || merged.unit.kind === 'section';
  if (action === 'remove') return true;
  // What somebody wrote where the user had a value before us is theirs.
  return action === 'release' && merged.base?.origin === 'placed' && !(merged.earlier && merged.have);
}

/** Text that was found and that the source wants no longer. */
function isLetGo({ merged: { unit, base, have }, action }: DecidedUnit): boolean {
  return action === 'release' && base?.origin === 'found' && have !== undefined && unit.kind === 'section';
}

function ownValue(merged: MergedUnit, value: string): UnitValue {
  return { ...unitText(merged), value };
}

function fullValue({ merged }: DecidedUnit): UnitValue {
  return { ...unitText(merged), value: merged.want?.value ?? null };
}

function unitValue(decided: DecidedUnit, target: SharedTarget): UnitValue {
  const drop = droppedLeaves(decided.merged, target);
  return { ...fullValue(decided), ...(drop.length > 0 ? { drop } : {}) };
}

function addressKey({ path, element }: Address): string {
  return JSON.stringify([path, element?.digest ?? '']);
}

function unplaceable({ path }: Document, error: Unplaceable): Finding {
  const place = { path, ...(error.line === undefined ? {} : { line: error.line }) };
  return problem(
    'no-place',
    error.message,
    'Change that place in the file by hand, then run the command again.',
    place,
  );
}
