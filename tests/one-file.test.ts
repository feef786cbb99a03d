import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';

/** One file or folder for both clients, by links between their homes or into a third folder. */
const skill = (body: string) => `---\nname: tidy\ndescription: Tidies. Use when asked.\n---\n${body}\n`;

function source(more: Readonly<Record<string, string>> = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "one-file"\n');
  sandbox.write('repo/clients/shared/instructions.md', 'Be brief.\n');
  sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy.'));
  for (const [path, text] of Object.entries(more)) sandbox.write(`repo/clients/${path}`, text);
  return sandbox;
}

type Layout = readonly [name: string, link: (sandbox: Sandbox) => void, file: string, skills: string];

const layouts: readonly Layout[] = [
  [
    'both into a third folder',
    (s) => {
      s.write('home/.agents/AGENTS.md', '# House\n');
      s.write('home/.agents/skills/mine/SKILL.md', skill('mine').replace('tidy', 'mine'));
      s.link('home/.claude/CLAUDE.md', '../.agents/AGENTS.md');
      s.link('home/.codex/AGENTS.md', '../.agents/AGENTS.md');
      s.link('home/.claude/skills', '../.agents/skills');
      s.link('home/.codex/skills', '../.agents/skills');
    },
    '.agents/AGENTS.md',
    '.agents/skills',
  ],
  [
    'from Codex to Claude Code',
    (s) => {
      s.write('home/.claude/CLAUDE.md', '# House\n');
      s.write('home/.claude/skills/mine/SKILL.md', skill('mine').replace('tidy', 'mine'));
      s.link('home/.codex/AGENTS.md', '../.claude/CLAUDE.md');
      s.link('home/.codex/skills', '../.claude/skills');
    },
    '.claude/CLAUDE.md',
    '.claude/skills',
  ],
  [
    'from Claude Code to Codex, the file not there yet',
    (s) => {
      s.write('home/.codex/config.toml', 'model = "m"\n');
      s.write('home/.codex/skills/mine/SKILL.md', skill('mine').replace('tidy', 'mine'));
      s.link('home/.claude/CLAUDE.md', '../.codex/AGENTS.md');
      s.link('home/.claude/skills', '../.codex/skills');
    },
    '.codex/AGENTS.md',
    '.codex/skills',
  ],
];

const codeOf = (sandbox: Sandbox, ...words: string[]) => sandbox.run(words).code;

