import { describe, expect, it } from 'vitest';
import { hiddenIn } from '../../src/model/texts/hidden.ts';
import { visible, visibleJson, visibleLine } from '../../src/model/texts/visible.ts';
import { sampled } from '../support/law-runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** What an agent reads and a person does not see is reported with its line, and comes to no terminal as it is. */
const skill = (text: string) => `---\nname: a\ndescription: Does a. Use when asked.\n---\n${text}\n`;

function source(files: Readonly<Record<string, string>>): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "hidden"\n');
  for (const [path, text] of Object.entries(files)) sandbox.write(`repo/clients/${path}`, text);
  return sandbox;
}

const hiddenOf = (sandbox: Sandbox, words: readonly string[]) => {
  const { code, json } = sandbox.run([...words, '--json']);
  const found = json.findings.filter((each) => each.code === 'hidden-text');
  return { code, found: found.map(({ severity, path, line }) => [severity, path?.replace('clients/', ''), line]) };
};

/** One way to hide each, and a word of what is reported. */
const ways: readonly (readonly [string, string, string])[] = [
  ['an override of the direction', 'a\u202eb', 'U+202E'],
  ['an isolate', 'a\u2066b', 'U+2066'],
  ['tags', 'a\u{e0069}\u{e0067}\u{e006e}b', 'U+E0069'],
  ['tags behind a flag that is none', '\u{1f3f4}\u{e0061}\u{e0062}\u{e007f}', 'U+E0061'],
  ['bytes as variation selectors', '\u{1f600}\ufe00\u{e0131}\u{e0165}', 'U+E0131'],
  ['a variation selector behind a letter', 'a\ufe0fb', 'U+FE0F'],
  ['two variation selectors', '❤\ufe0f\ufe0f', 'U+FE0F'],
  ['a joiner between letters', 'a\u200db', 'U+200D'],
  ['a zero-width blank', 'a\u200bb', 'U+200B'],
  ['a byte order mark in the middle', 'a\ufeffb', 'U+FEFF'],
  ['a filler', 'a\u3164b', 'U+3164'],
  ['a blank of Braille', 'a\u2800b', 'U+2800'],
  ['an em space', 'a\u2003b', 'U+2003'],
  ['a blank that is none', 'rm\u00a0all', 'U+00A0'],
  ['a line separator', 'a\u2028b', 'U+2028'],
  ['an escape', 'a\u001b[8mb', 'U+001B'],
  ['a C1 control', 'a\u009b8mb', 'U+009B'],
  ['a bare carriage return', 'a\rb', 'U+000D'],
  ['a backspace', 'a\bb', 'U+0008'],
  ['a character that nobody has assigned', 'a\u{e0fff}b', 'U+E0FFF'],
  ['a soft hyphen', 'a\u00adb', 'U+00AD'],
  ['a shorthand format control', 'a\u{1bca0}b', 'U+1BCA0'],
  ['4,000 blanks', `a${' '.repeat(4000)}b`, '4000 blanks'],
  ['tabs', `a${'\t'.repeat(40)}b`, '40 blanks'],
  ['blanks in a table that is not as wide', `| a |\n| --- |\n| b |${' '.repeat(200)}c`, '200 blanks'],
  ['private use', 'a\ue001\ue002\ue003\ue004b', 'U+E001'],
  ['private use of another plane', 'a\u{f0041}\u{f0042}\u{f0043}\u{f0044}b', 'U+F0041'],
  ['marks that cover all around', `a${'\u0336'.repeat(12)}b`, 'U+0336'],
  ['empty lines', `a${'\n'.repeat(80)}b`, '79 empty lines'],
];

