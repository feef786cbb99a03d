import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFrontmatter } from '../../src/content/frontmatter.ts';

describe('readFrontmatter', () => {
  it.each([
    '',
    'x',
    '---',
    '---\n',
    '---\na: b\n',
    ' ---\na: b\n---\n',
    '--- x\n---\n',
    '\uFEFF---\na: b\n---\n',
    '---\na: b\n --- \n',
  ])('finds none in %j', (text) => {
    expect(readFrontmatter(text)).toBeUndefined();
  });

  it.each([
    ['---\n---\nbody', {}, 'body', 3],
    ['---\nname: a\n---\n\nbody\n', { name: 'a' }, '\nbody\n', 4],
    ['---\r\nname: a\r\n---\r\nbody', { name: 'a' }, 'body', 4],
    ['--- \nname: a\n---\t\nbody', { name: 'a' }, 'body', 4],
    ['---\nname: a\n---', { name: 'a' }, '', 3],
    ['---\n# only a note\n---\n', {}, '', 4],
    [
      '---\nlist: [a, b]\nx:\n  - 1\nq: "a: b"\nt: true\n---\n',
      { list: ['a', 'b'], x: [1], q: 'a: b', t: true },
      '',
      8,
    ],
    ['---\nd: >\n  a\n  b\n---\nx', { d: 'a b\n' }, 'x', 6],
  ])('reads %j', (text, data, body, bodyLine) => {
    expect(readFrontmatter(text)).toEqual({ data, body, bodyLine });
  });

  it.each([
    ['description: Use when: the build fails\nname: x', { description: 'Use when: the build fails', name: 'x' }],
    ['globs: **/*.ts', { globs: '**/*.ts' }],
    [
      'globs: **/*.ts\ndescription: "quoted"\ntools:\n  - Read\n  - "Write"',
      { globs: '**/*.ts', description: 'quoted', tools: ['Read', 'Write'] },
    ],
    ['description: Use when: a\n  and b\nname: y', { description: 'Use when: a and b', name: 'y' }],
    ['a: 1\na: two: three', { a: 'two: three' }],
    ['description: @mention `code`', { description: '@mention `code`' }],
  ])('reads what YAML refuses: %j', (yaml, data) => {
    const found = readFrontmatter(`---\n${yaml}\n---\n`);
    expect(found?.error).toBeUndefined();
    expect({ ...found?.data }).toEqual(data);
  });

  it('says what does not parse at all, and where', () => {
    const found = readFrontmatter('---\nname: x\n{{{ nothing\n---\nbody');
    expect(found).toMatchObject({ data: {}, body: 'body', bodyLine: 5 });
    expect(found?.error).toBeTypeOf('string');
    expect(found?.errorLine).toBeGreaterThanOrEqual(2);
    expect(readFrontmatter('---\n- a\n- b\n---\n')?.error).toContain('key: value');
  });

  it('runs nothing and keeps prototypes clean', () => {
    const text = '---\na: !!js/function "function(){globalThis.ran = 1}"\n__proto__:\n  polluted: yes\n---\n';
    readFrontmatter(text);
    expect((globalThis as Record<string, unknown>).ran).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('survives an alias bomb', () => {
    const bomb = `a: &a [x,x,x]\n${'bcdefghij'
      .split('')
      .map((key, i) => `${key}: &${key} [${`*${'abcdefghij'[i]},`.repeat(9)}]`)
      .join('\n')}`;
    expect(readFrontmatter(`---\n${bomb}\n---\n`)?.body).toBe('');
  });

  it('reads simple lines as the YAML parser does (law)', () => {
    const unit = fc.constantFrom(...'aZ é,;.!?-_"\'[]{}&*|>@`%~=+()/\\'.split(''), ': ', ' #', 'true', 'null', 'yes');
    const line = fc.tuple(fc.constantFrom('name', 'Name', 'null', 'x-y', 'on'), fc.string({ unit }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
        const yaml = lines.map(([key, value]) => `${key}: ${value}\n`).join('');
        let expected: unknown;
        try {
          expected = parse(yaml, { logLevel: 'error' }) ?? {};
        } catch {
          return;
        }
        expect({ ...readFrontmatter(`---\n${yaml}---\n`)?.data }).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
