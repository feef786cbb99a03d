/** Items that two lists have in common: `length` of them from `old` in the one and from `now` in the other. */
export interface Run {
  readonly old: number;
  readonly now: number;
  readonly length: number;
}

/** What lies between runs: `[oldStart, oldEnd, nowStart, nowEnd]`. */
export type Gap = readonly [oldStart: number, oldEnd: number, nowStart: number, nowEnd: number];

/** The gaps between ascending runs, with those before the first and after the last. */
export function gapsOf(runs: readonly Run[], oldLength: number, nowLength: number): Gap[] {
  let [old, now] = [0, 0];
  const gaps = [...runs, { old: oldLength, now: nowLength, length: 0 }].map((run): Gap => {
    const gap: Gap = [old, run.old, now, run.now];
    old = run.old + run.length;
    now = run.now + run.length;
    return gap;
  });
  return gaps.filter(([oldStart, oldEnd, nowStart, nowEnd]) => oldStart < oldEnd || nowStart < nowEnd);
}

/** The lines that two texts have in common, as runs of characters; the line end is part of a line, if it has one. */
export function commonLines(old: string, now: string): Run[] {
  // A last line is the same line when something follows it.
  const [oldLines, nowLines] = [`${old}\n`.split(/(?<=\n)/), `${now}\n`.split(/(?<=\n)/)];
  const [oldAt, nowAt] = [offsetsOf(oldLines), offsetsOf(nowLines)];
  const runs = commonRuns(oldLines, nowLines).map((run) => {
    const [start, from] = [oldAt[run.old] as number, nowAt[run.now] as number];
    const length = (oldAt[run.old + run.length] as number) - start;
    return { old: start, now: from, length: Math.min(length, old.length - start, now.length - from) };
  });
  return runs.filter(({ length }) => length > 0);
}

function offsetsOf(lines: readonly string[]): number[] {
  let at = 0;
  return [0, ...lines.map(({ length }) => (at += length))];
}

/** Beyond so many edits the search takes seconds; all between the equal ends then counts as changed. */
const mostEdits = 2000;

/** The longest common subsequence of two lists in runs, ascending (Myers, "An O(ND) Difference Algorithm"). */
function commonRuns(old: readonly string[], now: readonly string[]): Run[] {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const [a, b] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const runs = [
    { old: 0, now: 0, length: head },
    ...runsWithin(a, b).map((run) => ({ ...run, old: run.old + head, now: run.now + head })),
    { old: old.length - tail, now: now.length - tail, length: tail },
  ];
  return runs.filter(({ length }) => length > 0);
}

function runsWithin(a: readonly string[], b: readonly string[]): Run[] {
  if (a.length === 0 || b.length === 0) return [];
  const rounds = search(a, b);
  const runs: Run[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = rounds.length - 1; edits >= 0; edits -= 1) {
    const before = rounds[edits] as Int32Array;
    const from = edits === 0 ? 0 : startOf(before, edits, x - y);
    const length = x - from;
    if (length > 0) runs.push({ old: from, now: y - length, length });
    const k = x - y;
    const previous = cameDown(before, edits, k) ? k + 1 : k - 1;
    x = at(before, edits, previous);
    y = x - previous;
  }
  return runs.reverse();
}

/** For each number of edits, how far every diagonal was reached with one edit less; empty when there are too many. */
function search(a: readonly string[], b: readonly string[]): Int32Array[] {
  const most = Math.min(a.length + b.length, mostEdits);
  const reach = new Int32Array(2 * most + 3);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    const before = reach.slice(most - edits, most + edits + 3);
    rounds.push(before);
    for (let k = -edits; k <= edits; k += 2) {
      let x = edits === 0 ? 0 : startOf(before, edits, k);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[most + 1 + k] = x;
      if (x >= a.length && x - k >= b.length) return rounds;
    }
  }
  return [];
}

function at(before: Int32Array, edits: number, k: number): number {
  return before[edits + 1 + k] as number;
}

/** True when the diagonal is best reached by taking an item of the new list, not by leaving one of the old out. */
function cameDown(before: Int32Array, edits: number, k: number): boolean {
  return k === -edits || (k !== edits && at(before, edits, k - 1) < at(before, edits, k + 1));
}

function startOf(before: Int32Array, edits: number, k: number): number {
  return cameDown(before, edits, k) ? at(before, edits, k + 1) : at(before, edits, k - 1) + 1;
}
