import { spawnSync } from 'node:child_process';

const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'init.defaultBranch=main'];

/** What git did. */
export interface GitRan {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real git in a folder, with nothing of the caller's environment or settings. */
export function runGit(folder: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): GitRan {
  const plain = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env };
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...words], {
    ...{ cwd: folder, env: plain, encoding: 'utf8' },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs git and gives what it printed, without the line end. Throws with git's own words when it fails. */
export function git(folder: string, ...words: string[]): string {
  const { code, out, err } = runGit(folder, words);
  if (code !== 0) throw new Error(`git ${words.join(' ')}: ${err}`);
  return out.replace(/\n$/, '');
}

/** Commits everything in a folder, which becomes a repository if it is none. */
export function commitAll(folder: string, message = 'More'): string {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}
