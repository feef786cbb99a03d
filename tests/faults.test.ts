import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../src/host/apply.ts';
import { RuntimeMoved } from '../src/host/apply-steps.ts';
import { type Disk, realDisk } from '../src/host/disk.ts';
import type { Host } from '../src/host/host.ts';
import { recover } from '../src/host/journal.ts';
import { type StatePaths, statePaths } from '../src/host/state-directory.ts';
import { digestOf } from '../src/model/digest.ts';
import { Failure } from '../src/model/failure.ts';
import type { FileWrite, Plan } from '../src/model/plan.ts';
import { recordVersion } from '../src/model/record.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

/**
 * Faults while a plan is applied: each write call of the disk fails once, and a run is killed before each of them.
 * After that every file is old, or every file is new, and nothing of ours lies about.
 */
const text = (content: string) => new TextEncoder().encode(content);

/** A write of every sort: in a locked file, through a link, of a mode only, in a new folder, of the last in a folder. */
function planFor(sandbox: Sandbox): Plan {
  const write = (file: string, after: string | null, mode = 0o600): FileWrite => {
    const path = join(sandbox.home, file);
    const content = existsSync(path) ? readFileSync(path) : undefined;
    const old = realDisk.status(path)?.mode ?? 0;
    return {
      ...{ client: 'claude', file, path },
      before: content ? { digest: digestOf(content), content, mode: old & 0o777 } : null,
      after: after === null ? null : { content: text(after), mode },
      ...(file === '.claude.json' ? { lock: `${path}.lock` } : {}),
    };
  };
  const repository = { id: 'x', name: 'x', path: '/repo', commit: null };
  const record = { version: recordVersion, syncline: '0', client: 'claude', home: '/home', repository };
  return {
    ...{ command: 'push-runtime', units: [], findings: [] },
    writes: [
      write('.claude.json', 'new servers'),
      write('.claude/settings.json', 'new settings', 0o640),
      write('.claude/run.sh', 'echo hello', 0o755),
      write('.claude/skills/new/deep/SKILL.md', 'new skill', 0o644),
      write('.claude/skills/old/SKILL.md', null),
    ],
    makeFolders: [join(sandbox.home, '.claude/skills/new'), join(sandbox.home, '.claude/skills/new/deep')],
    removeFolders: [join(sandbox.home, '.claude/skills/old')],
    records: [{ key: 'claude-1', record: { ...record, units: [], files: {}, folders: ['.'] } }],
  };
}

function arranged(): Sandbox & { paths: StatePaths } {
  const sandbox = makeSandbox();
  sandbox.write('home/.claude.json', 'old servers', 0o600);
  sandbox.write('home/dotfiles/settings.json', 'old settings', 0o640);
  sandbox.link('home/.claude/settings.json', '../dotfiles/settings.json');
  sandbox.write('home/.claude/run.sh', 'echo hello', 0o644);
  sandbox.write('home/.claude/skills/old/SKILL.md', 'old skill', 0o644);
  const paths = statePaths({ home: sandbox.home, workingDirectory: sandbox.root, variables: {} }, 'linux');
  realDisk.makeFolders(paths.root, 0o700);
  return { ...sandbox, paths };
}

let names = 0;

function hostWith(disk: Disk): Host {
  return {
    ...{ disk, variables: {}, home: '/', workingDirectory: '/', platform: 'linux', uniqueName: () => `name${names++}` },
    process: { id: process.pid, isAlive: () => true },
    terminal: { showsColour: false, isInteractive: false, out: () => {}, error: () => {}, ask: async () => undefined },
    now: () => new Date(),
  };
}

const writeCalls = [
  ...(['makeFolders', 'makeFolder', 'removeFolder', 'writeNew', 'setOwner', 'rename', 'unlink', 'syncFolder'] as const),
];

