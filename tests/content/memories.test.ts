import { describe, expect, it } from 'vitest';
import { memoryFiles, titleOf } from '../../src/content/instructions/memories.ts';
import { decodeText } from '../../src/content/text.ts';
import { notUtf8, treeOf, values } from './source.ts';

const shared = (name: string) => `clients/shared/memory/${name}`;
const reserved = (relative: string) => (relative === 'MEMORY.md' ? 'Codex writes it' : undefined);
const read = (files: Record<string, string | Uint8Array>) => memoryFiles(treeOf(files), 'codex', values, reserved);

describe('memoryFiles', () => {
  it('expands tokens and keeps every other byte', () => {
    const { files, findings } = read({
      [shared('global.md')]: '\uFEFF# Hi\r\n{{var.team}}\r\n',
      [shared('projects/a.md')]: 'no end',
      [shared('empty.md')]: '',
    });
    expect(findings).toEqual([]);
    expect(files.map(({ relative, bytes, title }) => [relative, decodeText(bytes), title])).toEqual([
      ['empty.md', '', 'empty'],
      ['global.md', '\uFEFF# Hi\r\nblue\r\n', 'Hi'],
      ['projects/a.md', 'no end', 'no end'],
    ]);
    expect(files[1]).toMatchObject({ source: shared('global.md'), text: '\uFEFF# Hi\r\nblue\r\n' });
  });

  it('collects every error, each with file and line', () => {
    const { findings } = read({
      [shared('MEMORY.md')]: 'x',
      [shared('a.md')]: 'x\n\n{{var.no}}\n{{client.no}}',
      [shared('bin.md')]: notUtf8,
      [shared('zero.md')]: 'a\0b',
      [shared('notes.txt')]: 'x',
      [shared('projects/.hidden.md')]: 'x',
      [shared('projects/x\ny.md')]: 'x',
      [shared('A.md')]: 'x',
    });
    expect(findings.map(({ code, path, line }) => [code, path, line]).sort()).toEqual(
      [
        ['case-twins', shared('a.md'), 1],
        ['not-a-memory', shared('notes.txt'), 1],
        ['not-utf8', shared('bin.md'), 1],
        ['not-utf8', shared('zero.md'), 1],
        ['reserved-memory', shared('MEMORY.md'), 1],
        ['unknown-token', shared('a.md'), 3],
        ['unknown-token', shared('a.md'), 4],
        ['unsafe-name', shared('projects/.hidden.md'), 1],
        ['unsafe-name', shared('projects/x\ny.md'), 1],
      ].sort(),
    );
    expect(findings.find(({ code }) => code === 'reserved-memory')?.message).toContain('"MEMORY.md"');
    expect(findings.find(({ code }) => code === 'reserved-memory')?.message).toContain('Codex writes it');
  });
});

describe('titleOf', () => {
  it.each([
    ['---\ndescription: The  "why"\n---\n# Head\n', 'The "why"'],
    ['---\ndescription: Use when: x\n---\n', 'Use when: x'],
    ['---\ndescription: >\n  two\n  lines\n---\n', 'two lines'],
    ['---\ndescription: ""\n---\nx\n## Head ##\n', 'Head'],
    ['```\n# not this\n```\n# This\r\n', 'This'],
    ['\uFEFF# Bom', 'Bom'],
    ['\r\n\r\n  first words  \r\nmore', 'first words'],
    ['# <!-- >>> syncline managed >>> --> Marked', 'Marked'],
    ['<!-- note -->\n\n', 'name'],
    ['#\n---\n', 'name'],
    ['#hashtag first', '#hashtag first'],
  ])('of %j is %j', (text, title) => {
    expect(titleOf(text, 'projects/name.md')).toBe(title);
  });

  it('is short', () => {
    expect([...titleOf(`# ${'é'.repeat(500)}`, 'x.md')]).toHaveLength(160);
  });
});
