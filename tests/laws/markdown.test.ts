import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unplaceable } from '../../src/formats/format.ts';
import { wholeBlock } from '../../src/formats/markdown/find-block.ts';
import { markdown } from '../../src/formats/markdown/markdown.ts';
import { richInstructions } from '../support/claude-home.ts';
import { richAgents } from '../support/codex-home.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import {
  batches,
  begin,
  end,
  global,
  main,
  ownText,
  run,
  section,
  step,
  units,
  untouched,
  userText,
  valuesOf,
} from './markdown-cases.ts';

describe('the block', () => {
  test('stands after the text of the user, and reads back as it was put', () => {
    const { text } = step(untouched('# Mine\n'), units);
    expect(text).toBe(
      `# Mine\n\n${begin}\n# Ours\n\nBe brief.\n\n<!-- memory/global.md -->\nUse tabs.\n\n- one\n- two\n<!-- /memory/global.md -->\n\n` +
        `<!-- memory/conventions.md -->\nWrite tests.\n<!-- /memory/conventions.md -->\n${end}\n`,
    );
    expect(markdown.read(text)).toEqual(valuesOf(units));
    expect(units.map((unit) => markdown.lineOf(text, unit.address.path))).toEqual([4, 8, 15]);
  });

  test('leaves every byte of the user where it was, in any order of edits, and goes without a trace', () => {
    const law = fc.property(userText, batches, (text, plan) => {
      const state = run(text, plan, ({ text: now, placed, result }) => {
        expect(ownText(now, result.inserted)).toBe(text);
        expect(result.movedForeignText).toBe(false);
        expect(markdown.read(now)).toEqual(valuesOf(placed));
        for (const unit of units) expect(markdown.isMarked(now, unit)).toBe(placed.includes(unit));
      });
      expect(step(state, state.placed).text).toBe(state.text);
      expect(step({ ...state, inserted: [] }, []).text).toBe(state.text);
      const last = step(state, [], state.placed);
      expect(last.text).toBe(text);
      expect(last.result).toMatchObject({ inserted: [], empty: text === '', movedForeignText: false });
    });
    fc.assert(law, { numRuns: lawRuns(400) });
  });

  test('reads back any text', () => {
    const value = fc
      .array(fc.constantFrom('', 'a', ' b ', '<!-- c -->'), { minLength: 1, maxLength: 5 })
      .map((lines) => lines.join('\n'));
    const law = fc.property(userText, value, value, (text, one, two) => {
      const set = [section(['block'], one), section(['memory', 'global.md'], two)];
      const trimmed = (own: string) => own.replace(/\n$/, '');
      expect(markdown.read(step(untouched(text), set).text)).toEqual({
        block: trimmed(one),
        memory: { 'global.md': trimmed(two) },
      });
    });
    fc.assert(law, { numRuns: lawRuns(300) });
  });

  test('goes while the lines the user added around it stay lines', () => {
    for (const text of ['before', 'before\n', 'before\r\nx']) {
      const state = step(untouched(text), units);
      const last = step({ ...state, text: `top\n${state.text}after\n` }, [], units);
      expect(last.text).toBe(`top\n${text}${text.endsWith('\n') ? '' : (/\r?\n/.exec(text)?.[0] ?? '\n')}after\n`);
      expect(last.result.movedForeignText).toBe(false);
    }
  });

  test('is changed in place and keeps the line ends of the file', () => {
    const state = step(untouched('a\r\n'), units);
    expect(state.text.replaceAll('\r\n', '')).not.toContain('\n');
    const below = { ...state, text: `${state.text}b\r\n` };
    const changed = step(below, [section(['memory', 'global.md'], 'New.')]);
    expect(changed.text.endsWith(`${end}\r\nb\r\n`)).toBe(true);
    expect(markdown.read(changed.text)).toMatchObject({ block: main.value, memory: { 'global.md': 'New.' } });
  });

  test('counts what a person adds to it as part of its main text', () => {
    const { text } = step(untouched(''), units);
    const edited = text.replace(end, `Added.\n${end}`);
    expect(markdown.read(edited)).toEqual({ ...(valuesOf(units) as object), block: `${main.value}\n\nAdded.` });
  });

  test('is not for texts that hold its delimiters', () => {
    for (const unit of [
      section(['block'], `a\n${end}`),
      section(['block'], '<!-- memory/x.md -->\nx\n<!-- /memory/x.md -->'),
      section(['memory', 'x.md'], 'a\n<!-- /memory/x.md -->'),
      section(['memory', 'x\n.md'], 'a'),
    ]) {
      expect(() => step(untouched('mine\n'), [unit])).toThrow(Unplaceable);
    }
  });
});