/** A disk of which the write calls go through `before`, which may throw; they are counted from 1. */
function watchedDisk(before: (call: number, name: string, path: string) => void): Disk {
  let calls = 0;
  const watched = writeCalls.map((name) => [
    name,
    (path: string, ...rest: unknown[]) => {
      calls += 1;
      try {
        before(calls, name, path);
      } catch (error) {
        // A full disk takes a part of a file before it says no.
        if (name === 'writeNew') writeFileSync(path, (rest[0] as Uint8Array).subarray(0, 3));
        throw error;
      }
      return (realDisk[name] as (...words: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  return { ...realDisk, ...Object.fromEntries(watched) };
}

function fault(): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

/** Home and records, without the backups. Claude's lock is left out: a killed run leaves it, and it goes stale. */
function visible(sandbox: Sandbox): Record<string, string> {
  const records = existsSync(join(sandbox.home, '.local/state/syncline/records'))
    ? snapshot(join(sandbox.home, '.local/state/syncline/records'))
    : {};
  return { ...snapshot(sandbox.home), ...records };
}

function withoutLock(nodes: Record<string, string>): Record<string, string> {
  const { '.claude.json.lock': _, ...rest } = nodes;
  return rest;
}

/** What stands there when all goes well, and how many write calls that takes. */
function wholeRun(): { before: Record<string, string>; after: Record<string, string>; calls: number } {
  const sandbox = arranged();
  const before = visible(sandbox);
  let calls = 0;
  const disk = watchedDisk((call) => {
    calls = call;
  });
  expect(applyPlan(hostWith(disk), sandbox.paths, planFor(sandbox))).toMatchObject({ written: 5 });
  return { before, after: visible(sandbox), calls };
}

/** Applies the plan on a disk with a fault; gives what was thrown. */
function thrownBy(sandbox: ReturnType<typeof arranged>, disk: Disk): unknown {
  try {
    applyPlan(hostWith(disk), sandbox.paths, planFor(sandbox));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('applying a plan', () => {
  it('writes, links, modes, folders and the record are as planned', () => {
    const { after, calls } = wholeRun();
    expect(calls).toBeGreaterThan(30);
    expect(Object.keys(after)).toEqual([
      ...['.claude', '.claude.json', '.claude/run.sh', '.claude/settings.json', '.claude/skills'],
      ...['.claude/skills/new', '.claude/skills/new/deep', '.claude/skills/new/deep/SKILL.md'],
      ...['dotfiles', 'dotfiles/settings.json', 'claude-1.json'],
    ]);
    expect(after['.claude/settings.json']).toBe('link to ../dotfiles/settings.json');
    expect(after['dotfiles/settings.json']).toMatch(/^file 640 /);
    expect(after['.claude/run.sh']).toMatch(/^file 755 /);
  });

  it('each write call fails once: everything is as it was, and the failure says what to do', () => {
    const { before, calls } = wholeRun();
    for (let failing = 1; failing <= calls; failing += 1) {
      const sandbox = arranged();
      const disk = watchedDisk((call) => {
        if (call === failing) throw fault();
      });
      const error = thrownBy(sandbox, disk);
      expect([failing, error]).toEqual([failing, expect.any(Failure)]);
      expect((error as Failure).findings[0]).toMatchObject({
        code: 'system-error',
        remedy: expect.stringMatching(/full/),
      });
      expect((error as Failure).findings.map(({ code }) => code)).not.toContain('not-undone');
      expect([failing, visible(sandbox)]).toEqual([failing, before]);
      expect([failing, existsSync(sandbox.paths.journal)]).toEqual([failing, false]);
      expect(applyPlan(hostWith(realDisk), sandbox.paths, planFor(sandbox))).toMatchObject({ written: 5 });
    }
  });

  it('the run is killed before each write call: the next one finds the journal, and everything is old or new', () => {
    const { before, after, calls } = wholeRun();
    const ends = new Set<string>();
    for (let failing = 1; failing <= calls; failing += 1) {
      const sandbox = arranged();
      const disk = watchedDisk((call) => {
        if (call >= failing) throw fault();
      });
      expect([failing, thrownBy(sandbox, disk)]).toEqual([failing, expect.any(Failure)]);
      const left = existsSync(sandbox.paths.journal);
      const said = recover(realDisk, sandbox.paths).map(({ code }) => code);
      expect([failing, said]).toEqual([failing, left ? ['recovered'] : []]);
      const now = withoutLock(visible(sandbox));
      const end = 'claude-1.json' in now ? 'new' : 'old';
      expect([failing, now]).toEqual([failing, end === 'new' ? after : before]);
      ends.add(end);
      expect(recover(realDisk, sandbox.paths)).toEqual([]);
    }
    expect(ends).toEqual(new Set(['old', 'new']));
  });

  it('the undoing is killed, too, at each of its write calls: the one after that ends it', () => {
    const { before, calls } = wholeRun();
    const broken = calls - 6;
    for (let failing = 1; failing <= 12; failing += 1) {
      const sandbox = arranged();
      const disk = watchedDisk((call) => {
        if (call >= broken) throw fault();
      });
      expect(thrownBy(sandbox, disk)).toMatchObject({
        findings: expect.arrayContaining([expect.objectContaining({ code: 'not-undone' })]),
      });
      const second = watchedDisk((call) => {
        if (call >= failing) throw fault();
      });
      expect(() => recover(second, sandbox.paths)).toThrow(Failure);
      expect(recover(realDisk, sandbox.paths)).toMatchObject([{ code: 'recovered' }]);
      expect([failing, withoutLock(visible(sandbox))]).toEqual([failing, before]);
    }
  });
});

describe('a client that writes at the same time', () => {
  it('before the plan is applied: RuntimeMoved, and nothing changes', () => {
    const sandbox = arranged();
    const plan = planFor(sandbox);
    sandbox.write('home/.claude/run.sh', 'of a client');
    const before = visible(sandbox);
    expect(() => applyPlan(hostWith(realDisk), sandbox.paths, plan)).toThrow(RuntimeMoved);
    expect(visible(sandbox)).toEqual(before);
    expect(existsSync(sandbox.paths.journal)).toBe(false);
  });

  it.each([
    ['changes a file', 'home/.claude/skills/old/SKILL.md'],
    ['makes a file that was not there', 'home/.claude/skills/new/deep/SKILL.md'],
  ])('while files are staged, and %s: RuntimeMoved, and only what it wrote is there', (_, path) => {
    const sandbox = arranged();
    const disk = watchedDisk((_call, name, at) => {
      if (name === 'writeNew' && at.includes('settings.json')) sandbox.write(path, 'of a client');
    });
    const before = visible(sandbox);
    expect(() => applyPlan(hostWith(disk), sandbox.paths, planFor(sandbox))).toThrow(RuntimeMoved);
    const now = visible(sandbox);
    expect(sandbox.read(path)).toBe('of a client');
    for (const [name, node] of Object.entries(before))
      if (!path.endsWith(name)) expect(now).toHaveProperty([name], node);
    const temporary = Object.keys(now).filter((name) => name.includes('syncline'));
    expect(temporary).toEqual([]);
  });

  it('after its file was swapped and before the run fails: its words stay, and are named', () => {
    const sandbox = arranged();
    const disk = watchedDisk((_call, name, path) => {
      if (name !== 'unlink' || !path.endsWith('old/SKILL.md')) return;
      sandbox.write('home/.claude.json', 'of a client', 0o600);
      throw fault();
    });
    const error = thrownBy(sandbox, disk) as Failure;
    const findings = error.findings.map(({ code, path }) => [code, path]);
    expect(findings).toContainEqual(['changed-since', join(sandbox.home, '.claude.json')]);
    expect(sandbox.read('home/.claude.json')).toBe('of a client');
    expect(sandbox.read('home/dotfiles/settings.json')).toBe('old settings');
  });
});

describe('the bin after a run that was killed', () => {
  /** A home that the bin pushed to, and then a run of ours that dies in the middle. */
  function killed(): Sandbox {
    const sandbox = arranged();
    writeTeamSource(sandbox);
    for (const path of ['home/.claude.json', 'home/dotfiles/settings.json']) sandbox.write(path, '{}');
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    let renames = 0;
    const disk = watchedDisk((_call, name) => {
      if (name === 'rename') renames += 1;
      if (renames > 3) throw fault();
    });
    chmodSync(join(sandbox.home, '.claude/run.sh'), 0o644);
    expect(thrownBy(sandbox, disk)).toBeInstanceOf(Failure);
    expect(sandbox.read('home/.claude.json')).toBe('new servers');
    sandbox.remove('home/.claude.json.lock');
    return sandbox;
  }

  it.each(['push-runtime', 'check-sync', 'pull-runtime', 'clean-runtime'])(
    '%s undoes it first, and says so',
    (command) => {
      const sandbox = killed();
      const { code, out } = sandbox.run([command]);
      expect([code, out]).toEqual([0, expect.stringContaining('had been cut off')]);
      expect(sandbox.read('home/.claude.json')).toContain('team-server');
      expect(sandbox.run(['check-sync']).out).not.toContain('cut off');
      expect(Object.keys(snapshot(sandbox.home)).filter((name) => name.includes('syncline-'))).toEqual([]);
    },
  );

  it('a journal that does not parse: exit 2, which names it and the backups', () => {
    const sandbox = killed();
    sandbox.write('home/.local/state/syncline/journal.json', '{');
    const { code, err } = sandbox.run(['push-runtime']);
    expect(code).toBe(2);
    expect(err).toContain('journal.json');
    expect(sandbox.read('home/.claude.json')).toBe('new servers');
  });
});
