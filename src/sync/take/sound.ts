import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { JudgedSource } from '../adopt/adoption.ts';
import { changedTree, type SourceChange } from '../adopt/change.ts';
import { applyChanges } from '../adopt/join-changes.ts';
import type { ClientState } from '../client-state.ts';
import { type MergedUnit, mergeUnits } from '../merged-unit.ts';
import type { Proposal } from './find.ts';
import { holdsSecret } from './referenced.ts';

/** A proposal with the one place that was found right for it. */
export interface Sound extends Proposal {
  readonly changes: readonly SourceChange[];
}

/** What it takes to try a proposal out. */
export interface Trial {
  /** The new source without anything of the homes. */
  readonly tree: SourceTree;
  /** The homes; their instructions count as ours, whole. */
  readonly states: readonly ClientState[];
  judge(tree: SourceTree): JudgedSource;
}

/**
 * The proposal at the first of its places from which every unit comes back as the home has it; but those that wait for their
 * variables. Else why it cannot be taken.
 */
export function soundProposal(trial: Trial, proposal: Proposal): Sound | Finding {
  let reason: string | undefined;
  for (const changes of proposal.places) {
    const wrong = wrongWith(trial, proposal, changes);
    if (wrong === undefined) return { ...proposal, changes };
    reason ??= wrong;
  }
  return reason === secretReason
    ? secretInside(proposal)
    : notTaken(proposal.ids, reason ?? 'the source has no place for it');
}

const secretReason = 'it holds a secret where no reference can stand';

/** What is left out for a secret; of a rule not even its text is told. */
export function secretInside({ ids }: Proposal): Finding {
  const lists = ids.map((id) => id.replace(/^([^#]*#[^[]*)\[.*$/s, '$1'));
  return notTaken(lists, secretReason);
}

/** What is left out, and why. */
export function notTaken(ids: readonly string[], reason: string): Finding {
  const message = `${ids.map((id) => `"${id}"`).join(' and ')} cannot be taken: ${reason}`;
  const remedy = 'It stays as it is; write it into clients/ by hand if it shall be shared.';
  return { code: 'not-taken', severity: 'warning', message, remedy };
}

function wrongWith(
  { tree, states, judge }: Trial,
  proposal: Proposal,
  changes: readonly SourceChange[],
): string | undefined {
  if (changes.some(changeHoldsSecret)) return secretReason;
  const { files, conflicts, refused } = applyChanges(tree, changes);
  if (conflicts.length > 0) return 'it says two things of one place';
  const judged = judge(changedTree(tree, files));
  const error = refused[0] ?? judged.errors[0];
  if (error) return error.code === 'literal-secret' ? secretReason : error.message;
  const units = states.flatMap((state) => unitsWith(state, judged));
  const ids = units.filter(isAgreed).map(({ unit }) => unit.id);
  const isMissing = (id: string) => !proposal.waiting.includes(id) && !ids.some((one) => isAtOrIn(id, one));
  const differs = units.some((unit) => !isAgreed(unit) && !proposal.waiting.includes(unit.unit.id));
  return differs || proposal.ids.some(isMissing) ? 'deployed again, it would not be what the home has' : undefined;
}

/** The units that a source would have of a client. */
export function unitsWith(state: ClientState, { desired }: JudgedSource): MergedUnit[] {
  return mergeUnits({ ...state, wanted: desired.get(state.client.name)?.units ?? [] });
}

/** Whether a home has what the source wants of it. */
export function isAgreed({ verdict, want, have }: MergedUnit): boolean {
  return (verdict === 'agreed' || verdict === 'same') && want !== undefined && have !== undefined;
}

function isAtOrIn(id: string, one: string): boolean {
  return one === id || one.startsWith(`${id}/`);
}

function changeHoldsSecret({ edit }: SourceChange): boolean {
  return edit.kind === 'values' && [...edit.set, ...edit.append].some(({ path, value }) => holdsSecret(value, path));
}
