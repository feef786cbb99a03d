import type { FragmentTarget } from '../../adapters/client.ts';
import { isTable, leavesOf, type Table, tableOf, valueAt } from '../../model/value.ts';
import { entrySides, type MergedUnit } from '../merged-unit.ts';

/**
 * An entry of ours with the keys that it got in the runtime, which are no part of the unit; undefined where it got none.
 * What the client writes there as it is used, such as what a person has approved, is not for the source.
 */
export function entryWithAdded(merged: MergedUnit, target: FragmentTarget): Table | undefined {
  const { have } = entrySides(merged, target);
  const { have: whole } = entrySides(merged, target, 'with what was added');
  if (!merged.want || !isTable(have) || !isTable(whole)) return undefined;
  const added = leavesOf(whole).filter(
    ([leaf]) => valueAt(have, leaf) === undefined && !target.writtenInUse?.includes(leaf[0] as string),
  );
  return added.length === 0 ? undefined : tableOf([...leavesOf(have), ...added]);
}
