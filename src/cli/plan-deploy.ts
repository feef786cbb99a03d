import type { Finding } from '../model/finding.ts';
import type { Mode } from '../sync/choose-action.ts';
import type { ClientState } from '../sync/client-state.ts';
import { type MadePlan, makePlan } from '../sync/plan.ts';
import type { WantedToken } from '../sync/tokens-wanted.ts';
import { type Adopted, type Sides, withAdopted } from './adopt-chosen.ts';
import { type Chosen, choicesOf } from './choices.ts';
import type { Context } from './context.ts';
import { gatherSource, gatherStates, refuseOtherRepository, repositoryOf, type Source } from './gather.ts';
import { gatherDesired, sourceNotes } from './judge-source.ts';
import { scanPlanned } from './scan-source.ts';
import { gatherTokens } from './tokens.ts';

/** A plan with all that it was made from. */
export interface Deployment {
  readonly made: MadePlan;
  readonly states: readonly ClientState[];
  readonly source: Source;
  /** The tokens that what is deployed relies on. */
  readonly tokens: readonly WantedToken[];
  /** What a person should know of the source; no errors. */
  readonly notes: readonly Finding[];
  /** What goes into the source before it is deployed. */
  readonly adopted?: Adopted;
}

/** Reads everything and makes the plan; `adopt` names units whose values go into the source first. Throws `Failure` with all that is wrong with source, runtime or record. */
export async function planDeploy(
  context: Context,
  mode: Exclude<Mode, 'remove-only'>,
  chosen: Chosen,
  adopt: readonly string[] = [],
): Promise<Deployment> {
  const { source, desired, states, adopted } = await withAdopted(context, readSides(context), adopt);
  const found = repositoryOf(context, source);
  if (!context.options.takeOver) refuseOtherRepository(states, found);
  // Two clones of one repository may have folders of two names; the markers must not change with the clone.
  const known = states.find(({ record }) => record?.repository.id === found.id)?.record?.repository;
  const repository = { ...found, name: known?.name ?? found.name };
  const command = mode === 'push' ? 'push-runtime' : mode === 'clean' ? 'clean-runtime' : 'check-sync';
  const choices = choicesOf(chosen, source.setup);
  const request = { command, mode, choices, clients: states, repository, version: context.version } as const;
  const tokens = gatherTokens(context, source, desired);
  const made = makePlan(request);
  await scanPlanned(context, source, made.plan.units);
  const notes = sourceNotes(context, desired, source);
  return { made, states, source, tokens, notes, ...(adopted ? { adopted } : {}) };
}

function readSides(context: Context): Sides {
  const source = gatherSource(context);
  const desired = gatherDesired(context, source);
  return { source, desired, states: gatherStates(context, desired) };
}
