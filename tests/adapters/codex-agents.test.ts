import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Converted } from '../../src/adapters/client.ts';
import { codexAgentFiles, codexAgentProblems } from '../../src/adapters/codex/agents.ts';
import { claudeAgentProblems } from '../../src/adapters/markdown-problems.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import type { Table } from '../../src/model/value.ts';
import { takenOver, textOf, toldOf } from './converted.ts';

const convert = (text: string) => codexAgentFiles.convert?.(text, 'reviewer.md') as Converted;
const tomlOf = (text: string) => textOf(text, convert(text));
const valuesOf = (text: string): unknown => ({ ...toml.read(tomlOf(text)) });

const reviewer = `---
name: reviewer
description: "Reads a change: and says what is wrong"
tools: Read, Grep
model: opus
color: red
---

You review. Don't "fix" \\d+ things.

- It's all '' yours.
`;

describe('a shared agent as an agent of Codex', () => {
  it('is the same words in TOML, taken over as they stand', () => {
    expect(tomlOf(reviewer)).toBe(`name = "reviewer"
description = "Reads a change: and says what is wrong"
developer_instructions = '''

You review. Don't "fix" \\d+ things.

- It's all '' yours.
'''
`);
    const body = reviewer.slice(reviewer.indexOf('\nYou'));
    expect(takenOver(reviewer, convert(reviewer))).toEqual([
      'reviewer',
      'Reads a change: and says what is wrong',
      body,
    ]);
  });

  it('stands where its source stands', () => {
    expect(codexAgentFiles.file('team/reviewer.md')).toBe('agents/team/reviewer.toml');
    expect(codexAgentFiles.extension).toBe('.md');
  });

  it('says what is lost, and where', () => {
    expect(toldOf(convert(reviewer))).toEqual([
      ['agent-tools-lost', 'warning', 4],
      ['agent-model-lost', 'note', 5],
      ['agent-color-lost', 'note', 6],
    ]);
    const rest =
      '---\nname: a\ndescription: d\npermissionMode: plan\nhooks: {}\nmcpServers: []\nskills: [x]\nmaxTurns: 5\n---\nb';
    expect(toldOf(convert(rest)).map(([code]) => code)).toEqual([
      'agent-permission-lost',
      'agent-hooks-lost',
      'agent-servers-lost',
      'agent-skills-lost',
      'agent-key-lost',
    ]);
  });

  it('is an error without instructions, which Claude Code takes', () => {
    const empty = '---\nname: a\ndescription: d\n---\n \n';
    expect(claudeAgentProblems(empty, 'a.md')).toEqual([]);
    expect(toldOf(convert(empty))).toEqual([['agent-empty', 'error', 5]]);
  });

  it.each([
    ['no frontmatter', 'Just text', ['agent-frontmatter', 1]],
    ['frontmatter that does not parse', '---\nname: a\n}{\n---\nb', ['agent-frontmatter', 3]],
    ['no name', '---\ndescription: d\n---\nb', ['agent-name', 1]],
    ['a number for a name', '---\ndescription: d\nname: 5\n---\nb', ['agent-name', 3]],
    ['a colon in its name', '---\nname: a:b\ndescription: d\n---\nb', ['agent-name', 2]],
    ['no description', '---\nname: a\n---\nb', ['agent-description', 1]],
    ['a blank description', '---\nname: a\ndescription: ""\n---\nb', ['agent-description', 3]],
    ['hooks that are no table', '---\nname: a\ndescription: d\nhooks: 5\n---\nb', ['agent-hooks', 4]],
  ])('is an error in both clients with %s', (_what, text, [code, line]) => {
    expect(toldOf({ problems: claudeAgentProblems(text, 'a.md') })).toEqual([[code, 'error', line]]);
    expect(toldOf(convert(text))).toEqual([[code, 'error', line]]);
  });

  it.each([
    ["'''", "a ''' b"],
    ['a quote at its end', "it ends in '"],
    ['a control character', 'bell \u0007'],
    ['a lone carriage return', 'a\rb'],
  ])('is written in another way when its text has %s', (_what, body) => {
    const text = `---\nname: a\ndescription: d\n---\n${body}`;
    expect(valuesOf(text)).toEqual({ name: 'a', description: 'd', developer_instructions: body });
    expect(takenOver(text, convert(text))).toEqual(['a', 'd']);
  });

  it('keeps every text to the character', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '');
    const lines = fc.array(fc.oneof(words, fc.constantFrom("'", "''", '\\', '"""', '\t', '---')), { minLength: 1 });
    fc.assert(
      fc.property(words, lines, fc.constantFrom('\n', '\r\n'), (description, texts, end) => {
        const body = texts.join(end);
        fc.pre(body.trim() !== '' && !body.includes('\0'));
        const text = `---\nname: a\ndescription: ${JSON.stringify(description)}\n---\n${body}`;
        expect(valuesOf(text)).toEqual({ name: 'a', description, developer_instructions: body });
      }),
    );
  });
});

describe("Codex's own agents", () => {
  const good: Table = { name: 'a', description: 'd', developer_instructions: 'x' };
  const told = (values: Table) => codexAgentProblems(values).map(({ code, path }) => [code, path.join('.')]);

  it('may have the keys of a config', () => {
    expect(told({ ...good, model: 'm', model_reasoning_effort: 'high', sandbox_mode: 'read-only' })).toEqual([]);
    expect(told({ ...good, nickname_candidates: ['Ada L-1_x'], mcp_servers: { s: { command: 'x' } } })).toEqual([]);
  });

  it('may not have what makes Codex ignore them', () => {
    expect(told({})).toEqual([
      ['wrong-shape', 'name'],
      ['wrong-shape', 'description'],
      ['wrong-shape', 'developer_instructions'],
    ]);
    expect(told({ ...good, developer_instructions: ' \n' })).toEqual([['wrong-shape', 'developer_instructions']]);
    expect(told({ ...good, sandbox_mode: 'ro' })).toEqual([['wrong-shape', 'sandbox_mode']]);
    expect(told({ ...good, nickname_candidates: ['Ada!'] })).toEqual([['wrong-shape', 'nickname_candidates.0']]);
    expect(told({ ...good, color: 'red' })).toEqual([['client-refuses', 'color']]);
    expect(told({ ...good, mcp_servers: { s: {} } })).toEqual([['client-refuses', 'mcp_servers.s']]);
  });
});
