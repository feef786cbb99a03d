import { cpSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNobody, closed, errorsOf } from '../support/hostile.ts';
import { makeSandbox, type Sandbox, snapshot } from '../support/sandbox.ts';

const isRoot = process.getuid?.() === 0;

/** A target that really lies in a repository is no target: what is written there changes the source itself. */
const skill = (body: string) => `---\nname: tidy\ndescription: Tidies. Use when asked.\n---\n${body}\n`;

function source(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "links"\n');
  sandbox.write('repo/clients/shared/instructions.md', 'Be brief.\n');
  sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Memories: {{path.memory}}'));
  sandbox.write('repo/clients/shared/commands/go.md', '---\ndescription: go\n---\nGo\n');
  sandbox.write('repo/clients/shared/memory/a.md', '# A\n\ntext\n');
  sandbox.write('repo/clients/claude/settings-fragment.json', '{"model":"opus"}\n');
  return sandbox;
}

type Linked = readonly [name: string, link: (sandbox: Sandbox) => void, path: string];

/** What people had before they had a tool. */
const layouts: readonly Linked[] = [
  [
    'instructions',
    (s) => s.link('home/.claude/CLAUDE.md', join(s.repo, 'clients/shared/instructions.md')),
    '.claude/CLAUDE.md',
  ],
  [
    'one skill',
    (s) => s.link('home/.claude/skills/tidy', join(s.repo, 'clients/shared/skills/tidy')),
    '.claude/skills/tidy',
  ],
  ['a folder of skills', (s) => s.link('home/.codex/skills', join(s.repo, 'clients/shared/skills')), '.codex/skills'],
  [
    'a file of a skill',
    (s) => s.link('home/.claude/skills/tidy/SKILL.md', '../../../../repo/clients/shared/skills/tidy/SKILL.md'),
    '.claude/skills/tidy/SKILL.md',
  ],
  ['memories', (s) => s.link('home/.claude/memories', join(s.repo, 'clients/shared/memory')), '.claude/memories'],
  [
    'settings beside clients/',
    (s) => {
      s.write('repo/dotfiles/settings.json', '{}\n');
      s.link('home/.claude/settings.json', join(s.repo, 'dotfiles/settings.json'));
    },
    '.claude/settings.json',
  ],
  [
    'a whole home',
    (s) => {
      s.write('repo/dotfiles/claude/settings.json', '{}\n');
      s.link('home/.claude', join(s.repo, 'dotfiles/claude'));
    },
    '.claude',
  ],
  [
    'a chain of links',
    (s) => {
      s.link('home/agents', s.repo);
      s.link('home/.codex/skills', '../agents/clients/shared/skills');
    },
    '.codex/skills',
  ],
  [
    'a file that is not there yet',
    (s) => s.link('home/.codex/AGENTS.md', join(s.repo, 'clients/shared/AGENTS.md')),
    '.codex/AGENTS.md',
  ],
  [
    'another clone',
    (s) => {
      cpSync(s.repo, join(s.root, 'other'), { recursive: true });
      s.link('home/.claude/skills', join(s.root, 'other/clients/shared/skills'));
    },
    '.claude/skills',
  ],
];

const commands: readonly (readonly string[])[] = [
  ['push-runtime', '--yes'],
  ['push-runtime', '--yes', '--overwrite'],
  ['push-runtime', '--dry-run'],
  ['clean-runtime'],
  ['pull-runtime'],
  ['pull-runtime', '--adopt'],
  ['check-sync'],
  ['status'],
  ['diff'],
];

describe.each(layouts)('a link into a repository: %s', (_, link, path) => {
  it.each(commands)('%s %s is refused, and says which link', (...words) => {
    const sandbox = source();
    link(sandbox);
    const before = snapshot(sandbox.root);
    const { code, err } = sandbox.run(words.filter((word) => word !== undefined));
    expect([code, err]).toEqual([2, expect.stringContaining('target-in-source')]);
    expect(err).toContain(`rm ${join(sandbox.home, path)}`);
    expect(snapshot(sandbox.root)).toEqual(before);
  });

  it('doctor and a session say the same, and change nothing', () => {
    const sandbox = source();
    link(sandbox);
    const before = snapshot(sandbox.root);
    const doctor = sandbox.run(['doctor', '--json']);
    expect(doctor.json.findings.map(({ code }) => code)).toContain('target-in-source');
    expect(sandbox.run(['session-check']).out).toContain('lies in the repository');
    expect(snapshot(sandbox.root)).toEqual(before);
  });

  it('once the link is removed, push works', () => {
    const sandbox = source();
    link(sandbox);
    const before = snapshot(sandbox.repo);
    sandbox.remove(`home/${path}`);
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(snapshot(sandbox.repo)).toEqual(before);
  });
});

