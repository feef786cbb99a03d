import { addressText } from '../../model/unit.ts';
import { isTable, type Table, type Value } from '../../model/value.ts';
import type { EditRequest, UnitText } from '../format.ts';

/** The root key that tells people, and us without a record, what is managed. Claude Code keeps unknown root keys. */
export const markerKey = '_syncline';

/** An edit of a file, and our root key in it; undefined where the client takes no such key: then every key is the user's. */
export interface MarkedRequest extends EditRequest {
  readonly markerKey: string | undefined;
}

/** What is to stand under the marker key; undefined when there is nothing to mark, or no key to mark it with. */
export function markerFor({ placed, label: source, markerKey: key }: MarkedRequest): Table | undefined {
  const managed = [...new Set(placed.map(({ address }: UnitText) => addressText(address)))].sort();
  return key !== undefined && managed.length > 0 ? { managed, source } : undefined;
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
