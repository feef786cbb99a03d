import { identifyRepository } from '../host/git/repository.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { IdentifiedRepository, Repository } from '../model/record.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { type Kinship, kinshipOf } from '../sync/same-repository.ts';
import { repositoryName } from '../sync/source/syncline-toml.ts';
import type { Source } from './source/source.ts';
import type { World } from './world.ts';

/** Which repository the source is; the states are of the homes that it may have deployed to. */
export function repositoryOf(
  { host }: World,
  { folder, tree }: Source,
  states: readonly ClientState[] = [],
): IdentifiedRepository {
  const known = states.flatMap(({ record }) => record?.repository ?? []);
  return identifyRepository(host, folder, repositoryName(tree), known);
}

/** Throws `Failure` when another repository deployed to one of the homes, or one that may be another. */
export function refuseOtherRepository(states: readonly ClientState[], now: IdentifiedRepository): void {
  const findings = otherRepositories(states, now);
  if (findings.length > 0) throw new Failure(findings);
}

/** A finding for each home that another repository deployed to, or one that may be another. */
export function otherRepositories(states: readonly ClientState[], now: IdentifiedRepository): Finding[] {
  return states.flatMap(({ record, home }) => {
    const kinship = record ? kinshipOf(record.repository, now) : 'same';
    return record && kinship !== 'same' ? [otherRepository(record.repository, home.root, kinship)] : [];
  });
}

/** The repository that deployed to a client's home, where that is another one, or may be. */
export function otherRepositoryOf({ record }: ClientState, now: IdentifiedRepository): Repository | undefined {
  return record && kinshipOf(record.repository, now) !== 'same' ? record.repository : undefined;
}

const takeOver = 'push-runtime --take-over';

const differing: Readonly<Record<Exclude<Kinship, 'same'>, readonly [code: string, is: string, remedy: string]>> = {
  other: [
    'other-repository',
    'another repository deployed to this home',
    `Run the command there, or take the home over with ${takeOver}.`,
  ],
  unproven: [
    'unproven-repository',
    'this repository has the id, but no remote and no commit in common with the one that deployed to this home',
    `An id can be copied. Run the command there; if this one is to deploy here: ${takeOver}.`,
  ],
  shallow: [
    'shallow-clone',
    'this clone is shallow, and nothing in it shows that it is the repository that deployed to this home',
    `Fetch the rest of its history (git fetch --unshallow), or take the home over with ${takeOver}.`,
  ],
};

/** The codes of findings that are a doubt: a person may say that it is the same repository. */
export const doubtfulCodes: ReadonlySet<string> = new Set([differing.unproven[0], differing.shallow[0]]);

function otherRepository({ path }: Repository, home: string, kinship: Exclude<Kinship, 'same'>): Finding {
  const [code, is, remedy] = differing[kinship];
  return problem(code, `${is}: ${path}`, remedy, { path: home });
}
