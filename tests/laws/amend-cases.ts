import fc from 'fast-check';
import { type Amendment, type EditableFormat, Malformed, Unplaceable } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json/json.ts';
import { readIndexedDoc } from '../../src/formats/toml/amend/indexed-doc.ts';
import { placeAt } from '../../src/formats/toml/read/doc.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { isTable, type KeyPath, sameValue, type Value } from '../../src/model/value.ts';
import { configToml } from '../support/config-documents.ts';
import { claudeJson, settingsJson } from '../support/json-documents.ts';
import { type Walked, walk } from '../support/json-walker.ts';
import { userText } from './json-cases.ts';
import { files } from './toml-cases.ts';

/** An amendment with nothing in it but what is given. */
export function amendment(parts: Partial<Amendment>): Amendment {
  return { set: [], append: [], remove: [], ...parts };
}

/** A format whose sources we change, with files of it, and where in such a file the text of a value stands. */
export interface Case {
  readonly name: string;
  readonly format: EditableFormat;
  readonly texts: fc.Arbitrary<string>;
  /** Undefined for a table or list that is spread over headers and dotted keys. */
  spanOf(text: string, path: KeyPath): readonly [start: number, end: number] | undefined;
  /** How a value is written that no style is given for. */
  spelled(value: Value): string;
}

export const cases: readonly Case[] = [
  {
    name: 'JSON',
    format: json,
    texts: fc.oneof(
      userText,
      settingsJson.map(({ text }) => text),
      claudeJson.map(({ text }) => text),
    ),
    spanOf: (text, path) => {
      const found = path.reduce<Walked | undefined>(
        (at, key) => at?.members.findLast((member) => member.key === key || jsonKey(member.key) === key)?.value,
        walk(text),
      );
      return found && [found.start, found.end];
    },
    spelled: (value) => json.render({ path: ['k'], element: { digest: '', label: '' } }, value),
  },
  {
    name: 'TOML',
    format: toml,
    texts: fc.oneof(
      files,
      configToml.map(({ text }) => text),
    ),
    spanOf: (text, path) => {
      const value = placeAt(readIndexedDoc(text).root, path)?.slot?.member.value;
      return value && [value.start, value.end];
    },
    spelled: (value) => toml.render({ path: ['k'] }, value).slice('k = '.length, -1),
  },
];

function jsonKey(spelled: string): unknown {
  return spelled.startsWith('"') ? JSON.parse(spelled) : spelled;
}

/** Everything in a file with its path, through lists too, and the file itself first. */
export function allIn(value: Value, at: KeyPath = []): [path: KeyPath, value: Value][] {
  const members = isTable(value) || Array.isArray(value) ? Object.entries(value as Record<string, Value>) : [];
  return [[at, value], ...members.flatMap(([key, inner]) => allIn(inner, [...at, key]))];
}

/** The value at a path that leads through lists, too. */
export function reach(root: Value, path: KeyPath): Value | undefined {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string, unknown>)[key];
  }, root) as Value | undefined;
}

/** The values with one of them changed: put at the path, or, when undefined, taken out. Written for the tests, by plain copying. */
export function changed(value: Value, [key, ...rest]: KeyPath, now: Value | undefined): Value {
  if (key === undefined) return now as Value;
  if (Array.isArray(value)) {
    const list = value as readonly Value[];
    if (rest.length === 0 && now === undefined) return list.filter((_, index) => String(index) !== key);
    return list.map((item, index) => (String(index) === key ? changed(item, rest, now) : item));
  }
  const entries = Object.entries((value ?? {}) as Record<string, Value>);
  if (rest.length === 0 && now === undefined) return Object.fromEntries(entries.filter(([each]) => each !== key));
  const inner = changed(entries.find(([each]) => each === key)?.[1] as Value, rest, now);
  const has = entries.some(([each]) => each === key);
  return Object.fromEntries(
    has ? entries.map(([each, old]) => [each, each === key ? inner : old]) : [...entries, [key, inner]],
  );
}

/** An amended text, or undefined where the amendment has no place. Anything but a refusal is a crash. */
export function attempt(format: EditableFormat, text: string, request: Amendment): string | undefined {
  try {
    return format.amend(text, request);
  } catch (error) {
    if (error instanceof Unplaceable || error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Equal as values, and, but for an empty table or list that only its members spelled, nothing more or less. */
export function sameButEmptied(have: Value | undefined, want: Value | undefined): boolean {
  if (isTable(have) && isTable(want)) {
    const keys = [...new Set([...Object.keys(have), ...Object.keys(want)])];
    return keys.every((key) => sameButEmptied(reach(have, [key]), reach(want, [key])));
  }
  if (Array.isArray(have) && Array.isArray(want) && have.length === want.length)
    return want.every((item, index) => sameButEmptied(have[index], item as Value));
  if (have === undefined) return isHollow(want);
  return sameValue(have, want);
}

function isHollow(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isTable(value) && Object.values(value).every((inner) => isHollow(inner as Value));
}

/** Scalars that both formats have. */
export const scalars: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>('new', 'a"b\\c', "it's", '', 'two\nlines\n', '\t"""\n', "'''\n'", true, 7n, -1n, 1.5),
  fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
);

/** Values that both formats have. */
export const anyValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 2, arbitrary: scalars },
  fc.array(scalars, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('command', 'x y', 'env', 'z'), scalars, { maxKeys: 2 }),
  fc.constantFrom<Value>([{ a: 1n }, { b: { c: [] } }], { deep: { er: { still: 'x'.repeat(90) } } }, {}, []),
);