describe.each(layouts)('one file for both clients, linked %s', (_, link, file, skills) => {
  it('is written once where both want the same, stays in sync, and comes out again', () => {
    const sandbox = source();
    link(sandbox);
    const before = snapshot(sandbox.home);
    expect(codeOf(sandbox, 'check-sync')).toBe(1);
    const pushed = sandbox.run(['push-runtime', '--yes']);
    expect([pushed.code, pushed.err]).toEqual([0, '']);
    expect(sandbox.read(`home/${file}`).match(/Be brief\./g)).toHaveLength(1);
    expect(codeOf(sandbox, 'check-sync')).toBe(0);
    sandbox.write('repo/clients/shared/instructions.md', 'Be very brief.\n');
    sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy well.'));
    for (const words of [['push-runtime'], ['check-sync'], ['clean-runtime'], ['check-sync'], ['push-runtime']])
      expect([words, codeOf(sandbox, ...words)]).toEqual([words, 0]);
    expect(sandbox.read(`home/${file}`).match(/Be (?:very )?brief\./g)).toEqual(['Be very brief.']);
    expect(sandbox.read(`home/${skills}/tidy/SKILL.md`)).toContain('Tidy well.');
    expect(sandbox.run(['doctor']).out).not.toContain('one-file');
    expect(codeOf(sandbox, 'uninstall')).toBe(0);
    expect(snapshot(sandbox.home)).toEqual(before);
  });

  it('is restored as it was', () => {
    const sandbox = source();
    link(sandbox);
    expect(codeOf(sandbox, 'push-runtime', '--yes')).toBe(0);
    const before = snapshot(sandbox.home);
    sandbox.write('repo/clients/shared/instructions.md', 'Be very brief.\n');
    sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy well.'));
    expect(codeOf(sandbox, 'push-runtime')).toBe(0);
    expect(codeOf(sandbox, 'restore')).toBe(0);
    expect(snapshot(sandbox.home)).toEqual(before);
    expect(codeOf(sandbox, 'push-runtime')).toBe(0);
    expect(codeOf(sandbox, 'check-sync')).toBe(0);
  });

  it.each([
    ['the instructions', { 'claude/instructions.md': 'For Claude alone.\n' }],
    ['a memory that one imports and the other holds', { 'shared/memory/global.md': '# Global\n\nKnow this.\n' }],
    ['a skill', { 'shared/skills/tidy/SKILL.md': skill('Memories: {{path.memory}}') }],
  ])('is refused where they want different things: %s', (_what, more) => {
    const sandbox = source(more);
    link(sandbox);
    const before = snapshot(sandbox.root);
    for (const words of [
      ['check-sync'],
      ['status'],
      ['push-runtime', '--yes'],
      ['push-runtime', '--yes', '--overwrite'],
      ['clean-runtime'],
    ]) {
      const { code, err } = sandbox.run(words);
      expect([words, code, err]).toEqual([words, 2, expect.stringContaining('want different things')]);
    }
    expect(sandbox.run(['doctor', '--json']).json.findings.map(({ code }) => code)).toContain('one-file');
    expect(snapshot(sandbox.root)).toEqual(before);
  });

  it('one client after the other does not take turns where they want different things', () => {
    const sandbox = source({ 'claude/instructions.md': 'For Claude alone.\n' });
    link(sandbox);
    expect(codeOf(sandbox, 'push-runtime', '--yes', '--client', 'codex')).toBe(0);
    const before = snapshot(sandbox.home);
    for (const words of [['push-runtime'], ['push-runtime', '--overwrite'], ['check-sync']]) {
      const { code, err } = sandbox.run([...words, '--client', 'claude']);
      expect([words, code, err]).toEqual([words, 2, expect.stringContaining('want different things')]);
    }
    expect(snapshot(sandbox.home)).toEqual(before);
    expect(codeOf(sandbox, 'push-runtime', '--client', 'codex')).toBe(0);
    expect(codeOf(sandbox, 'uninstall')).toBe(0);
    expect(sandbox.exists(`home/${skills}/tidy`)).toBe(false);
  });

  it('stays for one client when it leaves the source of the other', () => {
    const sandbox = source();
    link(sandbox);
    expect(codeOf(sandbox, 'push-runtime', '--yes')).toBe(0);
    const text = sandbox.read('repo/clients/shared/skills/tidy/SKILL.md');
    sandbox.remove('repo/clients/shared/skills/tidy');
    sandbox.write('repo/clients/codex/skills/tidy/SKILL.md', text);
    expect(codeOf(sandbox, 'push-runtime')).toBe(0);
    expect(sandbox.read(`home/${skills}/tidy/SKILL.md`)).toBe(text);
    expect(codeOf(sandbox, 'check-sync')).toBe(0);
    sandbox.remove('repo/clients/codex/skills/tidy');
    expect(codeOf(sandbox, 'push-runtime')).toBe(0);
    expect(sandbox.exists(`home/${skills}/tidy`)).toBe(false);
  });

  it('works for one client at a time, and stays while the other has it', () => {
    const sandbox = source();
    link(sandbox);
    const before = snapshot(sandbox.home);
    for (const client of ['codex', 'claude', 'codex']) {
      expect([client, codeOf(sandbox, 'push-runtime', '--yes', '--client', client)]).toEqual([client, 0]);
      expect(sandbox.read(`home/${file}`).match(/Be brief\./g)).toHaveLength(1);
    }
    expect(codeOf(sandbox, 'check-sync')).toBe(0);
    expect(codeOf(sandbox, 'uninstall', '--client', 'codex')).toBe(0);
    expect(sandbox.read(`home/${file}`)).toContain('Be brief.');
    expect(sandbox.exists(`home/${skills}/tidy/SKILL.md`)).toBe(true);
    expect(codeOf(sandbox, 'uninstall')).toBe(0);
    expect(snapshot(sandbox.home)).toEqual(before);
  });
});

describe('a link made after the push', () => {
  it.each(['codex', 'claude'])('to the file of the other: of %s', (client) => {
    const sandbox = source();
    sandbox.write('home/.claude/CLAUDE.md', '# Me\n');
    sandbox.write('home/.codex/AGENTS.md', '# Me\n');
    expect(codeOf(sandbox, 'push-runtime', '--yes')).toBe(0);
    const [from, to] =
      client === 'codex' ? ['.codex/AGENTS.md', '../.claude/CLAUDE.md'] : ['.claude/CLAUDE.md', '../.codex/AGENTS.md'];
    sandbox.remove(`home/${from}`);
    sandbox.link(`home/${from}`, to);
    const skills = `home/.${client}/skills`;
    sandbox.remove(skills);
    sandbox.link(skills, `../.${client === 'codex' ? 'claude' : 'codex'}/skills`);
    expect(codeOf(sandbox, 'check-sync')).toBe(0);
    sandbox.write('repo/clients/shared/instructions.md', 'Be very brief.\n');
    sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy well.'));
    expect(codeOf(sandbox, 'check-sync')).toBe(1);
    for (const words of [['push-runtime'], ['check-sync'], ['push-runtime']])
      expect([words, codeOf(sandbox, ...words)]).toEqual([words, 0]);
    expect(sandbox.read(`home/${from}`).match(/Be (?:very )?brief\./g)).toEqual(['Be very brief.']);
    expect(codeOf(sandbox, 'uninstall')).toBe(0);
    expect(sandbox.read(`home/${from}`)).toBe('# Me\n');
    expect(sandbox.exists(`${skills}/tidy`)).toBe(false);
  });

  it('comes out though each client had a text of its own', () => {
    const sandbox = source({ 'claude/instructions.md': 'For Claude alone.\n' });
    sandbox.write('home/.claude/CLAUDE.md', '# Me\n');
    expect(codeOf(sandbox, 'push-runtime', '--yes')).toBe(0);
    sandbox.remove('home/.codex/AGENTS.md');
    sandbox.link('home/.codex/AGENTS.md', '../.claude/CLAUDE.md');
    expect(codeOf(sandbox, 'check-sync')).toBe(2);
    expect(codeOf(sandbox, 'uninstall')).toBe(0);
    expect(sandbox.read('home/.claude/CLAUDE.md')).toBe('# Me\n');
  });
});