describe('broken markers', () => {
  const state = step(untouched('# Mine\n'), units);
  const after = { ...state, text: `${state.text}\nBelow.\n` };
  const broken: [string, (text: string) => string][] = [
    ['begin lost', (text) => text.replace(`${begin}\n`, '')],
    ['end lost', (text) => text.replace(`${end}\n`, '')],
    ['both lost', (text) => text.replace(`${begin}\n`, '').replace(`${end}\n`, '')],
    ['swapped', (text) => text.replace(begin, '@').replace(end, begin).replace('@', end)],
    ['begin doubled', (text) => text.replace(begin, `${begin}\n${begin}`)],
    ['end doubled', (text) => `${text}\n${end}\n`],
    ['block doubled', (text) => text + text],
  ];

  test.each(broken)('%s: our text is found by the record, marked again, and the user keeps the rest', (_, change) => {
    const text = change(after.text);
    expect(markdown.read(text)).toEqual({});
    expect(markdown.read(text, state.inserted)).toEqual(valuesOf(units));
    const mended = step({ ...after, text }, []);
    expect(mended.result.movedForeignText).toBe(false);
    expect(ownText(mended.text, mended.inserted)).toBe(ownText(text, mended.result.before));
    expect(markdown.read(mended.text)).toEqual(valuesOf(units));
    const last = step(mended, [], units);
    expect(last.text).toContain('# Mine\n');
    expect(last.text).toContain('\nBelow.\n');
    expect(last.text).not.toContain('syncline');
  });

  test('both lost, and the record: what is as the source wants it is taken for the user’s, and stays', () => {
    const text = after.text.replace(`${begin}\n`, '').replace(`${end}\n`, '');
    const made = step(untouched(text), units);
    expect(ownText(made.text, made.inserted)).toBe(text);
  });

  const partly = broken.slice(0, 6).filter(([name]) => name !== 'both lost');
  test.each(partly)('%s: without the record, what the source wants is found', (_, change) => {
    const mended = step({ ...untouched(change(after.text)) }, units);
    expect(mended.text).not.toContain('\n\n\n');
    expect(markdown.read(mended.text)).toEqual(valuesOf(units));
    expect(mended.text.split('Be brief.').length).toBe(2);
  });

  test.each(broken.slice(0, 2))('%s around a text that was changed too: refused with the line', (_, change) => {
    const text = change(after.text).replace('Be brief.', 'Be long.');
    expect(() => step({ ...after, text }, [])).toThrow(
      expect.objectContaining({ name: 'Unplaceable', line: expect.any(Number) }),
    );
  });

  test('are mended or refused, but never cost the user a byte, whatever lines were moved or lost', () => {
    const law = fc.property(
      userText,
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 }),
      (text, moves) => {
        const own = step(untouched(text), units);
        const lines = own.text.split('\n');
        for (const [from, to] of moves) {
          const [line] = lines.splice(from % lines.length, 1);
          if (to % 3 > 0) lines.splice(to % (lines.length + 1), 0, line as string);
        }
        const moved = { ...own, text: lines.join('\n') };
        try {
          const next = step(moved, [], [global]);
          expect(next.result.movedForeignText).toBe(false);
          expect(ownText(next.text, next.inserted)).toBe(ownText(moved.text, next.result.before));
        } catch (error) {
          expect(error).toBeInstanceOf(Unplaceable);
        }
      },
    );
    fc.assert(law, { numRuns: lawRuns(300) });
  });

  test('a block that the user took out is not put back unasked', () => {
    expect(step({ ...state, text: '# Mine\n' }, []).text).toBe('# Mine\n');
    expect(step({ ...state, text: '# Mine\n' }, units).text).toBe(state.text);
  });
});

