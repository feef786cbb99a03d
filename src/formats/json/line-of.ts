import type { KeyPath } from '../../model/value.ts';
import { lineOf } from './position.ts';
import { skipSpace, stringEnd, textStart, valueEnd } from './tokens.ts';

/** See `Format.lineOf`, for a text that parses. Of doubled keys the last counts. */
export function lineOfKey(text: string, path: KeyPath): number | undefined {
  let value = skipSpace(text, textStart(text));
  let found: number | undefined;
  for (const key of path) {
    const member = text[value] === '{' ? memberAt(text, value, key) : elementAt(text, value, Number(key));
    if (!member) break;
    found = member.key;
    value = member.value;
  }
  return found === undefined ? undefined : lineOf(text, found);
}

interface Member {
  /** Where the key stands; of an element of an array, where the value does. */
  readonly key: number;
  readonly value: number;
}

function memberAt(text: string, object: number, wanted: string): Member | undefined {
  let found: Member | undefined;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    if (JSON.parse(text.slice(at, keyEnd)) === wanted) found = { key: at, value };
    at = skipSpace(text, valueEnd(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function elementAt(text: string, array: number, index: number): Member | undefined {
  if (text[array] !== '[' || !Number.isInteger(index)) return undefined;
  let at = skipSpace(text, array + 1);
  for (let passed = 0; text[at] !== ']'; passed += 1) {
    if (passed === index) return { key: at, value: at };
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}
