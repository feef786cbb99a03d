import { basename, dirname, join } from 'node:path';
import type { Host } from '../host.ts';

/** How long a writer is waited for, how often is looked, and when its staged file was left behind; in milliseconds. */
const longest = 250;
const pause = 2;
const leftBehind = 1_000;

/**
 * Waits until no other program is about to replace a file. The clients write a new file beside the old one and rename it:
 * Codex `.tmp` and six letters, Claude Code the name and `.tmp.<process>.<number>` (measured). Who has begun is let go
 * first; only a program that begins and ends between this look and our rename stays unseen.
 */
export function awaitWriters(host: Host, target: string): void {
  for (let waited = 0; waited < longest && isBeingWritten(host, target); waited += pause) host.pause(pause);
}

function isBeingWritten({ disk, now }: Host, target: string): boolean {
  const folder = dirname(target);
  if (!disk.status(folder)) return false;
  const staged = disk.list(folder).filter(({ name }) => isStagedFor(basename(target), name));
  return staged.some(({ name }) => {
    const status = disk.linkStatus(join(folder, name));
    return status !== undefined && now().getTime() - status.modified < leftBehind;
  });
}

function isStagedFor(file: string, name: string): boolean {
  return /^\.tmp[A-Za-z0-9]{6}$/.test(name) || name.startsWith(`${file}.tmp`);
}
