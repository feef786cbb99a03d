import { isAbsolute, join } from 'node:path';
import { readFileOf } from '../../host/reading/read-file.ts';
import { RuntimeMoved } from '../../host/transaction/apply-steps.ts';
import { digestOf } from '../../model/digest.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { type FileWrite, type Plan, sideOf } from '../../model/plan.ts';
import type { Adoption, AdoptRequest } from '../../sync/adopt/adoption.ts';
import { type AdoptClient, candidatesOf } from '../../sync/adopt/candidates.ts';
import type { ChangedFile } from '../../sync/adopt/change.ts';
import { chooseCandidates } from '../../sync/adopt/choose.ts';
import type { AdoptConflict } from '../../sync/adopt/join-changes.ts';
import { learnedChanges } from '../../sync/adopt/learned.ts';
import { machineBound } from '../../sync/adopt/machine-bound.ts';
import { changeFor, notAdopted } from '../../sync/adopt/needed-files.ts';
import { planAdoption } from '../../sync/adopt/plan-adopt.ts';
import { recordKey, recordWith } from '../../sync/plan/plan-record.ts';
import { judgeSource } from '../source/judge-source.ts';
import type { Source } from '../source/source.ts';
import type { World } from '../world.ts';

const newFileMode = 0o644;

/** What `--adopt` carries into the source, and what it leaves; undefined when it was not asked for. */
export function adopt(
  world: World,
  source: Source,
  clients: readonly AdoptClient[],
  inbox: readonly InboxItem[],
): Adoption | undefined {
  const names = world.options.adopt;
  if (names === undefined) return undefined;
  const { changes: learned, meant, findings: told } = learnedChanges(inbox, names);
  const others = names === true ? names : names.filter((name) => !meant.includes(name));
  const left = { kept: source.setup.keep, isBound: machineBound(source.tree, clients) };
  const chosen = chooseCandidates(clients.flatMap(candidatesOf), clients, others, left);
  const { candidates } = chosen;
  const findings = [...told, ...chosen.findings];
  const judge = (tree: Source['tree']) => judgeSource({ ...world, clients: world.allClients }, tree);
  const request: AdoptRequest = {
    ...{ tree: source.tree, clients, candidates, learned, judge },
    environment: world.environment,
  };
  const adoption = withNeededFiles(world, request);
  return { ...adoption, findings: [...findings, ...adoption.findings] };
}

/**
 * The adoption, with the scripts that it comes to need: a hook without its script would do nothing on another machine. Where the
 * source would not be sound with them they stay, and are named.
 */
function withNeededFiles({ host }: World, request: AdoptRequest): Adoption {
  const alone = planAdoption(request);
  const scripts = alone.needed.flatMap((one) => {
    // What a link leads to is the user's affair.
    const status = host.disk.linkStatus(one.path);
    const found = status?.kind === 'file' ? readFileOf(host.disk, one.path, status) : undefined;
    return found ? changeFor(one, found) : [];
  });
  const whole = scripts.length > 0 ? planAdoption({ ...request, learned: [...request.learned, ...scripts] }) : alone;
  const isSound = whole.conflicts.length === 0 && whole.findings.every(({ severity }) => severity !== 'error');
  const adoption = isSound ? whole : alone;
  return { ...adoption, findings: [...adoption.findings, ...adoption.needed.map(notAdopted)] };
}

/**
 * The writes that change the source. Throws `RuntimeMoved` when somebody changed a file since it was read, so that the
 * plan is made again.
 */
export function adoptionWrites({ host }: World, { folder, tree }: Source, files: readonly ChangedFile[]): FileWrite[] {
  return files.map(({ path, after }) => {
    const place = isAbsolute(path) ? path : join(folder, path);
    const status = host.disk.status(place);
    const now = status && readFileOf(host.disk, place, status);
    const read = tree.files.find((file) => file.path === path);
    if ((now && digestOf(now.bytes)) !== (read && digestOf(read.bytes))) throw new RuntimeMoved(place);
    const sides = { before: sideOf(now), after: afterOf(after, now?.mode) };
    return { client: '', file: path, path: place, ...sides, shared: true };
  });
}

function afterOf(after: ChangedFile['after'], mode = newFileMode): FileWrite['after'] {
  return after && { content: after.bytes, mode: after.executable ? mode | 0o111 : mode & ~0o111 };
}

/** The records after adoption: where a unit's value went into a file together with others, the record takes it. */
export function adoptionRecords(absorbed: Adoption['absorbed']): Plan['records'] {
  const states = [...new Set(absorbed.map(({ state }) => state))];
  return states.flatMap((state) => {
    const units = absorbed.filter((one) => one.state === state).map(({ unit }) => unit);
    const key = recordKey(state.client.name, state.runtime.home, state.home);
    return state.record ? [{ key, record: recordWith(state.record, units) }] : [];
  });
}

/** A conflict as a finding; it holds no value. */
export function conflictFinding({ ids: [one, other], path }: AdoptConflict): Finding {
  const message = `"${one}" and "${other}" want different things of this file`;
  const remedy = `Adopt one of them by name: pull-runtime --adopt '${one}'.`;
  return problem('adopt-conflict', message, remedy, { path });
}
