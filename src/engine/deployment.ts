import type { Finding } from '../model/finding.ts';
import type { FileWrite } from '../model/plan.ts';
import type { Adoption } from '../sync/adopt/adoption.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import type { MadePlan } from '../sync/plan/plan.ts';
import type { TokenPlan } from '../sync/powers/token-powers.ts';
import type { ClientDesired } from '../sync/source/desired.ts';
import type { WantedToken } from '../sync/source/tokens-wanted.ts';
import type { Chosen } from './choices.ts';
import type { Source } from './source/source.ts';

/** A plan with all that it was made from. */
export interface Deployment extends Sides {
  readonly made: MadePlan;
  /** The tokens that what is deployed relies on. */
  readonly tokens: readonly WantedToken[];
  /** Where tokens may go as well once a person has agreed to the plan, by token. */
  readonly binds: TokenPlan['binds'];
  /** What a person should know of the source; no errors. */
  readonly notes: readonly Finding[];
  /** What a person chose to keep from now on, by options or at the prompt. */
  readonly keepAlways: Chosen['keepAlways'];
  /** What goes into the source before it is deployed. */
  readonly adopted?: Adopted;
}

/** Both sides as they were read: what a plan is made from. */
export interface Sides {
  readonly source: Source;
  readonly desired: ReadonlyMap<string, ClientDesired>;
  readonly states: readonly ClientState[];
}

/** What a push adopts on the way, and the writes for that: they are applied together with its own, or not at all. */
export interface Adopted {
  readonly adoption: Adoption;
  readonly writes: readonly FileWrite[];
}
