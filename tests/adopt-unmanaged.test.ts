import { describe, expect, it } from 'vitest';
import { deployed, edit, expectAdopted, homeOf, inSource, sourceOf } from './support/adopt-world.ts';
import { shapedSecret } from './support/canary.ts';
import { sampled } from './support/law-runs.ts';
import { home, repo, type World } from './support/memory-world.ts';

/** `pull-runtime --adopt <name>`: what a user has of their own becomes the repository's, where all can get it if they can. */
const source = {
  'shared/mcp.json': '{"mcpServers": {"team": {"command": "team-server"}}}\n',
  'shared/skills/greet/SKILL.md': '---\nname: greet\ndescription: Greets people.\n---\nBe kind.\n',
};

const skill = (name: string) => `---\nname: ${name}\ndescription: Mine.\n---\nRun run.sh.\n`;
const agent = '---\nname: mine\ndescription: My agent.\n---\nBe mine.\n';
const reference = (name: string) => `\${${name}}`;

interface Own {
  readonly what: string;
  /** Below the home. */
  readonly files: Readonly<Record<string, string>>;
  readonly name: string;
  readonly source: Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

const own: readonly Own[] = [
  {
    what: 'a skill',
    files: { '.codex/skills/own/SKILL.md': skill('own'), '.codex/skills/own/run.sh': '#!/bin/sh\n' },
    name: 'codex:skills/own',
    source: { 'shared/skills/own/SKILL.md': skill('own'), 'shared/skills/own/run.sh': '#!/bin/sh\n' },
    says: ['The next push brings it to:\n  claude:skills/own/SKILL.md\n'],
  },
  {
    what: 'a memory',
    files: { '.claude/memories/mine.md': '# Mine\n\nTea.\n' },
    name: 'claude:memories/mine.md',
    source: { 'shared/memory/mine.md': '# Mine\n\nTea.\n' },
    says: ['codex:memories/mine.md'],
  },
  {
    what: 'a server that is started, from Codex',
    files: { '.codex/config.toml': '[mcp_servers.mine]\ncommand = "mine"\nargs = ["-v"]\nenv_vars = ["MINE_KEY"]\n' },
    name: 'codex:config.toml#mcp_servers.mine',
    source: {
      'shared/mcp.json': `{"mcpServers": {"team": {"command": "team-server"}, "mine": {"command": "mine", "args": ["-v"], "env": {"MINE_KEY": "${reference('MINE_KEY')}"}}}}\n`,
    },
    says: [
      'New powers in the source:\n  MCP server  codex:config.toml#mcp_servers.mine  mine runs mine -v\n',
      'claude:.claude.json#mcpServers.mine',
    ],
  },
  {
    what: 'a server that is reached by HTTP, from Claude, with a reference',
    files: {
      '.claude.json': JSON.stringify({
        mcpServers: {
          mine: {
            type: 'http',
            url: 'https://mine.example',
            headers: { Authorization: `Bearer ${reference('MINE_KEY')}` },
          },
        },
      }),
    },
    name: 'claude:.claude.json#mcpServers.mine',
    source: {
      'shared/mcp.json': `{"mcpServers": {"team": {"command": "team-server"}, "mine": {"type": "http", "url": "https://mine.example", "headers": {"Authorization": "Bearer ${reference('MINE_KEY')}"}}}}\n`,
    },
    says: ['codex:config.toml#mcp_servers.mine'],
  },
  {
    what: 'a provider',
    files: { '.codex/config.toml': '[model_providers.mine]\nname = "Mine"\nbase_url = "https://models.example/v1"\n' },
    name: 'codex:config.toml#model_providers.mine',
    source: {
      'codex/config-fragment.toml': '[model_providers.mine]\nname = "Mine"\nbase_url = "https://models.example/v1"\n',
    },
    says: [],
  },
  {
    what: 'a hook of an event that both clients have',
    files: {
      '.codex/hooks.json': JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command: 'mine' }] }] } }),
    },
    name: 'codex:hooks.json#hooks.Stop',
    source: {
      'shared/hooks.json':
        '{\n  "hooks": {\n    "Stop": [\n      {\n        "hooks": [\n          {\n            "type": "command",\n            "command": "mine"\n          }\n        ]\n      }\n    ]\n  }\n}\n',
    },
    says: ['  hook  codex:hooks.json#hooks.Stop[', '  hook  claude:settings.json#hooks.Stop['],
  },
  {
    what: 'a hook that only Claude knows',
    files: {
      '.claude/settings.json': JSON.stringify({
        hooks: { WorktreeCreate: [{ hooks: [{ type: 'command', command: 'mine' }] }] },
      }),
    },
    name: 'claude:settings.json#hooks.WorktreeCreate',
    source: {
      'claude/settings-fragment.json':
        '{\n  "hooks": {\n    "WorktreeCreate": [\n      {\n        "hooks": [\n          {\n            "type": "command",\n            "command": "mine"\n          }\n        ]\n      }\n    ]\n  }\n}\n',
    },
    says: [],
  },
  {
    what: 'a permission',
    files: { '.claude/settings.json': '{"permissions": {"allow": ["Bash(ls)", "Bash(pwd)"]}}' },
    name: 'claude:settings.json#permissions.allow["Bash(ls)"]',
    source: {
      'claude/settings-fragment.json': '{\n  "permissions": {\n    "allow": [\n      "Bash(ls)"\n    ]\n  }\n}\n',
    },
    says: ['  allowed permission  claude:settings.json#permissions.allow["Bash(ls)"]  Bash(ls)\n'],
  },
  {
    what: 'a command',
    files: { '.claude/commands/mine.md': 'Do it.\n' },
    name: 'claude:commands/mine.md',
    source: { 'shared/commands/mine.md': 'Do it.\n' },
    says: ['  adopted   claude:commands/mine.md into clients/shared/commands/mine.md\n', 'codex:skills/mine/SKILL.md'],
  },
  {
    what: 'an agent of Claude',
    files: { '.claude/agents/mine.md': agent },
    name: 'claude:agents/mine.md',
    source: { 'shared/agents/mine.md': agent },
    says: ['codex:agents/mine.toml'],
  },
  {
    what: 'an agent of Codex',
    files: { '.codex/agents/mine.toml': 'name = "mine"\ndescription = "Mine."\ndeveloper_instructions = "Be mine."\n' },
    name: 'codex:agents/mine.toml',
    source: { 'codex/agents/mine.toml': 'name = "mine"\ndescription = "Mine."\ndeveloper_instructions = "Be mine."\n' },
    says: [],
  },
  {
    what: 'rules of Codex',
    files: { '.codex/rules/mine.rules': 'prefix_rule(pattern = ["ls"], decision = "allow")\n' },
    name: 'codex:rules/mine.rules',
    source: { 'codex/rules/mine.rules': 'prefix_rule(pattern = ["ls"], decision = "allow")\n' },
    says: ['allowed command  codex:rules/mine.rules'],
  },
  {
    what: 'a rule of Claude',
    files: { '.claude/rules/mine.md': 'Short.\n' },
    name: 'claude:rules/mine.md',
    source: { 'claude/rules/mine.md': 'Short.\n' },
    says: [],
  },
  {
    what: 'an output style',
    files: { '.claude/output-styles/mine.md': '---\nname: mine\n---\nShort.\n' },
    name: 'claude:output-styles/mine.md',
    source: { 'claude/output-styles/mine.md': '---\nname: mine\n---\nShort.\n' },
    says: [],
  },
];

