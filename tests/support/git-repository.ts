import { git } from './git.ts';
import type { Sandbox } from './sandbox.ts';

/** Commits all that stands in the sandbox's repository, which becomes one; gives the commit's name. */
export function commitAll({ repo }: Sandbox, message: string): string {
  git(repo, 'init', '-q');
  git(repo, 'add', '-A');
  git(repo, 'commit', '-qm', message);
  return git(repo, 'rev-parse', 'HEAD');
}
