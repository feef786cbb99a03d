import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skillFiles, withInjection, withoutInjection } from '../../src/content/skills/skills.ts';
import { decodeText } from '../../src/content/text.ts';
import { notUtf8, treeOf, values } from './source.ts';

const at = (name: string) => `clients/shared/skills/${name}`;
const good = '---\ndescription: Does it\n---\nBody\n';
const begin = '<!-- >>> syncline inject >>> -->';
const end = '<!-- <<< syncline inject <<< -->';

type Files = Record<string, string | Uint8Array>;
const deploy = (files: Files) => skillFiles(treeOf(files), 'codex', values);
const found = (files: Files, severity: string) =>
  deploy(files)
    .findings.filter((finding) => finding.severity === severity)
    .map(({ code, path, line }) => [code, path, line]);
const codes = (files: Files) => found(files, 'error');
const warnings = (files: Files) => found(files, 'warning');
const texts = (files: Files) =>
  Object.fromEntries(deploy(files).files.map(({ relative, bytes }) => [relative, decodeText(bytes)]));

describe('skillFiles', () => {
  it('gives every file, expanded, with its exec bit; other bytes as they are', () => {
    const image = new Uint8Array([0x89, 0, 0x7b, 0x7b, 0xff]);
    const big = `{{client.name}}${'x'.repeat(1024 * 1024)}`;
    const { files, findings } = deploy({
      [at('a/SKILL.md')]: '---\r\nname: {{skill.name}}\r\ndescription: For {{client.name}}: all\r\n---\r\n',
      [at('a/run.sh*')]: '#!/bin/sh\necho {{skill.name}} {{ other }}\n',
      [at('a/image.png')]: image,
      [at('a/big.txt')]: big,
      [at('README.md')]: '# {{about.skills}}',
    });
    expect(findings).toEqual([]);
    expect(files.map(({ relative, skill, executable, source }) => [relative, skill, executable, source])).toEqual([
      ['a/SKILL.md', 'a', false, at('a/SKILL.md')],
      ['a/big.txt', 'a', false, at('a/big.txt')],
      ['a/image.png', 'a', false, at('a/image.png')],
      ['a/run.sh', 'a', true, at('a/run.sh')],
    ]);
    expect(decodeText(files[0]?.bytes as Uint8Array)).toBe('---\r\nname: a\r\ndescription: For Codex: all\r\n---\r\n');
    expect(decodeText(files[3]?.bytes as Uint8Array)).toBe('#!/bin/sh\necho a {{ other }}\n');
    expect(files[2]?.bytes).toEqual(image);
    expect(decodeText(files[1]?.bytes as Uint8Array)).toBe(big);
  });

  it("takes the client's own file instead of the shared one", () => {
    const files = { [at('a/SKILL.md')]: good, 'clients/codex/skills/a/SKILL.md': `${good}Mine\n` };
    expect(texts(files)['a/SKILL.md']).toBe(`${good}Mine\n`);
  });

  it('injects into every SKILL.md, expanded for the skill', () => {
    const found = texts({
      [at('inject.md')]: 'Report {{skill.name}}.\n\n',
      [at('a/SKILL.md')]: good,
      [at('a/notes.md')]: good,
      [at('b/SKILL.md')]: good.replaceAll('\n', '\r\n'),
    });
    expect(found['a/SKILL.md']).toBe(`---\ndescription: Does it\n---\n${begin}\nReport a.\n${end}\nBody\n`);
    expect(found['b/SKILL.md']).toBe(
      `---\r\ndescription: Does it\r\n---\r\n${begin}\r\nReport b.\r\n${end}\r\nBody\r\n`,
    );
    expect(found['a/notes.md']).toBe(good);
    expect(found).not.toHaveProperty('inject.md');
  });

  it('lets an empty inject.md of the client switch the shared one off', () => {
    const files = { [at('inject.md')]: 'x', 'clients/codex/skills/inject.md': '', [at('a/SKILL.md')]: good };
    expect(texts(files)['a/SKILL.md']).toBe(good);
  });

  it('reports what is wrong with inject.md once, also without skills', () => {
    const files = { [at('inject.md')]: '\n{{var.no}}', [at('a/SKILL.md')]: good, [at('b/SKILL.md')]: good };
    expect(codes(files)).toEqual([['unknown-token', at('inject.md'), 2]]);
    expect(codes({ [at('inject.md')]: '{{var.no}}' })).toEqual([['unknown-token', at('inject.md'), 1]]);
    expect(codes({ [at('inject.md')]: `a\n${end}` })).toEqual([['marker-in-source', at('inject.md'), 2]]);
    expect(codes({ [at('inject.md')]: notUtf8 })).toEqual([['not-utf8', at('inject.md'), 1]]);
  });

  it.each<[string, Files, string, string, number]>([
    ['no SKILL.md', { [at('a/x.md')]: 'x' }, 'skill-without-main', at('a/SKILL.md'), 1],
    ['no frontmatter', { [at('a/SKILL.md')]: '# x' }, 'skill-frontmatter', at('a/SKILL.md'), 1],
    ['an empty SKILL.md', { [at('a/SKILL.md')]: '' }, 'skill-frontmatter', at('a/SKILL.md'), 1],
    [
      'broken frontmatter',
      { [at('a/SKILL.md')]: '---\ndescription: x\n{{{ :\n---\n' },
      'skill-frontmatter',
      at('a/SKILL.md'),
      3,
    ],
    ['no description', { [at('a/SKILL.md')]: '---\nname: a\n---\n' }, 'skill-description', at('a/SKILL.md'), 1],
    [
      'an empty description',
      { [at('a/SKILL.md')]: '---\nname: a\ndescription:\n---\n' },
      'skill-description',
      at('a/SKILL.md'),
      3,
    ],
    [
      'a blank description',
      { [at('a/SKILL.md')]: '---\ndescription: "  "\n---\n' },
      'skill-description',
      at('a/SKILL.md'),
      2,
    ],
    [
      'a description that is a list',
      { [at('a/SKILL.md')]: '---\ndescription: [a]\n---\n' },
      'skill-description',
      at('a/SKILL.md'),
      2,
    ],
    [
      'a long name',
      { [at('a/SKILL.md')]: `---\r\ndescription: x\r\nname: ${'n'.repeat(65)}\r\n---\r\n` },
      'skill-name',
      at('a/SKILL.md'),
      3,
    ],
    [
      'a name that is a number',
      { [at('a/SKILL.md')]: '---\nname: 12\ndescription: x\n---\n' },
      'skill-name',
      at('a/SKILL.md'),
      2,
    ],
    [
      'a long folder name',
      { [at(`${'n'.repeat(65)}/SKILL.md`)]: good },
      'skill-name',
      at(`${'n'.repeat(65)}/SKILL.md`),
      1,
    ],
    ['a BOM', { [at('a/SKILL.md')]: `\uFEFF${good}` }, 'skill-bom', at('a/SKILL.md'), 1],
    ['bytes that are no text', { [at('a/SKILL.md')]: notUtf8 }, 'not-utf8', at('a/SKILL.md'), 1],
    [
      'an unknown token',
      { [at('a/SKILL.md')]: good, [at('a/x.py')]: '\n{{client.x}}' },
      'unknown-token',
      at('a/x.py'),
      2,
    ],
    [
      'a marker of the injection',
      { [at('a/SKILL.md')]: `---\ndescription: x\n---\n${begin}\n` },
      'marker-in-source',
      at('a/SKILL.md'),
      4,
    ],
    ['a loose file', { [at('loose.md')]: 'x' }, 'loose-skill-file', at('loose.md'), 1],
    ['a hidden folder', { [at('.system/SKILL.md')]: good }, 'unsafe-name', at('.system'), 1],
    ['a device name', { [at('con/SKILL.md')]: good }, 'unsafe-name', at('con'), 1],
    ['a newline in a folder', { [at('a\nb/SKILL.md')]: good }, 'unsafe-name', at('a\nb'), 1],
    ['a trailing dot', { [at('a./SKILL.md')]: good }, 'unsafe-name', at('a.'), 1],
    ['an unsafe file', { [at('a/SKILL.md')]: good, [at('a/x\ty')]: '' }, 'unsafe-name', at('a/x\ty'), 1],
    [
      'case twins',
      { [at('Review/SKILL.md')]: good, [at('review/x')]: '', 'clients/codex/skills/review/SKILL.md': good },
      'case-twins',
      'clients/codex/skills/review/SKILL.md',
      1,
    ],
  ])('refuses %s', (_, files, code, path, line) => {
    expect(codes(files)).toContainEqual([code, path, line]);
    expect(deploy(files).findings.every(({ remedy }) => remedy !== '')).toBe(true);
  });

  it('names a SKILL.md of the wrong case', () => {
    expect(deploy({ [at('a/skill.md')]: good }).findings).toMatchObject([
      { remedy: 'Rename "skill.md" to "SKILL.md".' },
    ]);
  });

  it('takes names up to 64 characters, nested files and hidden files inside a skill', () => {
    const name = '𝒏'.repeat(64);
    const text = `---\nname: ${name}\ndescription: x\n---\n`;
    expect(codes({ [at('a/SKILL.md')]: text, [at('a/.mcp.json')]: '{}', [at('a/b/c.md')]: '' })).toEqual([]);
  });

  it('collects the problems of all skills at once', () => {
    const files = { [at('a/SKILL.md')]: `\uFEFF---\nname: ${'n'.repeat(65)}\n---\n`, [at('b/x')]: '', [at('c')]: '' };
    expect(
      codes(files)
        .map(([code]) => code)
        .sort(),
    ).toEqual(['loose-skill-file', 'skill-bom', 'skill-description', 'skill-name', 'skill-without-main'].sort());
  });
});

