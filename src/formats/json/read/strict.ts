import { emptyTable, type Value } from '../../../model/value.ts';
import { malformedAt } from './position.ts';
import { type Token, textStart, tokenAt } from './tokens.ts';

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close' | 'end';

interface Frame {
  readonly list: Value[] | undefined;
  readonly table: Record<string, Value> | undefined;
  key: string;
}

/** No recursion: a file nested ten thousand deep must not crash us. */
interface Reader {
  readonly text: string;
  readonly open: Frame[];
  root: Value | undefined;
}

type Rule = (reader: Reader, token: Token) => Expected | undefined;

const words: Record<string, Value> = { true: true, false: false, null: null };

const rules: Record<Expected, Rule> = {
  value: readValue,
  'value or ]': (reader, token) => (token.kind === ']' ? close(reader) : readValue(reader, token)),
  key: readKey,
  'key or }': (reader, token) => (token.kind === '}' ? close(reader) : readKey(reader, token)),
  ':': (_, token) => (token.kind === ':' ? 'value' : undefined),
  ', or close': readMore,
  end: () => undefined,
};

/**
 * Parses JSON with positions and exact integers; slower than `JSON.parse` and stricter than no client. Throws `Malformed`
 * where the text first stops being JSON.
 */
export function parseStrictly(text: string): Value {
  const reader: Reader = { text, open: [], root: undefined };
  let expected: Expected = 'value';
  let token = tokenAt(text, textStart(text));
  if (token.kind === 'end') throw malformedAt(text, 0, 'the file is empty');
  for (;;) {
    if (expected === 'end' && token.kind === 'end') return reader.root as Value;
    if (token.flaw) throw malformedAt(text, token.flaw.at, token.flaw.reason);
    const next: Expected | undefined = rules[expected](reader, token);
    if (next === undefined) throw malformedAt(text, token.start, reasonFor(reader, expected, token));
    expected = next;
    token = tokenAt(text, token.end);
  }
}

function readValue(reader: Reader, token: Token): Expected | undefined {
  if (token.kind === '{') {
    reader.open.push({ list: undefined, table: emptyTable(), key: '' });
    return 'key or }';
  }
  if (token.kind === '[') {
    reader.open.push({ list: [], table: undefined, key: '' });
    return 'value or ]';
  }
  const value = scalarOf(reader.text.slice(token.start, token.end), token);
  return value === undefined ? undefined : add(reader, value);
}

function scalarOf(text: string, { kind }: Token): Value | undefined {
  if (kind === 'string') return JSON.parse(text) as string;
  if (kind === 'number') return numberOf(text);
  return kind === 'word' && Object.hasOwn(words, text) ? words[text] : undefined;
}

function numberOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text);
}

function readKey(reader: Reader, token: Token): Expected | undefined {
  if (token.kind !== 'string') return undefined;
  (reader.open.at(-1) as Frame).key = JSON.parse(reader.text.slice(token.start, token.end)) as string;
  return ':';
}

function readMore(reader: Reader, token: Token): Expected | undefined {
  const { list } = reader.open.at(-1) as Frame;
  if (token.kind === ',') return list ? 'value' : 'key';
  return token.kind === (list ? ']' : '}') ? close(reader) : undefined;
}

function close(reader: Reader): Expected {
  const { list, table } = reader.open.pop() as Frame;
  return add(reader, list ?? (table as Record<string, Value>));
}

function add(reader: Reader, value: Value): Expected {
  const frame = reader.open.at(-1);
  if (frame?.list) frame.list.push(value);
  else if (frame?.table) frame.table[frame.key] = value;
  else reader.root = value;
  return frame ? ', or close' : 'end';
}

function reasonFor(reader: Reader, expected: Expected, token: Token): string {
  if (token.kind === 'comment') return 'a comment stands here, and JSON has none';
  if (token.kind === 'end') return `the file ends where ${wordsFor(reader, expected)} should follow`;
  const closes = token.kind === '}' || token.kind === ']';
  if (closes && (expected === 'key' || expected === 'value') && reader.open.length > 0) {
    return `nothing stands before this "${token.kind}": a comma or a colon too much`;
  }
  return `found ${foundText(reader.text.slice(token.start, token.end))} where ${wordsFor(reader, expected)} should stand`;
}

/** Never the text itself where it may be a secret that lost its quotes or its colon. */
function foundText(found: string): string {
  if (found.startsWith('"')) return 'a string';
  return found.length === 1 || /^(?:True|False|None|NaN|undefined|-?Infinity)$/.test(found)
    ? `"${found}"`
    : 'a bare word';
}

function wordsFor(reader: Reader, expected: Expected): string {
  if (expected === ', or close') return reader.open.at(-1)?.list ? 'a comma or "]"' : 'a comma or "}"';
  if (expected === 'end') return 'the end of the file';
  if (expected === ':') return 'a colon';
  return {
    value: 'a value',
    'value or ]': 'a value or "]"',
    key: 'a key in quotes',
    'key or }': 'a key in quotes or "}"',
  }[expected];
}
