/** Where everything stands in a JSON text, found by plain descent: written for the tests, with nothing of ours in it. */
export interface Walked {
  readonly kind: 'object' | 'array' | 'scalar';
  readonly start: number;
  readonly end: number;
  /** By key or index, in order; a doubled key stands there twice. `at` is where the key stands, or the element. */
  readonly members: readonly { readonly key: string; readonly at: number; readonly value: Walked }[];
}

/** The root of a text that is JSON. */
export function walk(text: string): Walked {
  return valueAt(text, spaceAfter(text, text.startsWith('\uFEFF') ? 1 : 0));
}

function spaceAfter(text: string, at: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = at;
  return at + (space.exec(text)?.[0].length ?? 0);
}

function scalarEnd(text: string, at: number): number {
  const scalar = /"(?:[^"\\]|\\.)*"|[-+.\w]+/y;
  scalar.lastIndex = at;
  return at + (scalar.exec(text) as RegExpExecArray)[0].length;
}

function valueAt(text: string, start: number): Walked {
  if (text[start] !== '{' && text[start] !== '[')
    return { kind: 'scalar', start, end: scalarEnd(text, start), members: [] };
  const kind = text[start] === '{' ? 'object' : 'array';
  const members: { key: string; at: number; value: Walked }[] = [];
  let at = spaceAfter(text, start + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    const end = kind === 'object' ? scalarEnd(text, at) : at;
    const key = kind === 'object' ? (JSON.parse(text.slice(at, end)) as string) : String(members.length);
    const value = valueAt(text, kind === 'object' ? spaceAfter(text, spaceAfter(text, end) + 1) : at);
    members.push({ key, at, value });
    at = spaceAfter(text, value.end);
    if (text[at] === ',') at = spaceAfter(text, at + 1);
  }
  return { kind, start, end: at + 1, members };
}
