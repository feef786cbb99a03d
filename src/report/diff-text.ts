import { createTwoFilesPatch } from 'diff';
import type { Paint } from './colour.ts';
import { type Mask, numberedMarks, withoutNumbers } from './redaction.ts';
import { visible, visibleLine } from './visible.ts';

/** Two sides to compare; an absent side is a file that is not there. */
export interface DiffSides {
  readonly name: string;
  readonly old: string | undefined;
  readonly new: string | undefined;
  /** What each side is, where the name alone does not say it. */
  readonly labels?: readonly [old: string, now: string];
}

/** Beyond this many edits a diff takes seconds and tells nobody anything. */
const longestEdit = 4000;

/**
 * A unified diff for people. `mask` takes secrets out of both sides before they are compared; a line in which only a secret
 * differs says so.
 */
export function diffText(sides: DiffSides, mask: Mask, paint: Paint): string {
  const mark = numberedMarks();
  const [old, now] = [mask(sides.old ?? '', mark), mask(sides.new ?? '', mark)];
  const name = visible(sides.name);
  const [from, to] = [sides.old === undefined ? '/dev/null' : name, sides.new === undefined ? '/dev/null' : name];
  const [oldLabel, newLabel] = (sides.labels ?? ['', '']).map(visible);
  const patch = createTwoFilesPatch(from, to, old, now, oldLabel, newLabel, { context: 3, maxEditLength: longestEdit });
  if (patch === undefined) return `${name}: too different to show\n`;
  const lines = patch.split('\n').filter((line) => !/^(?:=====|Index: )/.test(line));
  return withoutNumbers(lines)
    .map((line) => paintLine(visibleLine(line), paint))
    .join('\n');
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return paint.strong(line);
  if (line.startsWith('@@')) return paint.faint(line);
  if (line.startsWith('+')) return paint.good(line);
  return line.startsWith('-') ? paint.bad(line) : line;
}
