import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** Keys and names that JavaScript takes for something else: errors of the source, and nothing but data in a home. */
const keys = ['__proto__', 'constructor', 'prototype'] as const;
const skill = (name: string, more = '') =>
  `---\nname: ${name}\ndescription: Does it. Use when asked.\n${more}---\nDo it.\n`;

function source(files: Readonly<Record<string, string>>): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "keys"\n');
  for (const [path, text] of Object.entries(files)) sandbox.write(`repo/clients/${path}`, text);
  return sandbox;
}

const places: readonly (readonly [string, (key: string) => string, number])[] = [
  ['claude/settings-fragment.json', (key) => `{\n"${key}": { "hooks": { "Stop": [] } }}`, 2],
  ['claude/settings-fragment.json', (key) => `{"env": {\n"${key}": "a"}}`, 2],
  [
    'claude/settings-fragment.json',
    (key) => `{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "a",\n"${key}": {}}]}]}}`,
    2,
  ],
  ['claude/settings-fragment.json', (key) => `{\n"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}": {}}`, 2],
  ['claude/mcp-fragment.json', (key) => `{"mcpServers": {\n"${key}": {"command": "a"}}}`, 2],
  ['shared/mcp.json', (key) => `{"mcpServers": {\n"${key}": {"command": "a"}}}`, 2],
  ['shared/mcp.json', (key) => `{"mcpServers": {"a": {"command": "a", "env": {\n"${key}": "b"}}}}`, 2],
  ['codex/config-fragment.toml', (key) => `model = "a"\n\n[${key}]\nb = 1\n`, 3],
  ['codex/config-fragment.toml', (key) => `model = "a"\na.${key}.b = 1\n`, 2],
  ['codex/config-fragment.toml', (key) => `[mcp_servers.${key}]\ncommand = "a"\n`, 1],
  ['codex/config-fragment.toml', (key) => `[[a]]\n'${key}' = 1\n`, 2],
  ['codex/profiles/p.toml', (key) => `model = "a"\n${key} = 1\n`, 2],
  ['shared/vars.toml', (key) => `a = "b"\n${key} = "c"\n`, 2],
  ['shared/skills/a/SKILL.md', (key) => skill('a', `${key}: b\n`), 4],
  ['claude/commands/a.md', (key) => `---\n${key}: b\n---\nDo.\n`, 2],
  ['machines/skills/claude/settings-fragment.json', (key) => `{"env": {\n"${key}": "a"}}`, 2],
  ['people/files/codex/config-fragment.toml', (key) => `model = "a"\n${key} = 1\n`, 2],
  ['claude/agents/files/a.md', (key) => `---\nname: a\ndescription: A.\n${key}: b\n---\nDo.\n`, 4],
  ['claude/rules/skills/files/a.md', (key) => `---\n${key}: b\n---\nDo.\n`, 2],
  ['shared/commands/files/a.md', (key) => `---\ndescription: A.\n${key}: b\n---\nDo.\n`, 3],
  ['claude/agents/a.md', (key) => `---\nname: a\ndescription: A.\nhooks:\n  ${key}: b\n---\nDo.\n`, 4],
];

const names: readonly ((key: string) => readonly [string, string])[] = [
  (key) => [`shared/skills/${key}/SKILL.md`, skill(key)],
  (key) => [`shared/memory/${key}.md`, 'A.\n'],
  (key) => [`shared/memory/projects/${key}.md`, 'A.\n'],
  (key) => [`shared/commands/${key}.md`, '---\ndescription: A.\n---\nDo.\n'],
  (key) => [`codex/profiles/${key}.toml`, 'model = "a"\n'],
];

