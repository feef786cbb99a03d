import { recently } from '../../../model/memo/recently.ts';
import type { Table } from '../../../model/value.ts';
import { Malformed } from '../../format.ts';
import { forgiven } from './codex-leniency.ts';
import { malformedAt, refuseWhatCodexRefuses } from './codex-refusals.ts';
import { parseToml } from './parse.ts';
import { byteOrderMark } from './scan.ts';

/**
 * The values of a TOML file; a byte order mark is allowed. Reads exactly what Codex 0.169 reads, so that neither a sound
 * file is refused nor one written that locks Codex out. Throws `Malformed`.
 */
export const read: (text: string) => Table = recently((text) => {
  const body = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  // The parser would take one more off by itself.
  if (body.startsWith(byteOrderMark)) throw new Malformed('a second byte order mark stands here', 1, 1);
  const values = parseLeniently(body);
  refuseWhatCodexRefuses(body, values);
  return values;
});

function parseLeniently(text: string): Table {
  try {
    return parseToml(text);
  } catch (error) {
    const other = error instanceof Malformed ? forgiven(text) : undefined;
    if (other === undefined) throw error;
    return parseForgiven(text, other);
  }
}

/** The forgiven text has the offsets of the other, but fewer lines. */
function parseForgiven(text: string, other: string): Table {
  try {
    return parseToml(other);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const above = other.split('\n').slice(0, error.line - 1);
    const at = above.reduce((length, line) => length + line.length + 1, error.column - 1);
    throw malformedAt(text, at, error.message);
  }
}
