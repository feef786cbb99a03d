import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'init.defaultBranch=main'];

/** What git did. */
export interface GitRan {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs real git in a folder, with an identity of its own and nothing of the caller's. */
export function runGit(folder: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): GitRan {
  const plain = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env };
  const options = { cwd: folder, env: plain, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...words], options);
  return { code: status, out: stdout, err: stderr };
}

/** The same for what must succeed; gives what it prints. */
export function git(folder: string, ...words: string[]): string {
  const { code, out, err } = runGit(folder, words);
  expect([words, code, code === 0 ? '' : err]).toEqual([words, 0, '']);
  return out.trim();
}

/** Commits everything in a folder, which becomes a repository if it is none; gives the commit. */
export function commitAll(folder: string, message = 'More'): string {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}
