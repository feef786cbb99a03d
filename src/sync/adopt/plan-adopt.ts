import { withoutInjection } from '../../content/skills.ts';
import { decodeText } from '../../content/text.ts';
import { digestOfFile, digestOfValue } from '../../model/digest.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';
import type { ClientState } from '../client-state.ts';
import type { ClientDesired } from '../desired.ts';
import { type MergedUnit, mergeUnits } from '../merged-unit.ts';
import type { AdoptClient, Candidate } from './candidates.ts';
import { type AdoptConflict, applyChanges, type ChangedFile, changedTree, type SourceChange } from './change.ts';
import { liftManaged, placesOf } from './lift.ts';

/** What a changed source would want of each client, and the mistakes it would have. */
export interface JudgedSource {
  readonly desired: ReadonlyMap<string, ClientDesired>;
  readonly errors: readonly Finding[];
}

export interface AdoptRequest {
  readonly tree: SourceTree;
  readonly clients: readonly AdoptClient[];
  readonly candidates: readonly Candidate[];
  /** Files that become part of the source as they are: what an agent learned. */
  readonly learned: readonly SourceChange[];
  judge(tree: SourceTree): JudgedSource;
}

/** A unit of which the source holds more than the runtime now, all that the runtime has included. */
export interface Absorbed {
  readonly state: ClientState;
  readonly unit: MergedUnit;
}

/** What adoption would do. With conflicts or errors nothing may be written. */
export interface Adoption {
  readonly files: readonly ChangedFile[];
  /** Each adopted unit with the source files that it changes. */
  readonly adopted: readonly { readonly id: string; readonly paths: readonly string[] }[];
  /** Units of which the record takes what the runtime has. */
  readonly absorbed: readonly Absorbed[];
  /** Units of any client that the next push brings the adopted values to. */
  readonly also: readonly string[];
  readonly conflicts: readonly AdoptConflict[];
  readonly findings: readonly Finding[];
}

/**
 * Carries the chosen units into the source: the smallest changes of the files they came from. The changed source is
 * judged as a whole and must want of each adopted unit just what the runtime has, or nothing is adopted.
 */
export function planAdoption(request: AdoptRequest): Adoption {
  const { tree, candidates, learned } = request;
  const refused: Finding[] = [];
  const changes: SourceChange[] = [...learned];
  for (const candidate of candidates.filter(isManaged)) {
    const lifted = liftManaged(candidate);
    if ('refused' in lifted) refused.push(lifted.refused);
    else if (lifted.changes.length === 0) refused.push(nowhere(candidate.id));
    else changes.push(...lifted.changes);
  }
  if (refused.length > 0) return nothing([], refused);
  for (const candidate of candidates) {
    if (candidate.kind !== 'unmanaged') continue;
    const place = bestPlace(request, changes, candidate);
    if (!place) return nothing([], [nowhere(candidate.id)]);
    changes.push(...place);
  }
  const { files, conflicts, refused: unplaced } = applyChanges(tree, changes);
  if (conflicts.length > 0 || unplaced.length > 0) return nothing(conflicts, unplaced);
  const judged = request.judge(changedTree(tree, files));
  const { absorbed, findings: unlike } = comparedWithRuntime(request, judged, changes);
  const findings = [...newErrors(request, judged, files), ...unlike];
  if (findings.length > 0) return nothing([], findings);
  const ids = [...new Set(changes.map(({ id }) => id))];
  const adopted = ids.map((id) => ({
    id,
    paths: [...new Set(changes.flatMap((one) => (one.id === id ? one.path : [])))],
  }));
  return { files, adopted, absorbed, also: alsoWanted(request, judged), conflicts: [], findings: [] };
}

function isManaged(candidate: Candidate): candidate is Exclude<Candidate, { kind: 'unmanaged' }> {
  return candidate.kind !== 'unmanaged';
}

function nothing(conflicts: readonly AdoptConflict[], findings: readonly Finding[]): Adoption {
  return { files: [], adopted: [], absorbed: [], also: [], conflicts, findings };
}

/** The first place at which the changed source has no new mistake; if each has one the first, whose mistakes are then told. */
function bestPlace(
  { tree, judge }: AdoptRequest,
  changes: readonly SourceChange[],
  candidate: Extract<Candidate, { kind: 'unmanaged' }>,
): readonly SourceChange[] | undefined {
  const places = placesOf(candidate);
  const known = new Set(judge(tree).errors.map(keyOf));
  const sound = places.find((place) => {
    if (place.some(({ path, edit }) => edit.kind === 'whole' && tree.files.some((file) => file.path === path)))
      return false;
    const { files, conflicts, refused } = applyChanges(tree, [...changes, ...place]);
    return (
      conflicts.length + refused.length === 0 &&
      judge(changedTree(tree, files)).errors.every((error) => known.has(keyOf(error)))
    );
  });
  return sound ?? places[0];
}

