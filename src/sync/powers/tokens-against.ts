import type { PlannedUnit } from '../../model/plan.ts';
import type { SourcePair } from '../source/compare-sources.ts';
import type { WantedToken } from '../source/tokens-wanted.ts';
import { tokenUses, withTokenPowers } from './token-powers.ts';
import { rootLeaves } from './unit-powers.ts';

/**
 * The units of a client that two sources want differently, with tokens that went to other hosts in the older one. What this machine
 * says of its tokens has no part in it: a review is the same everywhere.
 */
export function withTokensAgainst<T extends PlannedUnit>(
  units: readonly T[],
  { client, before, now }: SourcePair,
  wanted: readonly WantedToken[],
): readonly T[] {
  const usesOf = (wants: SourcePair['now']) => tokenUses(client, wants, (file) => () => [rootLeaves(wants, file)]);
  const went = usesOf(before);
  const variables = new Map(wanted.map(({ name, variable }) => [name, variable]));
  return withTokenPowers(units, usesOf(now), (name) => {
    const origins = went.filter(({ token }) => token.name === name).map(({ destination }) => destination);
    const variable = variables.get(name);
    const isMade = origins.length > 0;
    return { isMade, origins: [...new Set(origins)], ...(variable === undefined ? {} : { variable }) };
  }).units;
}
