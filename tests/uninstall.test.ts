import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { home, makeWorld, nodesOf, repo, stateFolder } from './support/memory-world.ts';
import { makeSandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

describe('uninstall', () => {
  it('works when the clone is gone, gives back every byte, and says what is left', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    sandbox.write('home/.codex/config.toml', 'model = "mine"\n\n[mcp_servers.mine]\ncommand = "mine"\n');
    sandbox.write('home/.claude.json', '{\n  "numStartups": 3\n}\n');
    sandbox.write('home/.claude/skills/mine/SKILL.md', 'mine\n');
    const before = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.run(['token', 'new', 'hub']).code).toBe(0);
    sandbox.remove('repo');
    const elsewhere = { cwd: sandbox.home };
    const dry = sandbox.run(['uninstall', '--dry-run'], elsewhere);
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('Dry run: nothing was written.')]);
    expect(snapshot(sandbox.home)).not.toEqual(before);
    const { code, out, err } = sandbox.run(['uninstall'], elsewhere);
    expect([code, err]).toEqual([0, '']);
    expect(snapshot(sandbox.home)).toEqual(before);
    const state = `${sandbox.home}/.local/state/syncline`;
    expect(out).toContain(`backups of 2 runs, for syncline restore:\n    ${state}/runs\n`);
    expect(out).toContain(`1 token that servers may know:\n    ${state}/tokens\n`);
    expect(out).toContain(`  rm -r '${state}'\n`);
    const again = sandbox.run(['uninstall'], elsewhere);
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^Nothing was deployed to these homes\.\n/)]);
  });

  it('of a machine that never had anything leaves and says nothing', () => {
    const sandbox = makeSandbox();
    const { code, out } = sandbox.run(['uninstall', '--json'], { cwd: sandbox.home });
    expect([code, JSON.parse(out)]).toMatchObject([0, { command: 'uninstall', exitCode: 0, units: [], left: [] }]);
    expect(readdirSync(sandbox.home).filter((name) => name !== '.local')).toEqual([]);
  });

  it('is taken back by restore', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    const deployed = nodesOf(world);
    expect((await world.run(['uninstall'])).code).toBe(0);
    expect(nodesOf(world)).not.toEqual(deployed);
    expect((await world.run(['restore'])).code).toBe(0);
    expect(nodesOf(world)).toEqual(deployed);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('says of what was there before that it stays, and nothing of a source, which it does not look at', async () => {
    const [other, world] = [makeWorld(), makeWorld()];
    await other.run(['push-runtime']);
    const memory = `${home}/.claude/memories/global.md`;
    const text = Buffer.from(other.memory.disk.readFile(memory)).toString();
    world.memory.write(memory, text);
    await world.run(['push-runtime']);
    const { code, out } = await world.run(['uninstall']);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/released .*global\.md - no longer managed; it was there before the first push/),
    ]);
    expect(out).not.toContain('source');
    expect(Buffer.from(world.memory.disk.readFile(memory)).toString()).toBe(text);
  });

  it('of one client keeps what the other needs', async () => {
    const world = makeWorld();
    world.memory.write(`${home}/.config/syncline/config.toml`, 'keep = []\n');
    await world.run(['push-runtime']);
    const { out, json } = await world.run(['uninstall', '--client', 'codex', '--json']);
    expect(out).not.toContain('rm -r');
    expect(json).toMatchObject({
      left: [{ path: `${stateFolder}/runs` }, { path: `${home}/.config/syncline/config.toml` }],
    });
    expect((await world.run(['check-sync', '--client', 'claude'])).code).toBe(0);
    const text = (await world.run(['uninstall', '--client', 'codex'])).out;
    expect(text).toContain(`Something is still deployed to ${home}/.claude: keep these`);
    expect(text).not.toContain('rm -r');
    expect((await world.run(['uninstall'])).out).toContain(`rm -r '${home}/.config/syncline'`);
  });

  it('removes nothing that was there before, and names the edits that go', async () => {
    const world = makeWorld();
    world.memory.write(`${home}/.claude/memories/global.md`, '# Global\n\nSpeak plainly.\n');
    await world.run(['push-runtime']);
    world.memory.write(`${home}/.claude/skills/greet/SKILL.md`, 'edited\n');
    world.memory.write(`${repo}/clients/shared/mcp.json`, '{ broken');
    const { code, out } = await world.run(['uninstall']);
    expect([code, out]).toEqual([0, expect.stringMatching(/claude:skills\/greet\/SKILL\.md.*it is in the backup/)]);
    expect(world.memory.read(`${home}/.claude/memories/global.md`)).toBe('# Global\n\nSpeak plainly.\n');
  });
});
