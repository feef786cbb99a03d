import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'Give yourself the right to read and write it, then run the command again.',
  EPERM: 'Give yourself the right to read and write it, then run the command again.',
  EROFS: 'The file system is read-only; mount it for writing, then run the command again.',
  ENOSPC: 'The disk is full; free some space, then run the command again.',
  EDQUOT: 'Your disk quota is used up; free some space, then run the command again.',
  ENOTFILE: 'A pipe, a socket or a device stands where a file belongs; move it away, then run the command again.',
  EISDIR: 'A folder stands where a file belongs; move it away, then run the command again.',
  ENOTDIR: 'A file stands where a folder belongs; move it away, then run the command again.',
  EEXIST: 'Something stands where a new file or folder belongs; move it away, then run the command again.',
  ELOOP: 'The symlink leads in a circle; correct it, then run the command again.',
  ENAMETOOLONG: 'The name is too long for this disk; shorten it, then run the command again.',
  ERR_FS_FILE_TOO_LARGE: 'The file is larger than 2 GB, which Syncline does not carry; move it away.',
  EFBIG: 'The file is larger than this disk takes; move it away.',
  EMFILE: 'Too many files are open on this machine; close some programs, then run the command again.',
  EBUSY: 'It is a mount of its own, which cannot be replaced; mount its folder instead, then run the command again.',
  EXDEV: 'It lies on two disks at once; mount its folder as a whole, then run the command again.',
  EIO: 'The disk has an error; look after it and your backups, then run the command again.',
  ENOENT:
    'It went away while the command ran, or a link leads nowhere: make the folder that it leads to or remove the link; then run the command again.',
};

/** The code of a system error (`EACCES`), or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' ? code : undefined;
}

/** The path a system error is about, as far as it says. */
export function errorPath(error: unknown): string {
  return String((error as { path?: unknown } | null)?.path ?? '');
}

/** A system error as a failure the user can act on; other errors are thrown as they are. */
export function asFailure(error: unknown, path: string, doing: string): Failure {
  const code = errorCode(error);
  if (code === undefined || error instanceof Failure) throw error;
  const remedy = remedies[code] ?? 'Look at the file and its folder, then run the command again.';
  return new Failure([problem('system-error', `could not ${doing} (${code})`, remedy, { path })], { cause: error });
}
