/** One token of a JSON text. `flaw` says what is wrong inside it, and where. */
export interface Token {
  readonly kind: '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'number' | 'word' | 'comment' | 'other' | 'end';
  readonly start: number;
  readonly end: number;
  readonly flaw?: Flaw;
}

interface Flaw {
  readonly reason: string;
  readonly at: number;
}

/** Values are compared by recursion elsewhere: a file that could exhaust the stack there is refused here. */
export const deepest = 1000;

const numberLike = /[-+.\w]+/y;
const badEscape = /(?<!\\)(?:\\\\)*\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const validNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const plainWord = /[^\s,\]}]*/y;
const word = /[\p{L}\p{N}_$]+/uy;

/** Where the text starts for a parser: after the byte order mark, when there is one. */
export function textStart(text: string): number {
  return text.startsWith('\uFEFF') ? 1 : 0;
}

/** The offset of the first character from `offset` on that is not JSON white space. */
export function skipSpace(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** The offset after the string that starts at `start`; the end of the text when the string does not end. */
export function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let slashes = quote;
    while (slashes > at && text[slashes - 1] === '\\') slashes -= 1;
    if ((quote - slashes) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** The offset after the value that starts at `start`, in a text that is known to be valid. Fast: it looks at no string. */
export function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else {
      if (code === 0x7b || code === 0x5b) depth += 1;
      else if (code === 0x7d || code === 0x5d) depth -= 1;
      at += 1;
    }
  } while (depth > 0 && at < text.length);
  return at > start + 1 ? at : scalarEnd(text, start);
}

function scalarEnd(text: string, start: number): number {
  plainWord.lastIndex = start;
  return start + (plainWord.exec(text)?.[0].length ?? 0);
}

/** The first token at or after `offset`. Strings and numbers are examined for flaws. */
export function tokenAt(text: string, offset: number): Token {
  const start = skipSpace(text, offset);
  const char = text[start];
  switch (char) {
    case undefined:
      return { kind: 'end', start, end: start };
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':':
      return { kind: char, start, end: start + 1 };
    case '"':
      return stringToken(text, start);
    default:
      return otherToken(text, start);
  }
}

function stringToken(text: string, start: number): Token {
  const end = stringEnd(text, start);
  const flaw = stringFlaw(text, start, end);
  return flaw ? { kind: 'string', start, end, flaw } : { kind: 'string', start, end };
}

function stringFlaw(text: string, start: number, end: number): Flaw | undefined {
  const body = text.slice(start, end);
  const control = body.search(/[\u0000-\u001f]/);
  if (control >= 0) return { reason: controlReason(body, control), at: start + control };
  const escapeAt = body.includes('\\') ? body.search(badEscape) : -1;
  if (escapeAt >= 0) return { reason: 'a backslash in a string starts no valid escape', at: start + escapeAt };
  if (end === text.length && (end - start < 2 || stringEnd(`${body}"`, 0) > end - start)) return unended(start);
  return undefined;
}

function controlReason(body: string, at: number): string {
  if (body[at] === '\n' || body[at] === '\r') return 'a string is not closed on its line';
  return 'a string holds a control character that must be escaped';
}

function unended(start: number): Flaw {
  return { reason: 'a string is never closed', at: start };
}

function otherToken(text: string, start: number): Token {
  const char = text[start] as string;
  if (char === '/' && (text[start + 1] === '/' || text[start + 1] === '*'))
    return { kind: 'comment', start, end: start + 2 };
  const kind = /[-\d]/.test(char) ? 'number' : 'word';
  const pattern = kind === 'number' ? numberLike : word;
  pattern.lastIndex = start;
  const found = pattern.exec(text)?.[0];
  if (found === undefined) return { kind: 'other', start, end: start + 1 };
  const token: Token = { kind, start, end: start + found.length };
  if (kind === 'word' || validNumber.test(found)) return token;
  // Not what stands there: a key without its quotes may start with a digit.
  return { ...token, flaw: { reason: 'this is not a number as JSON writes them', at: start } };
}
