import type { KeyPath } from '../../../model/value.ts';
import type { Span } from '../../tagged-text.ts';
import { unquotedKey } from './parse.ts';

/** A value as it stands in the text. Inline tables and arrays have members. */
export interface ValueNode extends Span {
  readonly kind: 'scalar' | 'table' | 'array';
  readonly members: readonly Member[];
  /** The offsets of the commas between the members, and of the one after the last where there is one. */
  readonly commas: readonly number[];
}

/** `key = value`, or an element of an array, whose key is empty. */
export interface Member extends Span {
  readonly key: KeyPath;
  readonly value: ValueNode;
}

/** The offset of the first character at or after `at` that is neither space nor tab. */
export function skipSpaces(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return end;
}

/** The offset after the line that holds `at`. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

/** A dotted key that starts at `at`, and where it ends. */
export function scanKey(text: string, at: number): { key: KeyPath; end: number } {
  const key: string[] = [];
  let from = skipSpaces(text, at);
  for (;;) {
    const end = partEnd(text, from);
    const raw = text.slice(from, end);
    key.push(raw.startsWith('"') || raw.startsWith("'") ? unquotedKey(raw) : raw);
    const next = skipSpaces(text, end);
    if (text[next] !== '.') return { key, end };
    from = skipSpaces(text, next + 1);
  }
}

/** `key = value` that starts at `at`. In an inline table `skip` passes over line ends and comments, too. */
export function scanMember(text: string, at: number, skip: typeof skipSpaces = skipSpaces): Member {
  const { key, end } = scanKey(text, at);
  const sign = skip(text, end);
  const value = scanValue(text, skip(text, text[sign] === '=' ? sign + 1 : sign));
  return { key, value, start: at, end: value.end };
}

const bareEnd = /[\s.=\]#]|$/g;
const scalarEnd = /[,\]}#\n]|$/g;

function partEnd(text: string, at: number): number {
  if (text[at] === '"' || text[at] === "'") return stringEnd(text, at);
  bareEnd.lastIndex = at;
  return bareEnd.exec(text)?.index ?? text.length;
}

function scanValue(text: string, at: number): ValueNode {
  const first = text[at];
  if (first === '{' || first === '[') return scanMembers(text, at);
  const end = first === '"' || first === "'" ? stringEnd(text, at) : plainEnd(text, at);
  return { kind: 'scalar', start: at, end, members: [], commas: [] };
}

function plainEnd(text: string, at: number): number {
  scalarEnd.lastIndex = at;
  const end = scalarEnd.exec(text)?.index ?? text.length;
  return at + text.slice(at, end).trimEnd().length;
}

function scanMembers(text: string, start: number): ValueNode {
  const kind = text[start] === '{' ? 'table' : 'array';
  const close = kind === 'table' ? '}' : ']';
  const members: Member[] = [];
  const commas: number[] = [];
  let at = skipGap(text, start + 1);
  while (at < text.length && text[at] !== close) {
    if (text[at] === ',') commas.push(at);
    const member =
      text[at] === ',' ? undefined : kind === 'table' ? scanMember(text, at, skipGap) : scanElement(text, at);
    if (member) members.push(member);
    at = skipGap(text, Math.max(at + 1, member?.end ?? 0));
  }
  return { kind, start, end: Math.min(at + 1, text.length), members, commas };
}

function scanElement(text: string, at: number): Member {
  const value = scanValue(text, at);
  return { key: [], value, start: at, end: value.end };
}

function skipGap(text: string, at: number): number {
  let end = at;
  for (;;) {
    const next = text[end];
    if (next === '#') end = lineEnd(text, end);
    else if (next === ' ' || next === '\t' || next === '\n' || next === '\r') end += 1;
    else return end;
  }
}

function stringEnd(text: string, at: number): number {
  const quote = text[at] as string;
  const fence = quote.repeat(3);
  const multiline = text.startsWith(fence, at);
  const closing = multiline ? fence : quote;
  let end = at + closing.length;
  while (end < text.length && !text.startsWith(closing, end)) end += quote === '"' && text[end] === '\\' ? 2 : 1;
  end += closing.length;
  if (multiline) for (let extra = 0; extra < 2 && text[end] === quote; extra += 1) end += 1;
  return Math.min(end, text.length);
}
