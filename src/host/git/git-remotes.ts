import { join } from 'node:path';
import type { ReadableDisk } from '../disk.ts';
import { type GitFolders, gitFolders } from './git-refs.ts';

/** Longer is no address. */
const longest = 500;

interface Remote {
  readonly name: string;
  readonly url: string;
}

/**
 * Where a folder was cloned from, as its git configuration says; without a name and password in it. Undefined where it is no
 * clone or that cannot be read. git is not started: the folder is somebody else's work.
 */
export function cloneOrigin(disk: ReadableDisk, folder: string): string | undefined {
  const folders = gitFolders(disk, folder);
  const url = folders && remotesOf(disk, folders).find(({ name }) => name === 'origin')?.url;
  return url?.replace(/^([\w+.-]+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/, '');
}

/**
 * The addresses that a repository may be fetched from, as `comparableRemote` writes them, sorted and each once. Read as git keeps
 * them, since starting git takes longer than all our own reading; files that the configuration includes are not looked at.
 */
export function comparableRemotes(disk: ReadableDisk, folders: GitFolders): string[] {
  const found = remotesOf(disk, folders).flatMap(({ url }) => comparableRemote(url) ?? []);
  return [...new Set(found)].sort();
}

/**
 * An address of a remote without what may differ between two clones of one repository: the protocol, the user, a password, `.git`
 * (git-clone(1), "GIT URLS"). Undefined for a path that says nothing outside its folder.
 */
function comparableRemote(url: string): string | undefined {
  const path = url.replace(/[?#].*$/, '').replace(/(?:\/+|(?:\/\.git|\.git)\/*)$/, '');
  const local = /^(?:file:\/\/(?:localhost)?)?(\/.*)$/.exec(path)?.[1];
  if (local !== undefined) return local;
  const [, host, port, place] =
    /^[\w+.-]+:\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)(?::(\d*))?\/+(.+)$/.exec(path) ??
    /^(?:[^/@:]+@)?(\[[^\]]+\]|[^/:]{2,})(:)\/*(.+)$/.exec(path) ??
    [];
  if (host === undefined || place === undefined) return undefined;
  const isUsual = port === undefined || ['', ':', '22', '80', '443', '9418'].includes(port);
  return `${host.toLowerCase()}${isUsual ? '' : `:${port}`}/${place}`;
}

/** The remotes of `.git/config` (git-config(1), "Syntax"); none where it cannot be read. */
function remotesOf(disk: ReadableDisk, { common }: GitFolders): Remote[] {
  const found: Remote[] = [];
  let name: string | undefined;
  for (const line of configLines(disk, join(common, 'config'))) {
    const [, section, rest] = /^\s*\[([^\]"]*(?:"(?:[^"\\]|\\.)*")?\s*)\](.*)$/.exec(line) ?? [];
    if (section !== undefined) name = /^remote\s+"((?:[^"\\]|\\.)*)"\s*$/i.exec(section)?.[1];
    const [, text] = /^\s*url\s*=\s*(.*)$/i.exec(rest ?? line) ?? [];
    const url = text === undefined ? '' : plainValue(text);
    if (name !== undefined && url !== '' && url.length <= longest) found.push({ name, url });
  }
  return found;
}

/** A backslash at the end of a line joins the next one to it. */
function configLines(disk: ReadableDisk, path: string): string[] {
  try {
    const text = Buffer.from(disk.readFile(path)).toString('utf8');
    return text.replace(/\\\r?\n/g, '').split(/\r?\n/);
  } catch {
    return [];
  }
}

/** A value without its quotes, escapes, and the comment after it. */
function plainValue(text: string): string {
  const parts = text.match(/"(?:[^"\\]|\\.)*"?|\\.|[^"\\#;]+|[#;].*$/g) ?? [];
  const end = parts.findIndex((part) => /^[#;]/.test(part));
  const kept = end < 0 ? parts : parts.slice(0, end);
  return kept
    .map((part) => part.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1'))
    .join('')
    .trim();
}
