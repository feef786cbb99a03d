import type { FragmentTarget } from '../adapters/client.ts';
import { digestOfValue } from '../model/digest.ts';
import type { SourceFile } from '../model/source.ts';
import { type Address, unitId, type WantedUnit } from '../model/unit.ts';
import { isTable, type KeyPath, type Table, type Value } from '../model/value.ts';
import type { Desired } from './desired.ts';
import { doubledKeys, malformedSource, placedSecrets, readSource } from './source-problems.ts';

/** The units of one fragment file; a fragment that is not there wants nothing. */
export function wantedFromFragment(client: string, target: FragmentTarget, file: SourceFile | undefined): Desired {
  if (!file) return { units: [], findings: [] };
  const read = readSource(file, target.format);
  if ('finding' in read) return { units: [], findings: [read.finding] };
  const findings = [
    ...malformedSource(file, target.problems(read.values), read, target.format),
    ...placedSecrets(file, read, target.format),
    ...doubledKeys(file, read.text, target.format),
  ];
  const units = fragmentValues(target, read.values).map(({ kind, address, value, place }): WantedUnit => {
    const power = target.power(address.path, value);
    const at = target.format.lineOf(read.text, place);
    return {
      ...{ id: unitId(client, target.file, address), client, file: target.file, kind, address, value },
      source: { path: file.path, ...(at === undefined ? {} : { line: at }) },
      ...(power === undefined ? {} : { power }),
    };
  });
  return { units, findings };
}

interface FragmentValue {
  readonly kind: 'leaf' | 'entry' | 'element';
  readonly address: Address;
  readonly value: Value;
  /** The address; of an element, with its index. */
  readonly place: KeyPath;
}

function fragmentValues(target: FragmentTarget, table: Table, at: KeyPath = []): FragmentValue[] {
  return Object.keys(table).flatMap((key): FragmentValue[] => {
    const [path, value] = [[...at, key], table[key] as Value];
    const kind = target.unitKind(path, value);
    if (kind === 'table') return isTable(value) ? fragmentValues(target, value, path) : [];
    if (kind === 'entry') return [{ kind, address: { path }, value: target.renamed(path, value), place: path }];
    if (kind === 'set' && Array.isArray(value))
      return value.map((element, index) => elementValue(path, element as Value, index));
    return [{ kind: 'leaf', address: { path }, value, place: path }];
  });
}

function elementValue(path: KeyPath, value: Value, index: number): FragmentValue {
  return { kind: 'element', address: elementAddress(path, value), value, place: [...path, String(index)] };
}

function elementAddress(path: KeyPath, value: Value): Address {
  const digest = digestOfValue(value);
  const label = typeof value === 'string' ? JSON.stringify(value) : digest.slice(0, 8);
  return { path, element: { digest, label } };
}
