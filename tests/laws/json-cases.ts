import fc from 'fast-check';
import { type EditResult, type Format, Malformed, type UnitText, type UnitValue } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json/json.ts';
import { stripOurs, tagged } from '../../src/formats/tagged-text.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import { type KeyPath, sameValue, type Value, valueAt } from '../../src/model/value.ts';
import { editInTurn, sameUnit } from './edit-in-turn.ts';

/** A unit that is one value. */
export const leaf = (path: KeyPath, value: Value): UnitValue => ({ kind: 'leaf', address: { path }, value });
/** A unit that is a whole table. */
export const entry = (path: KeyPath, value: Value): UnitValue => ({ kind: 'entry', address: { path }, value });
/** A unit that is one element of a list. */
export const element = (path: KeyPath, value: Value): UnitValue => {
  const element = { digest: digestOfValue(value), label: JSON.stringify(value).slice(0, 12) };
  return { kind: 'element', address: { path, element }, value };
};

const hook = { matcher: 'Bash', hooks: [{ type: 'command', command: 'check' }] };
/** A unit of each address there is. */
export const units: UnitValue[] = [
  leaf(['model'], 'opus'),
  leaf(['limit'], 12345678901234567890n),
  leaf(['env', 'A'], '1'),
  leaf(['env', 'B é'], { nested: [] }),
  leaf(['deep', 'er', 'still'], [1, 2]),
  element(['permissions', 'deny'], 'Read(./.env)'),
  element(['permissions', 'deny'], 'Read(./secrets/**)'),
  element(['permissions', 'allow'], 'Bash(ls)'),
  element(['hooks', 'PreToolUse'], hook),
  entry(['mcpServers', 'team'], { command: 'npx', args: ['-y', 'x'], env: { KEY: 'value' } }),
  entry(['mcpServers', '__proto__'], { type: 'http', url: 'https://example.com' }),
  entry(['mcpServers', '7'], {}),
];

/** A file between two edits, and what the record knows of it. */
export interface State {
  readonly text: string;
  readonly placed: readonly UnitValue[];
  readonly inserted: EditResult['inserted'];
  readonly parents: EditResult['parents'];
}

/** A file that we never edited. */
export const untouched = (text: string): State => ({ text, placed: [], inserted: [], parents: [] });

/** One edit: units to set, units to remove. */
export function step(
  state: State,
  set: readonly UnitValue[],
  remove: readonly UnitText[],
  format: Format = json,
): State & { result: EditResult } {
  const stay = state.placed.filter((unit) => ![...set, ...remove].some((other) => sameUnit(unit, other)));
  const placed = [...stay, ...set];
  const { inserted, parents } = state;
  const result = format.edit(state.text, { set, remove, placed, inserted, parents, label: 'repo' });
  return { text: result.text, placed, inserted: result.inserted, parents: result.parents, result };
}

/** The user's own part of a text. */
export const ownText = (text: string, ours: EditResult['inserted']) =>
  stripOurs(
    tagged(
      text,
      ours.map(({ at, text: own }) => ({ start: at, end: at + own.length })),
    ),
  );
/** What both clients read of it. */
export const parse = (text: string) => JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;

/** Whether a file holds a unit. */
export function stands(text: string, { address, value }: UnitValue): boolean {
  const found = valueAt(json.read(text), address.path);
  if (!address.element) return sameValue(found, value);
  return Array.isArray(found) && found.some((item) => sameValue(item as Value, value));
}

/** A user's JSON as a tree of texts, so that every number and escape keeps its own spelling. */
type Tree = string | readonly Tree[] | readonly (readonly [key: string, value: Tree])[];
interface Style {
  readonly unit: string | undefined;
  readonly eol: string;
  readonly pad: string;
  readonly colon: string;
  readonly comma: string;
  readonly empty: string;
}

const isObject = (tree: Tree): tree is readonly (readonly [string, Tree])[] =>
  Array.isArray(tree) && (tree as unknown[] & { object?: boolean }).object === true;
const object = (members: readonly (readonly [string, Tree])[]): Tree => Object.assign([...members], { object: true });

function print(tree: Tree, style: Style, depth = 0): string {
  if (typeof tree === 'string') return tree;
  const [open, close] = isObject(tree) ? '{}' : '[]';
  const items = isObject(tree)
    ? tree.map(([key, value]) => key + style.colon + print(value, style, depth + 1))
    : (tree as readonly Tree[]).map((item) => print(item, style, depth + 1));
  if (items.length === 0) return open + style.empty + close;
  const oneLine = style.unit === undefined || (!isObject(tree) && style.pad === ' ');
  if (oneLine) return open + style.pad + items.join(style.comma) + style.pad + close;
  const line = style.eol + (style.unit as string).repeat(depth + 1);
  return open + line + items.join(`,${line}`) + style.eol + (style.unit as string).repeat(depth) + close;
}

