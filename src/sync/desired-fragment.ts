import type { FragmentTarget } from '../adapters/client.ts';
import { findSecrets, suspectLiteral } from '../content/secrets.ts';
import { digestOfValue } from '../model/digest.ts';
import type { Finding } from '../model/finding.ts';
import type { SourceFile } from '../model/source.ts';
import { type Address, unitId, type WantedUnit } from '../model/unit.ts';
import { isTable, type KeyPath, leavesOf, type Table, type Value } from '../model/value.ts';
import type { Desired } from './desired.ts';
import { doubledKeys, malformedSource, readSource, secretProblem } from './source-problems.ts';

/** The units of one fragment file; a fragment that is not there wants nothing. */
export function wantedFromFragment(client: string, target: FragmentTarget, file: SourceFile | undefined): Desired {
  if (!file) return { units: [], findings: [] };
  const read = readSource(file, target.format);
  if ('finding' in read) return { units: [], findings: [read.finding] };
  const findings = [
    ...malformedSource(file, target.problems(read.values), read, target.format),
    ...secretsInFragment(file, read.text, read.values, target),
    ...doubledKeys(file, read.text, target.format),
  ];
  const line = linesOf(target, read.text);
  const units = fragmentValues(target, read.values).map(({ kind, address, value }): WantedUnit => {
    const power = target.power(address.path, value);
    const at = line(address.path, value);
    return {
      ...{ id: unitId(client, target.file, address), client, file: target.file, kind, address, value },
      source: { path: file.path, ...(at === undefined ? {} : { line: at }) },
      ...(power === undefined ? {} : { power }),
    };
  });
  return { units, findings };
}

/** The line of a unit; text elements of a list are looked for from the list on, each after the one before. */
function linesOf({ format }: FragmentTarget, text: string): (path: KeyPath, value: Value) => number | undefined {
  const lines = text.split('\n');
  const passed = new Map<string, number>();
  return (path, value) => {
    const start = format.lineOf(text, path);
    if (start === undefined || typeof value !== 'string') return start;
    const key = JSON.stringify([path, value]);
    const found = lines.findIndex(
      (line, at) => at >= (passed.get(key) ?? start - 1) && line.includes(JSON.stringify(value)),
    );
    passed.set(key, found + 1);
    return found < 0 ? start : found + 1;
  };
}

interface FragmentValue {
  readonly kind: 'leaf' | 'entry' | 'element';
  readonly address: Address;
  readonly value: Value;
}

function fragmentValues(target: FragmentTarget, table: Table, at: KeyPath = []): FragmentValue[] {
  return Object.keys(table).flatMap((key): FragmentValue[] => {
    const [path, value] = [[...at, key], table[key] as Value];
    const kind = target.unitKind(path, value);
    if (kind === 'table') return isTable(value) ? fragmentValues(target, value, path) : [];
    if (kind === 'entry') return [{ kind, address: { path }, value: target.renamed(path, value) }];
    if (kind === 'set' && Array.isArray(value)) return value.map((element) => elementValue(path, element as Value));
    return [{ kind: 'leaf', address: { path }, value }];
  });
}

function elementValue(path: KeyPath, value: Value): FragmentValue {
  return { kind: 'element', address: elementAddress(path, value), value };
}

function elementAddress(path: KeyPath, value: Value): Address {
  const digest = digestOfValue(value);
  const label = typeof value === 'string' ? JSON.stringify(value) : digest.slice(0, 8);
  return { path, element: { digest, label } };
}

function secretsInFragment(file: SourceFile, text: string, values: Table, target: FragmentTarget): Finding[] {
  const lines = new Map(findSecrets(text).map((hit) => [hit.line, hit.kind]));
  for (const [path, value] of leavesOf(values)) {
    const texts = (Array.isArray(value) ? (value as readonly Value[]) : [value]).filter(
      (each) => typeof each === 'string',
    );
    const reason = texts.map((each) => suspectLiteral(path, each)).find((each) => each !== undefined);
    const line = target.format.lineOf(text, path) ?? 1;
    if (reason !== undefined && !lines.has(line)) lines.set(line, reason);
  }
  return [...lines].map(([line, kind]) => secretProblem(kind, file.path, line));
}
