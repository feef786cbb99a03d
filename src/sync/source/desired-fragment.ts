import type { FragmentTarget } from '../../adapters/client.ts';
import { digestOfValue } from '../../model/digest.ts';
import { type Address, unitId, type WantedUnit } from '../../model/unit.ts';
import { isTable, type KeyPath, startsWith, type Table, type Value } from '../../model/value.ts';
import { type Fragment, type FragmentSource, partAt, placesOfElement, type Translating } from './fragment.ts';
import type { Desired } from './wanted.ts';

/** The units of one fragment target; without a source it wants nothing. */
export function wantedFromFragment({ client, target, fragment, helper }: FragmentSource): Desired {
  const { values, leftOut } = fragment.merged;
  const units = fragmentValues(target, values).map(({ kind, address, value, twins }): WantedUnit => {
    const left = leftOut.find((one) => leavesOut(target, one.path, address.path));
    return {
      ...{ id: unitId(client, target.file, address), client, file: target.file, kind, address, value },
      source: sourceOf({ target, helper }, fragment, { address, value, twins }),
      ...(left ? { leftOut: left.part.file.path } : {}),
    };
  });
  return { units, findings: fragment.findings };
}

/** Whether a unit stands at or below a key of a source file, in the client's own spelling or in the shared one. */
export function leavesOut({ shared }: FragmentTarget, key: KeyPath, unit: KeyPath): boolean {
  return startsWith(unit, key) || startsWith(shared?.placeOf(unit) ?? unit, key);
}

function sourceOf(
  source: Translating,
  fragment: Fragment,
  { address: { path, element }, value, twins }: Omit<FragmentValue, 'kind'>,
): WantedUnit['source'] {
  const [at = partAt(source.target, fragment, path)] = element
    ? placesOfElement(source, fragment, path, value, twins)
    : [];
  if (!at) return { path: '' };
  const line = at.part.format.lineOf(at.part.text, at.path);
  return { path: at.part.file.path, ...(line === undefined ? {} : { line }) };
}

/** A value of a client's file that is managed by itself. */
export interface FragmentValue {
  readonly kind: 'leaf' | 'entry' | 'element';
  readonly address: Address;
  readonly value: Value;
  /** How many equal elements of the list stand before this one. */
  readonly twins?: number | undefined;
}

/** Every value of a client's file that could be a unit. */
export function fragmentValues(target: FragmentTarget, table: Table, at: KeyPath = []): FragmentValue[] {
  return Object.keys(table).flatMap((key): FragmentValue[] => {
    const [path, value] = [[...at, key], table[key] as Value];
    const kind = target.unitKind(path, value);
    if (kind === 'table') return isTable(value) ? fragmentValues(target, value, path) : [];
    if (kind === 'entry') return [{ kind, address: { path }, value: target.renamed(path, value) }];
    if (kind === 'set' && Array.isArray(value)) return elementValues(path, value);
    return [{ kind: 'leaf', address: { path }, value }];
  });
}

function elementValues(path: KeyPath, list: readonly Value[]): FragmentValue[] {
  const seen = new Map<string, number>();
  return list.map((value) => {
    const address = elementAddress(path, value);
    const digest = address.element?.digest ?? '';
    const twins = seen.get(digest) ?? 0;
    seen.set(digest, twins + 1);
    return { kind: 'element', address, value, twins };
  });
}

/** The address of an element of a list that is a set. */
export function elementAddress(path: KeyPath, value: Value): Address {
  const digest = digestOfValue(value);
  const label = typeof value === 'string' ? JSON.stringify(value) : digest.slice(0, 8);
  return { path, element: { digest, label } };
}
