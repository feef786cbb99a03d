import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Host } from '../host.ts';
import { asFailure } from '../system-error.ts';

const prefix = 'syncline-doctor-';

/** A folder that was left by a process that was killed is in nobody's use after this long, in milliseconds. */
const leftAge = 3_600_000;

/**
 * Acts with a folder that only this user can look into, apart from every client's home, with these files in it; it
 * is removed afterwards with all that others wrote there. Throws `Failure` when it cannot be made or removed.
 */
export async function withPrivateFolder<T>(
  host: Host,
  files: ReadonlyMap<string, string>,
  act: (folder: string) => T,
): Promise<T> {
  const { disk } = host;
  const folder = join(host.temporaryFolder, `${prefix}${host.uniqueName()}`);
  await sweep(host);
  // Whoever made a folder of this name before could look into it.
  if (ours(folder, () => disk.makeFolders(folder, 0o700)) === undefined) throw taken(folder);
  try {
    const real = ours(folder, () => disk.realPath(folder));
    for (const [name, text] of files) {
      ours(folder, () => disk.writeNew(join(folder, name), new TextEncoder().encode(text), 0o600));
    }
    return act(real);
  } finally {
    await removed(host, folder);
  }
}

/** What cannot be removed is somebody else's. */
async function sweep({ disk, temporaryFolder, now, removeTree }: Host): Promise<void> {
  try {
    for (const { name, kind } of disk.list(temporaryFolder)) {
      if (kind !== 'folder' || !name.startsWith(prefix)) continue;
      const path = join(temporaryFolder, name);
      if (now().getTime() - (disk.linkStatus(path)?.modified ?? Number.NaN) > leftAge) await removeTree(path);
    }
  } catch {
    // Nothing depends on it.
  }
}

async function removed(host: Host, folder: string): Promise<void> {
  try {
    await host.removeTree(folder);
  } catch (error) {
    throw asFailure(error, folder, 'remove it');
  }
}

function ours<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asFailure(error, folder, 'write the copies that the clients are asked about');
  }
}

function taken(path: string): Failure {
  const message = 'a folder of this name is there already';
  return new Failure([problem('system-error', message, 'Run the command again.', { path })]);
}
