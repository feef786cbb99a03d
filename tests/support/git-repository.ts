import { spawnSync } from 'node:child_process';
import type { Sandbox } from './sandbox.ts';

const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'init.defaultBranch=main'];

/** Runs git in the sandbox's repository, without anybody's configuration. Throws when it fails. */
function git({ repo }: Sandbox, ...words: string[]): string {
  const env = { PATH: '/usr/bin:/bin', HOME: repo, GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...words], { cwd: repo, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Commits all that stands in the sandbox's repository, which becomes one; gives the commit's name. */
export function commitAll(sandbox: Sandbox, message: string): string {
  git(sandbox, 'init', '-q');
  git(sandbox, 'add', '-A');
  git(sandbox, 'commit', '-qm', message);
  return git(sandbox, 'rev-parse', 'HEAD');
}
