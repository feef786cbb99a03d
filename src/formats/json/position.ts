import { Malformed } from '../format.ts';
import { textStart } from './tokens.ts';

const lineBreak = /\r\n|\r|\n/g;

/** The one-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  return (text.slice(0, offset).match(lineBreak)?.length ?? 0) + 1;
}

/** A `Malformed` that points at an offset; a byte order mark takes no column. */
export function malformedAt(text: string, offset: number, reason: string): Malformed {
  const before = text.slice(textStart(text), offset);
  const lines = before.split(lineBreak);
  return new Malformed(reason, lines.length, (lines.at(-1) as string).length + 1);
}
