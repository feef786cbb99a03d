import { sameValue, type Value } from '../../../model/value.ts';

/** True when two values are equal as `sameValue` means it, found without recursion so that depth costs no stack. */
export function sameTree(a: Value, b: Value): boolean {
  const pending: [Value, Value][] = [[a, b]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [left, right] = next;
    if (left === right) continue;
    if (!isBranch(left) || !isBranch(right)) {
      if (isBranch(left) || isBranch(right) || !sameValue(left, right)) return false;
    } else if (!pushMembers(pending, left, right)) return false;
  }
  return true;
}

type Branch = Readonly<Record<string, Value>>;

function isBranch(value: Value): value is Value & Branch {
  return typeof value === 'object' && value !== null;
}

function pushMembers(pending: [Value, Value][], left: Branch, right: Branch): boolean {
  const keys = Object.keys(left);
  if (Array.isArray(left) !== Array.isArray(right) || keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return false;
    pending.push([left[key] as Value, right[key] as Value]);
  }
  return true;
}
