import { findSecrets, suspectsIn } from '../../content/secrets/secrets.ts';
import { isOpenToOthers } from '../../host/state/readable-by-others.ts';
import { isLeftClientLock } from '../../host/transaction/lock.ts';
import { lookAtRunLock } from '../../host/transaction/run-lock.ts';
import type { Finding } from '../../model/finding.ts';
import type { ClientFacts, MachineFacts, OpenPlace } from '../../sync/doctor/facts.ts';
import { type Document, runtimePath } from '../../sync/plan/client-state.ts';
import { foreignState } from '../refusals/refuse-foreign-state.ts';
import { hasJournal } from '../with-run.ts';
import type { World } from '../world.ts';
import { attempt } from './examine-client.ts';

/** Looks at the machine and at our own state on it. What cannot be looked at is added to the findings. */
export function examineMachine(world: World, clients: readonly ClientFacts[], findings: Finding[]): MachineFacts {
  const { host, state, environment } = world;
  const foreign = attempt(() => foreignState(world), findings);
  const lock = attempt(() => lookAtRunLock(host, state), findings);
  return {
    ...{ environment, platform: host.platform, node: host.process.node },
    hasGit: host.programs.find('git', { folder: environment.home, variables: host.variables }) !== undefined,
    ...(foreign ? { foreign } : {}),
    ...(lock ? { lock: { ...lock, path: state.lock } } : {}),
    ...(attempt(() => hasJournal(world), findings) ? { journal: state.journal } : {}),
    clientLocks: clientLocks(world).filter(({ path }) => attempt(() => isLeftClientLock(host, path), findings)),
    open: secretPlaces(world, clients).filter(({ path }) => {
      return attempt(() => isOpenToOthers(host, path, environment.home), findings);
    }),
  };
}

function clientLocks({ clients, environment }: World): { path: string; title: string }[] {
  return clients.flatMap((client) =>
    client.targets.flatMap((target) => {
      if (target.kind !== 'fragment' || target.lockSuffix === undefined) return [];
      const path = `${runtimePath(client.locate(environment), target.file)}${target.lockSuffix}`;
      return [{ path, title: client.title }];
    }),
  );
}

/** What holds secrets: files that are made for them, files in which one is written out, and our backups. */
function secretPlaces({ state, environment }: World, clients: readonly ClientFacts[]): OpenPlace[] {
  const files = clients.flatMap(({ client, state: read }) => [
    ...(client.checkup?.secretFiles ?? []).map((file) => runtimePath(client.locate(environment), file)),
    ...[...(read?.documents.values() ?? [])].filter(holdsSecret).map(({ path }) => path),
  ]);
  return [...files.map((path) => ({ path, kind: 'file' }) as const), { path: state.root, kind: 'state' }];
}

function holdsSecret({ text, values, target }: Document): boolean {
  return findSecrets(text).length > 0 || (target.kind === 'fragment' && suspectsIn(values).length > 0);
}
