import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { meansUnit } from '../../model/unit.ts';
import { mergeUnits } from '../plan/merged-unit.ts';
import type { AdoptClient, Candidate } from './candidates.ts';

/** What is not adopted but by name. */
export interface LeftAlone {
  /** Names of units that are kept on this machine. */
  readonly kept: readonly string[];
  /** Whether a candidate would bring a path of this machine into the source. */
  readonly isBound: (candidate: Candidate) => boolean;
}

/** What a person wants to adopt, and what stays for another time. */
export interface Chosen {
  readonly candidates: readonly Candidate[];
  readonly findings: readonly Finding[];
}

/**
 * The candidates that were named; without names every edit of what we deployed. What was removed, what both sides
 * changed, what is kept on this machine, what names a path of it and what was never ours is adopted by name only; the keys
 * that an entry got by its whole name only. Throws `Failure` for a name that means nothing.
 */
export function chooseCandidates(
  candidates: readonly Candidate[],
  clients: readonly AdoptClient[],
  names: true | readonly string[],
  { kept, isBound }: LeftAlone,
): Chosen {
  if (names === true) {
    const open = candidates.filter(({ id }) => !kept.some((name) => meansUnit(name, id)));
    const edits = open.filter(isEdit);
    const bound = edits.filter(isBound);
    const others = open.filter((one) => !isEdit(one));
    const told = byNameOnly(bound, 'edited to name a path of this machine', 'bring it into the source all the same');
    return { candidates: edits.filter((one) => !bound.includes(one)), findings: [...told, ...leftForNow(others)] };
  }
  const named = candidates.filter(({ id }) => names.some((name) => meansUnit(name, id)));
  const whole = named.filter(({ kind, id }) => kind === 'added' && names.includes(id));
  const parts = named.filter(({ kind, id }) => kind !== 'added' && !whole.some((one) => one.id === id));
  const managed = clients.flatMap(({ state }) => mergeUnits(state).map(({ unit }) => unit.id));
  const findings = names
    .filter((name) => !named.some(({ id }) => meansUnit(name, id)))
    .map((name) => (managed.some((id) => meansUnit(name, id)) ? nothingToAdopt(name) : unknown(name)));
  if (findings.some(({ severity }) => severity === 'error')) throw new Failure(findings);
  const left = named.filter((one) => one.kind === 'added' && !whole.includes(one));
  return { candidates: [...parts, ...whole], findings: [...findings, ...leftForNow(left)] };
}

function isEdit(candidate: Candidate): boolean {
  if (candidate.kind !== 'edited' && candidate.kind !== 'replaced') return false;
  return candidate.merged.verdict === 'runtime-ahead';
}

/** One note for what was removed, one for what both sides changed and one for what got keys, however many there are. */
function leftForNow(candidates: readonly Candidate[]): Finding[] {
  const removed = candidates.filter(({ kind }) => kind === 'removed');
  const conflicting = candidates.filter(({ kind }) => kind === 'edited' || kind === 'replaced');
  const added = candidates.filter(({ kind }) => kind === 'added');
  return [
    ...byNameOnly(removed, 'removed in the runtime', 'take it out of the source'),
    ...byNameOnly(conflicting, 'changed on both sides', "replace the source's"),
    ...byNameOnly(added, 'given more keys in the runtime', 'take them into the source'),
  ];
}

function byNameOnly([first, ...more]: readonly Candidate[], what: string, then: string): Finding[] {
  if (!first) return [];
  const who = more.length > 0 ? `"${first.id}" and ${more.length} more were` : `"${first.id}" was`;
  const message = `${who} ${what}; that is adopted by name only`;
  const remedy = `Name one to ${then}: pull-runtime --adopt '${first.id}'.`;
  return [{ code: 'by-name-only', severity: 'note', message, remedy }];
}

function nothingToAdopt(name: string): Finding {
  const message = `there is nothing to adopt in ${JSON.stringify(name)}: the runtime holds what was deployed`;
  return { code: 'nothing-to-adopt', severity: 'note', message, remedy: 'check-sync lists what differs.' };
}

function unknown(name: string): Finding {
  return problem('usage', `no unit is named ${JSON.stringify(name)}`, 'pull-runtime lists what can be adopted.');
}
