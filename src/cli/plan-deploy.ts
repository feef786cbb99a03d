import type { IdentifiedRepository, Repository } from '../model/record.ts';
import type { Mode } from '../sync/choose-action.ts';
import type { ClientState } from '../sync/client-state.ts';
import { makePlan } from '../sync/plan.ts';
import { isByPath, kinshipOf } from '../sync/same-repository.ts';
import { besideStates } from './beside-states.ts';
import { type Chosen, choicesOf } from './choices.ts';
import { withKeptOfCommonFiles } from './common-files.ts';
import type { Context } from './context.ts';
import type { Adopted, Deployment, Sides } from './deployment.ts';
import { gatherSource, gatherStates } from './gather.ts';
import { homeNotes } from './home-notes.ts';
import { gatherDesired, sourceNotes } from './judge-source.ts';
import { scanPlanned } from './scan-source.ts';
import type { Source } from './source.ts';
import { gatherTokenPlan } from './token-plan.ts';
import { gatherTokens } from './tokens.ts';
import { refuseOtherRepository, repositoryOf } from './whose-repository.ts';

/** Reads everything and makes the plan; `adopt` names units whose values go into the source first. Throws `Failure` with all that is wrong with source, runtime or record. */
export async function planDeploy(
  context: Context,
  mode: Exclude<Mode, 'remove-only'>,
  chosen: Chosen,
  adopt: readonly string[] = [],
): Promise<Deployment> {
  const read = readSides(context);
  const { adopted, ...sides }: Sides & { readonly adopted?: Adopted } =
    adopt.length > 0 ? await (await import('./adopt-chosen.ts')).withAdopted(context, read, adopt) : read;
  const deployment = planFor(context, sides, { mode, chosen, identify: repositoryOf });
  const masked = await scanPlanned(context, sides.source, deployment.made.plan.units);
  return { ...deployment, notes: [...deployment.notes, ...masked], ...(adopted ? { adopted } : {}) };
}

/** Says which repository the source is; the states are of the homes it may have deployed to. */
type Identify = (context: Context, source: Source, states: readonly ClientState[]) => IdentifiedRepository;

/** What check-sync plans, without the scanner: for who deploys nothing and is in a hurry. */
export function planUnscanned(context: Context, identify: Identify): Deployment {
  return planFor(context, readSides(context), { mode: 'check', chosen: {}, identify });
}

interface Wish {
  readonly mode: Exclude<Mode, 'remove-only'>;
  readonly chosen: Chosen;
  readonly identify: Identify;
}

function planFor(context: Context, { source, desired, states }: Sides, { mode, chosen, identify }: Wish): Deployment {
  const found = identify(context, source, states);
  if (!context.options.takeOver) refuseOtherRepository(states, found);
  const repository = asKnown(states, found);
  const command = mode === 'push' ? 'push-runtime' : mode === 'clean' ? 'clean-runtime' : 'check-sync';
  const choices = choicesOf(chosen, source.setup);
  const beside = besideStates(context, source);
  const all = [...states, ...beside];
  const request = {
    command,
    mode,
    choices,
    clients: withKeptOfCommonFiles(context, states, all),
    repository,
    version: context.version,
    beside: withKeptOfCommonFiles(context, beside, all),
  } as const;
  const tokens = gatherTokens(context, source, desired);
  const planned = makePlan(request);
  const { units, binds, findings: ofTokens } = gatherTokenPlan(context, states, planned.plan.units, tokens);
  const findings = [...homeNotes(context), ...planned.plan.findings, ...ofTokens];
  const made = { ...planned, plan: { ...planned.plan, units, findings } };
  const notes = sourceNotes(context, desired, source);
  return { made, states, source, desired, tokens, binds, notes, keepAlways: chosen.keepAlways };
}

/**
 * Two clones of one repository may have folders of two names; the markers must not change with the clone. Nor does the id of a
 * repository that is known where a shallow clone cannot say it.
 */
function asKnown(states: readonly ClientState[], found: IdentifiedRepository): Repository {
  const { repository } = found;
  const known = states
    .flatMap(({ record }) => record?.repository ?? [])
    .find((recorded) => kinshipOf(recorded, found) === 'same');
  if (known === undefined) return repository;
  const id = isByPath(repository) && !isByPath(known) ? known.id : repository.id;
  return { ...repository, id, name: known.name };
}

function readSides(context: Context): Sides {
  const source = gatherSource(context);
  const desired = gatherDesired(context, source);
  return { source, desired, states: gatherStates(context, desired, source) };
}
