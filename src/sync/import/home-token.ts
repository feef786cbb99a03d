import { withTexts } from '../../content/escaped.ts';
import { escapeTokens } from '../../content/placeholders.ts';
import { decodeText, encodeText, isBinary } from '../../content/text.ts';
import type { Value } from '../../model/value.ts';

/** What stands for the client's home folder. */
export const homeToken = '{{client.home}}';

/** A text with `{{client.home}}` for the client's home folder, where something below it is named; its own tokens stay text. */
function withHomeToken(text: string, home: string): string {
  const named = `${home}/`;
  return escapeTokens(text).split(named).join(`${homeToken}/`);
}

/** A value with that token in all of its texts; keys hold none. */
export function valueWithHomeToken(value: Value, home: string): Value {
  return withTexts(value, (text) => withHomeToken(text, home));
}

/** The bytes of a file with that token; those of no text stay. */
export function bytesWithHomeToken(bytes: Uint8Array, home: string): Uint8Array {
  if (isBinary(bytes)) return bytes;
  return encodeText(withHomeToken(decodeText(bytes) ?? '', home));
}
