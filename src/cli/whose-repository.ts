import { identifyRepository } from '../host/repository.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { IdentifiedRepository, Repository } from '../model/record.ts';
import { findingsText } from '../report/findings-text.ts';
import type { ClientState } from '../sync/client-state.ts';
import { repositoryName } from '../sync/manifest.ts';
import { type Kinship, kinshipOf } from '../sync/same-repository.ts';
import { askLetter, canAsk } from './ask.ts';
import type { Context } from './context.ts';
import { show, withoutSecrets } from './show.ts';
import type { Source } from './source.ts';

/** Which repository the source is; the states are of the homes that it may have deployed to. */
export function repositoryOf(
  { host }: Context,
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

function otherRepository({ path }: Repository, home: string, kinship: Exclude<Kinship, 'same'>): Finding {
  const [code, is, remedy] = differing[kinship];
  return problem(code, `${is}: ${path}`, remedy, { path: home });
}

const doubtful = new Set([differing.unproven[0], differing.shallow[0]]);

/**
 * Runs a push. Where nothing proves that the repository is the one of the record, a person at a terminal is asked, and on yes
 * the push takes the home over. `--yes` does not answer that: it was given for a repository that is known.
 */
export async function askingWhose(context: Context, push: (context: Context) => Promise<number>): Promise<number> {
  try {
    return await push(context);
  } catch (error) {
    const isDoubt = error instanceof Failure && error.findings.every(({ code }) => doubtful.has(code));
    if (!isDoubt || !canAsk(context) || context.options.yes) throw error;
    context.host.terminal.error(withoutSecrets(findingsText(error.findings, context.paint)));
    const question = 'Does this repository take over from that one? [y]es or [n]o (Enter means no): ';
    if ((await askLetter(context, question, ['y', 'n'], 'n')) === 'y')
      return push({ ...context, options: { ...context.options, takeOver: true } });
    const outcome = { command: 'push-runtime', exitCode: 1, inSync: false, units: [], findings: [] };
    return show(context, outcome, 'Nothing was written.\n');
  }
}
