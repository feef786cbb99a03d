import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** Runs real git in a folder, with an identity of its own and nothing of the caller's; gives what it prints. */
export function git(folder: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  const env = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...words], { cwd: folder, env, encoding: 'utf8' });
  expect([words, status, status === 0 ? '' : stderr]).toEqual([words, 0, '']);
  return stdout.trim();
}
