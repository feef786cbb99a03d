import { dirname, join, sep } from 'node:path';
import fse from 'fs-extra';
import { asFailure } from './system-error.ts';

/**
 * Makes a folder hold exactly the given files, by relative path, and gives the number of those it wrote or removed.
 * A file that is there with the same bytes is not touched. For copies that can be made again, not for users' files.
 */
export function replaceFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): number {
  try {
    const present = fse.existsSync(folder) ? filesBelow(folder) : [];
    const stale = present.filter((name) => !files.has(name));
    const changed = [...files].filter(([name, bytes]) => !isSame(join(folder, name), bytes));
    for (const name of stale) removeFile(folder, name);
    for (const [name, bytes] of changed) fse.outputFileSync(join(folder, name), bytes);
    return stale.length + changed.length;
  } catch (error) {
    throw asFailure(error, folder, 'write the inspection copy');
  }
}

function filesBelow(folder: string): string[] {
  const entries = fse.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .split(sep)
      .join('/'),
  );
}

function removeFile(folder: string, name: string): void {
  fse.removeSync(join(folder, name));
  for (let at = dirname(join(folder, name)); at !== folder; at = dirname(at)) {
    if (fse.readdirSync(at).length > 0) return;
    fse.removeSync(at);
  }
}

function isSame(path: string, bytes: Uint8Array): boolean {
  return fse.existsSync(path) && fse.readFileSync(path).equals(bytes);
}
