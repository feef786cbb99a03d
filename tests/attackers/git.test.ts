import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from '../support/git.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { team } from '../support/team-source.ts';

// A repository runs nothing: for each way in which git can be made to start a program, a canary that no command of ours starts.

/** Where a canary leaves its mark. */
const mark = (sandbox: Sandbox) => join(sandbox.root, 'OWNED');

/** A program that leaves a mark and passes its input on. */
function canary(sandbox: Sandbox): string {
  const path = join(sandbox.root, 'canary.sh');
  writeFileSync(path, `#!/bin/sh\ntouch '${mark(sandbox)}'\ncat 2>/dev/null\nexit 0\n`);
  chmodSync(path, 0o755);
  return path;
}

const set = (sandbox: Sandbox, ...words: string[]) => git(sandbox.repo, 'config', ...words);
const attributes = (sandbox: Sandbox, text: string) => sandbox.write('repo/.gitattributes', text);

/** Each plants a canary; `live` is a command of plain git that starts it, where one does without a network. */
const mechanisms: readonly (readonly [string, (sandbox: Sandbox, program: string) => void, (readonly string[])?])[] = [
  [
    'filter.clean',
    (sandbox, program) => {
      set(sandbox, 'filter.x.clean', program);
      attributes(sandbox, '* filter=x\n');
    },
    ['status'],
  ],
  [
    'filter.process',
    (sandbox, program) => {
      set(sandbox, 'filter.x.process', program);
      attributes(sandbox, '* filter=x\n');
    },
    ['status'],
  ],
  [
    'filter.smudge',
    (sandbox, program) => {
      set(sandbox, 'filter.x.smudge', program);
      attributes(sandbox, '* filter=x\n');
    },
    ['checkout', 'HEAD', '--', 'clients/shared/memory/global.md'],
  ],
  [
    'a filter in .git/info/attributes',
    (sandbox, program) => {
      set(sandbox, 'filter.x.clean', program);
      mkdirSync(join(sandbox.repo, '.git/info'), { recursive: true });
      writeFileSync(join(sandbox.repo, '.git/info/attributes'), '* filter=x\n');
    },
    ['status'],
  ],
  [
    'a filter of core.attributesFile, in config.worktree',
    (sandbox, program) => {
      sandbox.write('attributes', '* filter=x\n');
      set(sandbox, 'extensions.worktreeConfig', 'true');
      set(sandbox, '--worktree', 'core.attributesFile', join(sandbox.root, 'attributes'));
      set(sandbox, '--worktree', 'filter.x.clean', program);
    },
    ['status'],
  ],
  [
    'a filter of an included file',
    (sandbox, program) => {
      sandbox.write('repo/evil.config', `[filter "x"]\n\tclean = "${program}"\n`);
      set(sandbox, 'includeIf.gitdir:/**.path', join(sandbox.repo, 'evil.config'));
      attributes(sandbox, '* filter=x\n');
    },
    ['status'],
  ],
  [
    'diff.textconv',
    (sandbox, program) => {
      set(sandbox, 'diff.x.textconv', program);
      attributes(sandbox, '* diff=x\n');
    },
    ['blame', 'clients/shared/memory/global.md'],
  ],
  [
    'diff.command',
    (sandbox, program) => {
      set(sandbox, 'diff.x.command', program);
      attributes(sandbox, '* diff=x\n');
    },
    ['diff'],
  ],
  ['diff.external', (sandbox, program) => set(sandbox, 'diff.external', program), ['diff']],
  ['core.fsmonitor', (sandbox, program) => set(sandbox, 'core.fsmonitor', program), ['status']],
  [
    'aliases of what is called',
    (sandbox, program) => ['log', 'blame', 'ls-files'].map((name) => set(sandbox, `alias.${name}`, `!${program}`)),
  ],
  [
    'pagers',
    (sandbox, program) =>
      ['core.pager', 'pager.log', 'pager.blame', 'pager.config'].map((name) => set(sandbox, name, program)),
  ],
  [
    'core.hooksPath and hooks',
    (sandbox, program) => {
      for (const name of ['post-index-change', 'post-checkout', 'pre-commit', 'reference-transaction']) {
        mkdirSync(join(sandbox.repo, '.git/hooks'), { recursive: true });
        cpSync(program, join(sandbox.repo, '.git/hooks', name));
      }
    },
  ],
  [
    'core.sshCommand and a remote',
    (sandbox, program) => {
      set(sandbox, 'core.sshCommand', program);
      set(sandbox, 'remote.origin.url', 'ssh://evil.example.com/x');
    },
  ],
  [
    'credential.helper and core.askPass',
    (sandbox, program) => {
      set(sandbox, 'credential.helper', program);
      set(sandbox, 'core.askPass', program);
    },
  ],
  [
    'gpg.program and log.showSignature',
    (sandbox, program) => {
      set(sandbox, 'gpg.program', program);
      set(sandbox, 'gpg.ssh.program', program);
      set(sandbox, 'log.showSignature', 'true');
    },
  ],
  [
    'a promisor remote',
    (sandbox, program) => {
      set(sandbox, 'extensions.partialClone', 'origin');
      set(sandbox, 'remote.origin.promisor', 'true');
      set(sandbox, 'remote.origin.url', `ext::${program}`);
      set(sandbox, 'protocol.ext.allow', 'always');
    },
  ],
];

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

