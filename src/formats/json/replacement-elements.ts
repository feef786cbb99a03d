import { pathText } from '../../model/unit.ts';
import type { KeyPath } from '../../model/value.ts';
import type { UnitValue } from '../format.ts';

/**
 * The elements that are to come into each list, in order. One that comes takes the place of one that goes, so that the
 * others keep theirs: Codex knows a hook that its user trusts by its position.
 */
export type Heirs = ReadonlyMap<string, UnitValue[]>;

/** The elements among the units to write, by the list that they go into. */
export function heirsOf(set: readonly UnitValue[]): Heirs {
  const heirs = new Map<string, UnitValue[]>();
  for (const unit of set) {
    if (!unit.address.element) continue;
    const list = pathText(unit.address.path);
    const waiting = heirs.get(list);
    if (waiting) waiting.push(unit);
    else heirs.set(list, [unit]);
  }
  return heirs;
}

/** Takes the next element out that is to come into a list and does not stand in it yet. */
export function nextHeir(heirs: Heirs, path: KeyPath, stands: (digest: string) => boolean): UnitValue | undefined {
  const waiting = heirs.get(pathText(path)) ?? [];
  for (let heir = waiting.shift(); heir; heir = waiting.shift()) {
    if (!stands(heir.address.element?.digest ?? '')) return heir;
  }
  return undefined;
}
