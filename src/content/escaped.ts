import { emptyTable, isTable, type Value } from '../model/value.ts';
import { escapeTokens, mayHoldTokens } from './placeholders.ts';
import { decodeText, encodeText, isBinary } from './text.ts';

/** A file with each token in its text written so that it is deployed as it stands; bytes that are no text stay. */
export function escapedBytes(bytes: Uint8Array): Uint8Array {
  if (!mayHoldTokens(bytes) || isBinary(bytes)) return bytes;
  return encodeText(escapeTokens(decodeText(bytes) ?? ''));
}

/** A value with the same in all of its texts; keys hold no tokens. */
export function escapedValue(value: Value): Value {
  return withTexts(value, escapeTokens);
}

/** A value with all of its texts changed; keys stay. */
export function withTexts(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item as Value, change));
  if (!isTable(value)) return value;
  const table = emptyTable();
  for (const [key, member] of Object.entries(value)) table[key] = withTexts(member, change);
  return table;
}
