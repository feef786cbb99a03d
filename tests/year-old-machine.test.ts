import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNoneIn } from './support/canary.ts';
import { isAbsent, runClaude, runCodex } from './support/clients.ts';
import { runOnTerminal, terminalTool, withoutEscapes } from './support/pseudo-terminal.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { snapshotWithTimes } from './support/watch.ts';
import { yearOldHome, yearOldSecrets } from './support/year-old-home.ts';

/** The story of a person who has used both clients for a year and makes a repository of what is there. */
const taking = ['init', 'mine', '--from-runtime'];
const inRepo = ['--repo', 'mine'];
const waiting = [
  'codex:config.toml#mcp_servers.tracker',
  'claude:.claude.json#mcpServers.tracker',
  'codex:config.toml#mcp_servers.board',
  'claude:.claude.json#mcpServers.web',
];

function yearOldMachine(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.remove('repo/clients');
  for (const [path, text] of Object.entries(yearOldHome(sandbox.home)))
    sandbox.write(`home/${path}`, text, path.endsWith('.json') ? 0o600 : 0o644);
  return sandbox;
}

/** The homes of the clients with times: not what is ours beside them. */
function runtimeOf({ home }: Sandbox): Record<string, string> {
  const nodes = Object.entries(snapshotWithTimes(home));
  return Object.fromEntries(nodes.filter(([name]) => /^\.(?:codex|claude)/.test(name)));
}

/** Only the files, by their bytes. */
function withoutTimes(nodes: Record<string, string>): Record<string, string> {
  const files = Object.entries(nodes).filter(([, node]) => node.startsWith('file'));
  return Object.fromEntries(files.map(([name, node]) => [name, node.split(' ').at(-1) ?? '']));
}

function textsBelow(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n');
}