describe('no command starts what a repository names by', () => {
  it.each(mechanisms.map((each) => [each[0], each] as const))('%s', (_, [, plant, live]) => {
    const sandbox = repository();
    plant(sandbox, canary(sandbox));
    if (live) {
      const trial = join(sandbox.root, 'trial');
      cpSync(sandbox.repo, trial, { recursive: true });
      spawnSync('git', [...live], { cwd: trial, env: { PATH: '/usr/bin:/bin', HOME: sandbox.home } });
      expect(sandbox.exists('OWNED')).toBe(true);
      sandbox.remove('OWNED');
    }
    for (const words of commands) {
      const { code, err } = sandbox.run(words);
      expect([words, sandbox.exists('OWNED')]).toEqual([words, false]);
      expect([words, code === null, err.includes('crash')]).toEqual([words, false, false]);
    }
  });

  it('a bare repository among its files, which a plain clone brings along', () => {
    const sandbox = repository();
    const program = canary(sandbox);
    const inner = join(sandbox.repo, 'agents');
    git(sandbox.root, 'init', '-q', 'inner');
    cpSync(join(sandbox.repo, 'clients'), join(sandbox.root, 'inner/clients'), { recursive: true });
    git(join(sandbox.root, 'inner'), 'add', '-A');
    git(join(sandbox.root, 'inner'), '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'x');
    mkdirSync(inner);
    renameSync(join(sandbox.root, 'inner/.git'), join(sandbox.root, 'bare'));
    cpSync(join(sandbox.root, 'bare'), inner, { recursive: true });
    cpSync(join(sandbox.root, 'inner/clients'), join(inner, 'clients'), { recursive: true });
    writeFileSync(
      join(inner, 'config'),
      `[core]\n\tbare = false\n\tworktree = .\n[filter "x"]\n\tclean = "${program}"\n`,
    );
    writeFileSync(join(inner, '.gitattributes'), '* filter=x\n');
    for (const words of commands) {
      sandbox.run([...words, '--take-over'].slice(0, words[0] === 'push-runtime' ? undefined : words.length), {
        cwd: inner,
      });
      expect([words, sandbox.exists('OWNED')]).toEqual([words, false]);
    }
  });
});

describe('an element of PATH that means the folder somebody is in', () => {
  it.each([':/usr/bin:/bin', '/usr/bin::/bin', '.:/usr/bin:/bin', 'bin:/usr/bin:/bin'])(
    '%s finds no program of the repository',
    (PATH) => {
      const sandbox = repository();
      const program = canary(sandbox);
      mkdirSync(join(sandbox.repo, 'bin'));
      for (const name of ['git', 'less', 'codex', 'claude', 'vi', 'bin/git', 'bin/less'])
        cpSync(program, join(sandbox.repo, name));
      // The shell would run it: the canary is live.
      spawnSync('/bin/sh', ['-c', 'git status'], { cwd: sandbox.repo, env: { PATH: `.:${PATH}` } });
      expect(sandbox.exists('OWNED')).toBe(true);
      sandbox.remove('OWNED');
      for (const words of commands) {
        sandbox.run(words, { env: { PATH } });
        expect([words, sandbox.exists('OWNED')]).toEqual([words, false]);
      }
    },
  );
});

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
    attributes(sandbox, '*.md ident\n');
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
