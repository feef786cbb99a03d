import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeSource, errorsOf, nodesBelow, pushedHome, usedHome } from './support/hostile.ts';
import { canMount, onOwnDisk, pushOntoMount } from './support/own-disk.ts';

// Disks of their own, mounted for the test: full in the middle of a run, and another one than the state folder's.

if (!canMount)
  console.warn('Nothing can be mounted here (no unshare, or not allowed): tests of full disks are skipped.');

describe.skipIf(!canMount)('a disk that is full', () => {
  it('in the middle of a first push: every file is as it was, and nothing of ours lies about', () => {
    const sandbox = usedHome();
    const commands = ['push-runtime', 'check-sync'];
    const env = { XDG_STATE_HOME: join(sandbox.root, 'state') };
    const [push, check] = onOwnDisk(sandbox, { folder: 'home', size: '64k', commands, env });
    const told = errorsOf(push as never).map(({ path, remedy }) => [path?.startsWith(sandbox.home), remedy]);
    expect([push?.code, told]).toEqual([2, [[true, expect.stringMatching(/disk is full/)]]]);
    expect([check?.code, errorsOf(check as never)]).toEqual([3, []]);
    expect(nodesBelow(`${sandbox.home}.after`)).toEqual(nodesBelow(`${sandbox.home}.before`));
  });

  it('under a home that was pushed to: push and clean change nothing', () => {
    const sandbox = pushedHome();
    changeSource(sandbox);
    const commands = ['push-runtime', 'clean-runtime'];
    const env = { XDG_STATE_HOME: join(sandbox.root, 'home.before/.local/state') };
    const disk = { folder: 'home', size: '1m', full: true, commands, env } as const;
    for (const ran of onOwnDisk(sandbox, disk)) {
      const told = errorsOf(ran).map(({ path, remedy }) => [path?.startsWith(sandbox.home), remedy]);
      expect([ran.code, told]).toEqual([2, [[true, expect.stringMatching(/disk is full/)]]]);
    }
    expect(nodesBelow(`${sandbox.home}.after`)).toEqual(nodesBelow(`${sandbox.home}.before`));
  });

  it.each([
    ['from the start', '16k', true],
    ['in the middle of a run', '16k', false],
  ])('under the state folder, %s: exit 2, and no file of any client changes', (_, size, full) => {
    const sandbox = usedHome();
    mkdirSync(join(sandbox.root, 'state'));
    const before = nodesBelow(sandbox.home);
    const env = { XDG_STATE_HOME: join(sandbox.root, 'state') };
    const [ran] = onOwnDisk(sandbox, { folder: 'state', size, full, commands: ['push-runtime'], env });
    const told = errorsOf(ran as never).map(({ path, remedy }) => [path?.startsWith(sandbox.root), remedy]);
    expect([ran?.code, told]).toEqual([2, [[true, expect.stringMatching(/disk is full/)]]]);
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });
});

describe.skipIf(!canMount)('two disks', () => {
  it('a home on another disk than the state folder: pushed, checked, cleaned, and as it was', () => {
    const sandbox = usedHome();
    const commands = ['push-runtime', 'check-sync', 'clean-runtime --remove-only'];
    const env = { XDG_STATE_HOME: join(sandbox.root, 'state') };
    const ran = onOwnDisk(sandbox, { folder: 'home', size: '4m', commands, env });
    expect(ran.map(({ code, json }) => [code, json.findings])).toEqual(commands.map(() => [0, []]));
    expect(nodesBelow(`${sandbox.home}.after`)).toEqual(nodesBelow(`${sandbox.home}.before`));
  });

  it('one folder of a home on a disk of its own: the same', () => {
    const sandbox = usedHome();
    const commands = ['push-runtime', 'clean-runtime --remove-only'];
    const ran = onOwnDisk(sandbox, { folder: 'home/.claude/skills', size: '4m', commands });
    expect(ran.map(({ code, json }) => [code, json.findings])).toEqual(commands.map(() => [0, []]));
    const skills = join(sandbox.home, '.claude/skills');
    expect(nodesBelow(`${skills}.after`)).toEqual(nodesBelow(`${skills}.before`));
  });
});

describe.skipIf(!canMount)('a file that is a mount of its own', () => {
  it.each(['.codex/config.toml', '.claude.json'])('%s: exit 2, which says so; every file is as it was', (file) => {
    const sandbox = usedHome();
    const before = nodesBelow(sandbox.home);
    const ran = pushOntoMount(sandbox, file);
    const told = errorsOf(ran).map(({ path, remedy }) => [path, remedy]);
    expect([ran.code, told]).toEqual([2, [[join(sandbox.home, file), expect.stringMatching(/^It is a mount/)]]]);
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });
});

describe.skipIf(!existsSync('/proc/self'))('a folder in which none can be made', () => {
  it.each([
    [['init', '/proc/syncline'], '/proc/syncline'],
    [['init', '/proc/syncline/below'], '/proc/syncline'],
  ])('%s: exit 2, at once', (words, path) => {
    const sandbox = usedHome();
    const options = { env: { HOME: sandbox.home, PATH: '/usr/bin:/bin' }, encoding: 'utf8' } as const;
    const limit = { timeout: 10_000, killSignal: 'SIGKILL' } as const;
    const ran = spawnSync(process.execPath, ['dist/syncline.cjs', ...words], { ...options, ...limit });
    expect([ran.status, ran.stderr]).toEqual([
      2,
      expect.stringContaining(`error: ${path}: could not write it (ENOENT)`),
    ]);
  });
});
