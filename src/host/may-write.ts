import { accessSync, constants } from 'node:fs';
import { errorCode } from './system-error.ts';

/** Whether this process may make files in a folder: its mode, and whether its disk is mounted for writing. */
export function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return !['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '');
  }
}
