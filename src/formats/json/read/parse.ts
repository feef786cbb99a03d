import { recently } from '../../../model/memo/recently.ts';
import { isTable, type Table, type Value } from '../../../model/value.ts';
import { malformedAt } from './position.ts';
import { parseStrictly } from './strict.ts';
import { deepest, textStart, tokenAt } from './tokens.ts';

/** A number that `JSON.parse` may round, or digits inside a string that look like one. */
const longInteger = /(?:^|[:[,])\s*-?[1-9]\d{15}/;

/**
 * The value of any JSON text, with integers beyond 2^53 as `bigint`. Duplicate keys: the last wins, as in both clients.
 * A byte order mark is allowed. Throws `Malformed` with line and column.
 */
export function parseJson(text: string): Value {
  if (longInteger.test(text)) return parseStrictly(text);
  try {
    return JSON.parse(text.slice(textStart(text))) as Value;
  } catch {
    return parseStrictly(text);
  }
}

/** Like `parseJson`, for a whole file: its root must be an object. */
export function parseFile(text: string): Table {
  const root = parseJson(text);
  if (!isTable(root)) throw malformedAt(text, 0, 'the file does not hold a JSON object');
  return root;
}

/** The values of a whole file in tables without a prototype. Throws `Malformed`. */
export const readFile: (text: string) => Table = recently((text) => {
  const table = parseFile(text);
  dropPrototypes(text, table, 1);
  return table;
});

/** Takes the prototypes off freshly parsed tables: in place, since a copy of a large file takes as long as parsing it. */
function dropPrototypes(text: string, branch: Branch, depth: number): void {
  if (depth > deepest) throw malformedAt(text, offsetAtDepth(text, depth), `more than ${deepest} levels of nesting`);
  if (!Array.isArray(branch)) Object.setPrototypeOf(branch, null);
  for (const key in branch) {
    const value = branch[key] as Value;
    if (typeof value === 'object' && value !== null) dropPrototypes(text, value as Branch, depth + 1);
  }
}

type Branch = Readonly<Record<string, Value>>;

function offsetAtDepth(text: string, wanted: number): number {
  let depth = 0;
  let at = 0;
  for (;;) {
    const { kind, start, end } = tokenAt(text, at);
    if (kind === '{' || kind === '[') depth += 1;
    else if (kind === '}' || kind === ']') depth -= 1;
    if (depth === wanted || kind === 'end') return start;
    at = end;
  }
}
