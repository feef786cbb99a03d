import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allClients } from '../src/adapters/all-clients.ts';
import { runProgram } from '../src/cli/program.ts';
import { withConsent } from './support/consent.ts';
import { commitAll, git } from './support/git.ts';
import { keptMark, markAnswers } from './support/kept-answers.ts';
import { makeWorld, repo, stateFolder } from './support/memory-world.ts';
import { type RunOptions, type Sandbox, shippedRepository } from './support/sandbox.ts';
import { team } from './support/team-source.ts';

// docs/performance.md, "The stat cache": an answer depends on more than on the files that are compared.

const cached = { cache: 'on' } as const;
const [session, push] = [['session-check'], ['push-runtime']];
const withoutGit: RunOptions = { ...cached, env: { PATH: '/nowhere' } };

function deployedTeam(): Sandbox {
  const sandbox = team();
  for (const words of [push, push]) expect(sandbox.run(words, cached).code).toBe(0);
  return sandbox;
}

/** What is said now, after it was asked before; it must be what a full check says. */
function saidNow(sandbox: Sandbox, words: readonly string[] = session): string {
  const { code, out, err } = sandbox.run(words, cached);
  const full = sandbox.run([...words, '--full'], cached);
  expect({ code, out, err }).toEqual({ code: full.code, out: full.out, err: full.err });
  return out;
}

/** Asks until the answer would be kept. */
function ask(sandbox: Sandbox, options: RunOptions = cached): void {
  for (const words of [session, session]) sandbox.run(words, options);
}

function records({ home }: Sandbox): string[] {
  const folder = join(home, '.local/state/syncline/records');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** A repository whose branch `main` follows one of `origin`; somebody else has a clone of it in `other`. */
function followed(): Sandbox {
  const sandbox = deployedTeam();
  const origin = join(sandbox.root, 'origin');
  commitAll(sandbox.repo);
  git(sandbox.repo, 'branch', '--move', 'main');
  git(sandbox.root, 'clone', '--quiet', '--bare', sandbox.repo, origin);
  git(sandbox.repo, 'remote', 'add', 'origin', origin);
  git(sandbox.repo, 'fetch', '--quiet', 'origin');
  git(sandbox.repo, 'branch', '--quiet', '--set-upstream-to=origin/main');
  git(sandbox.root, 'clone', '--quiet', origin, 'other');
  return sandbox;
}

function commitNews(folder: string): void {
  writeFileSync(join(folder, 'clients/shared/memory/new.md'), 'New.\n');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'News');
}

function publishNews({ root, repo: own }: Sandbox, branch: string): void {
  commitNews(join(root, 'other'));
  git(join(root, 'other'), 'push', '--quiet', 'origin', `HEAD:${branch}`);
  git(own, 'fetch', '--quiet', 'origin');
}

const news = /upstream has a commit for clients\//;

describe('git', () => {
  it('a branch may follow another branch of the clone', () => {
    const sandbox = followed();
    git(sandbox.repo, 'checkout', '--quiet', '-b', 'topic', '--track', 'main');
    git(sandbox.repo, 'worktree', 'add', '--quiet', join(sandbox.root, 'tree'), 'main');
    ask(sandbox);
    commitNews(join(sandbox.root, 'tree'));
    expect(saidNow(sandbox)).toMatch(news);
  });

  it('what a branch follows may stand in the configuration of the work tree', () => {
    const sandbox = followed();
    git(sandbox.repo, 'config', 'extensions.worktreeConfig', 'true');
    git(sandbox.repo, 'branch', '--unset-upstream');
    publishNews(sandbox, 'dev');
    ask(sandbox);
    git(sandbox.repo, 'config', '--worktree', 'branch.main.remote', 'origin');
    git(sandbox.repo, 'config', '--worktree', 'branch.main.merge', 'refs/heads/dev');
    expect(saidNow(sandbox)).toMatch(news);
  });

  it('what git did not say, since it was not there, it may say next time', () => {
    const sandbox = followed();
    publishNews(sandbox, 'main');
    ask(sandbox, withoutGit);
    expect(saidNow(sandbox)).toMatch(news);
  });

  it('where a branch follows nothing, or what is gone, the answer is kept', () => {
    const sandbox = followed();
    const folder = join(sandbox.home, '.local/state/syncline/cache');
    for (const words of [
      ['checkout', '--quiet', '--detach'],
      ['checkout', '--quiet', '-b', 'alone'],
    ] as const) {
      git(sandbox.repo, ...words);
      ask(sandbox);
      expect(isKept(sandbox, folder)).toBe(true);
    }
    git(sandbox.repo, 'checkout', '--quiet', 'main');
    git(sandbox.repo, 'update-ref', '-d', 'refs/remotes/origin/main');
    git(sandbox.repo, 'update-ref', 'refs/remotes/origin/dev', 'HEAD');
    ask(sandbox);
    expect(isKept(sandbox, folder)).toBe(true);
  });

  it('a repository that could not be named without git gets its name', () => {
    const sandbox = team();
    commitAll(sandbox.repo);
    for (const words of [push, push, push]) sandbox.run(words, withoutGit);
    sandbox.run(push, cached);
    const kept = records(sandbox);
    sandbox.run([...push, '--full'], cached);
    expect(kept).toEqual(records(sandbox));
  });

  it('HEAD may be a branch that stands for another one', () => {
    const sandbox = deployedTeam();
    commitAll(sandbox.repo);
    git(sandbox.repo, 'branch', 'other');
    git(sandbox.repo, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/other');
    git(sandbox.repo, 'symbolic-ref', 'HEAD', 'refs/heads/alias');
    for (const words of [push, push]) sandbox.run(words, cached);
    git(sandbox.repo, 'commit', '--quiet', '--allow-empty', '--message', 'two');
    sandbox.run(push, cached);
    const kept = records(sandbox);
    sandbox.run([...push, '--full'], cached);
    expect(kept).toEqual(records(sandbox));
  });
});

/** Whether the next session check gives a text that only the cache holds. */
function isKept(sandbox: Sandbox, folder: string): boolean {
  markAnswers(folder);
  return sandbox.run(session, cached).out === keptMark;
}

it.each<[string, (text: string) => Uint8Array]>([
  ['does not parse', (text) => Buffer.from(`${text.slice(0, -1)}, "x": }`)],
  ['is not UTF-8', (text) => Buffer.concat([Buffer.from(`${text.slice(0, -1)}, "x": "`), Buffer.of(0xff, 0x22, 0x7d)])],
])('a session check that failed, since the file that Claude writes %s, is asked anew', (_, broken) => {
  const sandbox = deployedTeam();
  const path = join(sandbox.home, '.claude.json');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, broken(good.trim()));
  ask(sandbox);
  writeFileSync(path, good);
  expect(saidNow(sandbox)).toBe('');
});

