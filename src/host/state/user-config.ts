import { join, resolve } from 'node:path';
import type { Environment } from '../../model/paths.ts';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';

/**
 * The file in which a person says what holds on this machine only: `$XDG_CONFIG_HOME/syncline/config.toml`, by default
 * in `~/.config`; `%APPDATA%\syncline` on Windows.
 */
export function userConfigPath({ home, workingDirectory, variables }: Environment, platform: string): string {
  const base = platform === 'win32' ? variables.APPDATA : variables.XDG_CONFIG_HOME;
  return join(base ? resolve(workingDirectory, base) : join(home, '.config'), 'syncline', 'config.toml');
}

/** The bytes of that file, or undefined. Throws `Failure` when it cannot be read. */
export function readUserConfig(disk: Disk, path: string): Uint8Array | undefined {
  try {
    return disk.status(path) ? disk.readFile(path) : undefined;
  } catch (error) {
    throw asFailure(error, path, 'read it');
  }
}
