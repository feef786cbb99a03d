import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from './support/git.ts';
import { makeSandbox, type Ran, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

// `check-sync --against` with the real git: what a branch would change in a home, for who reads a pull request.

interface Against {
  readonly against: { readonly ref: string; readonly commit: string };
  readonly units: readonly {
    id: string;
    action: string;
    powers?: readonly { what: string; does: string }[];
    layer?: string;
  }[];
}

function teamRepository(folder = 'repo'): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox, folder);
  commitAll(sandbox.repo, 'The team');
  return sandbox;
}

function against(sandbox: Sandbox, ref = 'main', cwd = sandbox.repo): readonly (readonly [string, string])[] {
  const { code, err, json } = sandbox.run(['check-sync', '--against', ref, '--json'], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return (json as unknown as Against).units.map(({ id, action }) => [id, action] as const);
}

function codesOf({ json }: Ran): string[] {
  return json.findings.map(({ code }) => code);
}

describe('what changes', () => {
  it('is nothing for a source that is as it was committed, whatever stands in the home', () => {
    const sandbox = teamRepository();
    sandbox.write('home/.codex/config.toml', 'broken =');
    const before = snapshot(sandbox.root);
    const { code, out } = sandbox.run(['check-sync', '--against', 'main']);
    const commit = git(sandbox.repo, 'rev-parse', 'HEAD').slice(0, 12);
    expect([code, out]).toEqual([0, `Compared with main (${commit}): nothing changes in a home.\n`]);
    const { json } = sandbox.run(['check-sync', '--against', 'HEAD', '--json']);
    expect(json).toMatchObject({ inSync: true, units: [], against: { ref: 'HEAD', commit: expect.any(String) } });
    expect(snapshot(sandbox.root)).toEqual(before);
  });

  it('is told by client, powers and lost guards first, with a diff of each unit', () => {
    const sandbox = teamRepository();
    sandbox.write('repo/clients/shared/mcp.json', '{"mcpServers": {\n"files": {"command": "files-server"}}}\n');
    const settings = sandbox.read('repo/clients/claude/settings-fragment.json');
    sandbox.write('repo/clients/claude/settings-fragment.json', settings.replace(/\s*"Read\(\.\/\.env\)",/, ''));
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    sandbox.remove('repo/clients/shared/skills/greet');
    const { code, out } = sandbox.run(['check-sync', '--against', 'main']);
    expect(code).toBe(0);
    const parts = [
      'New powers that a push of this change gives:\n  MCP server  codex:config.toml#mcp_servers.files  files runs files-server\n',
      'What held agents back, and goes:\n  denied permission  claude:settings.json#permissions.deny["Read(./.env)"]  Read(./.env)\n',
      '\ncodex\n  add     codex:config.toml#mcp_servers.files  (clients/shared/mcp.json:2)\n',
      '  change  codex:memories/global.md  (clients/shared/memory/global.md)\n',
      '  remove  codex:skills/greet/SKILL.md\n',
      '\nclaude\n',
      '+command = "files-server"\n',
      '-Speak plainly.\n+Speak up.\n',
    ];
    const places = parts.map((part) => out.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(out).toMatch(/\n2 units added, \d changed, \d removed\.\n$/);
  });

  it('is compared as values, not as texts: order, spelling and line ends are no change', () => {
    const sandbox = teamRepository();
    const fragment = sandbox.read('repo/clients/codex/config-fragment.toml');
    sandbox.write(
      'repo/clients/codex/config-fragment.toml',
      fragment.replace('command = "team-server"\nargs = ["--stdio"]', "args = ['--stdio']\ncommand = 'team-server'"),
    );
    const memory = sandbox.read('repo/clients/shared/memory/conventions.md');
    sandbox.write('repo/clients/shared/memory/conventions.md', memory.replaceAll('\n', '\r\n'));
    expect(against(sandbox)).toEqual([]);
  });

  it('sees executable bits, and reads links as a checkout has them', () => {
    const sandbox = teamRepository();
    sandbox.write('repo/texts/conventions.md', '# Conventions\n\nTwo spaces.\n');
    sandbox.remove('repo/clients/shared/memory/conventions.md');
    sandbox.link('repo/clients/shared/memory/conventions.md', '../../../texts/conventions.md');
    commitAll(sandbox.repo);
    expect(against(sandbox, 'HEAD^')).toEqual([]);
    expect(against(sandbox, 'HEAD')).toEqual([]);
    sandbox.write('repo/texts/conventions.md', '# Conventions\n\nThree spaces.\n');
    chmodSync(join(sandbox.repo, 'clients/shared/skills/greet/scripts/greet.sh'), 0o644);
    expect(against(sandbox)).toEqual([
      ['codex:AGENTS.md#memory."conventions.md"', 'update'],
      ['codex:memories/conventions.md', 'update'],
      ['codex:skills/greet/scripts/greet.sh', 'update'],
      ['claude:memories/conventions.md', 'update'],
      ['claude:skills/greet/scripts/greet.sh', 'update'],
    ]);
  });

  it('is all of it against a commit that had no clients/, and where clients/ stands below the root of git', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/readme.md', 'Nothing yet.\n');
    commitAll(sandbox.repo);
    writeTeamSource(sandbox, 'repo/tools/agents');
    const folder = join(sandbox.repo, 'tools/agents');
    const all = against(sandbox, 'main', folder);
    expect(all.length).toBeGreaterThan(20);
    expect(new Set(all.map(([, action]) => action))).toEqual(new Set(['create']));
    commitAll(sandbox.repo);
    expect(against(sandbox, 'main', folder)).toEqual([]);
    expect(against(sandbox, 'main~1', folder)).toEqual(all);
  });

  it('is told of each layer of the repository, and only where it differs from what all get', () => {
    const sandbox = teamRepository();
    const settings = 'repo/clients/people/ana/claude/settings-fragment.json';
    sandbox.write(settings, '{"permissions": {"allow": ["Bash(ls:*)"]}}\n');
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    const { json } = sandbox.run(['check-sync', '--against', 'main', '--json']);
    const { units } = json as unknown as Against;
    expect(units.filter(({ layer }) => layer !== undefined)).toMatchObject([
      {
        ...{ id: 'claude:settings.json#permissions.allow["Bash(ls:*)"]', action: 'create' },
        ...{ layer: 'clients/people/ana', powers: [{ what: 'allowed permission', does: 'Bash(ls:*)' }] },
      },
    ]);
    commitAll(sandbox.repo);
    sandbox.remove('repo/clients/people');
    expect(against(sandbox)).toEqual([['claude:settings.json#permissions.allow["Bash(ls:*)"]', 'remove']]);
  });

  it('names what is new to be known of the source, and not what was known before', () => {
    const sandbox = teamRepository();
    sandbox.write('repo/clients/shared/notes.txt', 'Read by nobody.\n');
    commitAll(sandbox.repo);
    expect(codesOf(sandbox.run(['check-sync', '--source-only', '--json']))).toEqual(['unread-source']);
    expect(codesOf(sandbox.run(['check-sync', '--against', 'main', '--json']))).toEqual([]);
    sandbox.write('repo/clients/shared/more.txt', 'Neither.\n');
    expect(codesOf(sandbox.run(['check-sync', '--against', 'main', '--json']))).toEqual(['unread-source']);
  });
});

describe('what goes wrong', () => {
  it('a source that is not sound is refused with file and line', () => {
    const sandbox = teamRepository();
    sandbox.write('repo/clients/codex/config-fragment.toml', 'a = 1\nb =\n');
    const ran = sandbox.run(['check-sync', '--against', 'main', '--json']);
    expect([ran.code, ran.json.findings]).toMatchObject([
      2,
      [{ code: 'malformed-source', path: 'clients/codex/config-fragment.toml', line: 2 }],
    ]);
  });

  it('an older source that is not sound is compared as far as it goes, and that is said; its secrets are not shown', () => {
    const sandbox = teamRepository();
    const secret = ['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_');
    const placed = 'c0rrect-horse-Battery-77x';
    sandbox.write('repo/clients/shared/memory/global.md', `# Global\n\nUse ${secret}.\n`);
    const servers = { a: { command: 'a', env: { A_TOKEN: placed } } };
    sandbox.write('repo/clients/claude/mcp-fragment.json', JSON.stringify({ mcpServers: servers }));
    commitAll(sandbox.repo);
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nAsk.\n');
    sandbox.write('repo/clients/claude/mcp-fragment.json', JSON.stringify({ mcpServers: { a: { command: 'a' } } }));
    for (const form of [[], ['--json'], ['--report', 'github'], ['--report', 'junit']]) {
      const { code, out, err } = sandbox.run(['check-sync', '--against', 'main', ...form]);
      expect([form, code]).toEqual([form, 0]);
      expect(out + err).toContain('was not sound');
      expect(out + err).not.toContain(secret);
      expect(out + err).not.toContain(placed);
    }
    expect(sandbox.run(['check-sync', '--against', 'main']).out).toContain('-Use <redacted>.\n');
  });

  it.each([
    ['no-such-branch', 'unknown-ref', 'fetch'],
    ['HEAD:clients', 'unknown-ref', 'fetch'],
    ['-x', 'usage', 'needs a value'],
  ])('the ref %s is refused with what to do', (ref, code, says) => {
    const sandbox = teamRepository();
    const ran = sandbox.run(['check-sync', `--against=${ref}`, '--json']);
    expect([ran.code, codesOf(ran)]).toEqual([2, [code]]);
    expect(ran.out).toContain(says);
  });

  it('a folder that is in no repository of git is refused', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    const ran = sandbox.run(['check-sync', '--against', 'main', '--json']);
    expect([ran.code, codesOf(ran)]).toEqual([2, ['no-git']]);
    const without = sandbox.run(['check-sync', '--against', 'main', '--json'], { env: { PATH: '/nowhere' } });
    expect([without.code, codesOf(without)]).toEqual([2, ['no-git']]);
  });

  it('two questions at once are wrong usage', () => {
    const sandbox = teamRepository();
    const ran = sandbox.run(['check-sync', '--against', 'main', '--source-only', '--json']);
    expect([ran.code, codesOf(ran)]).toEqual([2, ['usage']]);
  });
});