const spelling = fc.constantFrom(
  '1.0',
  '1e21',
  '12345678901234567890',
  '-0',
  '"\\u00e9"',
  '"a\\/b"',
  '"x, \\"y\\": {"',
  'null',
  'true',
  '"ü"',
);
const loose = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    spelling,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('"2"', '"10"', '"zeta"', '"__proto__"', '"\\u006b"'), tie('tree')), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map(object),
  ),
})).tree;
const list = fc.array(fc.oneof(fc.constantFrom('"mine"', '"Read(./.env) "'), loose), {
  maxLength: 3,
}) as fc.Arbitrary<Tree>;
const objectOf = (known: Record<string, fc.Arbitrary<Tree>>) =>
  fc
    .tuple(fc.shuffledSubarray(Object.keys(known)), fc.record(known), fc.array(loose, { maxLength: 2 }))
    .map(([keys, values, more]) => {
      const members = keys.map((key) => [JSON.stringify(key), values[key] as Tree] as const);
      return object([...members, ...more.map((tree, index) => [`"own${index}"`, tree] as const)]);
    });
const root = objectOf({
  permissions: objectOf({ deny: list, allow: list }),
  mcpServers: objectOf({ mine: objectOf({ command: fc.constant('"x"') }) }),
  env: objectOf({ C: fc.constant('"3"') }),
  hooks: objectOf({ PreToolUse: list }),
  deep: objectOf({}),
  numStartups: spelling,
});
const style: fc.Arbitrary<Style> = fc.record({
  unit: fc.constantFrom('  ', '    ', '\t', undefined),
  eol: fc.constantFrom('\n', '\r\n'),
  pad: fc.constantFrom('', ' '),
  colon: fc.constantFrom(': ', ':', ' : '),
  comma: fc.constantFrom(', ', ',', ' , '),
  empty: fc.constantFrom('', ' ', '\n', '\r\n\t'),
});
/** Files as people and clients write them; all parse. */
export const userText = fc
  .tuple(root, style, fc.constantFrom('', '\uFEFF'), fc.constantFrom('', '\n', '\r\n', '\n\n'))
  .map(([tree, how, bom, end]) => bom + print(tree, how) + end);
/** Those with a root key of the user's that another format takes for our marker. */
const keyedText = fc
  .tuple(userText, fc.constantFrom('1', '{"managed":["model","env.A"],"source":"repo"}', '{ }'))
  .filter(([text]) => Object.keys(parse(text)).length > 0)
  .chain(([text, value]) =>
    fc.constantFrom(
      text.replace('{', () => `{"_syncline": ${value},`),
      text.replace(/\s*\}\s*$/, (end) => `, "_syncline":${value}${end}`),
    ),
  );
/** Those, and files with nothing in them. */
export const anyText = fc.oneof(
  { weight: 8, arbitrary: userText },
  fc.constantFrom('', '{}', '{ }', '{\n}', '{\r\n}\r\n', '{}\n'),
);

/** Files as a format without our marker meets them. */
export const anyUnmarkedText = fc.oneof({ weight: 3, arbitrary: anyText }, keyedText);

/** What is done in one edit: the numbers of units to set if they are not ours, to remove if they are. */
export const batches = fc.array(fc.uniqueArray(fc.nat(units.length - 1), { minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 5,
});

/** Edits in turn, each of them checked. */
export function run(
  text: string,
  plan: readonly (readonly number[])[],
  check: (state: State & { result: EditResult }) => void,
  format: Format = json,
): State {
  const stepOf = (state: State, set: readonly UnitValue[], remove: readonly UnitText[]) =>
    step(state, set, remove, format);
  return editInTurn(untouched(text), units, plan, stepOf, check);
}

/** Claude Code writes the file anew: known keys first, two spaces, no byte order mark. */
export function rewrite(text: string, change: (root: Record<string, unknown>) => void = () => {}): string {
  const values = parse(text);
  change(values);
  const keys = Object.keys(values).sort(
    (a, b) => Number(b === 'mcpServers') - Number(a === 'mcpServers') || a.length - b.length,
  );
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, values[key]])), null, 2);
}

/** What a text is refused for, or undefined. Anything but `Malformed` is a crash. */
export function failureOf(text: string): Malformed | undefined {
  try {
    json.read(text);
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}
