import { createTwoFilesPatch } from 'diff';
import { visible, visibleLine } from '../model/texts/visible.ts';
import type { Paint } from './colour.ts';
import { type Mask, numberedMarks, withoutNumbers } from './redaction.ts';

/** Two sides to compare; an absent side is a file that is not there. */
export interface DiffSides {
  readonly name: string;
  readonly old: string | undefined;
  readonly new: string | undefined;
  /** What each side is, where the name alone does not say it. */
  readonly labels?: readonly [old: string, now: string];
}

/** Beyond so many characters on both sides together a diff tells nobody anything, and takes long to make and to read. */
const mostShown = 1_000_000;

/** So many edits are looked for where a text is short, and where it is not: the time that it takes grows with their square. */
const [longestEdit, longestEditOfMany] = [4000, 1000];

/** A text of more lines is not short. */
const manyLines = 5000;

/**
 * A unified diff for people. `mask` takes secrets out of both sides before they are compared; a line in which only a secret
 * differs says so.
 */
export function diffText(sides: DiffSides, mask: Mask, paint: Paint): string {
  const name = visible(sides.name);
  if ((sides.old?.length ?? 0) + (sides.new?.length ?? 0) > mostShown)
    return `${name}: too large to show${sizes(sides)}\n`;
  const mark = numberedMarks();
  const [old, now] = [mask(sides.old ?? '', mark), mask(sides.new ?? '', mark)];
  const [from, to] = [sides.old === undefined ? '/dev/null' : name, sides.new === undefined ? '/dev/null' : name];
  const [oldLabel, newLabel] = (sides.labels ?? ['', '']).map(visible);
  const maxEditLength = linesIn(old) + linesIn(now) > manyLines ? longestEditOfMany : longestEdit;
  const patch = createTwoFilesPatch(from, to, old, now, oldLabel, newLabel, { context: 3, maxEditLength });
  if (patch === undefined) return `${name}: too different to show${sizes(sides)}\n`;
  const lines = patch.split('\n').filter((line) => !/^(?:=====|Index: )/.test(line));
  return withoutNumbers(lines)
    .map((line) => paintLine(visibleLine(line), paint))
    .join('\n');
}

/** How large the two sides are: ` (old: 3 lines, 60 bytes; new: none)`. */
function sizes({ old, new: now, labels }: DiffSides): string {
  const [before, after] = (labels ?? ['before', 'after']).map(visible);
  return ` (${before}: ${sizeOf(old)}; ${after}: ${sizeOf(now)})`;
}

function sizeOf(text: string | undefined): string {
  if (text === undefined) return 'none';
  const lines = linesIn(text);
  return `${lines} ${lines === 1 ? 'line' : 'lines'}, ${new TextEncoder().encode(text).length} bytes`;
}

function linesIn(text: string): number {
  let count = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return paint.strong(line);
  if (line.startsWith('@@')) return paint.faint(line);
  if (line.startsWith('+')) return paint.good(line);
  return line.startsWith('-') ? paint.bad(line) : line;
}