/** The block as a plain reader of lines sees it: from the only begin line to the only end line below it. */
function referenceBlock(text: string): { start: number; end: number } | undefined {
  const marks: { opens: boolean; start: number; end: number }[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (const line of text.slice(at).split(/(?<=\n)/)) {
    const content = line.replace(/\r?\n$/, '').replace(/[ \t]+$/, '');
    if (content === begin || content === end)
      marks.push({ opens: content === begin, start: at, end: at + line.length });
    at += line.length;
  }
  const [first, second, more] = marks;
  return first?.opens && second && !second.opens && !more ? { start: first.start, end: second.end } : undefined;
}

describe('any Markdown, changed by hand or by accident', () => {
  const junk = [
    begin,
    end,
    `${begin}\n${end}\n`,
    `${begin} `,
    ` ${begin}`,
    `> ${end}`,
    '<!-- memory/global.md -->',
    '\0',
    '\r',
  ];
  const more = [
    '<!-- /memory/global.md -->',
    '```',
    '<!--',
    '-->',
    begin.slice(0, 9),
    '\uFEFF',
    '\ud800',
    '# Ours\n\nBe brief.',
  ];
  const pushed = step(untouched('# Mine\r\n'), units).text;
  const texts = fc.oneof(
    userText,
    fc.constantFrom(richAgents, richInstructions, pushed, pushed.replaceAll('\r\n', '\n')),
  );

  test('is refused with the line, or every law holds; the block is where a plain reader sees it', () => {
    const law = fc.property(mutated(texts, [...junk, ...more]), fc.subarray(units, { minLength: 1 }), (text, set) => {
      const { start, end: stop } = wholeBlock(text) ?? {};
      expect({ start, end: stop }).toEqual({ start: undefined, end: undefined, ...referenceBlock(text) });
      const done = attempt(untouched(text), set);
      if (!done) return;
      expect(markdown.read(done.text)).toMatchObject(valuesOf(set) as object);
      expect(done.result.movedForeignText).toBe(false);
      const theirs = ownText(text, done.result.before);
      // Text of ours is known by its words where its markers are lost.
      if (!/^\uFEFF?<!-- (?:>>>|<<<) syncline/m.test(text) && !text.includes('Be brief.')) expect(theirs).toBe(text);
      expect(ownText(done.text, done.inserted)).toBe(theirs);
      expect(step(done, []).text).toBe(done.text);
      expect(step(done, set).text).toBe(done.text);
      // A person may have put a delimiter of ours into the block.
      const gone = attempt(done, [], done.placed);
      if (!gone) return;
      expect(ownText(gone.text, gone.inserted)).toBe(theirs);
      if (gone.inserted.length === 0) expect(gone.text).toBe(theirs);
    });
    fc.assert(law, { numRuns: lawRuns(500) });
  });

  test('with ten thousand memories that nobody closes is read at once', () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `<!-- memory/${index}.md -->`).join('\n');
    const started = performance.now();
    expect(markdown.read(`${begin}\n${text}\n${end}\n`)).toEqual({ block: text });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function attempt(...asked: Parameters<typeof step>): ReturnType<typeof step> | undefined {
  try {
    return step(...asked);
  } catch (error) {
    expect(error).toMatchObject({ name: 'Unplaceable', line: expect.any(Number) });
    return undefined;
  }
}
