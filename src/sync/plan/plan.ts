import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { Plan, PlannedUnit } from '../../model/plan.ts';
import { keptBy, notPutBack } from '../earlier/earlier.ts';
import { powersOfChange } from '../powers/unit-powers.ts';
import { type Choices, chooseAction, isKeptAlways } from './choose-action.ts';
import type { ClientPlan, PlanRequest } from './client-plan.ts';
import { type ClientState, runtimePath } from './client-state.ts';
import type { DecidedUnit, DocumentEdit } from './decided-unit.ts';
import { type MergedUnit, mergeUnits } from './merged-unit.ts';
import { type Followed, type FollowedFiles, reconcile } from './one-file.ts';
import { editDocument } from './plan-document.ts';
import { editFindings } from './plan-findings.ts';
import { folderChanges } from './plan-folders.ts';
import { recordAfter, recordKey } from './plan-record.ts';
import { documentWrites, fileWrites } from './plan-writes.ts';
import { unmanagedUnits } from './unmanaged.ts';

/** A plan, and the edits it came from, which the checker judges by other means. */
export interface MadePlan {
  readonly plan: Plan;
  readonly edits: readonly DocumentEdit[];
}

/**
 * The middle of the flow: everything that will happen, decided and written out as plain data. With a conflict nothing
 * is planned but the report of it. Throws `Failure` where a unit has no place in a file.
 */
export function makePlan(request: PlanRequest): MadePlan {
  const apart = (request.beside ?? []).map((state) => ({ state, units: decideUnits(state, request) }));
  const alone = request.clients.map((state) => ({ state, units: decideUnits(state, request) }));
  const { decided, followed, findings } = reconcile(alone, apart);
  // A copy for inspection is made of whatever there is.
  if (findings.length > 0 && request.command !== 'pull-runtime') throw new Failure(findings);
  const stopped = decided.some(({ units }) => units.some(({ action }) => action === 'stop'));
  const parts = stopped ? [] : withFollowed(planClients(decided, request, followed));
  const edits = parts.flatMap((part) => part.edits);
  const plan: Plan = {
    command: request.command,
    units: decided.flatMap(({ state, units }) => [
      ...units.map((unit) => plannedUnit(state, unit, request.choices)),
      ...unmanagedUnits(state),
    ]),
    writes: parts.flatMap((part) => [...documentWrites(part), ...fileWrites(part)]),
    makeFolders: parts.flatMap(({ folders }) => folders.make),
    removeFolders: parts.flatMap(({ folders }) => folders.remove),
    records: parts.map(({ state, record, units, kept }) => ({
      key: recordKey(state.client.name, state.runtime.home, state.home),
      record,
      keeps: kept.contents,
      spares: notPutBack(units).flatMap(({ merged }) => merged.base?.earlier?.digest ?? []),
    })),
    findings: parts.flatMap((part) => editFindings(part, request.mode)),
  };
  return { plan, edits };
}

function decideUnits(state: ClientState, { mode, choices }: PlanRequest): DecidedUnit[] {
  return mergeUnits(state).map((merged) => ({ merged, action: chooseAction(merged, mode, choices) }));
}

/** Plans every client before it fails, so that all reasons are told at once. */
function planClients(
  decided: readonly { state: ClientState; units: readonly DecidedUnit[] }[],
  request: PlanRequest,
  followed: Followed,
): ClientPlan[] {
  const findings: Finding[] = [];
  const parts = decided.flatMap(({ state, units }) => {
    try {
      return [planClient(state, units, request, followed.get(state.client.name) ?? new Map())];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
  if (findings.length > 0) throw new Failure(findings);
  return parts;
}

function planClient(
  state: ClientState,
  units: readonly DecidedUnit[],
  request: PlanRequest,
  followed: FollowedFiles,
): ClientPlan {
  const edits = [...state.documents.values()].flatMap((document) => {
    if (followed.has(document.target.file)) return [];
    const own = units.filter(({ merged }) => merged.unit.kind !== 'file' && merged.unit.file === document.target.file);
    return editDocument(state, document, own, request.mode, request.repository.name) ?? [];
  });
  const folders = folderChanges(state, units, request.mode);
  const kept = keptBy(state, units);
  const record = recordAfter(state, { units, edits, folders, kept }, request);
  return { state, units, edits, folders, followed, record, kept };
}

/** What was done to a file that is one for two clients, the record of each of them knows. */
function withFollowed(parts: readonly ClientPlan[]): ClientPlan[] {
  return parts.map((part) => {
    if (!part.record || part.followed.size === 0) return part;
    const files = new Map(Object.entries(part.record.files));
    for (const [file, writer] of part.followed) {
      const theirs = parts.find(({ state }) => state.client.name === writer.client)?.record?.files[writer.file];
      files.delete(file);
      if (theirs) files.set(file, theirs);
    }
    return { ...part, record: { ...part.record, files: Object.fromEntries(files) } };
  });
}

function plannedUnit(state: ClientState, { merged, action }: DecidedUnit, choices: Choices): PlannedUnit {
  const { unit, want, have, wantSide, verdict } = merged;
  // Both sides as text are for diffs of what stays different; what is written is shown as whole files.
  const stays = verdict !== 'same' && (action === 'leave' || action === 'stop');
  const changes = action === 'create' || action === 'update' || action === 'remove';
  return {
    ...{ id: unit.id, client: unit.client, file: unit.file, kind: unit.kind, verdict, action },
    ...(unit.address ? { address: unit.address } : {}),
    path: runtimePath(state.home, unit.file),
    ...(changes ? powersOfChange(state, merged, action) : {}),
    ...(want ? { source: want.source } : {}),
    ...(stays && wantSide ? { want: wantSide.text() } : {}),
    ...(stays && have ? { have: have.text() } : {}),
    ...(losesEdit(merged, action) ? { losesEdit: true } : {}),
    ...leftOut(merged, choices),
  };
}

function leftOut(merged: MergedUnit, choices: Choices): Pick<PlannedUnit, 'leftOut'> {
  const place = isKeptAlways(merged, choices) ? choices.always(merged.unit.id, merged.verdict) : merged.leftOut;
  return place === undefined ? {} : { leftOut: place };
}

function losesEdit({ have, baseDigest }: MergedUnit, action: string): boolean {
  return ['update', 'remove', 'restore'].includes(action) && have !== undefined && have.digest !== baseDigest;
}
