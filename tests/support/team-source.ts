import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeSandbox, type Sandbox } from './sandbox.ts';

/** The files of a small `clients/` that has a unit of every kind, by their paths below it. */
export const teamSource: Readonly<Record<string, string>> = {
  'codex/config-fragment.toml': `model_verbosity = "low"

[tui]
notifications = true

[model_providers.acme]
name = "Acme"
base_url = "https://models.example/v1"
wire_api = "responses"
env_key = "ACME_API_KEY"

[mcp_servers.team]
command = "team-server"
args = ["--stdio"]
startup_timeout_sec = 20

[mcp_servers.web]
url = "https://mcp.example/web"
`,
  'codex/profiles/fast.toml': 'model_provider = "acme"\nmodel = "acme-small"\n',
  'codex/instructions.md': 'Skills are in {{path.skills}}.\n\nAsk before you publish.\n',
  'claude/settings-fragment.json': JSON.stringify(
    {
      cleanupPeriodDays: 40,
      env: { TEAM_MODE: 'on' },
      permissions: { deny: ['Read(./.env)', 'Read(./secrets/**)'] },
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: 'true' }] }] },
    },
    null,
    2,
  ),
  'claude/mcp-fragment.json': JSON.stringify(
    {
      mcpServers: {
        team: { command: 'team-server', args: ['--stdio'], env: { TEAM_PORT: '4000' } },
        web: { type: 'http', url: 'https://mcp.example/web' },
      },
    },
    null,
    2,
  ),
  'claude/instructions.md': 'Skills are in {{path.skills}}.\n\nAsk before you publish.\n',
  'shared/memory/global.md': '# Global\n\nSpeak plainly.\n',
  'shared/memory/conventions.md': '# Conventions\n\nTwo spaces.\n',
  'shared/memory/projects/site.md': '# Site\n\nThe site is static.\n',
  'shared/skills/greet/SKILL.md': '---\nname: greet\ndescription: Greets people.\n---\nRun scripts/greet.sh.\n',
  'shared/skills/greet/scripts/greet.sh': '#!/bin/sh\necho hello\n',
};

/** Writes `teamSource` into a sandbox's repository, or into another folder below its root. */
export function writeTeamSource(sandbox: Sandbox, repo = 'repo'): void {
  for (const [path, text] of Object.entries(teamSource)) sandbox.write(`${repo}/clients/${path}`, text);
  chmodSync(join(sandbox.root, repo, 'clients/shared/skills/greet/scripts/greet.sh'), 0o755);
}

/** A sandbox with that source and an empty home. */
export function team(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  return sandbox;
}

/** Changes a text that must stand in a file of the sandbox. */
export function edit(sandbox: Sandbox, path: string, from: string, to: string): void {
  const text = sandbox.read(path);
  expect(text).toContain(from);
  sandbox.write(
    path,
    text.replace(from, () => to),
  );
}