describe('a link into the repository that was made after the push', () => {
  it.each([['uninstall'], ['clean-runtime', '--remove-only'], ['restore']])('stops %s %s', (...words) => {
    const sandbox = source();
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    sandbox.remove('home/.claude/skills/tidy');
    sandbox.link('home/.claude/skills/tidy', join(sandbox.repo, 'clients/shared/skills/tidy'));
    const before = snapshot(sandbox.root);
    const { code, err } = sandbox.run(
      words.filter((word) => word !== undefined),
      { cwd: sandbox.home },
    );
    expect([code, err]).toEqual([2, expect.stringContaining('target-in-source')]);
    expect(snapshot(sandbox.root)).toEqual(before);
    sandbox.remove('home/.claude/skills/tidy');
    expect(sandbox.run(['uninstall'], { cwd: sandbox.home }).code).toBe(0);
    expect(sandbox.read('repo/clients/shared/skills/tidy/SKILL.md')).toContain('{{path.memory}}');
  });
});

describe('links that lead elsewhere', () => {
  it('are written through as ever', () => {
    const sandbox = source();
    sandbox.write('home/dotfiles/CLAUDE.md', '# Me\n');
    sandbox.link('home/.claude/CLAUDE.md', '../dotfiles/CLAUDE.md');
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    expect(readlinkSync(join(sandbox.home, '.claude/CLAUDE.md'))).toBe('../dotfiles/CLAUDE.md');
    expect(sandbox.read('home/dotfiles/CLAUDE.md')).toContain('Be brief.');
    expect(readdirSync(join(sandbox.repo, 'clients/shared')).sort()).toEqual(
      ['commands', 'instructions.md', 'memory', 'skills'].sort(),
    );
  });

  it('a file of which nothing is wanted may lead into the repository', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/syncline.toml', 'id = "links"\n');
    sandbox.write('repo/clients/shared/instructions.md', 'Be brief.\n');
    sandbox.write('repo/dotfiles/settings.json', '{}\n');
    sandbox.link('home/.claude/settings.json', join(sandbox.repo, 'dotfiles/settings.json'));
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });
});

describe.skipIf(!isRoot)('a link into a store where nothing may be written', () => {
  it.each([
    ['a file', '.codex/config.toml', 'store/config.toml'],
    ['a folder', '.claude/skills', 'store/skills'],
  ])('%s: push says where it leads, and doctor finds it before', (_, path, store) => {
    const sandbox = source();
    sandbox.write('repo/clients/shared/mcp.json', '{"mcpServers":{"t":{"url":"https://mcp.example.com/mcp"}}}\n');
    sandbox.write('home/store/config.toml', 'model = "x"\n');
    sandbox.write('home/store/skills/own/SKILL.md', skill('own'));
    sandbox.write('home/.claude/settings.json', '{}\n');
    sandbox.write('home/.codex/AGENTS.md', '# Me\n');
    sandbox.link(`home/${path}`, join(sandbox.home, store));
    const run = asNobody(sandbox);
    for (const folder of ['store', 'store/skills']) closed(join(sandbox.home, folder), 0o555);
    const before = snapshot(sandbox.home);
    const doctor = run(['doctor']);
    const told = doctor.json?.findings.filter(({ code }) => code === 'read-only-target') ?? [];
    expect(told.map((one) => one.path)).toEqual([expect.stringContaining(path)]);
    expect(told[0]?.message).toContain(store);
    const push = run(['push-runtime', '--yes']);
    const [error] = errorsOf(push);
    expect([push.code, error?.message]).toEqual([2, expect.stringContaining(store)]);
    expect(error?.remedy).toContain('made this link');
    expect(snapshot(sandbox.home)).toEqual(before);
  });
});
