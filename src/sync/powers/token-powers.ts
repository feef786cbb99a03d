import type { Client } from '../../adapters/client.ts';
import type { Around } from '../../adapters/powers/power-rules.ts';
import { mayReadTokens, tokenPower } from '../../adapters/servers/server-powers.ts';
import { destinationOf } from '../../content/origins.ts';
import { decodeText } from '../../content/text.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import { type Power, type SentToken, samePower } from '../../model/power.ts';
import type { ClientRecord } from '../../model/record.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { powersOf } from './unit-powers.ts';

/** What is known of a token before a plan is carried out. */
export interface KnownToken {
  /** Whether it has a file; push makes one that has none and that the source wants. */
  readonly isMade: boolean;
  /** Where it may go, as `destinationOf` says it; empty where nothing is said, as of a token of an older version. */
  readonly origins: readonly string[];
  /** The environment variable that it would take its value from if it had to be made now. */
  readonly variable?: string;
}

/** A power to send a token, and the unit of a source that has it. */
export interface TokenUse {
  readonly id: string;
  readonly power: Power;
  readonly token: SentToken;
  readonly destination: string;
  /** Whether the record says that the unit was deployed. */
  readonly isRecorded: boolean;
}

/** What a plan does with tokens: its units with what has to be agreed to, and where each token may go afterwards as well. */
export interface TokenPlan<T extends PlannedUnit = PlannedUnit> {
  readonly units: readonly T[];
  readonly binds: ReadonlyMap<string, readonly string[]>;
}

/** The units that send tokens of this machine, as a source wants them; what is left out sends none. */
export function tokenUses(
  client: Client,
  wanted: readonly WantedUnit[],
  around: (file: string) => Around,
  record?: ClientRecord,
): TokenUse[] {
  const isRecorded = (id: string) => record?.units.some((unit) => unit.id === id) === true;
  return wanted
    .filter((unit) => unit.leftOut === undefined && isNearToken(unit))
    .flatMap((unit) =>
      powersOf(client, unit, around(unit.file)).flatMap((power): TokenUse[] => {
        const { token } = power;
        if (!token) return [];
        return [{ id: unit.id, power, token, destination: destinationOf(token.url), isRecorded: isRecorded(unit.id) }];
      }),
    );
}

/** To read all texts for their powers takes long, and next to none sends a token. */
function isNearToken({ kind, content, value }: WantedUnit): boolean {
  if (kind === 'file') return content !== undefined && mayReadTokens(decodeText(content) ?? '');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => typeof each === 'string' && mayReadTokens(each));
}

/**
 * A token goes only where it was made for: each unit that would send one elsewhere gets a power for that, also where nothing of the
 * unit changes. What was deployed before tokens had addresses stays agreed to, and so does what waits until the user names it.
 */
export function withTokenPowers<T extends PlannedUnit>(
  units: readonly T[],
  uses: readonly TokenUse[],
  known: (name: string) => KnownToken,
): TokenPlan<T> {
  const deployed = new Map(units.filter(isDeployed).map(({ id, verdict }) => [id, verdict]));
  const sent = uses.filter(({ id }) => deployed.has(id));
  const agreed = sent.filter(({ id, isRecorded }) => isRecorded && deployed.get(id) === 'same');
  const before = (name: string) => asAgreed(known(name), agreed, name);
  const meant = sent.filter(({ power, token }) => !power.waits || before(token.name).origins.length > 0);
  const asked = meant.filter(({ token, destination }) => isAsked(before(token.name), destination));
  const binds = new Map<string, string[]>();
  for (const { token, destination } of meant) {
    if (known(token.name).origins.includes(destination)) continue;
    binds.set(token.name, [...(binds.get(token.name) ?? []), destination]);
  }
  return { units: units.map((unit) => withAsked(unit, asked, before)), binds };
}

/** Whether the runtime has after the plan what the source wants. */
function isDeployed({ action, verdict }: PlannedUnit): boolean {
  return action === 'create' || action === 'update' || verdict === 'same' || verdict === 'agreed';
}

/** A token of which nothing says where it may go may go where it was deployed to. */
function asAgreed(token: KnownToken, agreed: readonly TokenUse[], name: string): KnownToken {
  if (!token.isMade || token.origins.length > 0) return token;
  const own = agreed.filter((use) => use.token.name === name).map(({ destination }) => destination);
  return { ...token, origins: [...new Set(own)] };
}

/** A token that was made, or whose value is there already, may be known to somebody else than the server. */
function isAsked({ isMade, origins, variable }: KnownToken, destination: string): boolean {
  return isMade ? !origins.includes(destination) : variable !== undefined;
}

function withAsked<T extends PlannedUnit>(unit: T, asked: readonly TokenUse[], known: (name: string) => KnownToken): T {
  const own = asked.filter(({ id }) => id === unit.id);
  if (own.length === 0) return unit;
  const others = (unit.powers ?? []).filter((power) => !own.some((use) => samePower(use.power, power)));
  const sent = own.map(({ token, destination }) => tokenPower(token, destination, asideOf(known(token.name))));
  return { ...unit, powers: [...others, ...sent] };
}

function asideOf({ isMade, origins, variable }: KnownToken): string {
  if (isMade) return origins.length > 0 ? `, made for ${origins.join(' and ')},` : '';
  return `, whose value is that of $${variable},`;
}
