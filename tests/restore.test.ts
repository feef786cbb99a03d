import { describe, expect, it } from 'vitest';
import { made } from './support/canary.ts';
import { home, makeWorld, nodesOf, repo, stateFolder, type World } from './support/memory-world.ts';

const config = `${home}/.codex/config.toml`;
const settings = `${home}/.claude/settings.json`;
const fragment = `${repo}/clients/codex/config-fragment.toml`;

interface ListedRun {
  readonly run: string;
  readonly command: string;
  readonly files: readonly string[];
}

/** A home with files of the user's, one of them behind a link, and one for its owner only. */
function usedWorld(): World {
  const world = makeWorld();
  world.memory.write(config, '# mine\r\nmodel = "gpt-5"', 0o600);
  world.memory.write(`${home}/dotfiles/settings.json`, '{"model": "opus"}', 0o640);
  world.memory.link(settings, '../dotfiles/settings.json');
  return world;
}

async function runsOf(world: World): Promise<readonly ListedRun[]> {
  const { json } = await world.run(['restore', '--list', '--json']);
  return (json as unknown as { runs: readonly ListedRun[] }).runs;
}

async function succeed(world: World, words: string, code = 0): Promise<string> {
  const done = await world.run(words.split(' '));
  expect([words, done.err, done.code]).toEqual([words, '', code]);
  return done.out;
}

function setVerbosity(world: World, value: string): void {
  world.memory.write(fragment, `model_verbosity = "${value}"\n`);
}

