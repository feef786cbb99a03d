import type { Host } from '../host.ts';
import { type Git, gitIn, textOf } from './git.ts';

/** A file that git would not commit, and the line that says so. */
export interface Ignored {
  readonly path: string;
  /** As git names it: relative to the folder, or absolute. */
  readonly by: string;
  readonly line: number;
}

/** Those of the paths, relative to a folder, that git ignores there; none where git is not there or cannot tell. */
export function ignoredByGit(host: Host, folder: string, paths: readonly string[]): Ignored[] {
  const printed = paths.length > 0 ? asked(gitIn(host, folder), paths) : '';
  const fields = printed.split('\0').slice(0, -1).map(textOf);
  const found: Ignored[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [by = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4);
    if (!pattern.startsWith('!')) found.push({ path, by, line: Number(line) });
  }
  return found;
}

function asked(git: Git, paths: readonly string[]): string {
  const input = Buffer.from(paths.map((path) => `${path}\0`).join('')).toString('latin1');
  return git.ask(['check-ignore', '--stdin', '-z', '--verbose'], input) ?? '';
}
