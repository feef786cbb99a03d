import type { HeadersHelper } from '../../adapters/client.ts';
import type { Environment } from '../../model/paths.ts';
import type { Power } from '../../model/power.ts';
import type { SourceChange } from '../adopt/change.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { FreeHome } from './free-home.ts';
import type { NamedHome } from './leftovers.ts';

/** Something that one client's home holds and a new source could say. */
export interface Find {
  /** The unit; of a skill, its folder. */
  readonly id: string;
  readonly client: string;
  /** Of an element, the list it stands in, and of a key its table: people choose these as a whole. */
  readonly list?: string;
  /** What people call it: `server`, `skill`, `setting`. */
  readonly kind: string;
  /** Of a memory, its path below the folder of memories. */
  readonly memory?: string;
  /** What it lets an agent do, if a person should see that first. */
  readonly power?: string;
  /** How all clients could share it, the best first; none where they cannot. */
  readonly shared?: readonly (readonly SourceChange[])[];
  /** How this client alone says it, the best first. */
  readonly own: readonly (readonly SourceChange[])[];
}

/** Something that is offered to be taken into a new source. */
export interface Proposal {
  /** The units it stands for. */
  readonly ids: readonly string[];
  /** The unit, or the list of elements, by which people choose it. */
  readonly name: string;
  readonly kind: string;
  readonly memory?: string;
  readonly power?: string;
  /** What the source would say, the best first. */
  readonly places: readonly (readonly SourceChange[])[];
  /** The environment variables that take the place of secrets. */
  readonly variables: readonly string[];
  /** Those units that still hold the secrets, so that they are not what the source says. */
  readonly waiting: readonly string[];
}

/** What is looked at: the homes, every file of them read; where they are; and what tokens of servers are made with. */
export interface ImportRequest {
  readonly states: readonly ClientState[];
  readonly homes: readonly NamedHome[];
  /** The same homes, with what no other target has a place for. */
  readonly free: readonly FreeHome[];
  readonly environment: Environment;
  readonly helper: HeadersHelper;
}

/** What something lets an agent do, in one line; nothing where that is nothing. */
export function powerHint(powers: readonly Power[]): Pick<Find, 'power'> {
  return powers.length === 0 ? {} : { power: powers.map(({ what, does }) => `${what}: ${does}`).join('; ') };
}

/** A proposal of what no other client has. */
export function aloneProposal({ id, list = id, kind, memory, power, own }: Find): Proposal {
  return {
    ids: [id],
    name: list,
    kind,
    ...(memory === undefined ? {} : { memory }),
    ...(power === undefined ? {} : { power }),
    places: own,
    variables: [],
    waiting: [],
  };
}

/** The folder of the source that holds a client's own, or what all share. */
export function sourceFolder(place: string): string {
  return `clients/${place}`;
}