const withFiles = (files: Readonly<Record<string, string>>) => ({
  arrange: ({ memory }: World) => {
    for (const [name, text] of Object.entries(files))
      memory.write(`${home}/${name}`, text, name.endsWith('.sh') ? 0o755 : 0o644);
  },
});

describe('of the user’s own, by its name only:', () => {
  it.each(sampled(own).map((one) => [one.what, one] as const))(
    '%s',
    async (_, { files, name, source: changes, says }) => {
      const world = await deployed(source, withFiles(files));
      expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
      expect(sourceOf(world)).toEqual(source);
      const expected = Object.entries(changes).map(([file, text]) => {
        const old = (source as Readonly<Record<string, string>>)[file] ?? '';
        return [file, [[old, text]] as const] as const;
      });
      await expectAdopted(world, { names: [name], source: Object.fromEntries(expected), says });
    },
  );
});

describe('is refused, and nothing is written:', () => {
  it.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
    [
      'a server with a literal secret',
      {
        '.codex/config.toml': `[mcp_servers.mine]\ncommand = "mine"\n\n[mcp_servers.mine.env]\nMINE_KEY = "${shapedSecret(3)}"\n`,
      },
      'codex:config.toml#mcp_servers.mine',
      /config\.toml:6: adopting "codex:config\.toml#mcp_servers\.mine" would bring a mistake into clients\/shared\/mcp\.json: .*\n {2}Name an environment variable/,
    ],
    [
      'a memory with a secret',
      { '.claude/memories/mine.md': `# Mine\n\nUse ${shapedSecret(4)}.\n` },
      'claude:memories/mine.md',
      /memories\/mine\.md: adopting "claude:memories\/mine\.md" would bring a mistake into clients\/shared\/memory\/mine\.md/,
    ],
    [
      'an agent that Claude would not load',
      { '.claude/agents/mine.md': '---\nname: mine\n---\nWork.\n' },
      'claude:agents/mine.md',
      /agents\/mine\.md: adopting "claude:agents\/mine\.md" would bring a mistake into clients\/shared\/agents\/mine\.md: .*description/,
    ],
  ])('%s', async (_, files, name, message) => {
    const world = await deployed(source, withFiles(files));
    const before = [world.memory.snapshot(repo), homeOf(world)];
    const { code, err, out } = await world.run(['pull-runtime', '--adopt', name]);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    for (const text of [shapedSecret(3), shapedSecret(4)]) expect(out + err).not.toContain(text);
    expect([world.memory.snapshot(repo), homeOf(world)]).toEqual(before);
  });
});

