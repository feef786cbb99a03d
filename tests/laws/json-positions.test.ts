import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unplaceable } from '../../src/formats/format.ts';
import { type Node, piecesOfDraft, piecesOfNode, textOf } from '../../src/formats/json/draft/draft.ts';
import { readDraft } from '../../src/formats/json/draft/read-draft.ts';
import { json } from '../../src/formats/json/json.ts';
import { textStart, tokenAt, valueEnd } from '../../src/formats/json/read/tokens.ts';
import { tagged } from '../../src/formats/tagged-text.ts';
import { samePath, startsWith } from '../../src/model/value.ts';
import { richClaudeJson, richSettings } from '../support/claude-home.ts';
import { type Walked, walk } from '../support/json-walker.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import { failureOf, ownText, stands, step, units, untouched, userText } from './json-cases.ts';

const junk = [
  ...[
    '"',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '/',
    '0',
    '-',
    '.5',
    'e9',
    'true',
    'null',
    '\u00a0',
    '\u0000',
    '\r',
    '\t',
    '"x",',
    '"k": 1,',
  ],
  ...[
    '"\\ud800",',
    '"\\u0000": [],',
    '"mcpServers": {},',
    '"env": {"A": 1},',
    '"__proto__": {"x": 1},',
    '"\\u006dcpServers": {},',
    '// note',
  ],
  ...['"permissions": {"deny": ["Read(./.env)"]},', '12345678901234567890,', '"_syncline": 1,', '{"}": "]"},'],
];
const hostile = [
  '{"a":"\\ud83d","\\udc00":"\\ud83d\\ude00"}',
  '{"__proto__":{"__proto__":1},"constructor":{"prototype":[]},"toString":0}',
  '\uFEFF{\r"a"\r:\r1\r,\r"mcpServers"\r:\r{\r}\r}\r',
  '{"a":1,"a":{"b":2,"b":3},"":{"":[]},"a":[]}',
  `{"deep":${'[{"x":'.repeat(60)}0${'}]'.repeat(60)}}`,
  `{"line":"${'\\\\\\"'.repeat(3000)}","env":{}}`,
];
const texts = fc.oneof(userText, fc.constantFrom(richClaudeJson(), richSettings, ...hostile));
const anyText = mutated(texts, junk);

/** Holds that our readers find everything where the plain walker finds it. One comparison each: `expect` is slow. */
function expectPositions(text: string): void {
  const root = walk(text);
  const all = allIn(root, []);
  expect(all.map(({ value }) => valueEnd(text, value.start))).toEqual(all.map(({ value }) => value.end));
  expect(tokenStarts(text)).toEqual(startsOf(root).sort((a, b) => a - b));
  const draft = readDraft(tagged(text, []), { below: new Map(), whole: true });
  expect(textOf(piecesOfDraft(draft))).toBe(text);
  expect(seenAt(draft.root)).toEqual(seenBy(text, root, draft.root));
  if (text.length < 3000) expectLines(text, all);
}

interface Found {
  readonly path: readonly string[];
  readonly at: number;
  readonly value: Walked;
}

function allIn({ members }: Walked, above: readonly string[]): Found[] {
  return members.flatMap(({ key, at, value }) => {
    const path = [...above, key];
    return [{ path, at, value }, ...allIn(value, path)];
  });
}

/** Where tokens start that are no commas and no colons. */
function tokenStarts(text: string): number[] {
  const starts: number[] = [];
  for (let token = tokenAt(text, textStart(text)); token.kind !== 'end'; token = tokenAt(text, token.end)) {
    if (token.flaw) throw new Error(token.flaw.reason);
    if (token.kind !== ',' && token.kind !== ':') starts.push(token.start);
  }
  return starts;
}

/** Of every value its brackets or itself, and of every member of an object its key. */
function startsOf({ kind, start, end, members }: Walked): number[] {
  const own = kind === 'scalar' ? [start] : [start, end - 1];
  return [...own, ...members.flatMap(({ at, value }) => [...(kind === 'object' ? [at] : []), ...startsOf(value)])];
}

type Seen = readonly [at: number, text: string, members: readonly (readonly [key: string | undefined, Seen])[]];

function seenAt(node: Node): Seen {
  const slots = node.kind === 'raw' ? [] : node.slots;
  return [node.at, textOf(piecesOfNode(node)), slots.map(({ key, value }) => [key, seenAt(value)])];
}

