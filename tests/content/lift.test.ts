import { describe, expect, it } from 'vitest';
import { instructionSections } from '../../src/content/instructions/instructions.ts';
import { memoryFiles } from '../../src/content/instructions/memories.ts';
import { applyEdits } from '../../src/content/pieces/edits.ts';
import { liftText } from '../../src/content/pieces/lift.ts';
import { joinPieces, type Piece, plainPieces, sourcePieces } from '../../src/content/pieces/pieces.ts';
import { expandPieces } from '../../src/content/placeholders.ts';
import { skillFiles } from '../../src/content/skills/skills.ts';
import { sized } from '../support/hostile.ts';
import { treeOf, values } from './source.ts';

const path = 'clients/shared/memory/a.md';
const withMore = { ...values, variables: { team: 'blue', lines: 'one\ntwo', word: 'Codex', empty: '' } };
const memory = (text: string) => expandPieces(sourcePieces(path, text), withMore);

/** The source after `change` was made in the deployed text; it must deploy as that. */
function carried(
  source: string,
  change: (deployed: string) => string,
  pieces: (text: string) => Piece[] = memory,
): string {
  const have = change(joinPieces(pieces(source)));
  const lifted = liftText(pieces(source), have);
  if ('refused' in lifted) throw new Error(lifted.refused);
  const now = applyEdits(source, lifted.edits);
  expect(joinPieces(pieces(now))).toBe(have);
  return now;
}

const replaced = (from: string, to: string) => (text: string) => text.replace(from, to);

