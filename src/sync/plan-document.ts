import { type EditRequest, type EditResult, type UnitText, type UnitValue, Unplaceable } from '../formats/format.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { Action } from '../model/plan.ts';
import type { RecordedFile } from '../model/record.ts';
import type { Address } from '../model/unit.ts';
import type { KeyPath } from '../model/value.ts';
import type { Mode } from './choose-action.ts';
import type { Document, SharedTarget } from './client-state.ts';
import { droppedLeaves } from './dropped-leaves.ts';
import type { MergedUnit } from './merged-unit.ts';

/** A merged unit with what the plan does about it. */
export interface DecidedUnit {
  readonly merged: MergedUnit;
  readonly action: Action;
}

/** The edit of one shared file: what was asked, what came out. The checker looks at both. */
export interface DocumentEdit {
  readonly document: Document;
  readonly set: readonly UnitValue[];
  readonly remove: readonly UnitText[];
  /** From the record: the tables and lists around our units that we made, and may take out again once they are empty. */
  readonly parents: readonly KeyPath[];
  readonly result: EditResult;
}

/** How a unit became, or becomes, ours. */
export function originOf({ base, verdict, marked }: MergedUnit): 'placed' | 'found' {
  if (base) return base.origin;
  return verdict === 'agreed' && !marked ? 'found' : 'placed';
}

/** Third step for shared files: turns the decided units of one file into one edit. Throws `Failure` (exit 2). */
export function editDocument(
  document: Document,
  units: readonly DecidedUnit[],
  recorded: RecordedFile | undefined,
  mode: Mode,
  label: string,
): DocumentEdit | undefined {
  const set = units
    .filter(({ action }) => action === 'create' || action === 'update')
    .map((unit) => unitValue(unit, document.target));
  const remove = units.filter(goes).map(({ merged }) => unitText(merged));
  const release = units.filter(isLetGo).map(({ merged }) => unitText(merged));
  const placed = units.filter(staysOurs).map(({ merged }) => unitText(merged));
  // Even where nothing is ours there may be glue of ours left, or a marker that a client took the other of.
  if (!document.exists && set.length === 0) return undefined;
  const request: EditRequest = {
    ...{ set, remove, release, placed, label },
    inserted: recorded?.inserted ?? [],
    parents: recorded?.parents ?? [],
  };
  try {
    const edit =
      mode === 'clean'
        ? redeploy(document, units, request)
        : { set, remove, result: document.target.format.edit(document.text, request) };
    return { document, parents: request.parents, ...edit, remove: [...edit.remove, ...(edit.result.released ?? [])] };
  } catch (error) {
    if (!(error instanceof Unplaceable)) throw error;
    throw new Failure([unplaceable(document, error)], { cause: error });
  }
}

/** clean is one plan: all that is ours out, then the source in again, as if it were the first time. */
function redeploy(
  { text, target }: Document,
  units: readonly DecidedUnit[],
  request: EditRequest,
): Pick<DocumentEdit, 'set' | 'remove' | 'result'> {
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
  return action === 'remove' || (action === 'release' && merged.base?.origin === 'placed');
}

/** Text that was found and that the source wants no longer. */
function isLetGo({ merged: { unit, base, have }, action }: DecidedUnit): boolean {
  return action === 'release' && base?.origin === 'found' && have !== undefined && unit.kind === 'section';
}

function staysOurs({ merged, action }: DecidedUnit): boolean {
  if (action === 'remove' || action === 'release' || action === 'stop') return false;
  if (action === 'leave' ? !merged.base : !merged.want) return false;
  return originOf(merged) === 'placed';
}

function unitText({ unit }: MergedUnit): UnitText {
  return { kind: unit.kind, address: unit.address as Address };
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