it('a push from a folder that Syncline was moved to writes the launcher of the session check anew', () => {
  const sandbox = team();
  const at = (name: string) => join(sandbox.root, name);
  const command = '"$HOME/.local/state/syncline/bin/session-check"';
  const hooks = { SessionStart: [{ hooks: [{ type: 'command', command }] }] };
  sandbox.write('repo/clients/claude/settings-fragment.json', JSON.stringify({ hooks }));
  cpSync(join(shippedRepository, 'dist'), at('one'), { recursive: true });
  const env = { PATH: '/usr/bin:/bin', HOME: sandbox.home };
  const pushFrom = (folder: string) =>
    spawnSync(process.execPath, [join(folder, 'syncline.cjs'), ...withConsent(push, false)], { cwd: sandbox.repo, env })
      .status;
  expect([pushFrom(at('one')), pushFrom(at('one'))]).toEqual([0, 0]);
  renameSync(at('one'), at('two'));
  expect(pushFrom(at('two'))).toBe(0);
  expect(sandbox.read('home/.local/state/syncline/bin/session-check')).toContain(at('two/syncline.cjs'));
});

it('a push releases the lock of a client that an earlier run could not release', () => {
  const sandbox = deployedTeam();
  sandbox.run(push, cached);
  const note = { path: join(sandbox.home, '.claude.json.lock'), inode: 1, modified: 1 };
  sandbox.write('home/.local/state/syncline/client-lock.json', JSON.stringify(note));
  expect(sandbox.run(push, cached).code).toBe(0);
  expect(sandbox.exists('home/.local/state/syncline/client-lock.json')).toBe(false);
});

it.each([
  [[true, true], true],
  [[false, true], true],
  [[false, false], false],
] as const)('nothing is kept for a terminal by a device that only looks like one: %j', async (terminal, isDevice) => {
  const world = makeWorld();
  await world.run(push);
  const [program, file] = world.host().process.started;
  const question = {
    ...{ words: ['check-sync'], workingDirectory: repo, home: '/home/u', terminal: [...terminal, '', ''] as const },
    program: ['0.0.0', '22.12.0', program, file, null] as const,
  };
  const folder = `${stateFolder}/cache`;
  const count = () => (world.memory.disk.status(folder) ? world.memory.disk.list(folder).length : 0);
  const before = count();
  await runProgram(['check-sync'], { ...world.host(), question }, async () => allClients, '0.0.0');
  expect(count() - before).toBe(isDevice ? 0 : 1);
});

it('files of somebody else in a folder that the cache is a link to stay', () => {
  const sandbox = deployedTeam();
  for (let count = 0; count < 40; count += 1) sandbox.write(`mine/${count}.json`, '{}');
  const folder = join(sandbox.home, '.local/state/syncline/cache');
  rmSync(folder, { recursive: true });
  symlinkSync(join(sandbox.root, 'mine'), folder);
  sandbox.run(['check-sync'], cached);
  expect(readdirSync(join(sandbox.root, 'mine')).length).toBe(41);
});
