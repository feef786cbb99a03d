const words =
  'the a of to and in that for on with as by from at this which one two not only when where every before after test file ' +
  'change commit branch release review note build server client folder home setting value text line list order reason ' +
  'reader writer small plain short careful read write check keep move name answer ask begin end hold find show tell';
const list = words.split(' ');

/** A stream of numbers from 0 to 1 that is the same in every run (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One long text, of which every other text is a part: to make each anew would take longer than to measure. */
const book = makeBook(1 << 17);

function makeBook(length: number): string {
  const next = numbersFrom(6);
  const lines: string[] = [];
  for (let size = 0; size < length; size += (lines.at(-1)?.length ?? 0) + 1) {
    const line = Array.from({ length: 8 + Math.floor(next() * 9) }, () => list[Math.floor(next() * list.length)]);
    lines.push(`${line.join(' ')}.`);
  }
  return lines.join('\n');
}

/** Text for people, in lines, about so long, and no two alike. */
export function prose(seed: number, length: number): string {
  const start = Math.floor(numbersFrom(seed)() * (book.length - length));
  return `Note ${seed}.\n${book.slice(start, start + length).trim()}\n`;
}

/** One line of it. */
export function sentence(seed: number): string {
  return prose(seed, 120).split('\n')[2] ?? `Note ${seed}.`;
}
