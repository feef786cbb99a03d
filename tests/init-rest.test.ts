import { describe, expect, it } from 'vitest';
import { home, makeWorld, type World } from './support/memory-world.ts';
import { made, take, usedHome } from './support/take-world.ts';

/** What `init --from-runtime` does with all that is no server, skill, setting or text: it is imported, or named with the reason. */
const script = '#!/bin/sh\nexit 0\n';
const hook = (command: string) => ({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } });
const settings = (command: string) => JSON.stringify({ permissions: { allow: ['Edit'] }, ...hook(command) });

function withScripts(files: Readonly<Record<string, string>>, scripts: readonly string[]): World {
  const world = usedHome(files);
  for (const path of scripts) world.memory.write(`${home}/${path}`, script, 0o755);
  return world;
}

describe('the scripts that hooks need', () => {
  it.each([
    'bash ~/.claude/hooks/guard.sh',
    '~/.claude/hooks/guard.sh --strict',
    '"$HOME"/.claude/hooks/guard.sh',
    `python3 $\{HOME}/.claude/hooks/guard.sh`,
    `${home}/.claude/hooks/guard.sh`,
    `bash -c "~/.claude/hooks/guard.sh"`,
  ])('are imported, run bit and neighbours included, and work on an empty machine: %s', async (command) => {
    const world = withScripts({ '.claude/settings.json': settings(command), '.claude/hooks/lib/words.txt': 'a\n' }, [
      '.claude/hooks/guard.sh',
    ]);
    const { source } = await take(world);
    expect(source['claude/files/hooks/guard.sh']).toBe(script);
    expect(source['claude/files/hooks/lib/words.txt']).toBe('a\n');
    const other = otherMachine(world);
    expect(await other.run(['push-runtime', '--repo', made, '--yes'])).toMatchObject({ code: 0, err: '' });
    expect(other.memory.disk.status(`${home}/.claude/hooks/guard.sh`)?.mode).toBe(0o755);
    expect(other.memory.read(`${home}/.claude/hooks/guard.sh`)).toBe(script);
    expect(other.memory.disk.status(`${home}/.claude/hooks/lib/words.txt`)?.mode).toBe(0o644);
  });

  it('are imported for the status line, notify, helpers and servers, and with what they name in turn', async () => {
    const world = withScripts(
      {
        '.claude/settings.json': JSON.stringify({
          statusLine: { type: 'command', command: 'bash ~/.claude/statusline.sh' },
          apiKeyHelper: '~/.claude/helpers/key.sh',
        }),
        '.claude.json': JSON.stringify({
          mcpServers: { own: { command: 'node', args: [`${home}/.claude/servers/own.mjs`] } },
        }),
        '.codex/config.toml': `notify = ["${home}/.codex/notify.sh"]\n`,
        '.claude/servers/own.mjs': 'import "./more.mjs";\n',
        '.claude/servers/more.mjs': '',
        '.claude/lib/all.sh': 'true\n',
      },
      ['.claude/helpers/key.sh', '.codex/notify.sh'],
    );
    world.memory.write(`${home}/.claude/statusline.sh`, '#!/bin/sh\n. ~/.claude/lib/all.sh\n', 0o755);
    const { source } = await take(world);
    for (const file of ['statusline.sh', 'helpers/key.sh', 'servers/own.mjs', 'servers/more.mjs', 'lib/all.sh'])
      expect(Object.keys(source)).toContain(`claude/files/${file}`);
    expect(Object.keys(source)).toContain('codex/files/notify.sh');
  });

  it('that both clients have alike are shared', async () => {
    const world = withScripts(
      {
        '.claude/settings.json': settings('~/.claude/hooks/a.sh'),
        '.codex/hooks.json': JSON.stringify(hook('~/.codex/hooks/a.sh')),
      },
      ['.claude/hooks/a.sh', '.codex/hooks/a.sh'],
    );
    const { source } = await take(world);
    expect(Object.keys(source).filter((name) => name.includes('/files/'))).toEqual(['shared/files/hooks/a.sh']);
  });
});

describe('imports of the instructions', () => {
  it('go along where they are in the home', async () => {
    const { source } = await take({
      '.claude/CLAUDE.md': '# Me\n\n@RTK.md\n@./docs/more.md\n',
      '.claude/RTK.md': 'rtk\n',
      '.claude/docs/more.md': 'more\n',
    });
    expect(source['claude/files/RTK.md']).toBe('rtk\n');
    expect(source['claude/files/docs/more.md']).toBe('more\n');
  });
});

