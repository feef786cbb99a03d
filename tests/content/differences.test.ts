import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLines, gapsOf } from '../../src/content/pieces/differences.ts';
import { lawRuns } from '../support/law-runs.ts';

const text = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'c\n'), { maxLength: 10 }).map((lines) => lines.join(''));

describe('commonLines', () => {
  it('finds a longest common subsequence of lines (law)', () => {
    const law = fc.property(text, text, (old, now) => {
      let [oldEnd, nowEnd, found] = [0, 0, 0];
      for (const run of commonLines(old, now)) {
        expect(run.old >= oldEnd && run.now >= nowEnd && run.length > 0).toBe(true);
        const common = old.slice(run.old, run.old + run.length);
        expect(now.slice(run.now, run.now + run.length)).toBe(common);
        [oldEnd, nowEnd] = [run.old + run.length, run.now + run.length];
        found += common.split('\n').length - 1;
      }
      expect(found).toBe(longest(old, now));
    });
    fc.assert(law, { numRuns: lawRuns(3000) });
  });

  it('knows a last line without a line end', () => {
    expect(commonLines('a\nb', 'a\nb\nc')).toEqual([{ old: 0, now: 0, length: 3 }]);
    expect(commonLines('', 'a')).toEqual([]);
    expect(commonLines('', '')).toEqual([]);
  });

  it('counts all between the equal ends as changed when texts have too little in common', () => {
    const lines = (word: string) => Array.from({ length: 1500 }, (_, index) => `${word}${index}\n`).join('');
    const [old, now] = [
      `first\n${lines('a')}same\n${lines('b')}last\n`,
      `first\n${lines('c')}same\n${lines('d')}last\n`,
    ];
    expect(commonLines(old, now).map(({ old: at, length }) => old.slice(at, at + length))).toEqual([
      'first\n',
      'last\n',
    ]);
  });
});

describe('gapsOf', () => {
  it('gives what is not common, also at both ends', () => {
    const runs = [
      { old: 1, now: 0, length: 2 },
      { old: 3, now: 4, length: 1 },
    ];
    expect(gapsOf(runs, 4, 6)).toEqual([
      [0, 1, 0, 0],
      [3, 3, 2, 4],
      [4, 4, 5, 6],
    ]);
  });
});

/** The length of a longest common subsequence of lines, found in the plain way. */
function longest(old: string, now: string): number {
  const [a, b] = [old, now].map((each) => each.match(/.*\n/g) ?? []) as string[][] as [string[], string[]];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [index, other] of b.entries()) {
      const best =
        line === other ? (row[index] as number) + 1 : Math.max(row[index + 1] as number, next[index] as number);
      next.push(best);
    }
    row = next;
  }
  return row.at(-1) as number;
}
