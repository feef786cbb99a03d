import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptSource } from './support/adopt-source.ts';
import { richClaudeJson, richInstructions, richSettings } from './support/claude-home.ts';
import { richAgents, richConfig } from './support/codex-home.ts';
import { learnedHome } from './support/learned-home.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { snapshotWithTimes } from './support/watch.ts';

/** Pull only reads the runtime: not one time of a file or folder there changes, and a second pull writes nowhere at all. */
const ownFiles: Readonly<Record<string, string>> = {
  '.codex/config.toml': richConfig,
  '.codex/hooks.json': '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "my-bell"}]}]}}\n',
  '.codex/AGENTS.md': richAgents,
  '.codex/skills/own/SKILL.md': '---\nname: own\ndescription: Mine.\n---\nMine.\n',
  '.codex/skills/.system/imagegen/SKILL.md': 'of Codex',
  '.codex/agents/own.toml': 'name = "own"\ndescription = "Mine"\ndeveloper_instructions = "Mine."\n',
  '.claude.json': richClaudeJson(),
  '.claude/settings.json': richSettings,
  '.claude/CLAUDE.md': richInstructions,
  '.claude/memories/own.md': 'My own memory.\n',
  '.claude/commands/own.md': 'Mine.\n',
};

/** A home of a person who has used both clients for long, after the push of a source with everything in it. */
function rich(): Sandbox {
  const sandbox = makeSandbox();
  const { '.claude.json': _projects, '.codex/config.toml': _trust, ...learned } = learnedHome;
  for (const [path, text] of Object.entries({ ...learned, ...ownFiles })) sandbox.write(`home/${path}`, text);
  sandbox.link('home/.claude/skills/linked', '../../dotfiles/linked');
  sandbox.write('home/dotfiles/linked/SKILL.md', '---\nname: linked\ndescription: Mine.\n---\n');
  cpSync(join(import.meta.dirname, 'stories/say-it-once/repo'), sandbox.repo, { recursive: true });
  for (const [path, text] of Object.entries(adoptSource)) sandbox.write(`repo/clients/${path}`, text);
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
  return sandbox;
}

/** Everything in the home but our own state, with the times. */
function homeOf({ home }: Sandbox): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshotWithTimes(home)).filter(([name]) => !name.startsWith('.local')));
}

describe('pull-runtime', () => {
  it('leaves every time in a rich home as it is, and writes nothing the second time', () => {
    const sandbox = rich();
    const before = homeOf(sandbox);
    const first = sandbox.run(['pull-runtime']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('Learned by the agents');
    const after = snapshotWithTimes(sandbox.root);
    for (const words of [['pull-runtime'], ['pull-runtime', '--json'], ['pull-runtime', '--adopt']]) {
      expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
      expect(snapshotWithTimes(sandbox.root)).toEqual(after);
    }
    expect(homeOf(sandbox)).toEqual(before);
  });

  it('leaves them as they are when it adopts edits and own things of many kinds', () => {
    const sandbox = rich();
    const edits: readonly (readonly [string, string, string])[] = [
      ['.codex/config.toml', 'args = ["--stdio"]', 'args = ["--stdio", "--quiet"]'],
      ['.codex/AGENTS.md', 'Answer in English.', 'Answer in plain English.'],
      ['.codex/skills/guard/SKILL.md', 'It runs as a hook.', 'It runs as a hook of both.'],
      ['.codex/hooks.json', 'Team blue', 'Hello, team blue'],
      ['.claude/settings.json', '"TEAM_MODE":"on"', '"TEAM_MODE":"off"'],
      ['.claude/memories/conventions.md', 'Two spaces.', 'Two spaces, no tabs.'],
      ['.claude/agents/reviewer.md', 'Say what is wrong', 'Say what is wrong and why'],
      ['.claude/commands/git/commit.md', 'Commit all of it', 'Commit some of it'],
      ['.claude/rules/tests.md', 'Write a test', 'Write one test'],
    ];
    for (const [path, from, to] of edits) {
      const text = sandbox.read(`home/${path}`);
      expect(text, path).toContain(from);
      sandbox.write(
        `home/${path}`,
        text.replace(from, () => to),
      );
    }
    const unmanaged = ['codex:skills/own', 'claude:commands/own.md', 'claude:projects/-srv-gone/memory/MEMORY.md'];
    for (const names of [[], unmanaged]) {
      const before = homeOf(sandbox);
      const { code, out, err } = sandbox.run(['pull-runtime', '--adopt', ...names]);
      expect({ code, err }, out).toEqual({ code: 0, err: '' });
      expect(homeOf(sandbox)).toEqual(before);
      const adopted = snapshotWithTimes(sandbox.root);
      for (const words of [['pull-runtime', '--adopt'], ['pull-runtime']]) {
        expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
        expect(snapshotWithTimes(sandbox.root)).toEqual(adopted);
      }
      expect(sandbox.run(['push-runtime']).code).toBe(0);
      expect(sandbox.run(['check-sync']).code).toBe(0);
    }
  });
});
