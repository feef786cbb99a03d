/**
 * The text of a file, byte order mark included; undefined for a file that is none: not valid UTF-8, with a NUL in it, or longer
 * than a string can be.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  return bytes.includes(0) ? undefined : decodeUtf8(bytes);
}

/** The same for a file that has to be a text: a parser says where a NUL stands in it, and a user's Markdown may hold one. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The UTF-8 bytes of a text. */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** True for bytes that are no text: a NUL in them, or not valid UTF-8. */
export function isBinary(bytes: Uint8Array): boolean {
  return decodeText(bytes) === undefined;
}

/** What can be read in bytes, whatever they are: of UTF-16 the plain letters, so that a key in it is seen. */
export function legibleText(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  return text ?? new TextDecoder('latin1').decode(bytes).replaceAll('\0', '');
}

/** The text without a byte order mark. */
export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** The text with LF line ends, without a byte order mark and without blank lines at its end. */
export function plainBody(text: string): string {
  return withoutBom(text).replaceAll('\r\n', '\n').trimEnd();
}

/** The start of a marker of Syncline's own. */
export const ownMarker = /<!--[ \t]*(?:>>>|<<<)[ \t]*syncline\b/g;

/** Turns offsets of a text, asked for in ascending order, into line and column (one-based). */
export function placeCounter(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let start = 0;
  return (offset) => {
    for (let at = text.indexOf('\n', start); at !== -1 && at < offset; at = text.indexOf('\n', start)) {
      line += 1;
      start = at + 1;
    }
    return { line, column: offset - start + 1 };
  };
}