describe('a machine that was used for a year', () => {
  it('gets a repository; nothing changed, both sides are equal, no secret went anywhere', () => {
    const sandbox = yearOldMachine();
    const before = runtimeOf(sandbox);
    const listed = sandbox.run(taking);
    expect(listed.code).toBe(2);
    expect(sandbox.exists('repo/mine')).toBe(false);
    const taken = sandbox.run([...taking, '--yes']);
    expect(taken).toMatchObject({ code: 0, err: '' });
    const checked = sandbox.run(['check-sync', ...inRepo]);
    expect(checked.code).toBe(0);
    expect(checked.out).toMatch(/^4 units are kept as .* on this machine\.$/m);
    expect(sandbox.run(['check-sync', '--source-only', ...inRepo]).code).toBe(0);
    expect(runtimeOf(sandbox)).toEqual(before);
    expect(taken.out).toContain('BOARD_X_API_KEY, TRACKER_TOKEN, WEB_TOKEN');
    expectNoneIn(listed.out + taken.out + checked.out, yearOldSecrets);
    expectNoneIn(textsBelow(`${sandbox.repo}/mine/clients`), yearOldSecrets);
    expectNoneIn(textsBelow(`${sandbox.home}/.local`), yearOldSecrets);
    for (const left of [
      'mcp_servers.search',
      'model_providers.rented',
      'env.SHOP_API_KEY',
      'skills/deploy',
      'memories/keys.md',
    ])
      expect(taken.out).toMatch(new RegExp(`${left}" cannot be imported: it holds a secret`));
  });

  it('gets the first edits where they belong, and nothing else', () => {
    const sandbox = yearOldMachine();
    sandbox.run([...taking, '--yes']);
    const change = (path: string, from: string, to: string) => {
      const old = sandbox.read(path);
      expect(old).toContain(from);
      sandbox.write(
        path,
        old.replace(from, () => to),
      );
    };
    change('repo/mine/clients/shared/instructions.md', 'Tests first.', 'Tests first, always.');
    change('repo/mine/clients/shared/mcp.json', '"files-server"', '"files-server-2"');
    change('repo/mine/clients/shared/skills/release/how.md', 'Shortly.', 'At length.');
    change('repo/mine/clients/claude/settings-fragment.json', '"Read(./.env)"', '"Read(./.env)", "Read(./.key)"');
    const before = yearOldHome(sandbox.home);
    expect(sandbox.run(['push-runtime', ...inRepo])).toMatchObject({ code: 0, err: '' });
    const now = Object.fromEntries(Object.keys(before).map((path) => [path, sandbox.read(`home/${path}`)]));
    const edited = (path: string, from: string, to: string) => (before[path] ?? '').replace(from, () => to);
    const block = `<!-- >>> syncline managed >>> -->\n# How I work\n\n- Short answers.\n- Tests first, always.\n<!-- <<< syncline managed <<< -->\n`;
    const { _syncline, ...settings } = JSON.parse(now['.claude/settings.json'] ?? '');
    expect(settings).toEqual(
      JSON.parse(edited('.claude/settings.json', '"Read(./.env)"', '"Read(./.env)", "Read(./.key)"')),
    );
    expect({ ...now, '.claude/settings.json': '' }).toEqual({
      ...before,
      '.codex/AGENTS.md': block,
      '.claude/CLAUDE.md': block,
      '.codex/config.toml': edited('.codex/config.toml', '"files-server"', '"files-server-2"'),
      '.claude.json': edited('.claude.json', '"files-server"', '"files-server-2"'),
      '.codex/skills/release/how.md': 'At length.\n',
      '.claude/skills/release/how.md': 'At length.\n',
      '.claude/settings.json': '',
    });
    expect(sandbox.run(['check-sync', ...inRepo]).code).toBe(0);
  });

  it('takes its memories along, and tells sessions of them when their names leave the list', () => {
    const sandbox = yearOldMachine();
    const before = runtimeOf(sandbox);
    const taken = sandbox.run([...taking, '--yes']);
    expect(taken.out).toContain('The instructions do not list the 3 memories yet');
    const memories = (place: string) =>
      readdirSync(`${sandbox.repo}/mine/clients/${place}/memory`, { recursive: true, encoding: 'utf8' }).sort();
    expect(memories('shared')).toEqual(['global.md']);
    expect(memories('claude')).toEqual(['projects', 'projects/shop.md', 'tea.md']);
    expect(memories('codex')).toEqual(['projects', 'projects/shop.md']);
    expect(sandbox.read('repo/mine/clients/shared/memory/global.md')).toContain('Notes are in {{client.home}}/notes.');
    const manifest = 'repo/mine/clients/syncline.toml';
    const line = 'unlisted-memories = ["global.md", "projects/shop.md", "tea.md"]\n';
    expect(sandbox.read(manifest)).toContain(line);
    expect(sandbox.read('repo/mine/README.md')).toContain('`unlisted-memories`');
    expect(sandbox.run(['check-sync', ...inRepo]).code).toBe(0);
    expect(runtimeOf(sandbox)).toEqual(before);

    sandbox.write(manifest, sandbox.read(manifest).replace(line, ''));
    const news = sandbox.run(['check-sync', ...inRepo, '--json']);
    expect([
      news.code,
      news.json.units.filter(({ verdict }) => verdict === 'source-ahead').map(({ id }) => id),
    ]).toEqual([1, ['codex:AGENTS.md#block', 'codex:AGENTS.md#memory."global.md"', 'claude:CLAUDE.md#block']]);
    expect(sandbox.run(['push-runtime', ...inRepo])).toMatchObject({ code: 0, err: '' });
    const [agents, claude] = ['home/.codex/AGENTS.md', 'home/.claude/CLAUDE.md'].map(sandbox.read);
    expect(agents).toMatch(/- Tests first\.\n[\s\S]*shop\.md: Shop[\s\S]*Notes are in .*\/\.codex\/notes\./);
    expect(claude).toMatch(/- Tests first\.\n[\s\S]*@memories\/global\.md[\s\S]*shop\.md: Shop[\s\S]*tea\.md: Tea/);
    const others = (nodes: Record<string, string>) =>
      Object.entries(nodes).filter(([name]) => !/^\.(?:codex|claude)(?:$|\/(?:AGENTS|CLAUDE)\.md$)/.test(name));
    expect(others(runtimeOf(sandbox))).toEqual(others(before));
    expect(sandbox.run(['check-sync', ...inRepo]).code).toBe(0);
  });

  it('gives another machine the same, with the variables', () => {
    const sandbox = yearOldMachine();
    sandbox.run([...taking, '--yes']);
    const there = [...inRepo, '--home', `${sandbox.root}/other`];
    expect(sandbox.run(['push-runtime', '--yes', ...there])).toMatchObject({ code: 0, err: '' });
    expect(sandbox.run(['check-sync', ...there]).code).toBe(0);
    const config = sandbox.read('other/.codex/config.toml');
    expect(config).toContain('env_vars = ["TRACKER_TOKEN"]');
    expect(config).toContain(`args = ["--root", "${sandbox.root}/other/.codex/files"]`);
    expect(sandbox.read('other/.claude.json')).toContain(['"Authorization": "Bearer $', '{WEB_TOKEN}"'].join(''));
    expect(sandbox.read('other/.claude/CLAUDE.md')).toContain('- Tests first.');
  });

  it('goes over to the variables when it says so, and gives everything back', () => {
    const sandbox = yearOldMachine();
    const before = runtimeOf(sandbox);
    sandbox.run([...taking, '--yes']);
    expect(sandbox.run(['push-runtime', ...inRepo, '--overwrite', ...waiting])).toMatchObject({ code: 0, err: '' });
    const texts = sandbox.read('home/.codex/config.toml') + sandbox.read('home/.claude.json');
    const held = ['TRACKER_TOKEN = "', '"X-Api-Key" = "', '"Bearer aZ'];
    expect(held.filter((text) => texts.includes(text))).toEqual([]);
    expect(sandbox.run(['check-sync', ...inRepo]).code).toBe(0);
    expect(sandbox.run(['restore']).code).toBe(0);
    expect(withoutTimes(runtimeOf(sandbox))).toEqual(withoutTimes(before));
  });

  it.skipIf(!terminalTool)('is asked at a terminal; Enter takes all that is marked', async () => {
    const sandbox = yearOldMachine();
    const before = runtimeOf(sandbox);
    const question = /What should the repository contain\?/;
    const { code, screen } = await runOnTerminal(sandbox, taking, [[question, '\r']]);
    const text = withoutEscapes(screen);
    expect(text).toMatch(/^Imported: \d+ servers, /m);
    expect(text).toMatch(/\d+ items selected/);
    expect(code).toBe(0);
    expect(runtimeOf(sandbox)).toEqual(before);
    expect(sandbox.run(['check-sync', ...inRepo]).code).toBe(0);
    expectNoneIn(screen, yearOldSecrets);
  });

  it.skipIf(isAbsent('codex') || isAbsent('claude'))('the real clients load what the first push makes of it', () => {
    const sandbox = yearOldMachine();
    sandbox.run([...taking, '--yes']);
    const instructions = 'repo/mine/clients/shared/instructions.md';
    sandbox.write(instructions, `${sandbox.read(instructions)}- One more.\n`);
    expect(sandbox.run(['push-runtime', ...inRepo, '--overwrite', ...waiting]).code).toBe(0);
    const codex = runCodex(sandbox.home, ['mcp', 'list', '--json']);
    expect(codex).toMatchObject({ code: 0 });
    const servers = JSON.parse(codex.out) as { name: string }[];
    expect(servers.map(({ name }) => name).sort()).toEqual(['board', 'files', 'notes', 'search', 'tracker']);
    const claude = runClaude(sandbox.home, ['mcp', 'get', 'tracker']);
    expect(claude.out).toContain('tracker');
    expect(claude.code).toBe(0);
  });
});
