import fc from 'fast-check';

/** One thing that a person, an editor or an accident does to a text. The numbers choose where. */
export type Mutation = (text: string, at: number, other: number) => string;

function place(text: string, at: number): number {
  return text === '' ? 0 : at % (text.length + 1);
}

function lineEnds(text: string): number[] {
  return [...text.matchAll(/\n/g)].map(({ index }) => index);
}

function atLineEnd(text: string, at: number, change: (end: number) => string): string {
  const ends = lineEnds(text);
  return ends.length === 0 ? text : change(ends[at % ends.length] as number);
}

function insertAt(text: string, at: number, junk: string): string {
  return text.slice(0, at) + junk + text.slice(at);
}

const general: readonly Mutation[] = [
  (text, at, other) => text.slice(0, place(text, at)) + text.slice(place(text, at) + 1 + (other % 3)),
  (text, at) => text.slice(0, place(text, at)),
  (text, at) => atLineEnd(text, at, (end) => text.slice(0, end) + text.slice(end + 1)),
  (text, at) => atLineEnd(text, at, (end) => insertAt(text, end, '\r')),
  (text, at) => atLineEnd(text, at, (end) => insertAt(text, end + 1, '\n')),
  (text, at) => atLineEnd(text, at, (end) => insertAt(text, end, '  \t')),
  (text) => text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'),
  (text) => (text.startsWith('\uFEFF') ? text.slice(1) : `\uFEFF${text}`),
  (text) => text.trimEnd(),
  (text, at, other) => {
    const lines = text.split('\n');
    const [line] = lines.splice(at % lines.length, 1);
    return lines.toSpliced(other % (lines.length + 1), 0, line as string).join('\n');
  },
  (text, at) => {
    const lines = text.split('\n');
    const index = at % lines.length;
    return lines.toSpliced(index, 0, lines[index] as string).join('\n');
  },
];

/** The texts of an arbitrary, one to three times changed: by what happens to any text, and by inserting one of `junk`. */
export function mutated(texts: fc.Arbitrary<string>, junk: readonly string[]): fc.Arbitrary<string> {
  const insertion = fc.constantFrom(...junk).map((piece): Mutation => {
    return (text, at) => insertAt(text, place(text, at), piece);
  });
  const atLine = fc.constantFrom(...junk).map((piece): Mutation => {
    return (text, at) => atLineEnd(text, at, (end) => insertAt(text, end + 1, `${piece}\n`));
  });
  const kind = fc.oneof(fc.constantFrom(...general), insertion, atLine);
  const steps = fc.array(fc.tuple(kind, fc.nat({ max: 1 << 20 }), fc.nat({ max: 1 << 20 })), {
    minLength: 1,
    maxLength: 3,
  });
  return fc
    .tuple(texts, steps)
    .map(([text, all]) => all.reduce((now, [mutation, at, other]) => mutation(now, at, other), text));
}