/** What the walker saw of a value, as deep as our draft goes. */
function seenBy(text: string, { kind, start, end, members }: Walked, node: Node): Seen {
  const slots = node.kind === 'raw' ? [] : node.slots;
  const inside = node.kind === 'raw' ? [] : members;
  const seen = inside.map(({ key, value }, index): [string | undefined, Seen] => {
    return [kind === 'object' ? key : undefined, seenBy(text, value, slots[index]?.value as Node)];
  });
  return [start, text.slice(start, end), seen];
}

/** Of doubled keys the last is found. */
function expectLines(text: string, all: readonly Found[]): void {
  const doubled = all.filter(({ path }, index) => all.findIndex((other) => samePath(other.path, path)) !== index);
  const single = all.filter(({ path }) => !doubled.some((other) => startsWith(path, other.path)));
  const lines = single.map(({ at }) => text.slice(0, at).split(/\r\n|\r|\n/).length);
  expect(single.map(({ path }) => json.lineOf(text, path))).toEqual(lines);
}

/** All values, doubled keys too, but those at the places of units: no edit may change them. */
function spelledOthers(text: string): string[] {
  const ours = new Set(units.map(({ address }) => JSON.stringify(address.path)));
  const visit = ({ kind, start, end, members }: Walked, path: readonly string[]): string[] => {
    if (ours.has(JSON.stringify(path)) || path[0] === '_syncline') return [];
    const own = kind === 'scalar' || members.length === 0 ? [`${JSON.stringify(path)} ${text.slice(start, end)}`] : [];
    return [...own, ...members.flatMap(({ key, value }) => visit(value, [...path, key]))];
  };
  return visit(walk(text), []);
}

describe('any JSON', () => {
  test('is read with every position where a plain walker finds it', () => {
    fc.assert(fc.property(userText, expectPositions), { numRuns: lawRuns(200) });
    for (const text of [richClaudeJson(), richSettings, ...hostile]) expectPositions(text);
  });

  test('changed by hand or by accident, is refused with its place, or every law holds', () => {
    const tally = { refused: 0, lawful: 0 };
    const law = fc.property(anyText, fc.uniqueArray(fc.nat(units.length - 1), { minLength: 1 }), (text, chosen) => {
      const set = chosen.map((index) => units[index] as (typeof units)[number]);
      const failure = text === '' ? undefined : failureOf(text);
      tally[failure ? 'refused' : 'lawful'] += 1;
      if (failure) return expectRefused(text, set, failure);
      if (text !== '' && text.length < 5000) expectPositions(text);
      expectLaws(text, set);
    });
    fc.assert(law, { numRuns: lawRuns(400) });
    expect(Math.min(tally.refused, tally.lawful)).toBeGreaterThan(lawRuns(12));
  });
});

function expectRefused(text: string, set: typeof units, { line, column }: { line: number; column: number }): void {
  const lines = text.slice(textStart(text)).split(/\r\n|\r|\n/);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeLessThanOrEqual((lines[line - 1] as string).length + 1);
  expect(() => step(untouched(text), set, [])).toThrow(expect.objectContaining({ name: 'Malformed', line, column }));
}

function expectLaws(text: string, set: typeof units): void {
  const done = attempt(text, set);
  if (!done) return;
  for (const unit of set) expect(stands(done.text, unit)).toBe(true);
  const { result } = done;
  if (!result.movedForeignText) expect(ownText(done.text, result.inserted)).toBe(ownText(text, result.before));
  if (text === '') return expect(step(done, [], set).text).toBe('');
  expect(result.before.length > 0 && !Object.hasOwn(json.read(text), '_syncline')).toBe(false);
  expectKept(text, done.text);
  expect(step(done, [], []).text).toBe(done.text);
  expect(step(done, set, []).text).toBe(done.text);
  const fresh = set.every((unit) => !holdsAt(text, unit));
  const gone = step(done, [], set);
  expectKept(text, gone.text);
  if (fresh && result.before.length === 0) expect(gone.text).toBe(text);
}

function attempt(text: string, set: typeof units): ReturnType<typeof step> | undefined {
  try {
    return step(untouched(text), set, []);
  } catch (error) {
    expect(error).toBeInstanceOf(Unplaceable);
    return undefined;
  }
}

function holdsAt(text: string, unit: (typeof units)[number]): boolean {
  const { path, element } = unit.address;
  if (element) return stands(text, unit);
  let walked: Walked | undefined = walk(text);
  for (const key of path) walked = walked?.members.find((member) => member.key === key)?.value;
  return walked !== undefined;
}

function expectKept(before: string, after: string): void {
  const kept = new Set(spelledOthers(after));
  // An empty parent may be filled.
  const old = spelledOthers(before).filter((each) => !/ (?:\{|\[)\s*(?:\}|\])$/.test(each));
  expect(old.filter((each) => !kept.has(each))).toEqual([]);
}
