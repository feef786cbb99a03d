import fse from 'fs-extra';

/** Removes a folder with everything below it; no error when it is not there. For our own folders, never for users' files. */
export function removeTree(path: string): Promise<void> {
  return fse.remove(path);
}
