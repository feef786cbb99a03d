import { join } from 'node:path';
import type { ReadableDisk } from './disk.ts';
import { gitFolders } from './git-refs.ts';

/** Longer is no address. */
const longest = 500;

/**
 * Where a folder was cloned from, as its git configuration says; without a name and password in it. Undefined where it is no
 * clone or that cannot be read. git is not started: the folder is somebody else's work.
 */
export function cloneOrigin(disk: ReadableDisk, folder: string): string | undefined {
  try {
    const folders = gitFolders(disk, folder);
    const text = folders ? Buffer.from(disk.readFile(join(folders.common, 'config'))).toString('utf8') : '';
    const [, section] = /^\s*\[remote "origin"\]([^[]*)/m.exec(text) ?? [];
    const [, url] = /^\s*url\s*=\s*"?(.+?)"?\s*$/m.exec(section ?? '') ?? [];
    return url === undefined || url.length > longest ? undefined : url.replace(/^([\w+.-]+:\/\/)[^/@]*@/, '$1');
  } catch {
    return undefined;
  }
}
