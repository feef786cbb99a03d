import { recently } from '../../../model/memo/recently.ts';
import { Malformed } from '../../format.ts';
import { textStart } from './tokens.ts';

const lineBreak = /\r\n|\r|\n/g;

/** Where the lines of a text end: the place after each line break. */
const lineEnds = recently((text) => Array.from(text.matchAll(lineBreak), ({ 0: ends, index }) => index + ends.length));

/** The one-based line of an offset. Of one text it may be asked for every value: the lines are looked for once. */
export function lineOf(text: string, offset: number): number {
  const ends = lineEnds(text);
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** A `Malformed` that points at an offset; a byte order mark takes no column. */
export function malformedAt(text: string, offset: number, reason: string): Malformed {
  const before = text.slice(textStart(text), offset);
  const lines = before.split(lineBreak);
  return new Malformed(reason, lines.length, (lines.at(-1) as string).length + 1);
}
