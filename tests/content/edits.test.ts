import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, mergeEdits, type TextEdit } from '../../src/content/pieces/edits.ts';
import { lawRuns } from '../support/law-runs.ts';

const path = 'clients/shared/memory/a.md';
const edit = (start: number, end: number, text: string): TextEdit => ({ path, start, end, text });

describe('applyEdits', () => {
  it('replaces, inserts and deletes, in any order given', () => {
    expect(applyEdits('abcdef', [edit(5, 6, ''), edit(1, 2, 'X'), edit(3, 3, '+')])).toBe('aXc+de');
    expect(applyEdits('', [edit(0, 0, 'a'), edit(0, 0, 'b')])).toBe('ab');
  });
});

const source = 'one\ntwo\nthree\nfour\nfive\n';

describe('mergeEdits', () => {
  const merge = (one: TextEdit[], other: TextEdit[], text = source) => {
    const result = mergeEdits(text, one, other);
    return 'merged' in result ? applyEdits(text, result.merged) : result.conflicts;
  };

  it('counts what both say once, however they say it', () => {
    const whole = [edit(4, 8, 'TWO\n')];
    expect(merge([edit(4, 7, 'TWO')], whole)).toBe('one\nTWO\nthree\nfour\nfive\n');
    expect(merge([edit(4, 5, 'T'), edit(5, 7, 'WO')], whole)).toBe('one\nTWO\nthree\nfour\nfive\n');
    // A line at the end of a section stands before the last line end, the same line at the end of a file after it.
    expect(merge([edit(23, 23, '\nsix')], [edit(24, 24, 'six\n')])).toBe(`${source}six\n`);
  });

  it('takes both where they touch no line of each other', () => {
    expect(merge([edit(0, 3, '1')], [edit(14, 14, 'new\n')])).toBe('1\ntwo\nthree\nnew\nfour\nfive\n');
    expect(merge([], [edit(0, 3, '1')])).toBe('1\ntwo\nthree\nfour\nfive\n');
    expect(merge([], [])).toBe(source);
    expect(merge([edit(0, 3, '1'), edit(19, 23, '5')], [edit(19, 23, '5')])).toBe('1\ntwo\nthree\nfour\n5\n');
  });

  it('shows both sides of lines that they want in different ways', () => {
    expect(merge([edit(4, 7, 'TWO')], [edit(4, 8, '')])).toEqual([
      { path, line: 2, source: 'two\n', one: 'TWO\n', other: '' },
    ]);
    expect(merge([edit(4, 7, 'TWO'), edit(19, 23, '5')], [edit(8, 8, 'new\n'), edit(19, 23, 'V')])).toEqual([
      { path, line: 2, source: 'two\n', one: 'TWO\n', other: 'two\nnew\n' },
      { path, line: 5, source: 'five\n', one: '5\n', other: 'V\n' },
    ]);
  });

  it('does not put a blank line in twice', () => {
    const text = 'a\n\nb\n\nc\n';
    expect(merge([edit(1, 1, '\n\nnew')], [edit(3, 3, 'new\n\n')], text)).toBe('a\n\nnew\n\nb\n\nc\n');
  });

  it('is symmetric, and gives back what one side says alone (law)', () => {
    const line = fc.constantFrom('a\n', 'b\n', '\n', 'c\n');
    const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join(''));
    const version = fc.tuple(fc.nat(8), fc.nat(3), fc.array(line, { maxLength: 3 }));
    const law = fc.property(text, version, version, (made, first, second) => {
      const [one, other] = [first, second].map(([at, length, put]) => {
        const lines = made.split(/(?<=\n)/);
        const before = lines.slice(0, at).join('');
        const gone = lines.slice(at, at + length).join('');
        return [edit(before.length, before.length + gone.length, put.join(''))];
      }) as [TextEdit[], TextEdit[]];
      expect(merge(one, one, made)).toBe(applyEdits(made, one));
      expect(merge(one, [], made)).toBe(applyEdits(made, one));
      const [forth, back] = [mergeEdits(made, one, other), mergeEdits(made, other, one)];
      if ('merged' in forth)
        expect('merged' in back && applyEdits(made, back.merged)).toBe(applyEdits(made, forth.merged));
      else {
        expect('conflicts' in back && back.conflicts.map(({ line: at }) => at)).toEqual(
          forth.conflicts.map(({ line: at }) => at),
        );
        for (const conflict of forth.conflicts) expect(conflict.one).not.toBe(conflict.other);
      }
    });
    fc.assert(law, { numRuns: lawRuns(5000) });
  });
});
