import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import { asFailure } from '../system-error.ts';

/**
 * Whether somebody else on this machine may read a file or look into a folder: by its own mode, and by those of the
 * folders above it up to `top`. False where nothing stands, and on Windows, which has no such modes.
 */
export function isOpenToOthers({ disk, platform }: Host, path: string, top: string): boolean {
  if (platform === 'win32') return false;
  try {
    const status = disk.status(path);
    let open = (status?.mode ?? 0) & 0o044;
    for (let at = path; open !== 0 && at !== top && dirname(at) !== at; ) {
      at = dirname(at);
      // Who may not enter a folder reaches nothing in it.
      open &= ((disk.status(at)?.mode ?? 0) & 0o011) << 2;
    }
    return open !== 0;
  } catch (error) {
    throw asFailure(error, path, 'look at its permissions');
  }
}
