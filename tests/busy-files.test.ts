import { describe, expect, it } from 'vitest';
import type { Disk } from '../src/host/disk.ts';
import { patientDisk } from '../src/host/patient-disk.ts';
import { memoryDisk, systemError } from './support/memory-disk.ts';
import { home, makeWindowsWorld, type WindowsWorld } from './support/windows-world.ts';

// Windows refuses to rename or remove a file that another program has open. Most let go of it in a moment.

const codes = ['EPERM', 'EBUSY', 'EACCES'];

/** A disk on which `rename` and `unlink` fail so many times, and what is done at each pause. */
function busyDisk(
  failures: number,
  code = 'EBUSY',
  atPause: (memory: ReturnType<typeof memoryDisk>) => void = () => {},
) {
  const memory = memoryDisk();
  memory.write('/a', 'new');
  memory.write('/b', 'old');
  const pauses: number[] = [];
  let left = failures;
  const failing = (act: (...paths: [string, string]) => void) => (from: string, to?: string) => {
    left -= 1;
    if (left >= 0) throw systemError(code, to ?? from);
    act(from, to as string);
  };
  const disk: Disk = { ...memory.disk, rename: failing(memory.disk.rename), unlink: failing(memory.disk.unlink) };
  const patient = patientDisk(disk, (duration) => {
    pauses.push(duration);
    atPause(memory);
  });
  return { memory, pauses, patient };
}

describe('a file that is held', () => {
  it.each(codes)('is renamed and removed once it is let go (%s)', (code) => {
    const { memory, patient, pauses } = busyDisk(3, code);
    patient.rename('/a', '/b');
    expect([memory.read('/b'), memory.exists('/a'), pauses.length]).toEqual(['new', false, 3]);
    const removal = busyDisk(6, code);
    removal.patient.unlink('/b');
    expect(removal.memory.exists('/b')).toBe(false);
  });

  it('for ever is an error after less than a second, and nothing has changed', () => {
    const { memory, patient, pauses } = busyDisk(100);
    expect(() => patient.rename('/a', '/b')).toThrow('EBUSY');
    expect([memory.read('/a'), memory.read('/b')]).toEqual(['new', 'old']);
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBeLessThan(1000);
  });

  it('and written meanwhile is not replaced', () => {
    const { memory, patient } = busyDisk(1, 'EBUSY', (disk) => disk.write('/b', 'theirs, and longer'));
    expect(() => patient.rename('/a', '/b')).toThrow('EBUSY');
    expect(memory.read('/b')).toBe('theirs, and longer');
  });

  it('any other error, and a folder, is not tried again', () => {
    const { patient, pauses } = busyDisk(1, 'ENOSPC');
    expect(() => patient.rename('/a', '/b')).toThrow('ENOSPC');
    const folders = busyDisk(1, 'EPERM');
    folders.memory.disk.makeFolder('/lock');
    expect(() => folders.patient.rename('/lock', '/other')).toThrow('EPERM');
    expect([pauses, folders.pauses]).toEqual([[], []]);
  });
});

describe('a push on Windows', () => {
  const config = `${home}\\.codex\\config.toml`;

  it('goes through when each file is held for a moment', async () => {
    const world = used();
    const held = new Map<string, number>();
    const { code } = await world.run(['push-runtime'], {
      around: (disk) =>
        holding(disk, (path) => {
          const times = held.get(path) ?? 0;
          held.set(path, times + 1);
          return times < 2;
        }),
    });
    expect([code, held.size > 5]).toEqual([0, true]);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('puts all back when one is held for longer, and says so', async () => {
    const world = used();
    const before = world.snapshot(`${home}\\.codex`);
    const { code, err } = await world.run(['push-runtime'], {
      around: (disk) => holding(disk, (path) => path === config),
    });
    expect(code).toBe(2);
    expect(err).toContain('config.toml');
    expect(world.snapshot(`${home}\\.codex`)).toEqual(before);
  });

  it('plans again when its holder has written it', async () => {
    const world = used();
    let times = 0;
    const { code } = await world.run(['push-runtime'], {
      around: (disk) => holding(disk, (path) => path === config && ++times === 1),
      pause: () => world.write(config, 'model = "theirs"\n'),
    });
    expect(code).toBe(0);
    expect(world.read(config)).toContain('model = "theirs"');
    expect((await world.run(['check-sync'])).code).toBe(0);
  });
});

/** A home that has a file of the client already. */
function used(): WindowsWorld {
  const world = makeWindowsWorld();
  world.write(config(), 'model = "mine"\n');
  return world;
}

function config(): string {
  return `${home}\\.codex\\config.toml`;
}

/** A disk on which a target cannot be replaced while `isHeld` says so. */
function holding(disk: Disk, isHeld: (path: string) => boolean): Disk {
  return {
    ...disk,
    rename: (from, to) => {
      if (disk.linkStatus(from)?.kind === 'file' && isHeld(to)) throw systemError('EPERM', to);
      disk.rename(from, to);
    },
  };
}
