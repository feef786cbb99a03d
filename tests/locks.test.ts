import { describe, expect, it } from 'vitest';
import { statePaths } from '../src/host/state/state-directory.ts';
import { takeRunLock } from '../src/host/transaction/run-lock.ts';
import { home, makeWorld, nodesOf, repo, stateFolder, type World } from './support/memory-world.ts';

const claudeLock = `${home}/.claude.json.lock`;
const runLock = `${stateFolder}/lock`;
const paths = statePaths({ home, workingDirectory: repo, variables: {} }, 'linux');

describe("Claude Code's lock", () => {
  it('held and kept fresh: the push waits, says so, and exits 2; nothing changes, the lock stays', async () => {
    const world = makeWorld();
    world.memory.disk.makeFolder(claudeLock);
    const before = nodesOf(world);
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if (name === 'status' && path === claudeLock) world.memory.touch(claudeLock);
    });
    expect(code).toBe(2);
    expect(err).toContain(`Waiting for Claude Code, which holds ${claudeLock}\n`);
    expect(err).toContain('error: /home/u/.claude.json.lock: Claude Code holds the lock of this file');
    expect(err).toContain('Nothing was written.');
    expect(nodesOf(world)).toEqual(before);
    world.memory.remove(claudeLock);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it('released while the push waits: what Claude wrote under it is kept, and the push goes on', async () => {
    const world = makeWorld();
    world.memory.write(`${home}/.claude.json`, '{}', 0o600);
    world.memory.disk.makeFolder(claudeLock);
    let looks = 0;
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if (name !== 'status' || path !== claudeLock || ++looks !== 3) return;
      world.memory.write(`${home}/.claude.json`, '{"of": "claude"}', 0o600);
      world.memory.remove(claudeLock);
    });
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(world.memory.read(`${home}/.claude.json`))).toMatchObject({
      of: 'claude',
      mcpServers: { team: {} },
    });
    expect(world.memory.exists(claudeLock)).toBe(false);
  });

  it('left by a crash: after ten seconds it is taken over, as Claude itself does', async () => {
    const world = makeWorld();
    world.memory.disk.makeFolder(claudeLock);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(world.memory.exists(claudeLock)).toBe(false);
  });

  it('is held for the one rename, and for nothing else', async () => {
    const world = makeWorld();
    let held = 0;
    const { code } = await world.run(['push-runtime'], (_call, name, path) => {
      if (!world.memory.exists(claudeLock)) return;
      held += 1;
      if (name === 'rename' || name === 'writeNew') expect(path).toMatch(/\.claude\.json\.syncline-|client-lock/);
    });
    expect(code).toBe(0);
    expect(held).toBeGreaterThan(0);
  });

  it('taken by a push that is killed: the next one releases it at once, unless it is another one by now', async () => {
    for (const retaken of [false, true]) {
      const world = makeWorld();
      await world.run(['push-runtime'], () => {
        if (world.memory.exists(`${stateFolder}/client-lock.json`)) throw new Error('killed');
      });
      expect(world.memory.exists(claudeLock)).toBe(true);
      if (retaken) {
        world.memory.remove(claudeLock);
        world.wait(5);
        world.memory.disk.makeFolder(claudeLock);
      }
      let waited = false;
      const { code } = await world.run(['push-runtime'], () => {}, {
        pause: () => {
          waited = true;
        },
      });
      expect([retaken, code, waited]).toEqual([retaken, 0, retaken]);
    }
  });
});

describe('our run lock', () => {
  const holder = { pid: 7, machine: 'here', command: 'push-runtime', since: '2026-01-05T07:59:00.000Z' };

  function lockedBy(value: unknown): World {
    const world = makeWorld();
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    world.memory.write(`${runLock}/holder.json`, text, 0o600);
    return world;
  }

  it('of a live process: exit 2, which names it, the command and what to do', async () => {
    const world = lockedBy(holder);
    const { code, err } = await world.run(['clean-runtime'], undefined, { isAlive: (pid) => pid === 7 });
    expect(code).toBe(2);
    expect(err).toContain('the lock is held by "syncline push-runtime" (process 7)');
    expect(err).toContain('if no such process runs, remove that folder');
    expect(world.memory.exists(`${runLock}/holder.json`)).toBe(true);
  });

  it('of a process whose number is another one since the machine was started: taken over', async () => {
    const world = lockedBy(holder);
    const after = { isAlive: () => true, booted: new Date('2026-01-05T07:59:30Z') };
    expect(await world.run(['push-runtime'], undefined, after)).toMatchObject({ code: 0 });
  });

  it('of another machine: held for ten minutes, as nothing else can be known', async () => {
    const world = lockedBy({ ...holder, machine: 'there' });
    expect((await world.run(['push-runtime'])).err).toContain('process 7 on there');
    world.wait(11 * 60_000);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it.each(['', '{', 'null', '{"pid":"7"}'])('with the holder %j: held for ten seconds', async (text) => {
    const world = lockedBy(text);
    expect((await world.run(['push-runtime'])).err).toContain('held by another run of Syncline');
    world.wait(11_000);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it('of a dead process, seen by two at once: only one takes it over', async () => {
    const world = lockedBy(holder);
    let raced = false;
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if (raced || name !== 'rename' || path !== runLock) return;
      raced = true;
      // The other one saw the same, was quicker, and is at work now.
      takeRunLock(world.host(), paths, 'restore');
    });
    expect([raced, code]).toEqual([true, 2]);
    expect(err).toContain('held by another run of Syncline');
    expect(JSON.parse(world.memory.read(`${runLock}/holder.json`))).toMatchObject({ command: 'restore' });
  });

  it.each([
    [true, 2],
    [false, 0],
  ])('is waited for by a command that only reads; the run stays: %s', async (stays, exit) => {
    const world = makeWorld();
    await world.run(['push-runtime'], () => {
      if (world.memory.exists(paths.journal)) throw new Error('killed');
    });
    let pauses = 0;
    const machine = {
      isAlive: () => stays || pauses < 5,
      pause: () => {
        pauses += 1;
      },
    };
    const { code, out, err } = await world.run(['pull-runtime', '--dry-run'], undefined, machine);
    expect([code, out, err]).toEqual([0, expect.stringContaining('a run was cut off, or is under way'), '']);
    const checked = await world.run(['check-sync'], undefined, machine);
    expect([checked.code, pauses > 4]).toEqual([exit === 0 ? 3 : 2, true]);
    expect(checked.out + checked.err).toContain(exit === 0 ? 'had been cut off' : '"syncline push-runtime" (process');
  });

  it('left half made by a run that was killed goes in the end', async () => {
    const world = makeWorld();
    world.memory.write(`${stateFolder}/lock-left/holder.json`, '{}');
    world.wait(2 * 3_600_000);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(world.memory.exists(`${stateFolder}/lock-left`)).toBe(false);
    expect(world.memory.exists(`${repo}/clients`)).toBe(true);
  });
});
