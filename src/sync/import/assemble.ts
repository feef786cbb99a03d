import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { JudgedSource } from '../adopt/adoption.ts';
import { type ChangedFile, changedTree } from '../adopt/change.ts';
import { applyChanges } from '../adopt/join-changes.ts';
import { isAgreed, notTaken, type Sound, type Trial, unitsWith } from './proven-proposals.ts';

/** A new source, made of what was chosen. */
export interface Assembled {
  readonly taken: readonly Sound[];
  readonly files: readonly ChangedFile[];
  readonly judged: JudgedSource;
  /** What is right by itself and not together with the rest. */
  readonly findings: readonly Finding[];
}

/** Puts proposals together. What is not sound together with the others is left out, until all is. */
export function assembled(trial: Trial, chosen: readonly Sound[]): Assembled {
  const { files, conflicts, refused } = applyChanges(
    trial.tree,
    chosen.flatMap(({ changes }) => changes),
  );
  const judged = trial.judge(changedTree(trial.tree, files));
  const clashing = new Set(conflicts.flatMap(({ ids }) => ids[1]));
  const errors = [...refused, ...judged.errors];
  const different = trial.states.flatMap((state) => unitsWith(state, judged)).filter((unit) => !isAgreed(unit));
  const waiting = new Set(chosen.flatMap((proposal) => proposal.waiting));
  const open = different.map(({ unit }) => unit.id).filter((id) => !waiting.has(id));
  if (clashing.size + errors.length + open.length === 0) return { taken: chosen, files, judged, findings: [] };
  const isWrong = ({ changes, ids }: Sound) =>
    changes.some(({ id, path }) => clashing.has(id) || errors.some((error) => error.path === path)) ||
    ids.some((id) => open.some((one) => one === id || one.startsWith(`${id}/`)));
  const [wrong, right] = [chosen.filter(isWrong), chosen.filter((one) => !isWrong(one))];
  if (wrong.length === 0) throw new Failure(errors.length > 0 ? errors : [notTogether(open)]);
  const reason = errors[0]?.message ?? 'it does not go together with the rest';
  const rest = assembled(trial, right);
  return { ...rest, findings: [...wrong.map(({ ids }) => notTaken(ids, reason)), ...rest.findings] };
}

function notTogether(ids: readonly string[]): Finding {
  const message = `what was found does not make one source: ${ids.map((id) => `"${id}"`).join(', ')} would differ`;
  return problem('not-taken', message, 'Leave it out: name what to import with --only.');
}
