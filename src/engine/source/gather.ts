import { resolve } from 'node:path';
import type { Client } from '../../adapters/client.ts';
import { findRepository } from '../../host/git/repository.ts';
import { readRuntime, realHome } from '../../host/reading/read-runtime.ts';
import { readSource } from '../../host/reading/read-source.ts';
import { findSkillsBeside } from '../../host/reading/skills-beside.ts';
import { readRecord } from '../../host/state/state-directory.ts';
import { readUserConfig, userConfigPath } from '../../host/state/user-config.ts';
import { readEarlier } from '../../host/transaction/earlier-values.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { returningDigests } from '../../sync/earlier/earlier.ts';
import { withElements } from '../../sync/earlier/lists-of-before.ts';
import { type ClientState, readDocuments, runtimeRequest } from '../../sync/plan/client-state.ts';
import { recordKey } from '../../sync/plan/plan-record.ts';
import { skillsToLookFor } from '../../sync/skills-twice.ts';
import type { ClientDesired } from '../../sync/source/desired.ts';
import { isOutside, layerFolders, readSetup, type Setup } from '../../sync/source/layers-in-force.ts';
import { refuseForeignConfiguration } from '../refusals/refuse-foreign-state.ts';
import { refuseHomesInside, refuseSourceTargets } from '../refusals/refuse-source-targets.ts';
import type { World } from '../world.ts';
import { outsideFolder, type Source } from './source.ts';

/** Reads `clients/` of the repository that `--repo` names or that the working directory is in. */
export function gatherSource(world: World, setup = gatherSetup(world)): Source {
  const { host, options } = world;
  const start = resolve(host.workingDirectory, options.repo ?? '.');
  const folder = options.repo === undefined ? findRepository(host.disk, start) : start;
  const outside = new Map(setup.layers.filter(isOutside).map((layer) => [layer, outsideFolder(world, layer)]));
  const read = readSource(host.disk, folder, [...outside.values()]);
  return { folder, setup, tree: { ...read, layers: layerFolders(setup, read, outside) } };
}

/** What the user says of this machine. Throws `Failure` for a file that is wrong. */
export function gatherSetup(world: World): Setup {
  const { host, environment } = world;
  const path = userConfigPath(environment, host.platform);
  const text = readUserConfig(host.disk, path);
  if (text) refuseForeignConfiguration(world, path);
  return readSetup(text, path);
}

/**
 * Reads the runtime and the record of every client. Throws `Failure` with every file that cannot be read or does not
 * parse, and for files that lie in a repository, so that nothing is written to either client when one is in trouble.
 */
export function gatherStates(
  world: World,
  desired: ReadonlyMap<string, ClientDesired>,
  source?: Source,
): ClientState[] {
  const findings: Finding[] = [];
  const states = world.clients.flatMap((client) => {
    try {
      const { state, problems } = readState(world, client, desired.get(client.name)?.units ?? []);
      findings.push(...problems);
      return [state];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
  if (findings.length > 0) throw new Failure(findings);
  if (source) refuseHomesInside(world, source.folder);
  refuseSourceTargets(world, states, source);
  return states;
}

/**
 * Reads one client's home and record. Files that do not parse are problems; throws `Failure` for what cannot be read.
 */
export function readState(
  world: World,
  client: Client,
  wanted: readonly WantedUnit[],
): { state: ClientState; problems: Finding[] } {
  const { disk } = world.host;
  const home = client.locate(world.environment);
  const key = recordKey(client.name, realHome(disk, home.root), home);
  const record = readRecord(disk, world.state, key);
  const earlier = readEarlier(disk, world.state, key, returningDigests(record, wanted));
  const runtime = readRuntime(disk, runtimeRequest(client, home, wanted, record));
  const { documents, findings } = readDocuments(client, home, runtime, record);
  const beside = skillsToLookFor(client, home, wanted, world.environment);
  const skillsBeside = beside ? findSkillsBeside(disk, beside) : [];
  const known = record && withElements(record, { client, documents, wanted });
  const state = { client, home, runtime, record: known, wanted, earlier, documents, skillsBeside };
  return { state, problems: findings };
}
