import { isFirm, isWithin, type Placed } from './align.ts';

/**
 * How lines of a deployed text that hold tokens are spelled in the source, by their deployed text, line ends left out: so a
 * line that is moved or copied keeps its tokens.
 */
export function spelledLines(placed: readonly Placed[], old: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  let end = -1;
  for (const { piece, ...token } of placed) {
    if (!piece.from || !isFirm(piece) || piece.text === '' || token.start < end) continue;
    const start = old.lastIndexOf('\n', token.start - 1) + 1;
    end = old.indexOf('\n', token.start);
    if (end === -1) end = old.length;
    const spelled = spelledRange(placed, start, end);
    if (spelled !== undefined) lines.set(old.slice(start, end), spelled);
  }
  return lines;
}

/** The source of a range of the deployed text; undefined when some of it has none, or only a part of a token is in it. */
function spelledRange(placed: readonly Placed[], start: number, end: number): string | undefined {
  const parts = placed.filter((each) => isWithin(each, start, end));
  const isWhole = ({ piece, ...at }: Placed) => piece.from && (!isFirm(piece) || (at.start >= start && at.end <= end));
  if (!parts.every(isWhole)) return undefined;
  return parts
    .map(({ piece, ...at }) => piece.from?.spelled ?? piece.text.slice(Math.max(start - at.start, 0), end - at.start))
    .join('');
}

/** The text with every line that is whole in it spelled as in the source; `before` and `after` are the characters beside it. */
export function respell(
  text: string,
  [before, after]: readonly [before: string, after: string],
  spelled: ReadonlyMap<string, string>,
): string {
  const lines = text.split('\n');
  const isCut = (index: number) => (index === 0 && before !== '\n') || (index === lines.length - 1 && after !== '\n');
  return lines.map((line, index) => (isCut(index) ? line : (spelled.get(line) ?? line))).join('\n');
}
