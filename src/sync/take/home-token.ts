import { decodeText, encodeText, isBinary } from '../../content/text.ts';
import { emptyTable, isTable, type Value } from '../../model/value.ts';

/** What stands for the client's home folder. */
export const homeToken = '{{client.home}}';

/** A text with `{{client.home}}` for the client's home folder, where something below it is named. */
function withHomeToken(text: string, home: string): string {
  const named = `${home}/`;
  return text.split(named).join(`${homeToken}/`);
}

/** A value with that token in all of its texts; keys hold none. */
export function valueWithHomeToken(value: Value, home: string): Value {
  if (typeof value === 'string') return withHomeToken(value, home);
  if (Array.isArray(value)) return value.map((item) => valueWithHomeToken(item as Value, home));
  if (!isTable(value)) return value;
  const table = emptyTable();
  for (const [key, member] of Object.entries(value)) table[key] = valueWithHomeToken(member, home);
  return table;
}

/** The bytes of a file with that token; those of no text stay. */
export function bytesWithHomeToken(bytes: Uint8Array, home: string): Uint8Array {
  if (isBinary(bytes)) return bytes;
  return encodeText(withHomeToken(decodeText(bytes) ?? '', home));
}