/** Every kind of text that an agent reads, with the line on which `x` stands. */
const kinds: readonly (readonly [string, (x: string) => string, number])[] = [
  ['shared/instructions.md', (x) => `One.\n${x}\n`, 2],
  ['claude/instructions.md', (x) => `One.\n${x}\n`, 2],
  ['shared/memory/global.md', (x) => `One.\n${x}\n`, 2],
  ['shared/skills/a/SKILL.md', (x) => skill(x), 5],
  ['shared/skills/a/scripts/run.sh', (x) => `#!/bin/sh\n# ${x}\n`, 2],
  ['shared/skills/inject.md', (x) => `\n${x}\n`, 2],
  ['shared/commands/go.md', (x) => `---\ndescription: Go.\n---\n${x}\n`, 4],
  ['shared/agents/b.md', (x) => `---\nname: b\ndescription: Does b.\n---\n${x}\n`, 5],
  ['claude/rules/r.md', (x) => `\n${x}\n`, 2],
  ['claude/output-styles/o.md', (x) => `---\nname: o\ndescription: O.\n---\n${x}\n`, 5],
  ['shared/vars.toml', (x) => `# ${x}\na = "b"\n`, 1],
  ['codex/rules/r.rules', (x) => `# ${x}\n`, 1],
];

describe('what a reader does not see', () => {
  it.each(ways)('%s is an error of the source, with its line, and a warning of a push', (_, text, told) => {
    const path = 'shared/memory/global.md';
    const sandbox = source({ [path]: `One.\n${text}\n` });
    const line = 1 + `One.\n${text}`.split('\n').length - 1;
    expect(hiddenOf(sandbox, ['check-sync', '--source-only'])).toEqual({ code: 2, found: [['error', path, line]] });
    expect(sandbox.run(['check-sync', '--source-only']).err).toContain(told);
    const pushed = hiddenOf(sandbox, ['push-runtime', '--yes']);
    expect(pushed).toEqual({ code: 0, found: [['warning', path, line]] });
    expect(hiddenOf(sandbox, ['push-runtime']).found).toEqual([]);
  });

  it.each(kinds)('is reported in %s', (path, text, line) => {
    const [, hiding] = sampled(ways.slice(0, 20))[0] ?? ['', ''];
    const sandbox = source({ 'shared/skills/a/SKILL.md': skill('A.'), [path]: text(hiding) });
    const { code, found } = hiddenOf(sandbox, ['check-sync', '--source-only']);
    expect([code, found]).toEqual([2, [['error', path, line]]]);
  });

  it.each([
    ['claude/settings-fragment.json', '{\n  "env": { "A": "a\\u200bb" }\n}\n', 2],
    ['claude/settings-fragment.json', '{\n  "env": {\n  "A\\udb40\\udc61": "b" }\n}\n', 3],
    [
      'claude/settings-fragment.json',
      '{"hooks": {"Stop": [{"hooks": [{"type": "command",\n"command": "a\\u001b[8m"}]}]}}',
      1,
    ],
    ['codex/config-fragment.toml', 'model = "a"\nmodel_verbosity = "lo\\u202Ew"\n', 2],
    ['codex/config-fragment.toml', '[model_providers.x]\nname = "a\\U000E0061"\nbase_url = "https://x.example"\n', 2],
    ['shared/mcp.json', '{"mcpServers": {\n"a": { "command": "a", "args": ["a\\ufe01"] }}}', 2],
    ['shared/skills/a/SKILL.md', '---\nname: a\ndescription: "Does a.\\u200b Use when asked."\n---\nA.\n', 3],
    ['shared/skills/a/agents/openai.yaml', 'interface:\n  display_name: "A\\u200b"\n', 1],
  ])('is reported in %s where it is escaped %#', (path, text, line) => {
    const sandbox = source({ 'shared/skills/a/SKILL.md': skill('A.'), [path]: text });
    const { found } = hiddenOf(sandbox, ['check-sync', '--source-only']);
    expect(found.map(([severity, at]) => [severity, at])).toEqual([['error', path]]);
    expect(Math.abs((found[0]?.[2] as number) - line)).toBeLessThanOrEqual(1);
  });

  it.each(['a\u200db', 'a\ufe0f', 'a\u3164', 'a\u{e0150}b', 'a\u2003b', 'a\u00a0b'])(
    'is reported in a file name %#',
    (name) => {
      const sandbox = source({ 'shared/skills/a/SKILL.md': skill('A.'), [`shared/skills/a/${name}.md`]: 'x\n' });
      expect(hiddenOf(sandbox, ['check-sync', '--source-only'])).toMatchObject({
        code: 2,
        found: [['error', `shared/skills/a/${name}.md`, 1]],
      });
    },
  );

  it('is not reported line by line without end', () => {
    const sandbox = source({ 'shared/memory/global.md': 'a\u200bb\n'.repeat(5000) });
    expect(hiddenOf(sandbox, ['check-sync', '--source-only']).found).toHaveLength(21);
  });

  it('stops a comparison of two sources, too, and is a warning of an adoption', () => {
    const sandbox = source({ 'shared/memory/global.md': 'One.\n' });
    expect(sandbox.run(['push-runtime', '--yes'])).toMatchObject({ code: 0 });
    const memory = sandbox.read('home/.claude/memories/global.md');
    sandbox.write('home/.claude/memories/global.md', memory.replace('One.', 'One.\u{e0069}'));
    const { found } = hiddenOf(sandbox, ['pull-runtime', '--adopt', 'claude:memories/global.md']);
    expect(found).toEqual([['warning', 'shared/memory/global.md', 1]]);
  });
});

