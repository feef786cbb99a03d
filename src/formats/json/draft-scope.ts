import type { KeyPath } from '../../model/value.ts';
import type { UnitText } from '../format.ts';

/** Which containers of a file an edit must see inside; the rest is skipped over. */
export interface Wanted {
  readonly below: Map<string, Wanted>;
  /** Entries are seen down to their leaves. */
  whole: boolean;
}

/** The containers on the way to some units and parents. */
export function wantedFor(units: readonly UnitText[], parents: readonly KeyPath[]): Wanted {
  const root = nothing();
  for (const { kind, address } of units) {
    const steps = kind === 'leaf' ? address.path.slice(0, -1) : address.path;
    const node = want(root, steps);
    if (kind === 'entry') node.whole = true;
  }
  for (const parent of parents) want(root, parent);
  return root;
}

function want(root: Wanted, steps: KeyPath): Wanted {
  let node = root;
  for (const key of steps) {
    const next = node.below.get(key) ?? nothing();
    node.below.set(key, next);
    node = next;
  }
  return node;
}

function nothing(): Wanted {
  return { below: new Map(), whole: false };
}
