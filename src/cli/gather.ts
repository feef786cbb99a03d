import { resolve } from 'node:path';
import type { Client } from '../adapters/client.ts';
import { readAllowedSecrets, withoutAllowed } from '../content/allowed-secrets.ts';
import { readRepositoryId } from '../content/vars.ts';
import { readRuntime, realHome } from '../host/read-runtime.ts';
import { readSource } from '../host/read-source.ts';
import { findRepository, identifyRepository } from '../host/repository.ts';
import { readRecord } from '../host/state-directory.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { ClientHome } from '../model/paths.ts';
import type { ClientRecord, Repository } from '../model/record.ts';
import type { SourceTree } from '../model/source.ts';
import type { WantedUnit } from '../model/unit.ts';
import { type ClientState, readDocuments, runtimeRequest } from '../sync/client-state.ts';
import { type Desired, desiredUnits } from '../sync/desired.ts';
import { recordKey } from '../sync/plan-record.ts';
import { shapedSecrets } from '../sync/source-problems.ts';
import type { Context } from './context.ts';

/** The source as it was read: where it is, and what it holds. */
export interface Source {
  readonly folder: string;
  readonly tree: SourceTree;
}

/** Reads `clients/` of the repository that `--repo` names or that the working directory is in. */
export function gatherSource({ host, options }: Context): Source {
  const start = resolve(host.workingDirectory, options.repo ?? '.');
  const folder = options.repo === undefined ? findRepository(host.disk, start) : start;
  return { folder, tree: readSource(host.disk, folder) };
}

/** Which repository the source is. */
export function repositoryOf({ host }: Context, { folder, tree }: Source): Repository {
  return identifyRepository(host, folder, readRepositoryId(tree));
}

/** What the source wants for each client. Throws `Failure` with every mistake of the source. */
export function gatherDesired(context: Context, { tree }: Source): Map<string, Desired> {
  const allowed = readAllowedSecrets(tree);
  const desired = new Map(
    context.clients.map((client) => {
      const { units, findings } = desiredUnits(client, tree, client.locate(context.environment));
      return [client.name, { units, findings: withoutAllowed(findings, allowed) }];
    }),
  );
  const errors = distinct([
    ...(tree.unreadable ?? []),
    ...idProblems(tree),
    ...allowed.findings,
    ...[...desired.values()].flatMap((each) => each.findings),
    ...withoutAllowed(shapedSecrets(tree, [...desired.keys()]), allowed),
  ]);
  if (errors.some((finding) => finding.severity === 'error')) throw new Failure(errors);
  return desired;
}

/**
 * Reads the runtime and the record of every client. Throws `Failure` with every file that cannot be read or does not
 * parse, so that nothing is written to either client when one is in trouble.
 */
export function gatherStates(context: Context, desired: ReadonlyMap<string, Desired>): ClientState[] {
  const findings: Finding[] = [];
  const states = context.clients.flatMap((client) => {
    try {
      const { state, problems } = readState(context, client, desired.get(client.name)?.units ?? []);
      findings.push(...problems);
      return [state];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
  if (findings.length > 0) throw new Failure(findings);
  return states;
}

/** Throws `Failure` when another repository deployed to one of the homes. */
export function refuseOtherRepository(states: readonly ClientState[], repository: Repository): void {
  const others = states.filter(({ record }) => record && !isSame(record.repository, repository));
  const findings = others.map(({ record, home }) => otherRepository(record as ClientRecord, home));
  if (findings.length > 0) throw new Failure(findings);
}

function readState(
  context: Context,
  client: Client,
  wanted: readonly WantedUnit[],
): { state: ClientState; problems: Finding[] } {
  const { disk } = context.host;
  const home = client.locate(context.environment);
  const record = readRecord(disk, context.state, recordKey(client.name, realHome(disk, home.root), home));
  const runtime = readRuntime(disk, runtimeRequest(client, home, wanted, record));
  const { documents, findings } = readDocuments(client, home, runtime, record);
  return { state: { client, home, runtime, record, wanted, documents }, problems: findings };
}

/**
 * A repository that git could not name, since it had no commit yet or git did not answer, was or is known by its path.
 */
function isSame(recorded: Repository, now: Repository): boolean {
  const byPath = recorded.id === recorded.path || now.id === now.path;
  return recorded.id === now.id || (byPath && recorded.path === now.path);
}

function otherRepository({ repository }: ClientRecord, { root }: ClientHome): Finding {
  const message = `another repository deployed to this home: ${repository.path}`;
  const remedy = 'Run the command there, or take the home over with push-runtime --take-over.';
  return problem('other-repository', message, remedy, { path: root });
}

function idProblems(tree: SourceTree): readonly Finding[] {
  try {
    readRepositoryId(tree);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.findings;
  }
}

/**
 * A mistake in what the clients share is found once for each; only the advice may differ. A secret may be found by its
 * shape and by its place; then the advice is the same.
 */
function distinct(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ remedy, message, ...rest }: Finding) =>
    JSON.stringify([rest, rest.code === 'literal-secret' ? remedy : message]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}
