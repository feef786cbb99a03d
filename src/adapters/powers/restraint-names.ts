import type { KeyPath, Value } from '../../model/value.ts';

const takesAway =
  /^(?:disable|deny|denied|block|blocked|strict|force|require|required|isolate|enforce|restrict)(?=[A-Z_]|$)|(?:Only|_only)$/;
const gives = /^(?:enable|allow|auto|skip)(?=[A-Z_]|$)|(?:Enabled|^enabled|_enabled|_access)$/;
const variable = /(?:^|_)(?:DISABLE|DENY|BLOCK|NO|SCRUB|RESTRICT|SANDBOX|STRICT|REQUIRE|FORCE)D?(?:_|$)/;

/**
 * Whether a setting holds an agent back, by what it is called: a switch that takes something away and is on, one that gives something
 * and is off, an environment variable of that kind. Clients get new ones with each version, and losing one must not go unseen.
 */
export function restrainsByName(path: KeyPath, value: Value): boolean {
  const key = path.at(-1) ?? '';
  if (path[0] === 'env' || path.includes('set')) return variable.test(key) && value !== '' && value !== '0';
  // A sandbox that is off holds nothing back.
  if (key === 'enabled' && /sandbox/i.test(path.at(-2) ?? '')) return value === true;
  return (value === true && takesAway.test(key)) || (value === false && gives.test(key));
}
