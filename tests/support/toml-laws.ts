import { expect } from 'vitest';
import {
  type EditRequest,
  type EditResult,
  Malformed,
  type UnitText,
  type UnitValue,
  Unplaceable,
} from '../../src/formats/format.ts';
import { type Inserted, stripOurs, tagged } from '../../src/formats/tagged-text.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import {
  canonical,
  isTable,
  type KeyPath,
  leavesOf,
  sameValue,
  startsWith,
  type Value,
  valueAt,
} from '../../src/model/value.ts';

/** An edit request with nothing in it but what is given. */
export function request(parts: Partial<EditRequest>): EditRequest {
  return { set: [], remove: [], placed: [], inserted: [], parents: [], label: 'team', ...parts };
}

/** The user's own part of a text. */
export function own(text: string, inserted: readonly Inserted[]): string {
  const spans = inserted.map(({ at, text: ours }) => ({ start: at, end: at + ours.length }));
  return stripOurs(tagged(text, spans));
}

/** An edit, or undefined where a unit has no place. */
export function attempt(text: string, asked: EditRequest): EditResult | undefined {
  try {
    return toml.edit(text, asked);
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
}

/** Whether the file has what a unit wants. */
export function holds(text: string, unit: UnitValue): boolean {
  const have = valueAt(toml.read(text), unit.address.path);
  if (unit.kind === 'element')
    return Array.isArray(have) && have.some((item) => digestOfValue(item as Value) === unit.address.element?.digest);
  if (!isTable(unit.value)) return sameValue(have, unit.value);
  return leavesOf(unit.value).every(([path, value]) => sameValue(valueAt(have, path), value));
}

/** What a text is refused for, or undefined. Anything but `Malformed` is a crash. */
export function refusalOf(text: string): Malformed | undefined {
  try {
    toml.read(text);
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

/** Holds that a refusal points into the text, and that an edit is refused just so. */
export function expectRefused(text: string, asked: EditRequest, refusal: Malformed): void {
  const lines = text.replace('\uFEFF', '').split('\n');
  expect(refusal.line).toBeGreaterThanOrEqual(1);
  expect(refusal.line).toBeLessThanOrEqual(lines.length);
  expect(refusal.column).toBeLessThanOrEqual((lines[refusal.line - 1] as string).length + 2);
  expect(() => toml.edit(text, asked)).toThrow(Malformed);
}

/** The laws of one file and the units put into it. True when there was a place for them. */
export function expectLaws(text: string, units: readonly UnitValue[]): boolean {
  const done = attempt(text, request({ set: units, placed: units }));
  if (!done) return false;
  const { inserted, parents } = done;
  for (const unit of units) expect(holds(done.text, unit)).toBe(true);
  expect(others(done.text, units)).toEqual(others(text, units));
  // Marker lines are ours, whoever wrote them; in a file without any nothing is.
  const theirs = own(text, done.before);
  if (!/^[\s\uFEFF]*# (?:>>>|<<<) syncline/m.test(text)) expect(theirs).toBe(text);
  if (!done.movedForeignText) expect(own(done.text, inserted)).toBe(theirs);
  const again = request({ placed: units, inserted, parents });
  expect(toml.edit(done.text, again).text).toBe(done.text);
  expect(toml.edit(done.text, { ...again, set: units }).text).toBe(done.text);
  expect(toml.edit(done.text, request({ placed: units })).text).toBe(done.text);
  const gone = toml.edit(done.text, request({ remove: units, inserted, parents }));
  // A unit that stood there in part goes whole, with what was the user's of it.
  const fresh = units.every((unit) => !stands(text, unit));
  if (!done.movedForeignText && fresh) expect(gone.text).toBe(theirs);
  for (const unit of units)
    if (!unit.address.element) expect(valueAt(toml.read(gone.text), unit.address.path)).toBe(undefined);
  expect(others(gone.text, units)).toEqual(others(text, units));
  return true;
}

function stands(text: string, { address }: UnitText): boolean {
  const have = valueAt(toml.read(text), address.path);
  if (!address.element) return have !== undefined;
  return Array.isArray(have) && have.some((item) => digestOfValue(item as Value) === address.element?.digest);
}

/** Every value that no unit covers, as one line each. Of a list with elements of ours, only the others. */
function others(text: string, units: readonly UnitText[]): string[] {
  return leavesOf(toml.read(text))
    .filter(([path, value]) => !units.some((unit) => !unit.address.element && covers(unit, path)) && !isEmpty(value))
    .flatMap(([path, value]): [KeyPath, Value][] => {
      const ours = new Set(
        units.filter(({ address }) => sameValue(address.path, path)).map(({ address }) => address.element?.digest),
      );
      if (ours.size === 0 || !Array.isArray(value)) return [[path, value]];
      return [[path, value.filter((item) => !ours.has(digestOfValue(item as Value))) as Value]];
    })
    .filter(([, value]) => !isEmpty(value))
    .map(([path, value]) => `${JSON.stringify(path)} = ${canonical(value)}`)
    .sort();
}

function covers({ address }: UnitText, path: KeyPath): boolean {
  return startsWith(path, address.path);
}

function isEmpty(value: Value): boolean {
  return (isTable(value) || Array.isArray(value)) && Object.keys(value).length === 0;
}
