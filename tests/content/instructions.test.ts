import { describe, expect, it } from 'vitest';
import { instructionSections } from '../../src/content/instructions/instructions.ts';
import { memoryFiles } from '../../src/content/instructions/memories.ts';
import { joinPieces } from '../../src/content/pieces/pieces.ts';
import { notUtf8, treeOf, values } from './source.ts';

const memory = (name: string) => `clients/shared/memory/${name}`;
const own = 'clients/codex/instructions.md';

function build(memories: 'import' | 'inline', files: Record<string, string | Uint8Array>) {
  const tree = treeOf(files);
  const { files: found } = memoryFiles(tree, 'codex', values, () => undefined);
  const options = { source: 'instructions.md', memories, memoryFolder: 'memories' };
  const { pieces, sections, ...built } = instructionSections(tree, 'codex', options, found, values);
  // Law: the pieces of a text are that text.
  expect(joinPieces(pieces())).toBe(built.block ?? '');
  for (const section of sections) expect(joinPieces(section.pieces())).toBe(section.text);
  return { ...built, sections: sections.map(({ pieces: _, ...section }) => section) };
}

const all = {
  [own]: '\uFEFFYou are {{client.name}}.\r\n\r\n',
  [memory('conventions.md')]: '---\ndescription: how\n---\n\nTabs.\r\n',
  [memory('global.md')]: '# Global\n\nBe kind.\n\n',
  [memory('projects/b.md')]: '# Bee\n',
  [memory('projects/a.md')]: '# Ay\n',
  [memory('tools.md')]: 'The tools\n',
  [memory('README.md')]: '# For people\n',
};

const index = [
  '## Project memory',
  '',
  'Before you work on one of these projects, read its file.',
  '',
  '- /home/ada/.codex/memories/projects/a.md: Ay',
  '- /home/ada/.codex/memories/projects/b.md: Bee',
  '',
  '## More memory',
  '',
  'When one of these subjects comes up, read its file.',
  '',
  '- /home/ada/.codex/memories/tools.md: The tools',
].join('\n');

describe('instructionSections', () => {
  it('imports the always-on memories and indexes the others', () => {
    const imports = '## Shared memory\n\n@memories/global.md\n@memories/conventions.md';
    expect(build('import', all)).toEqual({
      block: `You are Codex.\n\n${imports}\n\n${index}`,
      sections: [],
      findings: [],
      blockSource: own,
    });
  });

  it("has the shared instructions before the client's own, with that client's tokens", () => {
    const shared = 'clients/shared/instructions.md';
    const both = build('import', { [shared]: 'All of you, {{client.name}}.\n', [own]: 'Only you.\n' });
    expect(both).toEqual({
      block: 'All of you, Codex.\n\nOnly you.',
      sections: [],
      findings: [],
      blockSource: own,
    });
    const alone = build('import', { [shared]: 'All of you.\n' });
    expect(alone).toMatchObject({ block: 'All of you.', blockSource: shared });
    expect(build('import', { [shared]: 'See {{path.nowhere}}.\n' }).findings).toMatchObject([
      { path: shared, line: 1 },
    ]);
  });

  it('inlines them as sections of their own, without frontmatter', () => {
    expect(build('inline', all)).toEqual({
      block: `You are Codex.\n\n${index}`,
      sections: [
        { name: 'global.md', text: '# Global\n\nBe kind.', source: memory('global.md') },
        { name: 'conventions.md', text: 'Tabs.', source: memory('conventions.md') },
      ],
      findings: [],
      blockSource: own,
    });
  });

  it('has no block when there is nothing to say', () => {
    expect(build('import', {})).toEqual({ sections: [], findings: [], blockSource: own });
    expect(build('import', { [own]: ' \n' })).not.toHaveProperty('block');
    const inlined = build('inline', { [memory('global.md')]: 'x', [memory('conventions.md')]: '---\na: b\n---\n\n' });
    expect(inlined).not.toHaveProperty('block');
    expect(inlined.sections.map(({ name }) => name)).toEqual(['global.md']);
  });

  it('imports only what exists, and names where the block comes from', () => {
    const { block, blockSource } = build('import', { [memory('conventions.md')]: 'x' });
    expect(block).toBe('## Shared memory\n\n@memories/conventions.md');
    expect(blockSource).toBe(memory('conventions.md'));
    expect(build('inline', { [memory('projects/a.md')]: 'x' }).blockSource).toBe(memory('projects/a.md'));
  });

  it('collects unknown tokens and markers of ours with their lines', () => {
    const marked = 'x\n<!-- <<< syncline managed <<< -->\n';
    const files = { [own]: `{{client.no}}\n${marked}`, [memory('global.md')]: `---\na: b\n---\n${marked}` };
    expect(build('inline', files).findings.map(({ code, path, line }) => [code, path, line])).toEqual([
      ['unknown-token', own, 1],
      ['marker-in-source', own, 3],
      ['marker-in-source', memory('global.md'), 5],
    ]);
    expect(build('import', files).findings).toHaveLength(2);
  });

  it('notes what a client that reads no files in gets only the name of', () => {
    const shared = 'clients/shared/instructions.md';
    const files = {
      [shared]: '\uFEFF# Team\r\n\r\nSee @docs/style.md, and @~/all.md.\r\n',
      [own]: 'Use @types/node and @/components, ask @ada or a@b.md; not `@docs/x.md`.\n',
      [memory('global.md')]: '---\na: b\n---\n@more.txt\n',
      [memory('projects/a.md')]: '@docs/a.md\n',
    };
    const found = build('inline', files).findings;
    expect(found.map(({ code, severity, path, line }) => [code, severity, path, line])).toEqual([
      ['import-lost', 'note', shared, 3],
      ['import-lost', 'note', shared, 3],
      ['import-lost', 'note', memory('global.md'), 4],
    ]);
    expect(found[0]?.message).toContain('Codex does not put the content of "@docs/style.md"');
    expect(build('import', files).findings).toEqual([]);
  });

  it('refuses instructions that are no text', () => {
    expect(build('inline', { [own]: notUtf8 }).findings).toMatchObject([{ code: 'not-utf8', path: own, line: 1 }]);
  });
});
