import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from '../support/git.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { team } from '../support/team-source.ts';

// `git status` runs what a repository names, so what is not committed is found without it, and must be what git would say.

describe('what is not committed is still told as it is', () => {
  const uncommitted = (sandbox: Sandbox) =>
    (sandbox.run(['status', '--json']).json as unknown as { status: { repository: { uncommitted: number } } }).status
      .repository.uncommitted;

  it('edits, new, staged, deleted and ignored files, exec bits and line ends', () => {
    const sandbox = team();
    git(sandbox.repo, 'init', '-q', '-b', 'main');
    commitAll(sandbox.repo);
    expect(uncommitted(sandbox)).toBe(0);
    sandbox.write(
      'repo/clients/shared/memory/global.md',
      sandbox.read('repo/clients/shared/memory/global.md').replaceAll('\n', '\r\n'),
    );
    expect(uncommitted(sandbox)).toBe(0);
    sandbox.write('repo/clients/shared/memory/new.md', '# New\n');
    expect(uncommitted(sandbox)).toBe(1);
    git(sandbox.repo, 'add', '-A');
    expect(uncommitted(sandbox)).toBe(1);
    sandbox.remove('repo/clients/shared/memory/conventions.md');
    chmodSync(join(sandbox.repo, 'clients/codex/config-fragment.toml'), 0o755);
    expect(uncommitted(sandbox)).toBe(3);
    sandbox.write('repo/.gitignore', 'ignored.md\n');
    sandbox.write('repo/clients/shared/memory/ignored.md', 'x');
    expect(uncommitted(sandbox)).toBe(3);
  });

  it('a sparse checkout leaves files out: these are no deletions, and others still are', () => {
    const sandbox = team();
    git(sandbox.repo, 'init', '-q', '-b', 'main');
    commitAll(sandbox.repo);
    git(sandbox.repo, 'sparse-checkout', 'set', '--no-cone', '/clients/', '!/clients/shared/memory/projects/');
    expect(sandbox.exists('repo/clients/shared/memory/projects')).toBe(false);
    expect(uncommitted(sandbox)).toBe(0);
    git(sandbox.repo, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'clients/codex', 'clients/shared/skills');
    expect([sandbox.exists('repo/clients/claude'), uncommitted(sandbox)]).toEqual([false, 0]);
    sandbox.remove('repo/clients/codex/instructions.md');
    expect(uncommitted(sandbox)).toBe(1);
    // What somebody put in the place of one that was left out is a change.
    sandbox.write('repo/clients/claude/instructions.md', 'mine\n');
    expect(uncommitted(sandbox)).toBe(2);
  });

  it('an id that a checkout put in is no change, what else somebody writes there is', () => {
    const sandbox = team();
    const path = 'repo/clients/shared/memory/global.md';
    sandbox.write('repo/.gitattributes', '*.md ident\n');
    sandbox.write(path, '# Global\n\n$Id$\n');
    git(sandbox.repo, 'init', '-q', '-b', 'main');
    commitAll(sandbox.repo);
    sandbox.remove(path);
    git(sandbox.repo, 'checkout', '--', '.');
    expect(sandbox.read(path)).toMatch(/\$Id: [0-9a-f]{40} \$/);
    expect([git(sandbox.repo, 'status', '--porcelain'), uncommitted(sandbox)]).toEqual(['', 0]);
    sandbox.write(path, sandbox.read(path).replace(/\$Id:.*\$/, '$Id: run this $'));
    expect(uncommitted(sandbox)).toBe(1);
  });
});