describe('skillFiles and the standard', () => {
  const main = (lines: string, skill = 'a') => ({ [at(`${skill}/SKILL.md`)]: `---\n${lines}\n---\n` });
  const named = (lines: string) => main(`name: a\ndescription: x\n${lines}`);
  const line = at('a/SKILL.md');

  it('takes a skill that has all that the standard knows', () => {
    const all =
      'license: MIT\ncompatibility: Needs git\nallowed-tools: Bash Read\nmetadata:\n  author: me\n  version: 1.0';
    expect(deploy(named(all)).findings).toEqual([]);
    expect(deploy(main('name: {{skill.name}}\ndescription: x', 'größe-2')).findings).toEqual([]);
    expect(deploy(named('metadata:\nunknown: [x]')).findings).toEqual([]);
  });

  it.each<[string, Files, string, number]>([
    ['no name', main('description: x'), 'skill-name-missing', 1],
    ['a name with capitals', main('description: x\nname: A'), 'skill-name-form', 3],
    ['a name with two hyphens', main('name: a--b\ndescription: x'), 'skill-name-form', 2],
    ['a name that is not the folder', main('name: b\ndescription: x'), 'skill-name-differs', 2],
    ['a long description', main(`name: a\ndescription: ${'é'.repeat(1025)}`), 'skill-description-long', 3],
    ['a license that is a list', named('license: [MIT]'), 'skill-license', 4],
    ['a long compatibility', named(`compatibility: ${'x'.repeat(501)}`), 'skill-compatibility', 4],
    ['a blank compatibility', named('compatibility: " "'), 'skill-compatibility', 4],
    ['tools as a list', named('allowed-tools: [Bash]'), 'skill-allowed-tools', 4],
    ['nested metadata', named('metadata:\n  a: {b: c}'), 'skill-metadata-values', 4],
  ])('warns of %s, and deploys it', (_, files, code, at) => {
    expect(warnings(files)).toEqual([[code, line, at]]);
    expect(codes(files)).toEqual([]);
  });

  it.each([['text'], ['[a]'], ['\n  short-description: [x]']])(
    'refuses metadata that Codex refuses: %s',
    (metadata) => {
      expect(codes(named(`metadata: ${metadata}`))).toEqual([['skill-metadata', line, 4]]);
    },
  );

  it.each([
    ['description: x\ndescription: y\nname: a', 3],
    ['name: a\ndescription: Use when: x\ndescription: y', 4],
    ['name: a\ndescription: x\nname: a\nother: 1\nother: 2', 4],
    ['name: a\ndescription: x\nmetadata:\n  a: b\nmetadata:\n  a: c', 6],
  ])('refuses a key that stands twice where Codex does: %j', (lines, at) => {
    expect(codes(main(lines))).toEqual([['skill-frontmatter', line, at]]);
  });

  it('judges no types in a frontmatter that is no YAML', () => {
    const files = main('name: a\ndescription: Use when: x\nmetadata:\n  version: 1');
    expect(deploy(files).findings).toEqual([]);
  });
});

