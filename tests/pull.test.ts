import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

/** `pull-runtime`: a copy for inspection. It changes no byte of the runtime, and no secret of it comes into the repository. */
const inject = '>>> tell the dashboard: {{skill.name}} <<<\n';

function pushed(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('repo/clients/shared/skills/inject.md', inject);
  sandbox.write('home/.codex/config.toml', 'model = "gpt-6"\n\n[mcp_servers.mine]\ncommand = "mine-server"\n');
  sandbox.write('home/.claude.json', '{"numStartups": 4, "mcpServers": {"mine": {"command": "mine-server"}}}');
  sandbox.write('home/.codex/skills/.system/imagegen/SKILL.md', 'of Codex');
  sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
  sandbox.write('home/.claude/memories/own.md', 'My own memory.\n');
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  return sandbox;
}

/** The texts below `pulled/` of both clients, by path. */
function pulled(sandbox: Sandbox): Record<string, string> {
  const root = join(sandbox.repo, 'clients');
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).filter((path) => path.includes('/pulled/'));
  return Object.fromEntries(paths.sort().map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]));
}

describe('pull-runtime', () => {
  it('copies our part of the shared files, all memories and skills, and nothing else', () => {
    const sandbox = pushed();
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    const copy = pulled(sandbox);
    expect(Object.keys(copy)).toEqual([
      'claude/pulled/CLAUDE.md',
      'claude/pulled/mcp-fragment.json',
      'claude/pulled/memories/conventions.md',
      'claude/pulled/memories/global.md',
      'claude/pulled/memories/own.md',
      'claude/pulled/memories/projects/site.md',
      'claude/pulled/settings-fragment.json',
      'claude/pulled/skills/greet/SKILL.md',
      'claude/pulled/skills/greet/scripts/greet.sh',
      'codex/pulled/AGENTS.md',
      'codex/pulled/config-fragment.toml',
      'codex/pulled/fast.config.toml',
      'codex/pulled/memories/conventions.md',
      'codex/pulled/memories/global.md',
      'codex/pulled/memories/projects/site.md',
      'codex/pulled/skills/greet/SKILL.md',
      'codex/pulled/skills/greet/scripts/greet.sh',
      'codex/pulled/skills/own/SKILL.md',
    ]);
    const all = JSON.stringify(copy);
    for (const text of ['mine-server', 'numStartups', 'gpt-6', 'of Codex']) expect(all).not.toContain(text);
    expect(copy['codex/pulled/config-fragment.toml']).toContain('command = "team-server"');
    expect(JSON.parse(copy['claude/pulled/mcp-fragment.json'] as string)).toMatchObject({
      mcpServers: { team: { command: 'team-server' } },
    });
  });

  it('takes the injected text out of skills again', () => {
    const sandbox = pushed();
    expect(sandbox.read('home/.claude/skills/greet/SKILL.md')).toContain('tell the dashboard: greet');
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    const original = sandbox.read('repo/clients/shared/skills/greet/SKILL.md');
    expect(pulled(sandbox)['claude/pulled/skills/greet/SKILL.md']).toBe(original);
    expect(pulled(sandbox)['codex/pulled/skills/greet/SKILL.md']).toBe(original);
  });

  it('shows edits of the runtime, and is never deployed', () => {
    const sandbox = pushed();
    const edited = sandbox.read('home/.codex/config.toml').replace('"team-server"', '"edited-server"');
    sandbox.write('home/.codex/config.toml', edited);
    expect(sandbox.run(['pull-runtime']).out).toContain('runtime-ahead  codex:config.toml#mcp_servers.team');
    expect(pulled(sandbox)['codex/pulled/config-fragment.toml']).toContain('"edited-server"');
    const before = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 1 });
    expect(snapshot(sandbox.home)).toEqual(before);
    expect(sandbox.run(['check-sync', '--source-only'])).toMatchObject({ code: 0 });
  });

  it('touches nothing of the runtime, and the second pull touches nothing at all', () => {
    const sandbox = pushed();
    const runtime = runtimeOf(sandbox);
    const source = snapshotWithTimes(sandbox.repo);
    expect(sandbox.run(['pull-runtime', '--dry-run'])).toMatchObject({ code: 0 });
    expect(snapshotWithTimes(sandbox.repo)).toEqual(source);
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    expect(runtimeOf(sandbox)).toEqual(runtime);
    const copied = snapshotWithTimes(sandbox.repo);
    for (const [name, node] of Object.entries(source)) {
      if (node.startsWith('file')) expect(copied).toHaveProperty([name], node);
    }
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    expect(snapshotWithTimes(sandbox.repo)).toEqual(copied);
    expect(runtimeOf(sandbox)).toEqual(runtime);
  });

  it('drops from the copy what went from the runtime', () => {
    const sandbox = pushed();
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    sandbox.remove('home/.claude/memories/own.md');
    sandbox.remove('home/.codex/skills/own');
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    expect(Object.keys(pulled(sandbox)).filter((name) => name.includes('own'))).toEqual([]);
  });

  it('brings no secret into the repository or onto the screen', () => {
    const sandbox = pushed();
    const secrets = plantSecrets(sandbox);
    for (const words of [['pull-runtime'], ['pull-runtime', '--json', '--verbose'], ['check-sync', '--verbose']]) {
      expectNoneIn(sandbox.run(words), secrets);
    }
    const copy = pulled(sandbox);
    expect(Object.keys(copy).length).toBeGreaterThan(10);
    expectNoneIn(JSON.stringify(copy), secrets);
    expect(copy['claude/pulled/memories/own.md']).toContain('The token is');
  });
});

