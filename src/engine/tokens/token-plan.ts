import { isPlain, originOf } from '../../content/origins.ts';
import { listTokens, readToken } from '../../host/state/token-files.ts';
import { readTokenOrigins } from '../../host/state/token-origins.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { SentToken } from '../../model/power.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import { type KnownToken, type TokenPlan, tokenUses, withTokenPowers } from '../../sync/powers/token-powers.ts';
import { aroundOf } from '../../sync/powers/unit-powers.ts';
import type { WantedToken } from '../../sync/source/tokens-wanted.ts';
import type { World } from '../world.ts';

/** What a plan does with tokens, and what a person should know of that. */
export interface TokensOfPlan extends TokenPlan {
  readonly findings: readonly Finding[];
}

/**
 * What a plan does with the tokens of this machine. Where there are none and none is wanted, nothing can be sent, and the units are
 * not read for it. Throws `Failure` when it cannot be read where one may go.
 */
export function gatherTokenPlan(
  world: World,
  states: readonly ClientState[],
  units: readonly PlannedUnit[],
  wanted: readonly WantedToken[],
): TokensOfPlan {
  if (wanted.length === 0 && listTokens(world.host.disk, world.state).length === 0)
    return { units, binds: new Map(), findings: [] };
  const uses = states.flatMap((state) =>
    tokenUses(state.client, state.wanted, (file) => aroundOf(state, file), state.record),
  );
  const known = new Map<string, KnownToken>();
  for (const { token } of uses) known.set(token.name, known.get(token.name) ?? knownToken(world, token.name, wanted));
  const plan = withTokenPowers(units, uses, (name) => known.get(name) as KnownToken);
  const sent = new Map(uses.map(({ token }) => [token.name + token.url, token]));
  const isRead = world.host.platform !== 'win32';
  return { ...plan, findings: isRead ? [...sent.values()].flatMap(spellingFindings) : [] };
}

/** The script that Claude Code gets a token from reads no more than plain addresses, and gives it to no other. */
function spellingFindings({ name, url }: SentToken): Finding[] {
  const origin = originOf(url);
  if (origin === undefined || isPlain(url)) return [];
  const message = `token "${name}" does not reach ${JSON.stringify(url)} from Claude Code: the address is not spelled plainly`;
  return [{ code: 'token-address', severity: 'warning', message, remedy: `Write it as ${new URL(url).href}` }];
}

function knownToken({ host, state, environment }: World, name: string, wanted: readonly WantedToken[]): KnownToken {
  const isMade = readToken(host.disk, state, name) !== undefined;
  if (isMade) return { isMade, origins: readTokenOrigins(host.disk, state, name) ?? [] };
  const variable = wanted.find((token) => token.name === name)?.variable;
  return { isMade, origins: [], ...(variable !== undefined && environment.variables[variable] ? { variable } : {}) };
}
