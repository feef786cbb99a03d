import { addressText } from '../../model/unit.ts';
import { isTable, type Table, type Value } from '../../model/value.ts';
import type { UnitText } from '../format.ts';

/** The root key that tells people, and us without a record, what is managed. Both clients keep unknown root keys. */
export const markerKey = '_syncline';

/** What stands under the marker key for these units; undefined when there is nothing to mark. */
export function markerFor(placed: readonly UnitText[], source: string): Table | undefined {
  const managed = [...new Set(placed.map(({ address }) => addressText(address)))].sort();
  return managed.length > 0 ? { managed, source } : undefined;
}

/** The addresses that a file lists as managed. */
export function managedIn(root: Table): readonly Value[] {
  const marker = Object.hasOwn(root, markerKey) ? root[markerKey] : undefined;
  const managed = isTable(marker) && Object.hasOwn(marker, 'managed') ? marker.managed : undefined;
  return Array.isArray(managed) ? (managed as readonly Value[]) : [];
}

/** True when a marker lists the same addresses, in whatever order, and the same source. */
export function isRightMarker(standing: Value | undefined, wanted: Table): boolean {
  if (!isTable(standing) || Object.keys(standing).length !== 2 || standing.source !== wanted.source) return false;
  const { managed } = standing;
  const expected = wanted.managed as readonly Value[];
  if (!Array.isArray(managed) || managed.length !== expected.length) return false;
  const listed = new Set(managed as readonly Value[]);
  return expected.every((address) => listed.has(address));
}
