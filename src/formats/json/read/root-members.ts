import { deepest, stringEnd } from './tokens.ts';

/** `rootMembers` of a text that may be no JSON object: undefined then. */
export function rootMembersIn(text: string, keys: readonly string[]): string | undefined {
  return isObject(text) ? rootMembers(text, keys) : undefined;
}

/**
 * The root members of these names as they are spelled, one after another in the order of the file: while this text stays the
 * same, so does what a plan makes of them. Of a text that is known to be a JSON object; undefined for one that is too deep.
 */
export function rootMembers(text: string, keys: readonly string[]): string | undefined {
  const found: string[] = [];
  let depth = 0;
  let start = -1;
  let atKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = stringEnd(text, at);
      if (atKey && keys.includes(JSON.parse(text.slice(at, end)))) start = at;
      atKey = false;
      at = end - 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      atKey = depth === 1;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    if (depth > deepest) return undefined;
    if (depth > 1 || (depth === 1 && code !== 0x2c)) continue;
    if (start >= 0) found.push(text.slice(start, at));
    start = -1;
    atKey = depth === 1;
  }
  return found.join('\n');
}

function isObject(text: string): boolean {
  try {
    const root: unknown = JSON.parse(text);
    return typeof root === 'object' && root !== null && !Array.isArray(root);
  } catch {
    return false;
  }
}
