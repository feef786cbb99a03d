import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitIn, textOf } from '../src/host/git/git.ts';
import { contentsOf, treeAt } from '../src/host/git/git-objects.ts';
import type { Programs, Start } from '../src/host/machine/programs.ts';
import { realPrograms } from '../src/host/machine/programs.ts';
import { commitAll, git, runGit } from './support/git.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { team } from './support/team-source.ts';

// Every question to git goes one way: the same environment, nothing written, nothing fetched, whatever is in the variables.

const host = { programs: realPrograms, variables: { PATH: '/usr/bin:/bin' } };

/** What a hook's environment, or a person's, may hold that leads git astray. */
const astray = { GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere', GIT_INDEX_FILE: '/nowhere/i', LC_ALL: 'de_DE.UTF-8' };

/** A git that notes how it was called, and then is the real one. */
function noting(sandbox: Sandbox): { env: Record<string, string>; calls: () => string[][] } {
  const notes = join(sandbox.root, 'notes');
  const script = `#!/bin/sh\n{ env | grep -E '^(GIT_|LC_ALL|LANG)' | sort; echo "words=$*"; echo; } >> '${notes}'\nexec /usr/bin/git "$@"\n`;
  sandbox.write('bin/git', script, 0o755);
  sandbox.write('notes', '');
  const calls = () => {
    const all = sandbox.read('notes').split('\n\n').filter(Boolean);
    sandbox.write('notes', '');
    return all.map((call) => call.split('\n'));
  };
  return { env: { ...astray, PATH: `${sandbox.root}/bin:/usr/bin:/bin` }, calls };
}

describe('each command that asks git', () => {
  it.each([
    [['push-runtime'], 0],
    [['status'], 0],
    [['explain', 'codex:memories/global.md'], 0],
    [['session-check'], 0],
    [['check-sync', '--against', 'HEAD'], 0],
    [['diff'], 0],
  ])('%j asks it about this repository, in plain words, for reading only', (words, exit) => {
    const sandbox = team();
    const commit = commitAll(sandbox.repo);
    git(sandbox.repo, 'branch', 'other');
    git(sandbox.repo, 'branch', '--set-upstream-to=other');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const { env, calls } = noting(sandbox);
    const { code, err } = sandbox.run(words, { env, asProcess: true });
    expect([code, err]).toEqual([exit, '']);
    const asked = calls();
    for (const call of asked) {
      const said = [
        'GIT_ALLOW_PROTOCOL=none',
        'GIT_NO_LAZY_FETCH=1',
        'GIT_OPTIONAL_LOCKS=0',
        'LC_ALL=C',
        expect.stringMatching(/^words=-c /),
      ];
      expect(call).toEqual(said);
    }
    if (['status', 'explain', 'check-sync'].includes(words[0] as string)) expect(asked.length).toBeGreaterThan(0);
    if (words[0] === 'status') expect(sandbox.run(words, { env }).out).toContain(commit.slice(0, 7));
  });

  it('init makes a repository where it is asked to, not where GIT_DIR says', () => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    const { env, calls } = noting(sandbox);
    expect(sandbox.run(['init', 'mine'], { env, asProcess: true }).err).toBe('');
    expect(sandbox.exists('repo/mine/.git/HEAD')).toBe(true);
    expect(calls().some((call) => call.at(-1)?.endsWith('init --quiet'))).toBe(true);
  });
});

describe('git in a folder', () => {
  it('is looked for when it is needed, once; absent, it answers nothing', () => {
    let looked = 0;
    const started: Start[] = [];
    const programs: Programs = {
      ...realPrograms,
      find: () => {
        looked += 1;
        return looked > 1 ? '/bin/git' : undefined;
      },
      run: (_program, _words, start) => {
        started.push(start);
        return { code: 0, out: '', err: '' };
      },
    };
    const absent = gitIn({ programs, variables: {} }, '/r');
    expect(looked).toBe(0);
    expect([absent.ask(['status']), absent.run(['status']).code, absent.find(), looked]).toEqual([
      ...[undefined, undefined, undefined],
      1,
    ]);
    const there = gitIn({ programs, variables: { HOME: '/h', GIT_TRACE: '1' } }, '/r');
    expect([there.ask(['rev-parse']), there.ask(['log'], 'x'), looked]).toEqual(['', '', 2]);
    // What would run the filters of a repository is not asked at all.
    expect([there.ask(['status']), there.ask(['diff']), there.ask(['add']), started.length]).toEqual([
      ...[undefined, undefined, undefined],
      2,
    ]);
    expect(started.map(({ folder, input }) => [folder, input])).toEqual([
      ['/r', ''],
      ['/r', 'x'],
    ]);
    expect(started[0]?.variables).toEqual({
      HOME: '/h',
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
    });
  });
});

