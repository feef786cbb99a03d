import { describe, expect, it } from 'vitest';
import { home, type World } from './support/memory-world.ts';
import { take, usedHome } from './support/take-world.ts';

/** What `init --from-runtime` does with all that is no server, skill, setting or text: it is imported, or named with the reason. */
const script = '#!/bin/sh\nexit 0\n';
const hook = (command: string) => ({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } });
const settings = (command: string) => JSON.stringify({ permissions: { allow: ['Edit'] }, ...hook(command) });

function withScripts(files: Readonly<Record<string, string>>, scripts: readonly string[]): World {
  const world = usedHome(files);
  for (const path of scripts) world.memory.write(`${home}/${path}`, script, 0o755);
  return world;
}

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
  'an agent that does not parse': {
    files: { '.codex/agents/a.toml': 'name = \n' },
    says: ['"codex:agents/a.toml" cannot be imported'],
  },
};

describe('what stays is named with the reason', () => {
  it.each(Object.keys(named))('%s', async (name) => {
    const { files, says } = named[name] as Named;
    const { done, source } = await take(files);
    expect(source).toEqual({});
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
