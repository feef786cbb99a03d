import { resolve } from 'node:path';
import type { Client } from '../adapters/client.ts';
import { readEarlier } from '../host/earlier-values.ts';
import { readRuntime, realHome } from '../host/read-runtime.ts';
import { readSource } from '../host/read-source.ts';
import { findRepository } from '../host/repository.ts';
import { findSkillsBeside } from '../host/skills-beside.ts';
import { readRecord } from '../host/state-directory.ts';
import { readUserConfig, userConfigPath } from '../host/user-config.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { WantedUnit } from '../model/unit.ts';
import { type ClientState, readDocuments, runtimeRequest } from '../sync/client-state.ts';
import type { ClientDesired } from '../sync/desired.ts';
import { returningDigests } from '../sync/earlier.ts';
import { withElements } from '../sync/lists-of-before.ts';
import { recordKey } from '../sync/plan-record.ts';
import { isOutside, layerFolders, readSetup, type Setup } from '../sync/setup.ts';
import { skillsToLookFor } from '../sync/skills-twice.ts';
import type { Context } from './context.ts';
import { refuseForeignConfiguration } from './refuse-foreign-state.ts';
import { refuseHomesInside, refuseSourceTargets } from './refuse-source-targets.ts';
import { outsideFolder, type Source } from './source.ts';

/** Reads `clients/` of the repository that `--repo` names or that the working directory is in. */
export function gatherSource(context: Context, setup = gatherSetup(context)): Source {
  const { host, options } = context;
  const start = resolve(host.workingDirectory, options.repo ?? '.');
  const folder = options.repo === undefined ? findRepository(host.disk, start) : start;
  const outside = new Map(setup.layers.filter(isOutside).map((layer) => [layer, outsideFolder(context, layer)]));
  const read = readSource(host.disk, folder, [...outside.values()]);
  return { folder, setup, tree: { ...read, layers: layerFolders(setup, read, outside) } };
}

/** What the user says of this machine. Throws `Failure` for a file that is wrong. */
export function gatherSetup(context: Context): Setup {
  const { host, environment } = context;
  const path = userConfigPath(environment, host.platform);
  const text = readUserConfig(host.disk, path);
  if (text) refuseForeignConfiguration(context, path);
  return readSetup(text, path);
}

/**
 * Reads the runtime and the record of every client. Throws `Failure` with every file that cannot be read or does not
 * parse, and for files that lie in a repository, so that nothing is written to either client when one is in trouble.
 */
export function gatherStates(
  context: Context,
  desired: ReadonlyMap<string, ClientDesired>,
  source?: Source,
): ClientState[] {
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
  if (source) refuseHomesInside(context, source.folder);
  refuseSourceTargets(context, states, source);
  return states;
}

/**
 * Reads one client's home and record. Files that do not parse are problems; throws `Failure` for what cannot be read.
 */
export function readState(
  context: Context,
  client: Client,
  wanted: readonly WantedUnit[],
): { state: ClientState; problems: Finding[] } {
  const { disk } = context.host;
  const home = client.locate(context.environment);
  const key = recordKey(client.name, realHome(disk, home.root), home);
  const record = readRecord(disk, context.state, key);
  const earlier = readEarlier(disk, context.state, key, returningDigests(record, wanted));
  const runtime = readRuntime(disk, runtimeRequest(client, home, wanted, record));
  const { documents, findings } = readDocuments(client, home, runtime, record);
  const beside = skillsToLookFor(client, home, wanted, context.environment);
  const skillsBeside = beside ? findSkillsBeside(disk, beside) : [];
  const known = record && withElements(record, { client, documents, wanted });
  const state = { client, home, runtime, record: known, wanted, earlier, documents, skillsBeside };
  return { state, problems: findings };
}
