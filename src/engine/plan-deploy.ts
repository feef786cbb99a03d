import type { IdentifiedRepository, Repository } from '../model/record.ts';
import type { Mode } from '../sync/plan/choose-action.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { makePlan } from '../sync/plan/plan.ts';
import { isByPath, kinshipOf } from '../sync/same-repository.ts';
import { besideStates } from './beside-states.ts';
import { type Chosen, choicesOf } from './choices.ts';
import { withKeptOfCommonFiles } from './common-files.ts';
import type { Adopted, Deployment, Sides } from './deployment.ts';
import { homeNotes } from './refusals/home-notes.ts';
import { gatherSource, gatherStates } from './source/gather.ts';
import { gatherDesired, sourceNotes } from './source/judge-source.ts';
import { scanPlanned } from './source/scan-source.ts';
import type { Source } from './source/source.ts';
import { gatherTokenPlan } from './tokens/token-plan.ts';
import { gatherTokens } from './tokens/tokens.ts';
import { refuseOtherRepository, repositoryOf } from './whose-repository.ts';
import type { World } from './world.ts';

/** Reads everything and makes the plan; `adopt` names units whose values go into the source first. Throws `Failure` with all that is wrong with source, runtime or record. */
export async function planDeploy(
  world: World,
  mode: Exclude<Mode, 'remove-only'>,
  chosen: Chosen,
  adopt: readonly string[] = [],
): Promise<Deployment> {
  const read = readSides(world);
  const { adopted, ...sides }: Sides & { readonly adopted?: Adopted } =
    adopt.length > 0 ? await (await import('./adopt/adopt-chosen.ts')).withAdopted(world, read, adopt) : read;
  const deployment = planFor(world, sides, { mode, chosen, identify: repositoryOf });
  const masked = await scanPlanned(world, sides.source, deployment.made.plan.units);
  return { ...deployment, notes: [...deployment.notes, ...masked], ...(adopted ? { adopted } : {}) };
}

/** Says which repository the source is; the states are of the homes it may have deployed to. */
type Identify = (world: World, source: Source, states: readonly ClientState[]) => IdentifiedRepository;

/** What check-sync plans, without the scanner: for who deploys nothing and is in a hurry. */
export function planUnscanned(world: World, identify: Identify): Deployment {
  return planFor(world, readSides(world), { mode: 'check', chosen: {}, identify });
}

interface Wish {
  readonly mode: Exclude<Mode, 'remove-only'>;
  readonly chosen: Chosen;
  readonly identify: Identify;
}

function planFor(world: World, { source, desired, states }: Sides, { mode, chosen, identify }: Wish): Deployment {
  const found = identify(world, source, states);
  if (!world.options.takeOver) refuseOtherRepository(states, found);
  const repository = asKnown(states, found);
  const command = mode === 'push' ? 'push-runtime' : mode === 'clean' ? 'clean-runtime' : 'check-sync';
  const choices = choicesOf(chosen, source.setup);
  const beside = besideStates(world, source);
  const all = [...states, ...beside];
  const request = {
    command,
    mode,
    choices,
    clients: withKeptOfCommonFiles(world, states, all),
    repository,
    version: world.version,
    beside: withKeptOfCommonFiles(world, beside, all),
  } as const;
  const tokens = gatherTokens(world, source, desired);
  const planned = makePlan(request);
  const { units, binds, findings: ofTokens } = gatherTokenPlan(world, states, planned.plan.units, tokens);
  const findings = [...homeNotes(world), ...planned.plan.findings, ...ofTokens];
  const made = { ...planned, plan: { ...planned.plan, units, findings } };
  const notes = sourceNotes(world, desired, source);
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

function readSides(world: World): Sides {
  const source = gatherSource(world);
  const desired = gatherDesired(world, source);
  return { source, desired, states: gatherStates(world, desired, source) };
}