describe('liftText', () => {
  it('makes no edit of a text that did not change', () => {
    expect(liftText(memory('{{client.name}}\n'), 'Codex\n')).toEqual({ edits: [] });
    expect(liftText(memory(''), '')).toEqual({ edits: [] });
  });

  it.each<[string, string, (text: string) => string, string]>([
    ['a word beside a token', 'In {{ client.home }}/a now\n', replaced('now', 'then'), 'In {{ client.home }}/a then\n'],
    [
      'a value that was put before its token',
      'Ask {{client.name}}.\n',
      replaced('Ask', 'Codex, ask'),
      'Codex, ask {{client.name}}.\n',
    ],
    ['a token that was edited', 'Team {{var.team}} won\n', replaced('blue', 'red'), 'Team red won\n'],
    ['a value of two lines', 'A {{var.lines}} B\nC\n', replaced('C', 'D'), 'A {{var.lines}} B\nD\n'],
    ['half a value of two lines', '{{var.lines}}\nC\n', replaced('two', '2'), 'one\n2\nC\n'],
    ['adjacent tokens', '{{client.name}}{{var.word}}!\n', replaced('!', '?'), '{{client.name}}{{var.word}}?\n'],
    ['a value twice, one of them typed', 'Codex {{var.word}} x\n', replaced('x\n', 'y\n'), 'Codex {{var.word}} y\n'],
    [
      'a line before one that starts with an empty token',
      '{{var.empty}}a\n',
      (text) => `new\n${text}`,
      'new\n{{var.empty}}a\n',
    ],
    ['a line with an empty token that was taken out', 'a\n{{var.empty}}b\n', replaced('b\n', ''), 'a\n'],
    [
      'a line that was moved',
      '{{client.home}}/x\nb\nc\n',
      () => 'b\nc\n/home/ada/.codex/x\n',
      'b\nc\n{{client.home}}/x\n',
    ],
    ['a line that was doubled', 'a {{var.team}}\n', (text) => text + text, 'a {{var.team}}\na {{var.team}}\n'],
    ['a text that was emptied', '\uFEFF---\na: b\n---\n{{var.team}}', () => '', ''],
    ['a text that was empty', '', () => 'new', 'new'],
    ['a byte order mark that was taken out', '\uFEFFa {{var.team}}\n', replaced('\uFEFF', ''), 'a {{var.team}}\n'],
    ['a last line end that was added', 'a {{var.team}}', (text) => `${text}\n`, 'a {{var.team}}\n'],
    ['a last line end that was taken out', 'a\n{{var.team}}\n', (text) => text.trimEnd(), 'a\n{{var.team}}'],
    ['CRLF', 'a\r\n{{var.team}} b\r\n', replaced(' b', ' c\r\nd'), 'a\r\n{{var.team}} c\r\nd\r\n'],
    ['characters of two units', '🦊{{var.team}}🐝\n', replaced('🐝', '🐛'), '🦊{{var.team}}🐛\n'],
    ['the whole text', 'a {{var.team}}\nb\n', () => 'all\nnew\n', 'all\nnew\n'],
  ])('carries %s', (_, source, change, expected) => {
    expect(carried(source, change)).toBe(expected);
  });

  it('writes a token that a person put there so that it is deployed as text', () => {
    expect(carried('a\n', () => 'a\nsee {{var.team}}\n')).toBe('a\nsee {{{{var.team}}}}\n');
    expect(carried('a {{-var.team}}\n', () => 'a {{var.team}}\n')).toBe('a {{{{var.team}}}}\n');
  });

  it("writes the source's own line ends where the deployed text has LF", () => {
    const block = (text: string) => plainPieces(memory(text));
    expect(carried('a\r\nb\r\n\r\n', (text) => `${text}\nc`, block)).toBe('a\r\nb\r\nc\r\n\r\n');
    expect(carried('a\r\n', () => 'x\ny', block)).toBe('x\r\ny\r\n');
    expect(carried('a\nb\n', (text) => `${text}\nc`, block)).toBe('a\nb\nc\n');
  });

  it.each([
    ['a brace that hides a token', 'a {{var.team}}\n', 'a {blue\n', 'would not be read as one'],
    ['a marker of ours', 'a\n', 'a\n<!-- >>> syncline managed >>> -->\n', "marker of Syncline's own"],
    ['the end of a memory', 'a\n', 'a\n<!-- /memory/a.md -->\n', "marker of Syncline's own"],
  ])('refuses %s', (_, source, have, reason) => {
    const line = have.split('\n').length - 1;
    expect(liftText(memory(source), have)).toEqual({ refused: expect.stringContaining(reason), line });
  });

  it('keeps the tokens of a long text that changed in every line, in little time', () => {
    const source = Array.from({ length: sized(4000, 1000) }, (_, index) => `${index} {{var.team}} text\r\n`).join('');
    const plain = (text: string) => plainPieces(memory(text));
    const start = performance.now();
    for (const pieces of [memory, plain]) {
      expect(carried(source, (text) => text.replaceAll('text', 'more'), pieces)).toBe(
        source.replaceAll('text', 'more'),
      );
      expect(carried(source, replaced('text', 'more'), pieces)).toBe(source.replace('text', 'more'));
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('liftText of a block', () => {
  const shared = 'clients/shared/instructions.md';
  const own = 'clients/codex/instructions.md';
  const files = {
    [shared]: 'All.\n',
    [own]: 'You are {{client.name}}.\n\n',
    'clients/shared/memory/projects/a.md': '# A\n',
  };
  const pieces = () => {
    const tree = treeOf(files);
    const { files: memories } = memoryFiles(tree, 'codex', values, () => undefined);
    const options = { source: 'instructions.md', memories: 'inline', memoryFolder: 'memories' } as const;
    return instructionSections(tree, 'codex', options, memories, values).pieces();
  };
  const block = joinPieces(pieces());

  it('carries an edit into the file it came from', () => {
    const have = block.replace('All.', 'All of you.').replace('You are Codex.', 'You are Codex.\n\nBe kind.');
    const lifted = liftText(pieces(), have);
    expect(lifted).toEqual({
      edits: [
        { path: own, start: 24, end: 24, text: '\n\nBe kind.' },
        { path: shared, start: 0, end: 5, text: 'All of you.\n' },
      ].map((edit) => expect.objectContaining({ path: edit.path })),
    });
    const edits = 'edits' in lifted ? lifted.edits : [];
    const afterEdit = (path: string, text: string) =>
      applyEdits(
        text,
        edits.filter((edit) => edit.path === path),
      );
    expect(afterEdit(own, files[own])).toBe('You are {{client.name}}.\n\nBe kind.\n\n');
    expect(afterEdit(shared, files[shared])).toBe('All of you.\n');
  });

  it('puts a paragraph between two files to the first of them', () => {
    const lifted = liftText(pieces(), block.replace('\n\nYou', '\n\nNew.\n\nYou'));
    expect(lifted).toEqual({ edits: [{ path: shared, start: 4, end: 4, text: '\n\nNew.' }] });
  });

  it.each([
    [
      block.replace(': A', ': Other'),
      9,
      'Edit the description or the first heading of "clients/shared/memory/projects/a.md"',
    ],
    [block.replace('## Project', '## My project'), 5, `Put text of your own into "${own}"`],
    [`${block}\nnew`, 10, 'Edit the description'],
    [block.replace('\n\n## Project', '\n## Project'), 4, `Put text of your own into "${own}"`],
  ])('refuses an edit of what Syncline writes itself (%#)', (have, line, instead) => {
    expect(liftText(pieces(), have)).toEqual({ refused: expect.stringContaining(instead), line });
  });
});

describe('liftText of a skill', () => {
  const skill = 'clients/shared/skills/a/SKILL.md';
  const pieces = (text: string) => {
    const tree = treeOf({ 'clients/shared/skills/inject.md': 'Report {{skill.name}}.\n', [skill]: text });
    return skillFiles(tree, 'codex', values).files[0]?.pieces?.() ?? [];
  };
  const source = '---\ndescription: For {{client.name}}\n---\nBody\n';

  it('carries edits around the injection, and leaves that out', () => {
    const change = (text: string) => text.replace('For Codex', 'For all of Codex').replace('Body', 'First\n\nBody');
    expect(carried(source, change, pieces)).toBe('---\ndescription: For all of {{client.name}}\n---\nFirst\n\nBody\n');
    const ended = '---\ndescription: x\n---';
    expect(carried(ended, (text) => `${text}\nBody\n`, pieces)).toBe(`${ended}\nBody\n`);
  });

  it('refuses an edit of the injection', () => {
    const have = joinPieces(pieces(source)).replace('Report a.', 'Report nothing.');
    const instead = expect.stringContaining('Edit "clients/shared/skills/inject.md" instead');
    expect(liftText(pieces(source), have)).toEqual({ refused: instead, line: 5 });
  });
});
