import { isTable, type Table, type Value } from '../../../model/value.ts';
import { Malformed } from '../../format.ts';
import { deepest } from './parse.ts';
import { type Item, scan } from './scan.ts';
import type { Member, ValueNode } from './scan-value.ts';

/** Only keeps our own walks off the end of the stack: Codex counts brackets and the parts of a key, not both together. */
const deepestOfAll = 500;

interface Flaw {
  readonly reason: string;
  readonly at: number;
}

/**
 * Throws `Malformed` for what the parser reads and Codex 0.169 does not: keys of more than 80 parts, numbers that do not fit,
 * and days that no month has. One such value and Codex loads none of the file.
 */
export function refuseWhatCodexRefuses(text: string, values: Table): void {
  const depth = inspect(values);
  if (depth === undefined) return;
  for (const item of scan(text)) {
    const flaw = flawOf(text, item);
    if (flaw) throw malformedAt(text, flaw.at, flaw.reason);
  }
  if (depth > deepestOfAll) throw new Malformed(`more than ${deepestOfAll} levels of tables and lists`, 1, 1);
}

/** How deep the values go when one of them needs a look at its spelling, or when a key may; else undefined. */
function inspect(values: Table): number | undefined {
  let suspect = false;
  let depth = 0;
  for (let level: Value[] = [values]; level.length > 0 && depth <= deepestOfAll; depth += 1) {
    const next: Value[] = [];
    for (const value of level) {
      suspect ||= isSuspect(value);
      if (Array.isArray(value)) for (const item of value) next.push(item as Value);
      else if (isTable(value)) for (const key of Object.keys(value)) next.push(value[key] as Value);
    }
    level = next;
  }
  return suspect || depth > deepest ? depth : undefined;
}

function isSuspect(value: Value): boolean {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) !== value;
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY || value instanceof Date;
}

function flawOf(text: string, item: Item): Flaw | undefined {
  if (item.kind === 'header') return item.path.length > deepest ? longKey(item.start) : undefined;
  return item.kind === 'pair' ? flawInMember(text, item.member) : undefined;
}

function flawInMember(text: string, { key, value, start }: Member): Flaw | undefined {
  return key.length > deepest ? longKey(start) : flawInValue(text, value);
}

function flawInValue(text: string, node: ValueNode): Flaw | undefined {
  for (const member of node.members) {
    const flaw = flawInMember(text, member);
    if (flaw) return flaw;
  }
  const reason = node.kind === 'scalar' ? reasonAgainst(text.slice(node.start, node.end)) : undefined;
  return reason === undefined ? undefined : { reason, at: node.start };
}

function reasonAgainst(scalar: string): string | undefined {
  const day = /^\d{4}-\d\d-\d\d/.exec(scalar)?.[0];
  if (day !== undefined) return hasDay(day) ? undefined : `the month of ${day} has no such day`;
  if (!/^[-+]?\d/.test(scalar) || scalar.includes(':')) return undefined;
  const digits = scalar.replaceAll('_', '').replace(/^\+/, '');
  if (/^-?\d+$|^0[xob]/.test(digits)) {
    const whole = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
    return BigInt.asIntN(64, whole) === whole ? undefined : 'the number does not fit into 64 bits';
  }
  return Number.isFinite(Number(digits)) ? undefined : 'the number is too large';
}

function hasDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

function longKey(at: number): Flaw {
  return { reason: `a key of more than ${deepest} parts, which Codex refuses`, at };
}

/** A `Malformed` that points at an offset. */
export function malformedAt(text: string, at: number, reason: string): Malformed {
  const lines = text.slice(0, at).split('\n');
  return new Malformed(reason, lines.length, (lines.at(-1) as string).length + 1);
}
