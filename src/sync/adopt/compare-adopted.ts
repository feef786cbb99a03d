import { withoutInjection } from '../../content/skills/skills.ts';
import { decodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { ClientState } from '../plan/client-state.ts';
import { type MergedUnit, mergeUnits } from '../plan/merged-unit.ts';
import type { Absorbed, AdoptRequest, JudgedSource } from './adoption.ts';
import type { Candidate } from './candidates.ts';
import { changedTree, type SourceChange } from './change.ts';
import { applyChanges } from './join-changes.ts';

/**
 * After adoption a push must have nothing to do for what was adopted: the record takes what the units have. So it does where a
 * push brings more than a unit has (edits that were seen elsewhere, the injection of a skill), so that it is no conflict.
 */
export function compareAdopted(
  request: AdoptRequest,
  after: JudgedSource,
  changes: readonly SourceChange[],
): { readonly absorbed: readonly Absorbed[]; readonly unlike: readonly Finding[] } {
  const [absorbed, unlike]: [Absorbed[], Finding[]] = [[], []];
  const merged = mergedWith(after);
  for (const candidate of request.candidates) {
    const { state } = candidate.of;
    const open = openUnits(candidate, merged(state));
    absorbed.push(...agreedUnits(candidate, merged(state)).map((unit) => ({ state, unit })));
    const holdsAll = open?.every((unit) => unit.have && unit.want);
    if (open && holdsAll && (isInjected(open, state) || isJoined(request, candidate, changes)))
      absorbed.push(...open.map((unit) => ({ state, unit })));
    else unlike.push(notTheSame(candidate.id));
  }
  return { absorbed, unlike };
}

/** The units of a candidate that we deployed and that are equal now: the next adoption must not take them for two-sided. */
function agreedUnits(candidate: Candidate, merged: readonly MergedUnit[]): readonly MergedUnit[] {
  const own = merged.filter(({ unit, base }) => base && meansAdopted(candidate, unit.id));
  return own.filter(({ verdict, want, have }) => verdict === 'agreed' && want && have);
}

/** The units of each client with what a source would want of them. */
function mergedWith({ desired }: JudgedSource): (state: ClientState) => readonly MergedUnit[] {
  const known = new Map<ClientState, readonly MergedUnit[]>();
  return (state) => {
    const wanted = desired.get(state.client.name)?.units ?? [];
    const merged = known.get(state) ?? mergeUnits({ ...state, wanted });
    known.set(state, merged);
    return merged;
  };
}

/** The units of a candidate that the source would not have as the runtime has them; undefined where it has none of them. */
function openUnits(candidate: Candidate, merged: readonly MergedUnit[]): readonly MergedUnit[] | undefined {
  const isGone = ({ unit }: MergedUnit) =>
    unit.id === candidate.id && (candidate.kind === 'removed' || candidate.kind === 'replaced');
  const found = merged.filter(({ unit }) => meansAdopted(candidate, unit.id));
  const stays = found.some((unit) => unit.want && !isGone(unit));
  if (!stays && candidate.kind !== 'removed') return undefined;
  return found.filter((unit) => {
    if (isGone(unit)) return unit.want !== undefined;
    return unit.verdict !== 'same' && unit.verdict !== 'agreed';
  });
}

/** Whether a unit is one that a candidate stands for: of a skill's folder its files. */
export function meansAdopted(candidate: Candidate, id: string): boolean {
  const ids = candidate.kind === 'replaced' ? [candidate.id, candidate.nowId] : [candidate.id];
  return ids.some((one) => id === one || id.startsWith(`${one}/`));
}

/** Whether a unit is only unlike because edits of other units went into its file: alone it would be as the runtime has it. */
function isJoined({ tree, judge }: AdoptRequest, candidate: Candidate, changes: readonly SourceChange[]): boolean {
  const own = changes.filter(({ id }) => id === candidate.id);
  if (!changes.some(({ id, path }) => id !== candidate.id && own.some((one) => one.path === path))) return false;
  const { state } = candidate.of;
  const alone = judge(changedTree(tree, applyChanges(tree, own).files));
  const open = openUnits(candidate, mergedWith(alone)(state));
  return open !== undefined && isInjected(open, state);
}

/** Whether units are only unlike because the source puts an injection into them that the runtime does not have yet. */
function isInjected(units: readonly MergedUnit[], { runtime }: ClientState): boolean {
  return units.every(({ unit, want }) => {
    const [wanted, have] = [want?.content, runtime.files.get(unit.file)?.bytes].map(
      (bytes) => bytes && decodeText(bytes),
    );
    return wanted !== undefined && have !== undefined && withoutInjection(wanted) === have;
  });
}

function notTheSame(id: string): Finding {
  const message = `"${id}" cannot be carried into the source: deployed again, it would not be what the runtime has`;
  return problem('not-adopted', message, 'Make the change in the source by hand, then push with --overwrite.');
}

/** A warning where the next push would stop, because another client has something else in the place of what was adopted. */
export function conflictsAhead({ clients, candidates }: AdoptRequest, after: JudgedSource): Finding[] {
  const merged = mergedWith(after);
  const ids = clients.flatMap(({ state }) => {
    const conflicting = (units: readonly MergedUnit[]) =>
      units.flatMap(({ unit, verdict }) => (verdict === 'conflict' ? unit.id : []));
    const known = conflicting(mergeUnits(state));
    return conflicting(merged(state)).filter((id) => !known.includes(id));
  });
  const foreign = ids.filter((id) => !candidates.some((candidate) => meansAdopted(candidate, id)));
  const [first] = foreign;
  if (first === undefined) return [];
  const more = foreign.length > 1 ? ` (and ${foreign.length - 1} more)` : '';
  const message = `"${first}"${more} is something else in the runtime: the next push will stop there`;
  const remedy = `push-runtime --overwrite '${first}' takes the source's, --keep '${first}' leaves the runtime's.`;
  return [{ code: 'conflict-ahead', severity: 'warning', message, remedy }];
}
