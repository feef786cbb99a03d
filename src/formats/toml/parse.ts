import { parse, stringify, TomlError } from 'smol-toml';
import type { Table, Value } from '../../model/value.ts';
import { Malformed } from '../format.ts';

// Codex refuses 81 levels; this bound only keeps our own walks off the end of the stack.
const deepest = 500;

/**
 * The values of a TOML text, which must not start with a byte order mark. Integers are bigint, so that `20` and `20.0`
 * stay apart in spelling. Reads TOML 1.1, as Codex does. Throws `Malformed`.
 */
export function parseToml(text: string): Table {
  try {
    const values = parse(text, { integersAsBigInt: true }) as unknown as Table;
    if (depthOf(values) > deepest) throw new Malformed('tables are nested too deeply', 1, 1);
    return values;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new Malformed(reasonOf(error), error.line, error.column);
  }
}

/** A string, number, boolean or date as TOML 1.0 spells it. Throws where TOML has no such value, `null` for one. */
export function scalarText(value: Value): string {
  if (value === null) throw new TypeError('TOML has no null');
  return stringify({ k: value }, { numbersAsFloat: true }).trimEnd().slice('k = '.length);
}

/** A quoted key as it stands in a file, without its quotes and with its escapes resolved. */
export function unquotedKey(quoted: string): string {
  if (!quoted.startsWith('"') || !quoted.includes('\\')) return quoted.slice(1, -1);
  return String((parse(`k = ${quoted}`) as { k: unknown }).k);
}

function reasonOf(error: TomlError): string {
  const first = error.message.split('\n', 1)[0] ?? '';
  return first.replace(/^Invalid TOML document: /, '');
}

function depthOf(values: Table): number {
  let depth = 0;
  for (let level: Value[] = [values]; level.length > 0 && depth <= deepest; depth += 1) level = level.flatMap(within);
  return depth;
}

function within(value: Value): Value[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.values(value as object);
}
