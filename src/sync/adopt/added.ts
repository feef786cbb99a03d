import type { FragmentTarget } from '../../adapters/client.ts';
import { isTable, leavesOf, type Table, tableOf, type Value, valueAt } from '../../model/value.ts';
import { entrySides, type MergedUnit } from '../plan/merged-unit.ts';

/**
 * An entry of ours with the keys that it got in the runtime, which are no part of the unit; undefined where it got none.
 * What the client writes there by itself, such as what a person has approved, is not for the source.
 */
export function entryWithAdded(merged: MergedUnit, target: FragmentTarget): Table | undefined {
  const { have } = entrySides(merged, target);
  const { have: whole } = entrySides(merged, target, 'with what was added');
  if (!merged.want || !isTable(have) || !isTable(whole)) return undefined;
  const isOfClient = (key: string | undefined) => key !== undefined && target.writtenInUse?.includes(key);
  const added = leavesOf(whole).filter(
    ([leaf, value]) => valueAt(have, leaf) === undefined && !isOfClient(leaf[0]) && !isEmpty(value),
  );
  return added.length === 0 ? undefined : tableOf([...leavesOf(have), ...added]);
}

/** `args: []` and `env: {}`, as clients write them, say nothing. */
function isEmpty(value: Value): boolean {
  return (Array.isArray(value) || isTable(value)) && Object.keys(value).length === 0;
}