describe.each(keys)('%s', (key) => {
  it.each(places)('is refused in %s with its line %#', (path, text, line) => {
    const sandbox = source({ 'shared/skills/a/SKILL.md': skill('a'), [path]: text(key) });
    for (const words of [
      ['check-sync', '--source-only'],
      ['push-runtime', '--yes'],
    ]) {
      const { code, json } = sandbox.run([...words, '--json']);
      const [first] = json.findings.filter((each) => each.code === 'reserved-key');
      expect([code, first?.severity, first?.path, first?.message]).toEqual([
        2,
        'error',
        `clients/${path}`,
        expect.stringContaining(JSON.stringify(key)),
      ]);
      expect(first?.line).toBe(line);
    }
    expect(sandbox.exists('home/.claude/settings.json') || sandbox.exists('home/.codex')).toBe(false);
  });

  it.each(names)('is refused as a name %#', (fileOf) => {
    const [path, text] = fileOf(key);
    const { code, json } = source({ [path]: text }).run(['check-sync', '--source-only', '--json']);
    const reserved = json.findings.filter((each) => each.code === 'reserved-key');
    expect([code, reserved.map((each) => each.path)]).toEqual([2, [`clients/${path}`]]);
  });

  it('is no matter in what a skill carries along, nor in texts', () => {
    const sandbox = source({
      'shared/skills/a/SKILL.md': `${skill('a')}A ${key}: it is a key.\n`,
      'shared/skills/a/data.json': `{"${key}": 1}`,
      [`shared/skills/a/docs/${key}.txt`]: 'x\n',
      'shared/memory/global.md': `The ${key} of a class.\n`,
    });
    expect(sandbox.run(['check-sync', '--source-only'])).toMatchObject({ code: 0 });
  });

  it('is data in a home: nothing breaks, and it stays as it was', () => {
    const sandbox = source({
      'claude/settings-fragment.json': '{"env": {"A": "b"}, "permissions": {"allow": ["Bash(ls)"]}}',
      'codex/config-fragment.toml': 'model_verbosity = "low"\n',
      'shared/mcp.json': '{"mcpServers": {"ok": {"command": "true"}}}',
    });
    const home = {
      '.claude/settings.json': `{"${key}":{"hooks":{"Stop":[]}},"env":{"${key}":"x"},"permissions":{"${key}":["a"]},"hooks":{"${key}":[]}}`,
      '.claude.json': `{"mcpServers":{"${key}":{"command":"true","env":{"${key}":"p"}}},"${key}":1}`,
      '.codex/config.toml': `model = "a"\n\n[${key}]\na = 1\n\n[mcp_servers.${key}]\ncommand = "true"\n`,
      [`.claude/skills/${key}/SKILL.md`]: skill(key),
      [`.codex/memories/${key}.md`]: 'Mine.\n',
    };
    for (const [path, text] of Object.entries(home)) sandbox.write(`home/${path}`, text);
    expect(sandbox.run(['push-runtime', '--yes'])).toMatchObject({ code: 0 });
    const settings = JSON.parse(sandbox.read('home/.claude/settings.json'));
    expect(settings.permissions.allow).toEqual(['Bash(ls)']);
    for (const words of [['check-sync', '--verbose'], ['status'], ['diff'], ['pull-runtime'], ['explain', 'claude']])
      expect([words, sandbox.run(words).code]).toEqual([words, 0]);
    const doctor = sandbox.run(['doctor']);
    expect(doctor.out + doctor.err).not.toMatch(/crash|TypeError/);
    for (const unit of [`skills/${key}`, `codex:config.toml#mcp_servers.${key}`, `memories/${key}.md`]) {
      const before = sandbox.run(['check-sync', '--source-only']);
      const { code, err } = sandbox.run(['pull-runtime', '--adopt', unit]);
      expect([unit, code, err]).toEqual([unit, 2, expect.stringContaining('[reserved-key]')]);
      expect(sandbox.run(['check-sync', '--source-only'])).toMatchObject({ code: before.code });
    }
    expect(sandbox.run(['uninstall'])).toMatchObject({ code: 0 });
    for (const [path, text] of Object.entries(home)) expect(sandbox.read(`home/${path}`)).toBe(text);
  });
});