describe('restore', () => {
  it('of a push: every byte, mode and link is as before it; of that restore: as after the push', async () => {
    const world = usedWorld();
    const before = nodesOf(world);
    await succeed(world, 'push-runtime');
    const after = nodesOf(world);
    const out = await succeed(world, 'restore');
    expect(out).toMatch(/ {2}updated {3}codex:config\.toml\n/);
    expect(out).toContain('To take this run back: syncline restore\n');
    expect(nodesOf(world)).toEqual(before);
    expect(world.memory.exists(`${stateFolder}/records`)).toBe(false);
    expect((await world.run(['check-sync'])).code).toBe(3);
    await succeed(world, 'restore');
    expect(nodesOf(world)).toEqual(after);
    await succeed(world, 'check-sync');
  });

  const rows: readonly (readonly [string, (world: World) => Promise<unknown>])[] = [
    ['clean-runtime --remove-only', async () => {}],
    ['clean-runtime', async (world) => setVerbosity(world, 'high')],
    ['push-runtime', async (world) => setVerbosity(world, 'high')],
    ['pull-runtime', async () => {}],
    [
      'push-runtime --overwrite',
      async ({ memory }) => memory.write(config, memory.read(config).replace('"low"', '"mine"'), 0o600),
    ],
  ];

  it.each(rows)('of %s: as before it, and the record too', async (words, arrange) => {
    const world = usedWorld();
    await succeed(world, 'push-runtime');
    await arrange(world);
    const [before, checked] = [nodesOf(world), await world.run(['check-sync', '--json'])];
    await succeed(world, words);
    expect(nodesOf(world)).not.toEqual(before);
    await succeed(world, 'restore');
    expect(nodesOf(world)).toEqual(before);
    expect((await world.run(['check-sync', '--json'])).json).toEqual(checked.json);
  });

  it('of an older run goes back before it, over all that came after', async () => {
    const world = usedWorld();
    const before = nodesOf(world);
    for (const value of ['low', 'medium', 'high']) {
      setVerbosity(world, value);
      await succeed(world, 'push-runtime');
    }
    setVerbosity(world, 'low');
    const { run } = (await runsOf(world)).at(-1) as ListedRun;
    world.memory.write(fragment, makeWorld().memory.read(fragment));
    await succeed(world, `restore ${run.slice(0, 20)}`);
    expect(nodesOf(world)).toEqual(before);
  });

  it('recreates what was removed since, with its folders', async () => {
    const world = usedWorld();
    await succeed(world, 'push-runtime');
    await succeed(world, 'clean-runtime --remove-only');
    world.memory.remove(`${home}/.codex`);
    const done = await world.run(['restore']);
    expect([done.code, done.out]).toEqual([3, expect.stringContaining('codex:config.toml')]);
    await succeed(world, 'restore --overwrite');
    await succeed(world, 'check-sync');
    expect(world.memory.read(config)).toContain('model = "gpt-5"');
  });

  it('is listed: newest first, with time, command and number of files', async () => {
    const world = usedWorld();
    expect(await succeed(world, 'restore --list')).toBe('No run to restore.\n');
    await succeed(world, 'push-runtime');
    await succeed(world, 'pull-runtime');
    await succeed(world, 'restore');
    const lines = (await succeed(world, 'restore --list')).split('\n');
    const row = (command: string) =>
      expect.stringMatching(`^20260105T\\d{9}-\\w+  2026-01-05 08:\\d\\d:\\d\\d UTC  ${command} +\\d+ files$`);
    expect(lines.slice(0, 3)).toEqual([row('restore'), row('pull-runtime'), row('push-runtime')]);
    expect((await runsOf(world)).at(-1)?.files).toContain(config);
  });

  it('--dry-run shows what would change, without the secrets that stand in there', async () => {
    const world = usedWorld();
    const secret = made(24, 7);
    const server = { command: 'x', env: { API_KEY: secret } };
    world.memory.write(`${home}/.claude.json`, JSON.stringify({ mcpServers: { mine: server } }, null, 1), 0o600);
    await succeed(world, 'push-runtime');
    const out = await succeed(world, 'restore --dry-run --verbose');
    expect(out).toContain('-model_verbosity = "low"');
    expect(out).toMatch(/-\s+"team": \{/);
    expect(out).not.toContain(secret);
  });

  it('--dry-run tells, and writes nothing; --client takes only that client', async () => {
    const world = usedWorld();
    await succeed(world, 'push-runtime');
    const [after, state] = [nodesOf(world), world.memory.snapshot(stateFolder)];
    expect(await succeed(world, 'restore --dry-run')).toContain('Dry run: nothing was written.');
    expect([nodesOf(world), world.memory.snapshot(stateFolder)]).toEqual([after, state]);
    await succeed(world, 'restore --client codex');
    expect(world.memory.read(config)).toBe('# mine\r\nmodel = "gpt-5"');
    await succeed(world, 'check-sync --client claude');
  });
});

describe('a file that somebody changed since', () => {
  const id = 'codex:config.toml';

  async function changed(): Promise<World> {
    const world = usedWorld();
    await succeed(world, 'push-runtime');
    world.memory.write(config, `${world.memory.read(config)}# a word since\n`, 0o600);
    return world;
  }

  it('is a conflict: exit 3, nothing is written, and both ways out are told', async () => {
    const world = await changed();
    const before = nodesOf(world);
    const { code, out } = await world.run(['restore']);
    expect(code).toBe(3);
    const [{ run }] = (await runsOf(world)) as [ListedRun];
    expect(out).toContain('1 conflict; nothing was written.');
    expect(out).toContain(`syncline restore ${run} --overwrite '${id}'\n`);
    expect(out).toContain(`syncline restore ${run} --keep '${id}'\n`);
    expect(nodesOf(world)).toEqual(before);
  });

  it('is replaced with --overwrite, and can be had back', async () => {
    const world = await changed();
    const before = nodesOf(world);
    await succeed(world, `restore --overwrite ${id}`);
    expect(world.memory.read(config)).toBe('# mine\r\nmodel = "gpt-5"');
    await succeed(world, 'restore');
    expect(nodesOf(world)).toEqual(before);
  });

  it('stays with --keep, and the rest goes back', async () => {
    const world = await changed();
    await succeed(world, 'restore --keep');
    expect(world.memory.read(config)).toContain('# a word since');
    expect(world.memory.read(settings)).toBe('{"model": "opus"}');
  });

  it('was changed between two runs: going back before both is a conflict, before the last is none', async () => {
    const world = await changed();
    setVerbosity(world, 'high');
    await succeed(world, 'push-runtime');
    const { run } = (await runsOf(world)).at(-1) as ListedRun;
    expect((await world.run(['restore', run])).code).toBe(3);
    await succeed(world, 'restore');
    expect(world.memory.read(config)).toContain('# a word since');
  });

  it('was a link and is a file now: --overwrite puts the link back, and what it led to', async () => {
    const world = usedWorld();
    const before = nodesOf(world);
    await succeed(world, 'push-runtime');
    world.memory.replace(settings, world.memory.read(settings), 0o640);
    expect((await world.run(['restore'])).code).toBe(3);
    await succeed(world, 'restore --overwrite');
    expect(nodesOf(world)).toEqual(before);
  });

  it.each([
    ['restore --overwrite codex:config.tom', 'no unit is named "codex:config.tom"'],
    ['restore 1999', 'there is no run "1999"'],
    ['restore 2026', '"2026" begins the names of 2 runs'],
  ])('%s: exit 2', async (words, message) => {
    const world = await changed();
    setVerbosity(world, 'high');
    await succeed(world, 'push-runtime');
    const { code, err } = await world.run(words.split(' '));
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('no run at all: exit 2', async () => {
    expect(await usedWorld().run(['restore'])).toMatchObject({ code: 2, err: expect.stringContaining('no run') });
  });

  it('a backup that is not what it was, or is gone: exit 2, nothing is written', async () => {
    for (const damage of ['change', 'remove']) {
      const world = usedWorld();
      await succeed(world, 'push-runtime');
      const before = nodesOf(world);
      const [{ run }] = (await runsOf(world)) as [ListedRun];
      const names = Object.keys(world.memory.snapshot(`${stateFolder}/runs/${run}`)).filter((name) =>
        /^\d+$/.test(name),
      );
      const path = `${stateFolder}/runs/${run}/${names[0]}`;
      if (damage === 'change') world.memory.write(path, 'x');
      else world.memory.remove(path);
      const { code, err } = await world.run(['restore']);
      expect([damage, code, err]).toEqual([damage, 2, expect.stringContaining(`${run}/${names[0]}`)]);
      expect(nodesOf(world)).toEqual(before);
    }
  });
});

describe('what is kept of runs', () => {
  it('a run that wrote no file, and one that failed, leave nothing to restore', async () => {
    const world = usedWorld();
    await succeed(world, 'push-runtime');
    const kept = (await runsOf(world)).length;
    world.memory.remove(`${stateFolder}/records`);
    await succeed(world, 'push-runtime');
    setVerbosity(world, 'high');
    const failed = await world.run(['push-runtime'], (_call, name, path) => {
      if (name === 'exchange' && path.includes('config.toml')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    });
    expect(failed.code).toBe(2);
    expect(await runsOf(world)).toHaveLength(kept);
    expect(
      Object.keys(world.memory.snapshot(`${stateFolder}/runs`)).filter((name) => !name.includes('/')),
    ).toHaveLength(kept);
  });

  it('fifty of them, for thirty days; the newest always', async () => {
    const world = usedWorld();
    for (let turn = 0; turn < 55; turn += 1) {
      setVerbosity(world, turn % 2 === 0 ? 'low' : 'high');
      await succeed(world, 'push-runtime');
    }
    expect(await runsOf(world)).toHaveLength(50);
    world.wait(31 * 24 * 3_600_000);
    await succeed(world, 'push-runtime');
    const left = await runsOf(world);
    expect(left).toHaveLength(1);
    await succeed(world, 'restore');
    expect(world.memory.read(config)).toContain('"high"');
  });
});
