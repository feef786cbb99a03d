import { recently } from '../../../model/memo/recently.ts';
import type { KeyPath } from '../../../model/value.ts';
import { lineOf } from './position.ts';
import { skipSpace, stringEnd, textStart, valueEnd } from './tokens.ts';

/** See `Format.lineOf`, for a text that parses. Of doubled keys the last counts. */
export function lineOfKey(text: string, path: KeyPath): number | undefined {
  const containers = containersOf(text);
  let value = skipSpace(text, textStart(text));
  let found: number | undefined;
  for (const key of path) {
    const member = membersAt(text, value, containers).get(key);
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

type Members = ReadonlyMap<string, Member>;

/** The members of containers, by where those start. A source is asked for the line of each of its values, so each is read once. */
const containersOf = recently((_text) => new Map<number, Members>());

const none: Members = new Map();

function membersAt(text: string, start: number, containers: Map<number, Members>): Members {
  const known = containers.get(start);
  if (known) return known;
  const members = text[start] === '{' ? membersOf(text, start) : text[start] === '[' ? elementsOf(text, start) : none;
  if (members !== none) containers.set(start, members);
  return members;
}

function membersOf(text: string, object: number): Members {
  const members = new Map<string, Member>();
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    members.set(JSON.parse(text.slice(at, keyEnd)) as string, { key: at, value });
    at = skipSpace(text, valueEnd(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

function elementsOf(text: string, array: number): Members {
  const members = new Map<string, Member>();
  let at = skipSpace(text, array + 1);
  while (text[at] !== ']') {
    members.set(String(members.size), { key: at, value: at });
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}