describe('agents/openai.yaml', () => {
  const path = at('a/agents/openai.yaml');
  const withYaml = (text: string) => ({ [at('a/SKILL.md')]: '---\nname: a\ndescription: x\n---\n', [path]: text });

  it('is deployed as it is, and not told of when Codex takes it', () => {
    const text = [
      '\uFEFFinterface:',
      '  display_name: "{{skill.name}}"',
      `  default_prompt: ${'é'.repeat(1024)}`,
      '  short_description: 12',
      '  icon: x',
      'dependencies:',
      '  tools:',
      '    - type: mcp',
      '      value: x',
      'policy:',
      '  allow_implicit_invocation: false',
    ].join('\n');
    expect(deploy(withYaml(text)).findings).toEqual([]);
    expect(texts(withYaml(text))['a/agents/openai.yaml']).toBe(text.replace('{{skill.name}}', 'a'));
    expect(deploy(withYaml('interface:\n')).findings).toEqual([]);
    expect(deploy(withYaml('')).findings).toEqual([]);
  });

  it.each([
    ['a: b\n: : bad\n', 2],
    ['[a]\n', 1],
    ['interface:\n  display_name: I\n  display_name: J\n', 3],
    ['a: b\ninterface: [x]\n', 2],
    ['dependencies: x\n', 1],
    ['interface:\n  default_prompt: [x]\n', 2],
    ['dependencies:\n  tools: nope\n', 2],
    ['dependencies:\n  tools:\n    - nope\n', 2],
    ['dependencies:\n  tools:\n    - type: mcp\n', 2],
    [`interface:\n  display_name: ${'é'.repeat(65)}\n`, 2],
    [`interface:\n  icon_small: x\n  short_description: ${'x'.repeat(1025)}\n`, 3],
    [`interface:\n  default_prompt: ${'x'.repeat(1025)}\n`, 2],
  ])('warns of %j', (text, at) => {
    expect(warnings(withYaml(text))).toEqual([['skill-openai-yaml', path, at]]);
    expect(codes(withYaml(text))).toEqual([]);
  });
});

describe('withoutInjection', () => {
  const eol = fc.constantFrom('\n', '\r\n');
  const lines = fc.array(fc.constantFrom('', 'x', '---', begin, end, '  y', '# z'), { maxLength: 5 });
  const tail = fc.constantFrom('', '\n', '\r\n', '\n\n');

  it('is the exact inverse of the injection (law)', () => {
    const injected = fc.array(fc.constantFrom('', 'Report.', '---', 'a\r'), { maxLength: 4 });
    fc.assert(
      fc.property(eol, eol, lines, tail, injected, (first, second, body, last, inject) => {
        const text = `---${first}description: x${second}---${last}${last === '' ? '' : body.join(second)}${last}`;
        expect(withoutInjection(withInjection(text, inject.join('\n')))).toBe(
          inject.join('').trim() === '' ? withoutInjection(text) : text,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing where there is no injection', () => {
    for (const text of ['', 'x', good, `${good}${begin}\nx\n${end}\n`, `---\na: b\n---\n${begin}\nno end\n`]) {
      expect(withoutInjection(text)).toBe(text);
    }
  });

  it('leaves a text without frontmatter alone', () => {
    expect(withInjection('# x\n', 'Report')).toBe('# x\n');
  });
});
