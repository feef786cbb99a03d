import { listTokens } from '../../host/state/token-files.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import { isDrift } from '../../model/plan.ts';
import type { ClientDesired } from '../../sync/source/desired.ts';
import { planDeploy } from '../plan-deploy.ts';
import { gatherSource } from '../source/gather.ts';
import { judgeSource } from '../source/judge-source.ts';
import type { Source } from '../source/source.ts';
import { tokenFileFindings, tokenFindings } from '../tokens/tokens.ts';
import type { World } from '../world.ts';
import { attempt } from './examine-client.ts';

/** What the source wants, where there is one that is sound, and what is to be said of it otherwise. */
export interface DoctorSource {
  readonly desired: ReadonlyMap<string, ClientDesired> | undefined;
  readonly findings: readonly Finding[];
}

/** Reads the source. One that is missing or broken is a finding: doctor then judges without it. */
export function sourceForDoctor(world: World): DoctorSource {
  const findings: Finding[] = [];
  const tokens = attempt(() => listTokens(world.host.disk, world.state), findings) ?? [];
  findings.push(...tokens.flatMap((name) => attempt(() => tokenFileFindings(world, name), findings) ?? []));
  const unread: Finding[] = [];
  const source = attempt(() => gatherSource(world), unread);
  if (!source)
    return { desired: undefined, findings: [...findings, ...unread.map((one) => withoutSource(world, one))] };
  return { ...judged(world, source, findings) };
}

function judged(world: World, { tree }: Source, findings: readonly Finding[]): DoctorSource {
  const { desired, errors } = judgeSource(world, tree);
  return errors.length === 0 ? { desired, findings } : { desired: undefined, findings: [...findings, broken(errors)] };
}

/** Without a repository there is less to say, which is no problem; one that was named has to be there. */
function withoutSource({ options }: World, finding: Finding): Finding {
  if (finding.code !== 'no-source' || options.repo !== undefined) return finding;
  const message = 'there is no repository here: what is deployed was not compared with a source';
  return { code: 'no-source', severity: 'note', message, remedy: 'Name it: syncline doctor --repo <dir>' };
}

function broken(errors: readonly Finding[]): Finding {
  const [first] = errors as readonly [Finding, ...Finding[]];
  const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`;
  const message = `the source has ${count}, so nothing can be pushed; the first: ${first.message}`;
  const place = { ...(first.path ? { path: first.path } : {}), ...(first.line ? { line: first.line } : {}) };
  return {
    code: 'source-broken',
    severity: 'error',
    message,
    remedy: 'See all: syncline check-sync --source-only',
    ...place,
  };
}

/** Whether both sides are equal, and what is to be said of it. */
export interface Compared {
  readonly inSync: boolean;
  readonly findings: readonly Finding[];
}

/** Compares both sides. However much differs, that is one finding: other commands tell it in full. */
export async function compareForDoctor(world: World): Promise<Compared> {
  try {
    const { made, states, tokens } = await planDeploy(world, 'check', {});
    const differ = made.plan.units.filter(isDrift).length;
    const isNew = states.every(({ record }) => record === undefined);
    const ofUnits = differ === 0 ? [] : [isNew ? notPushed(differ) : drifted(differ)];
    return { inSync: differ === 0, findings: [...tokenFindings(world, tokens), ...ofUnits] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { inSync: false, findings: error.findings };
  }
}

function drifted(count: number): Finding {
  const message = `${count} ${count === 1 ? 'unit is' : 'units are'} not as in the source: the agents do not have what the repository says`;
  return { code: 'drift', severity: 'warning', message, remedy: 'See which: syncline check-sync' };
}

function notPushed(count: number): Finding {
  const message = `nothing was pushed to this home yet: the agents lack ${count} ${count === 1 ? 'unit' : 'units'} of the source`;
  return { code: 'not-pushed', severity: 'warning', message, remedy: 'Push: syncline push-runtime' };
}