describe('what people write is no hidden text', () => {
  it.each([
    'Emoji: ❤️ 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 1️⃣ #️⃣ ☎︎ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🐈‍⬛ ⚠️',
    'Persian می‌خواهم, Hindi क्‍ष, Sinhala ශ්‍රී, Malayalam ന്‍, Thai ไทย\u200bไทย',
    'Hebrew שלום\u200f!, Arabic \u061cعربي \u0600١٢',
    'French : « oui » ! 10 000 €, 5 km',
    '　日本語　です。',
    'Straße — “quoted” … ünï',
    `| a | ${'b'.repeat(180)} |\n| - | ${'-'.repeat(180)} |\n| c | d${' '.repeat(179)} |`,
    `${' '.repeat(80)}deeply indented\n\n\n\n\n\ttabs\r\nand CRLF\r\n`,
    `trailing${' '.repeat(300)}\nnext`,
    'A licence\n\fof several pages',
    'Braille ⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙',
    'ᠮᠣᠩᠭᠣᠯ ᠤ᠋ᠨ',
  ])('%j', (text) => {
    const sandbox = source({ 'shared/memory/global.md': `\ufeff${text}\n`, 'shared/skills/a/SKILL.md': skill(text) });
    expect(hiddenOf(sandbox, ['check-sync', '--source-only'])).toEqual({ code: 0, found: [] });
    expect(hiddenOf(sandbox, ['push-runtime', '--yes'])).toEqual({ code: 0, found: [] });
  });
});

describe('clients/allowed-hidden-text.toml', () => {
  const path = 'shared/memory/global.md';
  const codes = (sandbox: Sandbox, words = ['check-sync', '--source-only']) => {
    const { code, json } = sandbox.run([...words, '--json']);
    return [code, json.findings.map((each) => [each.code, each.severity, each.path, each.line])];
  };

  it('names a file with a reason; then it is no error and no warning', () => {
    const sandbox = source({ [path]: 'a\u00adb\n', 'allowed-hidden-text.toml': `"${path}" = "hyphenation"\n` });
    expect(codes(sandbox)).toEqual([0, []]);
    expect(codes(sandbox, ['push-runtime', '--yes'])).toEqual([0, []]);
    sandbox.write('repo/clients/claude/instructions.md', 'a\u00adb\n');
    expect(codes(sandbox)).toEqual([2, [['hidden-text', 'error', 'clients/claude/instructions.md', 1]]]);
  });

  it.each([
    [`"${path}" = ""\n`, 2, 'wrong-allowance', 'error'],
    [`"${path}" = 1\n`, 2, 'wrong-allowance', 'error'],
    ['"shared/memory/gone.md" = "gone"\n', 2, 'wrong-allowance', 'error'],
    [`"${path}" = "nothing there"\n`, 0, 'unused-allowance', 'warning'],
  ])('%j is told', (list, exit, code, severity) => {
    const sandbox = source({ [path]: 'ab\n', 'allowed-hidden-text.toml': list });
    expect(codes(sandbox)).toEqual([exit, [[code, severity, 'clients/allowed-hidden-text.toml', 1]]]);
  });
});

