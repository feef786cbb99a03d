import { tokenSpans } from '../../content/placeholders.ts';
import { decodeText, placeCounter } from '../../content/text.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { JudgedSource } from '../adopt/adoption.ts';
import { changedTree, type SourceChange } from '../adopt/change.ts';
import { applyChanges } from '../adopt/join-changes.ts';
import { type ClientState, runtimePath } from '../plan/client-state.ts';
import { type MergedUnit, mergeUnits } from '../plan/merged-unit.ts';
import type { Proposal } from './find.ts';
import { homeToken } from './home-token.ts';
import { holdsSecret } from './secrets-as-variables.ts';

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
 * variables. Else why it cannot be imported.
 */
export function soundProposal(trial: Trial, proposal: Proposal): Sound | Finding {
  let first: Wrong | undefined;
  for (const changes of proposal.places) {
    const wrong = wrongWith(trial, proposal, changes);
    if (wrong === undefined) return { ...proposal, changes };
    first ??= wrong;
  }
  const { reason, at } = first ?? { reason: 'the source has no place for it' };
  if (reason === secretReason) return secretInside(trial, proposal, at);
  return { ...notTaken(proposal.ids, reason), ...placeInHome(trial.states, proposal.ids[0] ?? '', at) };
}

/** Why a place is wrong, and where in the new source that shows. */
interface Wrong {
  readonly reason: string;
  readonly at?: PlaceInSource;
}

/** A line of a file of the new source. */
export type PlaceInSource = Pick<Finding, 'path' | 'line'>;

const secretReason = 'it holds a secret where no reference can stand';

/** What is left out for a secret, with the file and line of the home that holds it; of a rule not even its text is shown. */
export function secretInside({ states }: Pick<Trial, 'states'>, { ids }: Proposal, at: PlaceInSource = {}): Finding {
  const lists = ids.map((id) => id.replace(/^([^#]*#[^[]*)\[.*$/s, '$1'));
  return { ...notTaken(lists, secretReason), ...placeInHome(states, ids[0] ?? '', at) };
}

/** A file goes into the source line by line as it stands, so the lines are those of the home. */
function placeInHome(states: readonly ClientState[], id: string, at: PlaceInSource = {}): PlaceInSource {
  const { path = '', line } = at;
  const state = states.find(({ client }) => id.startsWith(`${client.name}:`));
  const file = id.slice(id.indexOf(':') + 1);
  if (!state || path === '' || (file.includes('#') && !file.endsWith('#block'))) return {};
  const folder = `/${file.slice(file.lastIndexOf('/') + 1)}/`;
  const below = path.includes(folder) ? `/${path.slice(path.indexOf(folder) + folder.length)}` : '';
  const name = `${file.replace(/#block$/, '')}${below}`;
  return { path: runtimePath(state.home, name), ...(line === undefined ? {} : { line }) };
}

/** What is left out, and why. */
export function notTaken(ids: readonly string[], reason: string): Finding {
  const message = `${ids.map((id) => `"${id}"`).join(' and ')} cannot be imported: ${reason}`;
  const remedy = 'It stays as it is; write it into clients/ by hand if it should be shared.';
  return { code: 'not-taken', severity: 'warning', message, remedy };
}

function wrongWith(
  { tree, states, judge }: Trial,
  proposal: Proposal,
  changes: readonly SourceChange[],
): Wrong | undefined {
  if (changes.some(changeHoldsSecret)) return { reason: secretReason };
  const { files, conflicts, refused } = applyChanges(tree, changes);
  if (conflicts.length > 0) return { reason: 'it says two things of one place' };
  const judged = judge(changedTree(tree, files));
  const error = refused[0] ?? judged.errors[0];
  if (error?.code === 'literal-secret') return { reason: secretReason, at: error };
  if (error) return { reason: error.message };
  const units = states.flatMap((state) => unitsWith(state, judged));
  const ids = units.filter(isAgreed).map(({ unit }) => unit.id);
  const isMissing = (id: string) => !proposal.waiting.includes(id) && !ids.some((one) => isAtOrIn(id, one));
  const differs = units.some((unit) => !isAgreed(unit) && !proposal.waiting.includes(unit.unit.id));
  return differs || proposal.ids.some(isMissing)
    ? { reason: 'deployed again, it would not be what the home has', ...tokenIn(changes) }
    : undefined;
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

/** A token that stands in a home's own text: of another language, or by chance, but a push would expand it. */
function tokenIn(changes: readonly SourceChange[]): Partial<Wrong> {
  for (const { path, edit } of changes) {
    const text = edit.kind === 'whole' ? (decodeText(edit.content) ?? '') : '';
    const own = tokenSpans(text).find(([start, end, isLiteral]) => !isLiteral && text.slice(start, end) !== homeToken);
    if (!own) continue;
    const [start, end] = own;
    const { line } = placeCounter(text)(start);
    const reason = `it holds "${text.slice(start, end)}", which is a token of Syncline that a push would replace`;
    return { reason, at: { path, line } };
  }
  return {};
}

function changeHoldsSecret({ edit }: SourceChange): boolean {
  return edit.kind === 'values' && [...edit.set, ...edit.append].some(({ path, value }) => holdsSecret(value, path));
}
