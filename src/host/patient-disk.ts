import type { Disk, NodeStatus } from './disk.ts';
import { errorCode } from './system-error.ts';

/** What Windows says while another program has a file open: a virus scanner, an indexer, the client itself. */
const busyCodes = ['EPERM', 'EBUSY', 'EACCES'];

/** How long is waited between tries, in milliseconds: under a second in all. */
const waits = [10, 20, 40, 80, 160, 320];

/**
 * A disk that tries again for a moment when a file cannot be renamed or removed because somebody has it open, as happens on
 * Windows all the time. It gives up at once when the file was changed meanwhile: what the other program wrote must not be lost,
 * and whoever asked has to look again. Folders are not tried again: our run lock is one, and there a refusal is an answer.
 */
export function patientDisk(disk: Disk, pause: (duration: number) => void): Disk {
  return {
    ...disk,
    rename: (from, to) => {
      if (disk.linkStatus(from)?.kind === 'folder') disk.rename(from, to);
      else patiently(disk, to, pause, () => disk.rename(from, to));
    },
    unlink: (path) => patiently(disk, path, pause, () => disk.unlink(path)),
  };
}

function patiently(disk: Disk, path: string, pause: (duration: number) => void, act: () => void): void {
  const seen = disk.linkStatus(path);
  for (const wait of waits) {
    try {
      return act();
    } catch (error) {
      if (!busyCodes.includes(errorCode(error) ?? '')) throw error;
      pause(wait);
      if (!isSameNode(seen, disk.linkStatus(path))) throw error;
    }
  }
  act();
}

/** Whether a file is the one that was looked at before, and nobody has written it since. */
export function isSameNode(a: NodeStatus | undefined, b: NodeStatus | undefined): boolean {
  if (!a || !b) return a === b;
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified && a.mode === b.mode;
}