interface Named {
  readonly files: Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

const named: Readonly<Record<string, Named>> = {
  'a prompt of Codex': {
    files: { '.codex/prompts/p.md': 'Do $1\n' },
    says: ['"codex:prompts/p.md" is not imported', 'copy it to clients/shared/commands/p.md'],
  },
  'a profile in config.toml': {
    files: { '.codex/config.toml': '[profiles.fast]\nmodel = "n"\n' },
    says: ['"codex:config.toml#profiles.fast" is not imported', 'clients/codex/profiles/fast.toml'],
  },
  'a key that Codex does not know': {
    files: { '.codex/config.toml': 'profile_default = "x"\n' },
    says: ['"codex:config.toml#profile_default" is not imported: Codex does not know the key'],
  },
  'a plugin of Codex': {
    files: { '.codex/config.toml': '[plugins."p@m"]\nenabled = true\n[marketplaces.m]\nsource = "/m"\n' },
    says: ['config.toml#plugins."p@m"" is not imported', '"codex:config.toml#marketplaces.m" is not imported'],
  },
  'instructions that hide others': {
    files: { '.codex/AGENTS.override.md': 'Mine.\n' },
    says: ['"codex:AGENTS.override.md" is not imported: it takes the place of AGENTS.md'],
  },
  'a server of local scope': {
    files: { '.claude.json': '{"projects": {"/w/app": {"mcpServers": {"db": {"command": "db-mcp"}}}}}' },
    says: ['mcpServers.db" is not imported: it is of local scope: only in /w/app'],
  },
  'plugins of Claude Code': {
    files: { '.claude/plugins/known.json': '{}' },
    says: ['"claude:plugins" is not imported: Claude Code installs plugins by itself'],
  },
  'settings of the machine': {
    files: { '.claude/settings.local.json': '{}' },
    says: ['"claude:settings.local.json" is not imported: it is for one machine'],
  },
  'a file that nothing names': {
    files: { '.claude/notes.txt': 'x\n' },
    says: ['"claude:notes.txt" stays where it is: nothing that is imported names it', 'clients/claude/files/notes.txt'],
  },
  'a folder that nothing names': {
    files: { '.codex/scratch/a.txt': 'x\n' },
    says: ['"codex:scratch" stays where it is: nothing that is imported names it'],
  },
  'a script where the client keeps its own': {
    files: {
      '.claude/settings.json': JSON.stringify({
        statusLine: { type: 'command', command: 'sh ~/.claude/plugins/p/x.sh' },
      }),
      '.claude/plugins/p/x.sh': 'x\n',
    },
    says: [
      `"${home}/.claude/plugins/p/x.sh" is not imported: Claude Code keeps "plugins" for itself; the status line of Claude Code needs it`,
    ],
  },
  'a script that is not there': {
    files: {
      '.claude/settings.json': JSON.stringify({ statusLine: { type: 'command', command: 'sh ~/.claude/gone.sh' } }),
    },
    says: [`"${home}/.claude/gone.sh" is not imported: it is not there`],
  },
  'an import that leads nowhere': {
    files: { '.claude/CLAUDE.md': 'See @gone.md\n' },
    says: [`"${home}/.claude/gone.md" is not imported: it is not there`],
  },
  'an agent that does not parse': {
    files: { '.codex/agents/a.toml': 'name = \n' },
    says: ['"codex:agents/a.toml" cannot be imported'],
  },
};

/** What names the thing that stays is imported itself. */
const isSaying = (path: string) => path === 'claude/settings-fragment.json' || path === 'claude/instructions.md';

describe('a skill with a token of its own', () => {
  it('is imported in the spelling that a push leaves as it is', async () => {
    const text = '---\nname: bill\ndescription: Bills.\n---\nTo {{client.name}}\n';
    const { source } = await take({ '.claude/skills/bill/SKILL.md': text });
    expect(source).toEqual({ 'claude/skills/bill/SKILL.md': text.replace('{{client.name}}', '{{{{client.name}}}}') });
  });
});

describe('what stays is named with the reason', () => {
  it.each(Object.keys(named))('%s', async (name) => {
    const { files, says } = named[name] as Named;
    const { done, source } = await take(files);
    expect(Object.keys(source).filter((path) => !isSaying(path))).toEqual([]);
    for (const text of says) expect(done.out).toContain(text);
  });

  it('an import from elsewhere, too', async () => {
    const { done } = await take({ '.claude/CLAUDE.md': '@~/notes/me.md\n@../team.md\n', 'notes/me.md': 'Me.\n' });
    for (const path of [`${home}/notes/me.md`, `${home}/team.md`])
      expect(done.out).toContain(`"${path}" is not imported: it stands outside`);
  });

  it('a script outside the homes, too', async () => {
    const world = withScripts({ '.claude/settings.json': settings('bash ~/bin/guard.sh') }, ['bin/guard.sh']);
    const { done } = await take(world);
    expect(done.out).toContain(`"${home}/bin/guard.sh" is not imported`);
  });
});

/** A machine that has the repository and nothing else. */
function otherMachine({ memory }: World): World {
  const other = makeWorld();
  for (const [name, node] of Object.entries(memory.snapshot(made))) {
    if (!node.startsWith('file')) continue;
    const { mode = 0o644 } = memory.disk.status(`${made}/${name}`) ?? {};
    other.memory.write(`${made}/${name}`, memory.read(`${made}/${name}`), mode);
  }
  return other;
}