/** Everything of the home but our own state. */
function runtimeOf(sandbox: Sandbox): Record<string, string> {
  const nodes = Object.entries(snapshotWithTimes(sandbox.home));
  return Object.fromEntries(nodes.filter(([name]) => !name.startsWith('.local')));
}

/** Puts a secret into each kind of place of the runtime, those with a telling shape and those with a telling name. */
function plantSecrets(sandbox: Sandbox): string[] {
  const shaped = Array.from({ length: 6 }, (_, index) => shapedSecret(index));
  const named = Array.from({ length: 4 }, (_, index) => made(24, index + 40));
  const change = (path: string, from: string | RegExp, to: string) => {
    const old = sandbox.read(path);
    expect(old).toMatch(from);
    sandbox.write(
      path,
      old.replace(from, () => to),
    );
  };
  change(
    'home/.codex/config.toml',
    '[mcp_servers.web]',
    `[mcp_servers.team.env]\nTEAM_TOKEN = "${named[0]}"\n\n[mcp_servers.web]\nhttp_headers = { Authorization = "Bearer ${named[1]}" }`,
  );
  change('home/.claude.json', /"TEAM_PORT": ?"4000"/, `"TEAM_PORT": "4000", "API_KEY": "${named[2]}"`);
  change('home/.claude.json', 'https://mcp.example/web', `https://u:${named[3]}@mcp.example/web`);
  change('home/.claude/settings.json', '"TEAM_MODE": "on"', `"TEAM_MODE": "${shaped[0]}"`);
  change('home/.codex/AGENTS.md', 'Speak plainly.', `Speak plainly, ${shaped[1]}.`);
  change('home/.claude/CLAUDE.md', 'Ask before', `Use ${shaped[2]}. Ask before`);
  change('home/.codex/skills/greet/scripts/greet.sh', 'echo hello', `curl -H "Authorization: Bearer ${shaped[3]}"`);
  sandbox.write('home/.claude/memories/own.md', `The token is ${shaped[4]}.\n`);
  sandbox.write('home/.codex/fast.config.toml', `model = "x"\nexperimental_bearer_token = "${shaped[5]}"\n`);
  return [...shaped, ...named];
}
