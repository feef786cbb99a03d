import { join } from 'node:path';
import { adopt, adoptionRecords, adoptionWrites } from '../engine/adopt/adopt.ts';
import { readInbox } from '../engine/adopt/read-inbox.ts';
import { choicesOf } from '../engine/choices.ts';
import { retryWhenMoved } from '../engine/retry-when-moved.ts';
import { gatherSource, gatherStates } from '../engine/source/gather.ts';
import { besideSource, gatherDesired, judgeSource } from '../engine/source/judge-source.ts';
import { withLinkedContent } from '../engine/source/linked-content.ts';
import { withEverything } from '../engine/source/read-contents.ts';
import { scanAdopted, scanCopies } from '../engine/source/scan-source.ts';
import { type Source, sourceFolders } from '../engine/source/source.ts';
import { repositoryOf } from '../engine/whose-repository.ts';
import { withRun } from '../engine/with-run.ts';
import { readFolder } from '../host/reading/read-folder.ts';
import { applyPlan } from '../host/transaction/apply.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan, PlannedUnit } from '../model/plan.ts';
import type { Adoption } from '../sync/adopt/adoption.ts';
import { changedTree } from '../sync/adopt/change.ts';
import { checkPlan } from '../sync/check/check-plan.ts';
import { type InspectionCopy, inspectionCopy } from '../sync/inspection.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { makePlan } from '../sync/plan/plan.ts';
import { withAdoptionWrites } from '../sync/plan/plan-writes.ts';
import { type CopyRequest, linkedCopies, planCopies } from '../sync/plan-copy.ts';
import { allowedTexts } from '../sync/source/source-problems.ts';
import type { Context } from './context.ts';
import { showConflicts, showPulled } from './show-pull.ts';

/**
 * `pull-runtime`: copies what the runtime holds to `clients/<client>/pulled/`, without secrets, to be looked at; with
 * `--adopt` it carries edits into the source.
 */
export function pullRuntime(context: Context): Promise<number> {
  return withRun(context, 'pull-runtime', (recovered) => retryWhenMoved(() => pull(context, recovered)));
}

async function pull(context: Context, recovered: readonly Finding[]): Promise<number> {
  const source = gatherSource(context);
  const desired = gatherDesired(context, source);
  const states = gatherStates(context, desired, source).map((state) => withEverything(context, state));
  const units = verdictsOf(context, states, source);
  const inboxes = states.map((state) => readInbox(context, state, source.tree));
  const items = inboxes.flatMap((inbox) => inbox.items);
  const opened = context.options.adopt === undefined ? states : states.map((state) => withLinksOpen(context, state));
  const adoption = adopt(context, source, besideSource(opened, desired), items);
  const pulled = { context, recovered, folder: source.folder, states, units, adoption, inboxes };
  if (adoption && adoption.conflicts.length > 0) return showConflicts(pulled, adoption);
  const errors = adoption?.findings.filter(({ severity }) => severity === 'error') ?? [];
  if (errors.length > 0) throw new Failure(errors);
  const hidden = adoption ? await scanAdopted(source.tree, adoption.files) : [];
  const copies = statesAfter(context, source, states, adoption).map((state, index) =>
    copyRequest(context, state, source, inboxes[index]?.copy),
  );
  const requests = await scanCopies(copies);
  const plan = checkPlan(withAdoption(context, source, planCopies(requests, units), adoption), {
    ...{ known: context.allClients, clients: [], folders: sourceFolders(context, source) },
    allowed: allowedTexts(source.tree),
  });
  applyPlan(context.host, context.state, plan);
  return showPulled({ ...pulled, recovered: [...recovered, ...hidden] }, requests, plan);
}

/** What is adopted by its name may be a link. */
function withLinksOpen(context: Context, state: ClientState): ClientState {
  const opened = withLinkedContent(context, state);
  return opened === state ? state : withEverything(context, opened);
}

/** As the next pull will see them: the copy already has what is adopted now, so that pull has nothing to write. */
function statesAfter(
  context: Context,
  { tree }: Source,
  states: readonly ClientState[],
  adoption: Adoption | undefined,
): readonly ClientState[] {
  if (!adoption || adoption.files.length === 0) return states;
  const { desired } = judgeSource(context, changedTree(tree, adoption.files));
  return states.map((state) => ({ ...state, wanted: desired.get(state.client.name)?.units ?? [] }));
}

function withAdoption(context: Context, source: Source, plan: Plan, adoption: Adoption | undefined): Plan {
  if (!adoption) return plan;
  const writes = adoptionWrites(context, source, adoption.files);
  return { ...withAdoptionWrites(plan, writes), records: adoptionRecords(adoption.absorbed) };
}

function verdictsOf(context: Context, states: readonly ClientState[], source: Source): readonly PlannedUnit[] {
  const { repository } = repositoryOf(context, source, states);
  const choices = choicesOf({}, source.setup);
  const request = { command: 'pull-runtime', mode: 'check', choices, clients: states } as const;
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