/** All code points, but the halves of pairs. */
function codePoints(pattern: RegExp): string[] {
  const all: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = code >= 0xd800 && code <= 0xdfff ? '' : String.fromCodePoint(code);
    if (pattern.test(character)) all.push(character);
  }
  return all;
}

describe('what is typed', () => {
  it.each([
    ['a\u202e\u001b[8mb'],
    ['check-sync', '--a\u202e\u001b[8mb'],
    ['explain', 'a\u{e0101}b'],
    ['help', 'a\u200bb'],
  ])('is shown with everything in it: %j %j', (...words) => {
    const { err } = source({}).run(words);
    expect(err).toMatch(/a\\u[0-9a-f]{4}/);
    expect(err).toMatch(/^[\n\x20-\x7e]+$/);
  });
});

describe('every character without a look of its own (law)', () => {
  const unseen = codePoints(/^(?:\p{DI}|\p{Bidi_C}|\p{Zl}|\p{Zp}|(?![\t\n])\p{Cc}|(?! )\p{Zs})$/u);

  it('there are more than four thousand', () => expect(unseen.length).toBeGreaterThan(4000));

  it('is found between letters, and by its code', () => {
    const missed = unseen.filter((one) => {
      const code = (one.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
      return !hiddenIn(`a${one}b`).some(({ what, start }) => start === 1 && what.includes(`U+${code}`));
    });
    expect(missed).toEqual([]);
  });

  it('is escaped in names, lines and JSON, which mean the same', () => {
    for (const one of unseen) {
      for (const show of [visible, visibleLine]) expect(show(`a${one}b`)).toMatch(/^a\\[\x21-\x7e]+b$/);
      const json = visibleJson(JSON.stringify(`a${one}b`));
      expect([json, JSON.parse(json)]).toEqual([expect.stringMatching(/^[\x20-\x7e]+$/), `a${one}b`]);
    }
  });

  it('comes to no output of a command as it is', () => {
    const text = unseen.filter((one) => one !== '\0').join('x');
    const sandbox = source({ 'shared/memory/global.md': `a${text}b\n`, 'shared/skills/a/SKILL.md': skill(text) });
    sandbox.write('home/.claude/settings.json', JSON.stringify({ env: { [text]: text } }, null, 2));
    sandbox.write('repo/clients/claude/settings-fragment.json', JSON.stringify({ model: text }));
    const raw = /(?![\t\n ])[\p{DI}\p{Bidi_C}\p{Z}\p{Cc}]/u;
    const escaped: string[] = [];
    for (const words of [
      ['check-sync', '--source-only'],
      ['push-runtime', '--dry-run', '--verbose'],
      ['push-runtime', '--dry-run', '--json'],
      ['check-sync', '--verbose'],
      ['diff', '--no-pager'],
      ['diff', '--json'],
      ['explain', 'claude'],
      ['status'],
    ]) {
      const { out, err } = sandbox.run(words);
      expect([words, raw.exec(out + err)?.[0]]).toEqual([words, undefined]);
      if (/\\u(?:db40|\{?e0)/i.test(out + err)) escaped.push(words[0] as string);
    }
    // They do print it, so there was something to escape.
    expect(escaped).toEqual(['push-runtime', 'check-sync', 'diff', 'diff']);
  });
});
