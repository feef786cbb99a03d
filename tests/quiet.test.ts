import { describe, expect, it } from 'vitest';
import { commandRows } from '../src/cli/commands.ts';
import { home, makeWorld, nodesOf, repo, type World } from './support/memory-world.ts';

// `--quiet`: nothing on stdout when all is well.

describe('--quiet', () => {
  it('every command has it', () => {
    const without = commandRows.filter(({ options }) => !options.some(([flags]) => flags === '--quiet'));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('says nothing when all is well, and does the same', async () => {
    const [quiet, loud] = [makeWorld(), makeWorld()];
    for (const words of [
      ['push-runtime', '--dry-run'],
      ['push-runtime'],
      ['check-sync'],
      ['check-sync', '--source-only'],
      ['pull-runtime'],
      ['token', 'new', 'hub'],
      ['clean-runtime'],
      ['restore'],
      ['uninstall'],
    ]) {
      expect([words, await outcome(quiet, [...words, '--quiet'])]).toEqual([words, [0, '', '']]);
      const [code, out] = await outcome(loud, words);
      expect([words, code, out]).toEqual([words, 0, expect.stringMatching(/\S/)]);
    }
    expect(nodesOf(quiet)).toEqual(nodesOf(loud));
  });

  it('names the units that need a person, and only those', async () => {
    const world = await edited();
    const [code, out] = await outcome(world, ['check-sync', '--quiet']);
    expect([code, out.split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(/^runtime-ahead +codex:config.toml#model_verbosity /),
        '1 unit differs; check-sync without --quiet says what to do.',
        '',
      ],
    ]);
    world.memory.write(`${repo}/clients/shared/memory/new.md`, '# New\n');
    const pushed = await world.run(['push-runtime', '--quiet']);
    expect(pushed.code).toBe(1);
    expect(pushed.out).toContain('codex:config.toml#model_verbosity');
    expect(pushed.out).not.toContain('new.md');
  });

  it('names conflicts', async () => {
    const world = await edited();
    const path = `${repo}/clients/codex/config-fragment.toml`;
    world.memory.write(path, world.memory.read(path).replace('"low"', '"medium"'));
    for (const command of ['check-sync', 'push-runtime']) {
      const [code, out] = await outcome(world, [command, '--quiet']);
      expect([code, out]).toEqual([3, expect.stringMatching(/^conflict +codex:config.toml#model_verbosity /)]);
    }
  });

  it('tells warnings, and leaves notes out', async () => {
    const world = makeWorld();
    world.memory.write(
      `${repo}/clients/shared/mcp.json`,
      '{"mcpServers":{"hub":{"url":"https://hub.example.com/mcp","token":{"name":"hub","variable":"HUB_TOKEN"}}}}',
    );
    const machine = { variables: { HUB_TOKEN: 'first-of-them' } };
    expect((await world.run(['push-runtime', '--quiet'], undefined, machine)).code).toBe(0);
    const other = { variables: { HUB_TOKEN: 'another-one' } };
    const { code, out } = await world.run(['check-sync', '--quiet'], undefined, other);
    expect([code, out]).toEqual([0, expect.stringMatching(/^warning: .*\[token-differs\]\n$/s)]);
    expect(out).not.toContain('note:');
  });

  it('prints what was asked for', async () => {
    const world = makeWorld();
    await world.run(['push-runtime', '--quiet']);
    await world.run(['token', 'new', 'hub', '--quiet']);
    for (const words of [
      ['token', 'list'],
      ['token', 'show', 'hub'],
      ['restore', '--list'],
      ['completion', 'bash'],
      ['explain', 'codex:config.toml'],
    ]) {
      const [code, out] = await outcome(world, words);
      expect([words, await outcome(world, [...words, '--quiet'])]).toEqual([words, [code, out, '']]);
      expect(out).not.toBe('');
    }
  });

  it.each([['--json'], ['--verbose'], ['--json --verbose']])('and %s are wrong usage', async (others) => {
    const world = makeWorld();
    const before = world.memory.snapshot('/');
    const { code, out, err } = await world.run(['push-runtime', '--quiet', ...others.split(' ')]);
    expect(code).toBe(2);
    expect(out + err).toContain('contradict each other');
    expect(world.memory.snapshot('/')).toEqual(before);
  });

  it('errors are told as ever', async () => {
    const world = makeWorld();
    world.memory.write(`${home}/.codex/config.toml`, 'a =');
    const { code, out, err } = await world.run(['push-runtime', '--quiet']);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('config.toml:1')]);
  });
});

async function outcome(world: World, words: readonly string[]): Promise<[code: number, out: string, err: string]> {
  const { code, out, err } = await world.run(words);
  return [code, out, err];
}

/** A home that was pushed to, with one edit since. */
async function edited(): Promise<World> {
  const world = makeWorld();
  await world.run(['push-runtime']);
  const path = `${home}/.codex/config.toml`;
  world.memory.write(path, world.memory.read(path).replace('"low"', '"high"'));
  return world;
}
