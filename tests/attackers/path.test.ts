import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from '../support/git.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { team } from '../support/team-source.ts';

// Which program is meant by a name is said by the user's PATH, never by the folder somebody is in.

/** A program that leaves a mark. */
function canary(sandbox: Sandbox): string {
  const path = join(sandbox.root, 'canary.sh');
  writeFileSync(path, `#!/bin/sh\ntouch '${join(sandbox.root, 'OWNED')}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const commands: readonly (readonly string[])[] = [
  ['status'],
  ['explain', 'claude:memories/global.md'],
  ['explain', 'clients/shared/memory/global.md'],
  ['explain', 'claude:settings.json#permissions.deny'],
  ['check-sync', '--full'],
  ['check-sync', '--against', 'HEAD'],
  ['check-sync', '--source-only'],
  ['session-check', '--full'],
  ['diff', '--no-pager'],
  ['pull-runtime'],
  ['push-runtime', '--full'],
  ['doctor'],
  ['uninstall'],
];

function repository(): Sandbox {
  const sandbox = team();
  git(sandbox.repo, 'init', '-q', '-b', 'main');
  commitAll(sandbox.repo);
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  // Both sides moved: the base of a conflict is looked for in git.
  sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
  sandbox.write('home/.claude/memories/global.md', 'mine\n');
  return sandbox;
}

describe('an element of PATH that means the folder somebody is in', () => {
  it.each([':/usr/bin:/bin', '/usr/bin::/bin', '.:/usr/bin:/bin', 'bin:/usr/bin:/bin'])(
    '%s finds no program of the repository',
    (PATH) => {
      const sandbox = repository();
      const program = canary(sandbox);
      mkdirSync(join(sandbox.repo, 'bin'));
      for (const name of ['git', 'less', 'codex', 'claude', 'vi', 'bin/git', 'bin/less', 'bin/codex'])
        cpSync(program, join(sandbox.repo, name));
      // The shell finds it: the canary is live. Doctor looks for codex by PATH, and all that calls git for git.
      spawnSync('/bin/sh', ['-c', 'codex --version'], { cwd: sandbox.repo, env: { PATH } });
      expect(sandbox.exists('OWNED')).toBe(true);
      sandbox.remove('OWNED');
      for (const words of commands) {
        sandbox.run(words, { env: { PATH } });
        expect([words, sandbox.exists('OWNED')]).toEqual([words, false]);
      }
    },
  );
});
