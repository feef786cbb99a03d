import { join } from 'node:path';
import { applyPlan } from '../host/apply.ts';
import { readFolder } from '../host/read-folder.ts';
import { readRuntime } from '../host/read-runtime.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan, PlannedUnit } from '../model/plan.ts';
import { inboxText } from '../report/inbox-text.ts';
import { type Tense, verdictsText } from '../report/plan-text.ts';
import { visible } from '../report/visible.ts';
import type { ClientState } from '../sync/client-state.ts';
import { inboxUnits } from '../sync/inbox.ts';
import { type InspectionCopy, inspectedFiles, inspectionCopy, notCopied } from '../sync/inspection.ts';
import { makePlan } from '../sync/plan.ts';
import { type CopyRequest, linkedCopies, planCopies } from '../sync/plan-copy.ts';
import { choicesOf } from './choices.ts';
import type { Context } from './context.ts';
import { gatherDesired, gatherSource, gatherStates, repositoryOf, type Source } from './gather.ts';
import { readInbox } from './read-inbox.ts';
import { untilApplied } from './replan.ts';
import { show } from './show.ts';
import { withRun } from './with-run.ts';

/** `pull-runtime`: copies what the runtime holds to `clients/<client>/pulled/`, without secrets, to be looked at. */
export function pullRuntime(context: Context): Promise<number> {
  return withRun(context, 'pull-runtime', (recovered) => untilApplied(async () => pull(context, recovered)));
}

function pull(context: Context, recovered: readonly Finding[]): number {
  const { host, options, paint } = context;
  const source = gatherSource(context);
  const states = gatherStates(context, gatherDesired(context, source)).map((state) => withEverything(context, state));
  const units = verdictsOf(context, states, source);
  const inboxes = states.map((state) => readInbox(context, state, source.tree));
  const requests = states.map((state, index) => copyRequest(context, state, source, inboxes[index]?.copy));
  const plan = planCopies(requests, units);
  applyPlan(host, context.state, plan);
  const equal = units.every(({ verdict }) => ['same', 'agreed', 'unmanaged'].includes(verdict));
  const findings = [...recovered, ...states.flatMap(notCopied), ...inboxes.flatMap((inbox) => inbox.findings)];
  const items = inboxes.flatMap((inbox) => inbox.items);
  const all = [...units, ...inboxUnits(items, units)];
  const outcome = { command: plan.command, exitCode: 0, inSync: equal, units: all, findings };
  const rows = requests.map((request) => copyText(request, plan, options.dryRun ? 'will' : 'did')).join('');
  const learned = inboxText(items, paint, options.verbose);
  const body = `${verdictsText(units, paint, options.verbose)}${learned}${rows}The copies are for looking at; they are never deployed.\n`;
  return show(context, outcome, body);
}

/** Reads the contents of every memory and skill as well. */
function withEverything({ host }: Context, state: ClientState): ClientState {
  const more = readRuntime(host.disk, { ...state.home, files: inspectedFiles(state), trees: [] });
  return { ...state, runtime: { ...state.runtime, files: new Map([...state.runtime.files, ...more.files]) } };
}

function verdictsOf(context: Context, states: readonly ClientState[], source: Source): readonly PlannedUnit[] {
  const repository = repositoryOf(context, source);
  const request = {
    command: 'pull-runtime',
    mode: 'check',
    choices: choicesOf({}, source.setup),
    clients: states,
  } as const;
  return makePlan({ ...request, repository, version: context.version }).plan.units;
}

/** Throws `Failure` when the copy would land somewhere else, through a symlink. */
function copyRequest(
  { host }: Context,
  state: ClientState,
  source: Source,
  learned: InspectionCopy = new Map(),
): CopyRequest {
  const client = state.client.name;
  const folder = join(source.folder, 'clients', client, 'pulled');
  const { files, links } = readFolder(host.disk, folder);
  if (links.length > 0) throw new Failure(linkedCopies(folder, links));
  return { client, folder, copy: new Map([...inspectionCopy(state), ...learned]), present: files };
}

function copyText({ folder, copy, client }: CopyRequest, { writes }: Plan, tense: Tense): string {
  if (tense === 'will') return `would copy ${copy.size} files to ${visible(folder)}\n`;
  const changed = writes.filter((write) => write.client === client).length;
  return `${visible(folder)}: ${copy.size} files, ${changed} changed\n`;
}
