import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { meansUnit } from '../../model/unit.ts';
import { mergeUnits } from '../merged-unit.ts';
import type { AdoptClient, Candidate } from './candidates.ts';

/** What a person wants to adopt, and what stays for another time. */
export interface Chosen {
  readonly candidates: readonly Candidate[];
  readonly findings: readonly Finding[];
}

/**
 * The candidates that were named; without names every edit of what we deployed. What was removed, what both sides
 * changed and what was never ours is adopted by name only. Throws `Failure` for a name that means nothing.
 */
export function chooseCandidates(
  candidates: readonly Candidate[],
  clients: readonly AdoptClient[],
  names: true | readonly string[],
): Chosen {
  if (names === true) {
    const taken = candidates.filter(isEdit);
    return { candidates: taken, findings: candidates.filter((one) => !isEdit(one)).flatMap(leftForNow) };
  }
  const managed = clients.flatMap(({ state }) => mergeUnits(state).map(({ unit }) => unit.id));
  const findings = names
    .filter((name) => !candidates.some(({ id }) => meansUnit(name, id)))
    .map((name) => (managed.some((id) => meansUnit(name, id)) ? nothingToAdopt(name) : unknown(name)));
  if (findings.some(({ severity }) => severity === 'error')) throw new Failure(findings);
  return { candidates: candidates.filter(({ id }) => names.some((name) => meansUnit(name, id))), findings };
}

function isEdit(candidate: Candidate): boolean {
  if (candidate.kind !== 'edited' && candidate.kind !== 'replaced') return false;
  return candidate.merged.verdict === 'runtime-ahead';
}

function leftForNow(candidate: Candidate): Finding[] {
  if (candidate.kind === 'unmanaged') return [];
  const [what, then] =
    candidate.kind === 'removed'
      ? ['was removed in the runtime', 'take it out of the source']
      : ['changed on both sides', "replace the source's"];
  const message = `"${candidate.id}" ${what}; it is adopted by name only`;
  const remedy = `Name it to ${then}: pull-runtime --adopt '${candidate.id}'.`;
  return [{ code: 'by-name-only', severity: 'note', message, remedy }];
}

function nothingToAdopt(name: string): Finding {
  const message = `there is nothing to adopt in ${JSON.stringify(name)}: the runtime holds what was deployed`;
  return { code: 'nothing-to-adopt', severity: 'note', message, remedy: 'check-sync tells what differs.' };
}

function unknown(name: string): Finding {
  return problem('usage', `no unit is named ${JSON.stringify(name)}`, 'pull-runtime lists what can be adopted.');
}
