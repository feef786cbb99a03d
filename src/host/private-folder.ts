import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { Host } from './host.ts';
import { asFailure } from './system-error.ts';

/**
 * Acts with a folder that only this user can look into, outside every home, with these files in it; it is removed
 * afterwards with all that others wrote there. Throws `Failure` when it cannot be made or removed.
 */
export async function withPrivateFolder<T>(
  host: Host,
  files: ReadonlyMap<string, string>,
  act: (folder: string) => T,
): Promise<T> {
  const { disk } = host;
  const folder = join(host.temporaryFolder, `syncline-doctor-${host.uniqueName()}`);
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
