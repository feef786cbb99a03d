import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instructionSections } from '../../src/content/instructions/instructions.ts';
import { memoryFiles } from '../../src/content/instructions/memories.ts';
import { cutPieces, joinPieces, type Piece, plainPieces, sourcePieces } from '../../src/content/pieces/pieces.ts';
import { expandPieces, expandTokens } from '../../src/content/placeholders.ts';
import { skillFiles } from '../../src/content/skills/skills.ts';
import { decodeText, plainBody } from '../../src/content/text.ts';
import { lawRuns } from '../support/law-runs.ts';
import { treeOf, values } from './source.ts';

const variables = { empty: '', break: 'a\r\nb', end: 'x  \n', cr: 'y\r', lf: '\nz', word: 'Codex', emoji: '🦊' };
const withAll = { ...values, skillName: 'a', variables: { ...values.variables, ...variables } };
const bits = [
  ...['{{client.name}}', '{{ client.home }}', '{{skill.name}}', '{{var.no}}', '{{{client.name}}}', '{{', '\r'],
  ...Object.keys(variables).map((name) => `{{var.${name}}}`),
  ...['\n', '\r\n', '\n\n', ' ', 'word', '🦊', '---\n', '---\r\n', 'description: x\n', '# Title\n', 'é'],
];
const text = fc.string({ unit: fc.constantFrom(...bits), maxLength: 14 });
const headed = fc.tuple(fc.constantFrom('', '\uFEFF', '---\nname: {{skill.name}}\n---\n', '---\r\na: b\r\n---'), text);
const source = headed.map((parts) => parts.join(''));

/** What every piece says about its source must be so. */
function holds(pieces: readonly Piece[], sources: Readonly<Record<string, string>>): void {
  for (const { text: deployed, from } of pieces) {
    if (!from) continue;
    const standing = sources[from.path]?.slice(from.start, from.end);
    expect(standing).toBe(from.spelled ?? deployed);
  }
}

describe('pieces', () => {
  it('are the deployed text, and stand in the source where they say (law)', () => {
    const path = 'clients/shared/x.md';
    const law = fc.property(source, fc.nat(40), fc.nat(40), (made, a, b) => {
      const expanded = expandPieces(sourcePieces(path, made), withAll);
      const whole = expandTokens(made, withAll, path).text;
      expect(joinPieces(expanded)).toBe(whole);
      const plain = plainPieces(expanded);
      expect(joinPieces(plain)).toBe(plainBody(whole));
      const cut = cutPieces(expanded, Math.min(a, b), Math.max(a, b));
      expect(joinPieces(cut)).toBe(whole.slice(Math.min(a, b), Math.max(a, b)));
      for (const pieces of [expanded, plain, cut]) holds(pieces, { [path]: made });
    });
    fc.assert(law, { numRuns: lawRuns(3000) });
  });

  it('are those of every memory, section, block and skill file (law)', () => {
    const law = fc.property(fc.array(source, { minLength: 7, maxLength: 7 }), fc.boolean(), (made, inlines) => {
      const names = [
        'instructions.md',
        'skills/inject.md',
        'skills/a/SKILL.md',
        'skills/a/run.sh',
        'skills/a/b/SKILL.md',
      ];
      const memories = ['memory/global.md', 'memory/projects/a.md'];
      const sources = Object.fromEntries(
        [...names, ...memories].map((name, at) => [`clients/shared/${name}`, made[at] as string]),
      );
      const tree = treeOf({ ...sources, 'clients/codex/instructions.md': 'Own {{client.name}}.\n' });
      const own = { ...sources, 'clients/codex/instructions.md': 'Own {{client.name}}.\n' };
      const { files } = memoryFiles(tree, 'codex', withAll, () => undefined);
      const options = {
        source: 'instructions.md',
        memories: inlines ? 'inline' : 'import',
        memoryFolder: 'memories',
      } as const;
      const found = instructionSections(tree, 'codex', options, files, withAll);
      const skills = skillFiles(tree, 'codex', withAll).files;
      expect(skills).toHaveLength(3);
      for (const { text: deployed, pieces } of [...files, ...found.sections]) {
        expect(joinPieces(pieces())).toBe(deployed);
        holds(pieces(), own);
      }
      expect(joinPieces(found.pieces())).toBe(found.block ?? '');
      holds(found.pieces(), own);
      for (const { bytes, pieces } of skills) {
        expect(pieces ? joinPieces(pieces()) : decodeText(bytes)).toBe(decodeText(bytes));
        holds(pieces?.() ?? [], own);
      }
    });
    fc.assert(law, { numRuns: lawRuns(1500) });
  });

  it('tell an expanded token and a changed line end from copied text', () => {
    const made = 'A {{ client.name }}\r\nB  \r\n';
    const pieces = plainPieces(expandPieces(sourcePieces('p', made), values)).filter((piece) => piece.text !== '');
    const from = { path: 'p', lineEnd: '\r\n' };
    expect(pieces).toEqual([
      { text: 'A ', from: { ...from, start: 0, end: 2 } },
      { text: 'Codex', from: { ...from, start: 2, end: 19, spelled: '{{ client.name }}' } },
      { text: '\n', from: { ...from, start: 19, end: 21, spelled: '\r\n' } },
      { text: 'B', from: { ...from, start: 21, end: 22 } },
    ]);
  });

  it('keep a place for text where nothing is left', () => {
    expect(plainPieces(sourcePieces('p', ' \n'))).toEqual([{ text: '', from: { path: 'p', start: 0, end: 0 } }]);
    expect(sourcePieces('p', '')).toHaveLength(1);
  });

  it('call a token made of two texts text of Syncline', () => {
    const pieces = [{ text: '"{{client' }, ...sourcePieces('p', '.name}} {{client.name}}')];
    expect(expandPieces(pieces, values)).toEqual([
      { text: '"' },
      { text: 'Codex' },
      { text: ' ', from: { path: 'p', start: 7, end: 8 } },
      { text: 'Codex', from: { path: 'p', start: 8, end: 23, spelled: '{{client.name}}' } },
    ]);
  });

  it('say of an injection and of an index line what to edit instead', () => {
    const tree = treeOf({
      'clients/shared/skills/inject.md': 'Report.',
      'clients/shared/skills/a/SKILL.md': '---\ndescription: x\n---\nBody',
      'clients/shared/memory/projects/a.md': '# A',
    });
    const [skill] = skillFiles(tree, 'codex', values).files;
    expect(skill?.pieces?.().map(({ text: deployed, instead }) => [deployed.slice(0, 4), instead])).toEqual([
      ['---\n', undefined],
      ['<!--', 'Edit "clients/shared/skills/inject.md" instead: it stands in every skill.'],
      ['Body', undefined],
    ]);
    const { files } = memoryFiles(tree, 'codex', values, () => undefined);
    const options = { source: 'instructions.md', memories: 'import', memoryFolder: 'memories' } as const;
    const pieces = instructionSections(tree, 'codex', options, files, values).pieces();
    expect(pieces.at(-1)?.instead).toContain('"clients/shared/memory/projects/a.md"');
  });
});