describe('what comes of it is said:', () => {
  it('another client has another skill of that name, so the next push will stop', async () => {
    const files = {
      '.codex/skills/own/SKILL.md': skill('own'),
      '.claude/skills/own/SKILL.md': skill('own').replace('Mine', 'Other'),
    };
    const world = await deployed(source, withFiles(files));
    const { code, out } = await world.run(['pull-runtime', '--adopt', 'codex:skills/own']);
    expect(code).toBe(0);
    expect(out).toContain(
      '"claude:skills/own/SKILL.md" is something else in the runtime: the next push will stop there',
    );
    expect((await world.run(['push-runtime'])).code).toBe(3);
  });

  it('a folder of this machine comes into a file of all', async () => {
    const files = { '.codex/config.toml': `[mcp_servers.mine]\ncommand = "${home}/bin/mine"\n` };
    const world = await deployed(source, withFiles(files));
    const { out } = await world.run(['pull-runtime', '--adopt', 'codex:config.toml#mcp_servers.mine']);
    expect(out).toContain(
      'clients/shared/mcp.json:1: "clients/shared/mcp.json" comes to name a folder of this machine (1 line)',
    );
    const again = await deployed(source);
    edit(again, { file: '.claude/skills/greet/SKILL.md', from: 'Be kind.', to: `Be kind.\nSee ${home}/notes.md.` });
    expect((await again.run(['pull-runtime', '--adopt'])).out).toContain(
      'SKILL.md:6: "clients/shared/skills/greet/SKILL.md" comes to name',
    );
  });

  it('one client is looked at, and what is shared is judged for all of them', async () => {
    const shared = '---\nname: mine\ndescription: Mine.\n---\nWork.\n';
    const world = await deployed({ ...source, 'shared/agents/mine.md': shared });
    edit(world, { file: '.claude/agents/mine.md', from: 'Work.\n', to: '' });
    const { code, err } = await world.run(['pull-runtime', '--client', 'claude', '--adopt']);
    expect([code, err]).toEqual([2, expect.stringContaining('Codex ignores an agent without instructions')]);
    expect(world.memory.read(inSource('shared/agents/mine.md'))).toBe(shared);
    const other = await deployed(source);
    edit(other, { file: '.codex/skills/greet/SKILL.md', from: 'Be kind.', to: 'Be nice.' });
    const { out } = await other.run(['pull-runtime', '--client', 'codex', '--adopt']);
    expect(out).toContain('The next push brings it to:\n  claude:skills/greet/SKILL.md\n');
  });

  it('many that are adopted by name only are one note', async () => {
    const world = await deployed(source);
    for (const client of ['.codex', '.claude']) world.memory.remove(`${home}/${client}/skills/greet/SKILL.md`);
    const { out } = await world.run(['pull-runtime', '--adopt']);
    expect(out.match(/by-name-only/g)).toHaveLength(1);
    expect(out).toContain(
      '"codex:skills/greet/SKILL.md" and 1 more were removed in the runtime; that is adopted by name only',
    );
  });
});

describe('a value that came to name a path of this machine', () => {
  const files = {
    'codex/config-fragment.toml': 'notify = ["notify-send"]\nmodel = "m"\n',
    'shared/mcp.json': '{"mcpServers": {"team": {"command": "team-server"}}}\n',
  };
  const unit = 'codex:config.toml#notify';

  it.each([
    ['of a person', '/home/somebody/.local/bin/wrap'],
    ['of an app', '/Applications/Codex.app/Contents/Resources/notify'],
    ['of a package manager', '/nix/store/abc-notify/bin/notify'],
    ['below /opt', '/opt/agents/notify'],
    ['of Windows', 'C:\\Tools\\notify.exe'],
  ])('%s is left by a plain --adopt, named, and adopted by name', async (_, path) => {
    const world = await deployed(files);
    const now = `notify = [${JSON.stringify(path)}, "notify-send"]`;
    edit(world, { file: '.codex/config.toml', from: 'notify = ["notify-send"]', to: now });
    edit(world, { file: '.codex/config.toml', from: 'model = "m"', to: 'model = "n"' });
    const plain = await world.run(['pull-runtime', '--adopt']);
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toContain(`"${unit}" was edited to name a path of this machine; that is adopted by name only`);
    const fragment = () => world.memory.read(inSource('codex/config-fragment.toml'));
    expect(fragment()).toBe('notify = ["notify-send"]\nmodel = "n"\n');
    expect(await world.run(['pull-runtime', '--adopt', unit])).toMatchObject({ code: 0, err: '' });
    expect(fragment()).toContain(JSON.stringify(path).slice(1, -1));
  });

  it('as the command of a server is left, too; one that every machine has is adopted', async () => {
    const world = await deployed(files);
    const at = (command: string) =>
      edit(world, { file: '.codex/config.toml', from: /command = "[^"]*"/, to: `command = "${command}"` });
    at('/Users/me/bin/team-server');
    await world.run(['pull-runtime', '--adopt']);
    expect(world.memory.read(inSource('shared/mcp.json'))).toBe(files['shared/mcp.json']);
    at('/usr/bin/team-server');
    await world.run(['pull-runtime', '--adopt']);
    expect(world.memory.read(inSource('shared/mcp.json'))).toContain('/usr/bin/team-server');
  });
});
