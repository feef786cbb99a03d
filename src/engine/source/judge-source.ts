import type { Client } from '../../adapters/client.ts';
import { readAllowedHiddenText, readAllowedSecrets, withoutAllowed } from '../../content/allowances.ts';
import { headersHelper } from '../../host/state/state-directory.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import { type ClientDesired, desiredUnits } from '../../sync/source/desired.ts';
import { machineNotes } from '../../sync/source/layers-in-force.ts';
import { idleNames } from '../../sync/source/left-out.ts';
import { reservedKeys } from '../../sync/source/reserved-keys.ts';
import { shapedSecrets } from '../../sync/source/source-problems.ts';
import { readManifest } from '../../sync/source/syncline-toml.ts';
import { idleUnlisted } from '../../sync/source/unlisted.ts';
import { unreadFiles } from '../../sync/source/unread-files.ts';
import { idleNulls } from '../../sync/source/unused-nulls.ts';
import type { World } from '../world.ts';
import type { Source } from './source.ts';

/** What the source wants for each client. Throws `Failure` with every mistake of the source. */
export function gatherDesired(world: World, { tree }: Source): Map<string, ClientDesired> {
  const { desired, errors } = judgeSource(world, tree);
  if (errors.length > 0) throw new Failure(errors);
  return desired;
}

/** What each client has, beside what the source wants of it. */
export function besideSource(
  states: readonly ClientState[],
  desired: ReadonlyMap<string, ClientDesired>,
): { readonly state: ClientState; readonly desired: ClientDesired }[] {
  return states.flatMap((state) => {
    const own = desired.get(state.client.name);
    return own ? [{ state, desired: own }] : [];
  });
}

/** What a source wants for each client, and every mistake of it. */
export function judgeSource(
  world: World,
  tree: SourceTree,
): { readonly desired: Map<string, ClientDesired>; readonly errors: readonly Finding[] } {
  const allowed = readAllowedSecrets(tree);
  const desired = new Map(
    world.clients.map((client) => {
      const wanted = desiredOf(world, client, tree);
      return [client.name, { ...wanted, findings: withoutAllowed(wanted.findings, allowed) }];
    }),
  );
  const findings = distinct([
    ...(tree.unreadable ?? []),
    ...readManifest(tree).findings,
    ...allowed.findings,
    ...readAllowedHiddenText(tree).findings,
    ...reservedKeys(tree),
    ...[...desired.values()].flatMap((each) => each.findings),
    ...withoutAllowed(shapedSecrets(tree, [...desired.keys()]), allowed),
  ]);
  return { desired, errors: findings.filter(({ severity }) => severity === 'error') };
}

/** What a person should know of the source besides its mistakes: what a client cannot be told, and which machine this is. */
export function sourceNotes(
  { clients, options }: World,
  desired: ReadonlyMap<string, ClientDesired>,
  { tree, setup }: Source,
): Finding[] {
  const all = [...desired.values()];
  const units = all.flatMap((each) => each.units);
  // What one client has no use for, another one that was not named may have.
  const unused = options.client
    ? []
    : [...idleNames(tree, units), ...idleNulls(all), ...idleUnlisted(tree, clients), ...unreadFiles(tree, clients)];
  const findings = [...machineNotes(setup, tree), ...unused, ...all.flatMap((each) => each.findings)];
  return distinct(findings.filter(({ severity }) => severity !== 'error'));
}

/** What a source wants for one client, with what is wrong with it. */
export function desiredOf({ environment, state }: World, client: Client, tree: SourceTree): ClientDesired {
  return desiredUnits(client, tree, { home: client.locate(environment), helper: headersHelper(state) });
}

/**
 * Findings without doubles: a mistake in what the clients share is found once for each; only the advice may differ. A
 * secret may be found by its shape and by its place; then the advice is the same.
 */
export function distinct(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ remedy, message, ...rest }: Finding) =>
    JSON.stringify([rest, rest.code === 'literal-secret' ? remedy : message]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}
