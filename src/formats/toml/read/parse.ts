import { parse, stringify, TomlError } from 'smol-toml';
import type { Table, Value } from '../../../model/value.ts';
import { Malformed } from '../../format.ts';

/** How many brackets Codex 0.169 reads inside each other, and how many parts of one key. */
export const deepest = 80;

/**
 * The values of a TOML text, which must not start with a byte order mark. Integers are bigint, so that `20` and `20.0`
 * stay apart in spelling. Reads TOML 1.1, as Codex does. Throws `Malformed`.
 */
export function parseToml(text: string): Table {
  try {
    return parse(text, { integersAsBigInt: true, maxDepth: deepest }) as unknown as Table;
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
  if (first.includes('excessively nested'))
    return `more than ${deepest} brackets inside each other, which Codex refuses`;
  return first.replace(/^Invalid TOML document: /, '');
}
