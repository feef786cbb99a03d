import { type Finding, problem } from '../../model/finding.ts';
import type { Adoption, AdoptRequest, JudgedSource } from './adoption.ts';
import type { Candidate } from './candidates.ts';
import { changedTree, type SourceChange } from './change.ts';
import { compareAdopted, conflictsAhead } from './compare-adopted.ts';
import { machinePaths, newPowers, unitsAlsoChanged } from './consequences.ts';
import { type AdoptConflict, applyChanges } from './join-changes.ts';
import { liftManaged, placeInRuntime, placesOf } from './lift.ts';
import { neededFiles } from './needed-files.ts';

/**
 * Carries the chosen units into the source: the smallest changes of the files they came from. The changed source is
 * judged as a whole and must want of each adopted unit just what the runtime has, or nothing is adopted.
 */
export function planAdoption(request: AdoptRequest): Adoption {
  const before = request.judge(request.tree);
  const managed = changesOfManaged(request);
  const all = 'refused' in managed ? managed : withUnmanaged(request, before, managed.changes);
  if ('refused' in all) return nothing([], all.refused);
  const { files, conflicts, refused } = applyChanges(request.tree, all.changes);
  if (conflicts.length > 0 || refused.length > 0) return nothing(conflicts, refused);
  return judged(request, before, all.changes, files);
}

/** The adoption of some changes, if the source is sound with them and wants what the runtime has. */
function judged(
  request: AdoptRequest,
  before: JudgedSource,
  changes: readonly SourceChange[],
  files: Adoption['files'],
): Adoption {
  const after = request.judge(changedTree(request.tree, files));
  const errors = newErrors(request, before, after, changes);
  if (errors.length > 0) return nothing([], errors);
  const { absorbed, unlike } = compareAdopted(request, after, changes);
  if (unlike.length > 0) return nothing([], unlike);
  return {
    ...{ files, adopted: adoptedUnits(changes), absorbed, conflicts: [] },
    also: unitsAlsoChanged(request, before, after),
    powers: newPowers(request, before, after),
    needed: neededFiles(request, before, after),
    findings: [
      ...machinePaths(
        request.tree,
        files,
        request.clients.map(({ state }) => state),
      ),
      ...conflictsAhead(request, after),
    ],
  };
}

type Changes = { readonly changes: readonly SourceChange[] } | { readonly refused: readonly Finding[] };

function changesOfManaged({ candidates, learned }: AdoptRequest): Changes {
  const refused: Finding[] = [];
  const changes: SourceChange[] = [...learned];
  for (const candidate of candidates) {
    if (candidate.kind === 'unmanaged') continue;
    const lifted = liftManaged(candidate);
    if ('refused' in lifted) refused.push(lifted.refused);
    else if (lifted.changes.length === 0) refused.push(nowhere(candidate.id));
    else changes.push(...lifted.changes);
  }
  return refused.length > 0 ? { refused } : { changes };
}

/** Puts what is the user's where the source, with all changes so far, can take it. */
function withUnmanaged(request: AdoptRequest, before: JudgedSource, managed: readonly SourceChange[]): Changes {
  const changes = [...managed];
  for (const candidate of request.candidates) {
    if (candidate.kind !== 'unmanaged') continue;
    const place = bestPlace(request, before, changes, candidate);
    if (!place) return { refused: [nowhere(candidate.id)] };
    changes.push(...place);
  }
  return { changes };
}

function nothing(conflicts: readonly AdoptConflict[], findings: readonly Finding[]): Adoption {
  return { files: [], adopted: [], absorbed: [], also: [], powers: [], needed: [], conflicts, findings };
}

/** The first place at which the changed source has no new mistake; if each has one the first, whose mistakes are then told. */
function bestPlace(
  { tree, judge }: AdoptRequest,
  before: JudgedSource,
  changes: readonly SourceChange[],
  candidate: Extract<Candidate, { kind: 'unmanaged' }>,
): readonly SourceChange[] | undefined {
  const places = placesOf(candidate);
  const isTaken = ({ path, edit }: SourceChange) =>
    edit.kind === 'whole' && tree.files.some((file) => file.path === path);
  const sound = places.find((place) => {
    if (place.some(isTaken)) return false;
    const { files, conflicts, refused } = applyChanges(tree, [...changes, ...place]);
    if (conflicts.length + refused.length > 0) return false;
    return unknownErrors(before, judge(changedTree(tree, files))).length === 0;
  });
  return sound ?? places[0];
}

/** The mistakes that adopting would bring into the source: what the client allows and the source does not, secrets above all. */
function newErrors(
  { candidates }: AdoptRequest,
  before: JudgedSource,
  after: JudgedSource,
  changes: readonly SourceChange[],
): Finding[] {
  return unknownErrors(before, after).map((error) => {
    const { path: _path, line: _line, column: _column, ...unplaced } = error;
    const ids = changes.flatMap(({ id, path }) => (path === error.path ? [id] : []));
    const from = candidates.find(({ id }) => ids.includes(id));
    const named = [...new Set(ids.length > 0 ? ids : changes.map(({ id }) => id))].map((id) => `"${id}"`).join(', ');
    const message = `adopting ${named} would bring a mistake into ${error.path ?? 'the source'}: ${error.message}`;
    const instead = 'Name an environment variable in the runtime instead, then adopt.';
    const remedy = error.code === 'literal-secret' ? instead : error.remedy;
    // In a file that changes, no line is known that a person could look at.
    return { ...(from ? { ...unplaced, ...placeInRuntime(from) } : error), message, remedy };
  });
}

function unknownErrors(before: JudgedSource, after: JudgedSource): Finding[] {
  const known = new Set(before.errors.map(keyOf));
  return after.errors.filter((error) => !known.has(keyOf(error)));
}

function keyOf({ code, message, path }: Finding): string {
  return JSON.stringify([code, message, path]);
}

function adoptedUnits(changes: readonly SourceChange[]): Adoption['adopted'] {
  const ids = [...new Set(changes.map(({ id }) => id))];
  const pathsOf = (id: string) => new Set(changes.flatMap((one) => (one.id === id ? one.path : [])));
  return ids.map((id) => ({ id, paths: [...pathsOf(id)] }));
}

function nowhere(id: string): Finding {
  const message = `"${id}" has no place in the source`;
  return problem('not-adopted', message, 'Write it into clients/ by hand.');
}