/** The mistakes that adopting would bring into the source: what the client allows and the source does not, secrets above all. */
function newErrors({ tree, judge }: AdoptRequest, { errors }: JudgedSource, files: readonly ChangedFile[]): Finding[] {
  const known = new Set(judge(tree).errors.map(keyOf));
  const names = files.map(({ path }) => path).join(', ');
  return errors
    .filter((error) => !known.has(keyOf(error)))
    .map((error) => ({
      ...error,
      message: `adopting would bring this into the source (${names}): ${error.message}`,
      remedy:
        error.code === 'literal-secret'
          ? 'Name an environment variable in the runtime instead, then adopt.'
          : error.remedy,
    }));
}

function keyOf({ code, message, path }: Finding): string {
  return JSON.stringify([code, message, path]);
}

/**
 * After adoption a push must have nothing to do for what was adopted. Where it brings more than this unit has (edits that
 * were seen elsewhere, the injection of a skill) the record takes what the unit has, so that the push is no conflict.
 */
function comparedWithRuntime(
  { clients, candidates }: AdoptRequest,
  { desired }: JudgedSource,
  changes: readonly SourceChange[],
): { absorbed: Absorbed[]; findings: Finding[] } {
  const [absorbed, findings]: [Absorbed[], Finding[]] = [[], []];
  for (const { state } of clients) {
    const wanted = desired.get(state.client.name)?.units ?? [];
    const merged = mergeUnits({ ...state, wanted });
    for (const candidate of candidates.filter(({ of }) => of.state === state)) {
      for (const unit of expectedUnits(candidate, merged)) {
        if (unit.verdict === 'same' || unit.verdict === 'agreed' || !unit.want) continue;
        if (unit.have && (isMerged(unit, changes) || isInjected(unit, state))) absorbed.push({ state, unit });
        else findings.push(notTheSame(candidate.id));
      }
    }
  }
  return { absorbed, findings };
}

/** The units that a candidate stands for: of a skill's folder its files. */
function expectedUnits(candidate: Candidate, merged: readonly MergedUnit[]): MergedUnit[] {
  const ids = expectedIds(candidate);
  return merged.filter(({ unit }) => ids.some((id) => unit.id === id || unit.id.startsWith(`${id}/`)));
}

function expectedIds(candidate: Candidate): string[] {
  return candidate.kind === 'replaced' ? [candidate.id, candidate.nowId] : [candidate.id];
}

/** Whether edits of other units went into the same file. */
function isMerged({ unit }: MergedUnit, changes: readonly SourceChange[]): boolean {
  const own = changes.filter(({ id }) => id === unit.id).map(({ path }) => path);
  return changes.some(({ id, path }) => id !== unit.id && own.includes(path));
}

function isInjected({ unit, want }: MergedUnit, { runtime }: ClientState): boolean {
  const [wanted, have] = [want?.content, runtime.files.get(unit.file)?.bytes].map(
    (bytes) => bytes && decodeText(bytes),
  );
  return wanted !== undefined && have !== undefined && withoutInjection(wanted) === have;
}

function notTheSame(id: string): Finding {
  const message = `"${id}" cannot be carried into the source: deployed again, it would not be what the runtime has`;
  return problem('not-adopted', message, 'Make the change in the source by hand, then push with --overwrite.');
}

function alsoWanted({ clients, candidates }: AdoptRequest, { desired }: JudgedSource): string[] {
  const own = new Set(candidates.flatMap(expectedIds));
  return clients.flatMap(({ state, desired: before }) => {
    const old = new Map(before.units.map((unit) => [unit.id, digestOfWant(unit)]));
    const now = desired.get(state.client.name)?.units ?? [];
    const changed = now.filter((unit) => old.get(unit.id) !== digestOfWant(unit)).map(({ id }) => id);
    const gone = before.units.filter(({ id }) => !now.some((unit) => unit.id === id)).map(({ id }) => id);
    return [...changed, ...gone].filter((id) => !own.has(id) && ![...own].some((one) => id.startsWith(`${one}/`)));
  });
}

function digestOfWant({ content, executable, value }: WantedUnit): string {
  return content ? digestOfFile(content, executable === true) : digestOfValue(value ?? null);
}

function nowhere(id: string): Finding {
  const message = `"${id}" has no place in the source`;
  return problem('not-adopted', message, 'Write it into clients/ by hand.');
}