describe('the files of a commit', () => {
  it('are read with any name and any bytes; below a folder by their paths from there', () => {
    const sandbox = makeSandbox();
    const name = 'ä "b"\t\n.md';
    const bytes = Uint8Array.from({ length: 600 }, (_, index) => index % 256);
    sandbox.write(`repo/in/clients/${name}`, bytes, 0o755);
    sandbox.write('repo/in/clients/empty', '');
    sandbox.write('repo/in/clients/same', bytes);
    sandbox.write('repo/clients/outside', 'x');
    sandbox.link('repo/in/clients/link', 'empty');
    const commit = commitAll(sandbox.repo);
    const { ask } = gitIn(host, join(sandbox.repo, 'in'));
    const nodes = treeAt(ask, commit, 'clients');
    expect([...nodes].map(([path, { kind, executable }]) => [path, kind, executable])).toEqual([
      ['clients/empty', 'file', false],
      ['clients/link', 'link', false],
      ['clients/same', 'file', false],
      [`clients/${name}`, 'file', true],
    ]);
    const contents = contentsOf(
      ask,
      [...nodes.values()].map(({ object }) => object),
    );
    const contentAt = (path: string) => contents.get(nodes.get(path)?.object as string);
    expect(contentAt('clients/empty')?.length).toBe(0);
    expect(textOf(Buffer.from(contentAt('clients/link') as Uint8Array).toString('latin1'))).toBe('empty');
    for (const path of [`clients/${name}`, 'clients/same'])
      expect(Buffer.from(contentAt(path) as Uint8Array).equals(bytes)).toBe(true);
    expect([...treeAt(ask, commit).keys()].filter((path) => !path.startsWith('in/'))).toEqual(['clients/outside']);
  });

  it('that this clone does not hold are left out, and the others are right', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/a', 'A\n');
    sandbox.write('repo/clients/b', 'B\n');
    const commit = commitAll(sandbox.repo);
    const { ask } = gitIn(host, sandbox.repo);
    const [a, b] = [...treeAt(ask, commit).values()].map(({ object }) => object) as [string, string];
    const contents = contentsOf(ask, [a, '0'.repeat(40), b, a]);
    expect([...contents].map(([object, bytes]) => [object, textOf(Buffer.from(bytes).toString('latin1'))])).toEqual([
      [a, 'A\n'],
      [b, 'B\n'],
    ]);
    expect(contentsOf(() => undefined, [a])).toEqual(new Map());
  });

  it('are not fetched into a clone without them: exit 2, with the remedy', () => {
    const sandbox = team();
    commitAll(sandbox.repo);
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    commitAll(sandbox.repo);
    git(sandbox.repo, 'config', 'uploadpack.allowFilter', 'true');
    const clone = join(sandbox.root, 'clone');
    const words = ['clone', '--quiet', '--filter=blob:none', `file://${sandbox.repo}`, clone];
    expect(runGit(sandbox.root, words)).toMatchObject({ code: 0 });
    const missing = () => git(clone, 'rev-list', '--objects', '--all', '--missing=print').split('\n?').length;
    const before = missing();
    expect(before).toBeGreaterThan(1);
    const { code, err } = sandbox.run(['check-sync', '--against', 'HEAD~1'], { cwd: clone });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/does not hold the object [0-9a-f]{40}[\s\S]*without a filter/),
    ]);
    expect(sandbox.run(['push-runtime'], { cwd: clone }).code).toBe(0);
    expect(sandbox.run(['status'], { cwd: clone }).code).toBe(0);
    expect(missing()).toBe(before);
  });
});
