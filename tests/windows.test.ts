import { describe, expect, it } from 'vitest';
import { makeWorld, nodesOf } from './support/memory-world.ts';
import { home, makeWindowsWorld, repo, stateFolder, type WindowsWorld } from './support/windows-world.ts';

// Whole commands with the path functions of Windows, on a disk that knows no other paths. What only a real Windows could
// show is said in docs/platforms.md.

describe('on Windows', () => {
  it('push, check, clean and uninstall do what they do elsewhere', async () => {
    const [windows, unix] = [makeWindowsWorld(), makeWorld()];
    const before = windows.snapshot(home);
    for (const words of [
      ['push-runtime', '--dry-run'],
      ['push-runtime'],
      ['check-sync'],
      ['clean-runtime'],
      ['check-sync'],
    ]) {
      const { code, out, err } = await windows.run(words);
      expect({ words, code, err, out }).toMatchObject({ words, code: 0, err: '' });
      expect((await unix.run(words)).code).toBe(0);
    }
    const names = (nodes: Record<string, string>) =>
      Object.keys(nodes).filter((name) => /^\.(?:codex|claude)/.test(name));
    expect(names(windows.snapshot(home))).toEqual(names(nodesOf(unix)));
    expect(windows.exists(`${stateFolder}\\records`)).toBe(true);
    expect((await windows.run(['uninstall'])).code).toBe(0);
    const left = windows.snapshot(home);
    expect(Object.keys(left).filter((name) => !name.startsWith('AppData'))).toEqual(Object.keys(before));
  });

  it('units have the same names, and their paths are those of the machine', async () => {
    const [windows, unix] = [makeWindowsWorld(), makeWorld()];
    const [{ json: here }, { json: there }] = [
      await windows.run(['push-runtime', '--json']),
      await unix.run(['push-runtime', '--json']),
    ];
    expect(here.units.map(({ id }) => id)).toEqual(there.units.map(({ id }) => id));
    expect(here.units.find(({ id }) => id === 'claude:skills/greet/SKILL.md')?.path).toBe(
      `${home}\\.claude\\skills\\greet\\SKILL.md`,
    );
  });

  it('an edit is left, overwritten, kept, adopted, and a run taken back', async () => {
    const world = await pushed();
    const memory = `${home}\\.claude\\memories\\global.md`;
    world.write(memory, '# Global\n\nSpeak up.\n');
    expect((await world.run(['push-runtime'])).code).toBe(1);
    expect((await world.run(['pull-runtime', '--adopt', 'claude:memories/global.md'])).code).toBe(0);
    expect(world.read(`${repo}\\clients\\shared\\memory\\global.md`)).toBe('# Global\n\nSpeak up.\n');
    expect(world.exists(`${repo}\\clients\\claude\\pulled`)).toBe(true);
    expect((await world.run(['push-runtime'])).code).toBe(0);
    world.write(memory, 'theirs\n');
    expect((await world.run(['push-runtime', '--overwrite', 'claude:memories/global.md'])).code).toBe(0);
    expect((await world.run(['restore'])).code).toBe(0);
    expect(world.read(memory)).toBe('theirs\n');
    expect((await world.run(['push-runtime', '--keep-always', 'claude:memories/global.md'])).code).toBe(0);
    expect(world.read(`${home}\\AppData\\Roaming\\syncline\\config.toml`)).toContain('claude:memories/global.md');
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('a source with CRLF is in sync, and a home with CRLF keeps its line ends', async () => {
    const world = makeWindowsWorld();
    for (const path of [
      'shared\\memory\\global.md',
      'shared\\skills\\greet\\SKILL.md',
      'codex\\config-fragment.toml',
      'codex\\instructions.md',
    ]) {
      const file = `${repo}\\clients\\${path}`;
      world.write(file, world.read(file).replaceAll('\n', '\r\n'));
    }
    world.write(`${home}\\.codex\\config.toml`, 'model = "mine"\r\n\r\n[tui]\r\ntheme = "dark"\r\n');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).code).toBe(0);
    const config = world.read(`${home}\\.codex\\config.toml`);
    expect(config).toContain('theme = "dark"\r\n');
    expect(config.replaceAll('\r\n', '')).not.toContain('\n');
    expect((await world.run(['uninstall'])).code).toBe(0);
    expect(world.read(`${home}\\.codex\\config.toml`)).toBe('model = "mine"\r\n\r\n[tui]\r\ntheme = "dark"\r\n');
  });

  it('layers outside the repository, homes of the clients and --home may be on any drive', async () => {
    const world = makeWindowsWorld();
    world.write(`${home}\\agents\\shared\\instructions.md`, 'Answer shortly.\n');
    world.write(`${home}\\AppData\\Roaming\\syncline\\config.toml`, 'layers = ["~/agents"]\n');
    const variables = { CODEX_HOME: 'E:\\codex', CLAUDE_CONFIG_DIR: 'E:\\claude' };
    const { code, err } = await world.run(['push-runtime'], { variables });
    expect([code, err]).toEqual([0, '']);
    expect(world.read('E:\\codex\\AGENTS.md')).toContain('Answer shortly.');
    expect(world.exists('E:\\claude\\.claude.json')).toBe(true);
    expect((await world.run(['push-runtime', '--home', '..\\trial'])).code).toBe(0);
    expect(world.exists('D:\\trial\\.codex\\config.toml')).toBe(true);
    expect((await world.run(['check-sync', '--home', 'D:\\trial'])).code).toBe(0);
  });

  it('a server gets its token from a command that cmd.exe understands', async () => {
    const world = makeWindowsWorld();
    world.write(
      `${repo}\\clients\\shared\\mcp.json`,
      '{"mcpServers":{"hub":{"url":"https://hub.example.com/mcp","token":"hub"}}}',
    );
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect(world.exists(`${stateFolder}\\bin\\token-headers.cmd`)).toBe(true);
    expect(world.read(`${home}\\.claude.json`)).toContain('token-headers.cmd');
    expect((await world.run(['check-sync'])).code).toBe(0);
    expect((await world.run(['token', 'show', 'hub'])).out).toBe('made-token-1\n');
  });

  it.each(['C:\\Users\\ana\\web', 'C:/Users/ana/web'])(
    'what the agents learned in %s is listed and adopted',
    async (project) => {
      const world = await pushed();
      const claude = JSON.parse(world.read(`${home}\\.claude.json`));
      world.write(`${home}\\.claude.json`, JSON.stringify({ ...claude, projects: { [project]: {} } }));
      const learned = '---\nname: tests\ndescription: How the tests are run\ntype: project\n---\n\nRun them twice.\n';
      world.write(`${home}\\.claude\\projects\\C--Users-ana-web\\memory\\tests.md`, learned);
      const { code, out } = await world.run(['pull-runtime']);
      expect([code, out]).toEqual([0, expect.stringMatching(/^ {2}(claude:\S+) {2}\(.*web, \d+ lines?\)/m)]);
      const name = /^ {2}(claude:\S+) {2}\(/m.exec(out)?.[1] as string;
      const adopted = await world.run(['pull-runtime', '--adopt', name]);
      expect(adopted.code).toBe(0);
      expect(world.read(`${repo}\\clients\\shared\\memory\\projects\\web\\claude-tests.md`)).toContain(
        'Run them twice.',
      );
      expect((await world.run(['push-runtime'])).code).toBe(0);
    },
  );

  it('completion names units', async () => {
    const world = await pushed();
    const { out } = await world.run(['__complete', 'zsh', 'push-runtime', '--keep', 'codex:config.toml#mcp_servers.t']);
    expect(out).toBe('codex:config.toml#mcp_servers.team\tsame\n');
  });

  it.each([
    ['shared\\skills\\Greet\\SKILL.md', '---\nname: Greet\ndescription: x\n---\n'],
    ['shared\\memory\\Global.md', 'x\n'],
    ['claude\\rules\\A.md', 'x\n'],
  ])('two names that differ in case only are an error with both: %s', async (path, text) => {
    const world = makeWindowsWorld();
    world.write(`${repo}\\clients\\claude\\rules\\a.md`, 'x\n');
    world.write(`${repo}\\clients\\${path}`, text);
    const { code, err } = await world.run(['push-runtime']);
    const name = path.split('\\').slice(2).join('/');
    expect([code, err]).toEqual([2, expect.stringContaining('[case-twins]')]);
    expect(err.toLowerCase().split(name.split('/')[0]?.toLowerCase() as string).length).toBeGreaterThan(2);
  });
});

async function pushed(): Promise<WindowsWorld> {
  const world = makeWindowsWorld();
  const { code, err } = await world.run(['push-runtime']);
  expect([code, err]).toEqual([0, '']);
  return world;
}
