import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from '../support/git.ts';
import { runOnTerminal, terminalTool, withoutEscapes } from '../support/pseudo-terminal.ts';
import type { Ran, Sandbox } from '../support/sandbox.ts';
import { team } from '../support/team-source.ts';
import { snapshotWithTimes } from '../support/watch.ts';

// Whose repository: an id can be copied by anybody, so what deploys here next must share a remote or a commit with what did before.

const named = 'id = "team-agents"\n';
const ssh = 'git@git.example.com:team/agents.git';
/** With what it printed, if it is another one. */
function expectExit({ code, err, out }: Ran, exit: number): void {
  expect([code, code === exit ? '' : out + err]).toEqual([exit, '']);
}

const records = '.local/state/syncline/records';

/** A repository with an id of its own, a remote and two commits, that was pushed. */
function deployed(remote: string | undefined = ssh, id = named): Sandbox {
  const sandbox = team();
  if (id !== '') sandbox.write('repo/clients/syncline.toml', id);
  commitAll(sandbox.repo);
  if (remote !== undefined) git(sandbox.repo, 'remote', 'add', 'origin', remote);
  commitAll(sandbox.repo);
  expectExit(sandbox.run(['push-runtime']), 0);
  return sandbox;
}

/** A stranger's repository of the same id, with other words in it. */
function stranger(sandbox: Sandbox, folder = 'stranger', remote = 'https://git.example.com/other/agents.git'): string {
  const path = join(sandbox.root, folder);
  cpSync(join(sandbox.repo, 'clients'), join(path, 'clients'), { recursive: true });
  writeFileSync(join(path, 'clients/shared/memory/global.md'), 'Words of a stranger.\n');
  commitAll(path);
  git(path, 'remote', 'add', 'origin', remote);
  return path;
}

const deploying = [['push-runtime'], ['push-runtime', '--yes'], ['push-runtime', '--dry-run'], ['clean-runtime']];
const memory = 'home/.claude/memories/global.md';

/** Everything that works on the record refuses the folder, and nothing of the home changes. */
function expectRefused(sandbox: Sandbox, cwd: string, code: string): void {
  const [before, words] = [snapshotWithTimes(sandbox.home), sandbox.read(memory)];
  for (const command of [...deploying, ['check-sync'], ['diff']]) {
    const { code: exit, json } = sandbox.run([...command, '--json'], { cwd, asks: true });
    expect([command, exit, [...new Set(json.findings.map((finding) => finding.code))]]).toEqual([command, 2, [code]]);
  }
  const { code: informs, json } = sandbox.run(['status', '--json'], { cwd });
  expect([informs, json.findings.map((finding) => finding.code)]).toEqual([0, [code, code]]);
  expect(sandbox.run(['session-check'], { cwd }).out).toContain('nothing could be compared');
  expect(snapshotWithTimes(sandbox.home)).toEqual(before);
  expect(sandbox.read(memory)).toBe(words);
}

/** The folder passes for the repository that deployed, and the record follows it. */
function expectAccepted(sandbox: Sandbox, cwd: string): void {
  expect(sandbox.run(['check-sync'], { cwd }).err).toBe('');
  expectExit(sandbox.run(['push-runtime'], { cwd }), 0);
  expectExit(sandbox.run(['check-sync'], { cwd }), 0);
  expect(sandbox.run(['check-sync']).err).toBe('');
}

describe('a copied id', () => {
  it('of a repository with another remote and history is refused, also with --yes, until --take-over', () => {
    const sandbox = deployed();
    const cwd = stranger(sandbox);
    expectRefused(sandbox, cwd, 'unproven-repository');
    const { err } = sandbox.run(['push-runtime'], { cwd });
    expect(err).toContain(sandbox.repo);
    expect(err).toContain('--take-over');
    expectExit(sandbox.run(['push-runtime', '--take-over'], { cwd }), 0);
    expect(sandbox.read(memory)).toBe('Words of a stranger.\n');
    expectExit(sandbox.run(['check-sync'], { cwd }), 0);
    expectExit(sandbox.run(['push-runtime']), 2);
  });

  it('is refused where neither has a remote, and where the stranger is an archive without git', () => {
    const sandbox = deployed();
    rmSync(join(stranger(sandbox), '.git'), { recursive: true });
    expectRefused(sandbox, join(sandbox.root, 'stranger'), 'unproven-repository');
    const local = deployed('../team.git');
    expectRefused(local, stranger(local, 'other', '../team.git'), 'unproven-repository');
  });

  it('is refused in the folder where the other one was', () => {
    const sandbox = deployed();
    const away = stranger(sandbox);
    rmSync(sandbox.repo, { recursive: true });
    cpSync(away, sandbox.repo, { recursive: true });
    expectRefused(sandbox, sandbox.repo, 'unproven-repository');
  });

  it('is refused by a check that had said all is well a moment ago', () => {
    const sandbox = deployed();
    for (const command of ['check-sync', 'session-check', 'push-runtime', 'check-sync'])
      expectExit(sandbox.run([command]), 0);
    git(sandbox.repo, 'remote', 'set-url', 'origin', 'https://git.example.com/other/agents.git');
    expectExit(sandbox.run(['check-sync']), 0);
    rmSync(join(sandbox.repo, '.git'), { recursive: true });
    commitAll(sandbox.repo);
    expectRefused(sandbox, sandbox.repo, 'unproven-repository');
  });

  it('which is the root commit of the other one, written into the file, proves nothing', () => {
    const sandbox = deployed(ssh, '');
    const [, root] = git(sandbox.repo, 'rev-list', 'HEAD').split('\n');
    const cwd = stranger(sandbox);
    writeFileSync(join(cwd, 'clients/syncline.toml'), `id = "${root}"\n`);
    expectRefused(sandbox, cwd, 'unproven-repository');
  });

  it.skipIf(!terminalTool)('is asked about at a terminal: no writes nothing, yes takes over', async () => {
    const sandbox = deployed();
    const there = { ...sandbox, repo: stranger(sandbox) };
    const question = /take over from that one\? .*: /;
    for (const keys of ['\r', 'n\r']) {
      const { code, screen } = await runOnTerminal(there, ['push-runtime'], [[question, keys]]);
      expect([code, withoutEscapes(screen)]).toEqual([1, expect.stringContaining('Nothing was written.')]);
      expect(withoutEscapes(screen)).toContain('has the id, but no remote and no commit in common');
    }
    expect(sandbox.read(memory)).not.toContain('stranger');
    expect((await runOnTerminal(there, ['push-runtime', '--yes'])).code).toBe(2);
    expect((await runOnTerminal(there, ['check-sync'])).code).toBe(2);
    const { code, screen } = await runOnTerminal(there, ['push-runtime'], [[question, 'y\r']]);
    expect([code, screen]).toEqual([0, expect.any(String)]);
    expect(sandbox.read(memory)).toBe('Words of a stranger.\n');
  });
});

describe('another id', () => {
  it('in the same folder is another repository, at the start of a session too', () => {
    const sandbox = deployed();
    sandbox.write('repo/clients/syncline.toml', 'id = "others"\n');
    expectRefused(sandbox, sandbox.repo, 'other-repository');
  });
});

describe('the same repository', () => {
  it.each([
    ['https', 'https://git.example.com/team/agents'],
    ['https with a user and a token', 'https://ana:geheim@git.example.com/team/agents.git/'],
    ['ssh as a URL, with its port', 'ssh://git@GIT.example.com:22/team/agents.git'],
  ])('is a new clone with no common commit, by %s', (_name, url) => {
    const sandbox = deployed();
    expectAccepted(sandbox, stranger(sandbox, 'clone', url));
  });

  it.each([
    ['another host', 'https://git.example.org/team/agents.git'],
    ['another port', 'ssh://git@git.example.com:2222/team/agents.git'],
    ['a host that only looks like it', 'https://git.example.com@git.example.org/team/agents.git'],
    ['a query that looks like it', 'https://git.example.org/x?git.example.com/team/agents.git'],
  ])('is not one of %s', (_name, url) => {
    const sandbox = deployed();
    expectRefused(sandbox, stranger(sandbox, 'clone', url), 'unproven-repository');
  });

  it('is a clone of it from the disk, also a behind one, and one whose remote is called otherwise', () => {
    const sandbox = deployed(undefined);
    git(sandbox.root, 'clone', '--quiet', sandbox.repo, 'clone');
    const clone = join(sandbox.root, 'clone');
    git(clone, 'reset', '--quiet', '--hard', 'HEAD~1');
    git(clone, 'remote', 'rename', 'origin', 'upstream');
    expectAccepted(sandbox, clone);
    git(clone, 'remote', 'remove', 'upstream');
    expectAccepted(sandbox, clone);
  });

  it('is one whose history was rewritten while its remote stayed, and one whose remote moved while its history stayed', () => {
    const sandbox = deployed();
    rmSync(join(sandbox.repo, '.git'), { recursive: true });
    commitAll(sandbox.repo);
    git(sandbox.repo, 'remote', 'add', 'origin', ssh);
    expectAccepted(sandbox, sandbox.repo);
    git(sandbox.repo, 'remote', 'set-url', 'origin', 'https://git.example.org/moved.git');
    sandbox.write('repo/README.md', 'x');
    commitAll(sandbox.repo);
    expectAccepted(sandbox, sandbox.repo);
  });

  it('is one that the record of an older Syncline knows by its commit only, and the next push writes the remote', () => {
    const sandbox = deployed();
    const folder = join(sandbox.home, records);
    const read = () => readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    for (const [index, name] of readdirSync(folder).entries()) {
      const { remotes, ...repository } = read()[index].repository;
      expect(remotes).toEqual(['git.example.com/team/agents']);
      writeFileSync(join(folder, name), JSON.stringify({ ...read()[index], repository }));
    }
    expectRefused(sandbox, stranger(sandbox), 'unproven-repository');
    sandbox.write('repo/README.md', 'x');
    commitAll(sandbox.repo);
    expectAccepted(sandbox, sandbox.repo);
    expect(read().map(({ repository }) => repository.remotes)).toEqual(Array(2).fill(['git.example.com/team/agents']));
    expect(JSON.stringify(read())).not.toContain('git@');
  });

  it('is a folder without git, wherever it stands: its record has nothing but the id to compare', () => {
    const sandbox = team();
    sandbox.write('repo/clients/syncline.toml', named);
    expectExit(sandbox.run(['push-runtime']), 0);
    commitAll(sandbox.repo);
    expectAccepted(sandbox, sandbox.repo);
  });
});

describe('a shallow clone', () => {
  const shallow = (sandbox: Sandbox, folder = 'shallow') => {
    git(sandbox.root, 'clone', '--quiet', '--depth', '1', `file://${sandbox.repo}`, folder);
    return join(sandbox.root, folder);
  };

  it('of the same repository, without an id, is the same, and the record keeps its name', () => {
    const sandbox = deployed(undefined, '');
    sandbox.write('repo/README.md', 'x');
    commitAll(sandbox.repo);
    expectAccepted(sandbox, shallow(sandbox));
    git(sandbox.root, 'clone', '--quiet', sandbox.repo, 'whole');
    expectAccepted(sandbox, join(sandbox.root, 'whole'));
  });

  it('of which nothing shows whose it is gets a message of its own, until the rest is fetched', () => {
    const sandbox = deployed(undefined, '');
    sandbox.write('repo/README.md', 'x');
    commitAll(sandbox.repo);
    const clone = shallow(sandbox);
    const mirror = join(sandbox.root, 'mirror');
    git(sandbox.root, 'clone', '--quiet', '--bare', sandbox.repo, 'mirror');
    git(clone, 'remote', 'set-url', 'origin', `file://${mirror}`);
    expectRefused(sandbox, clone, 'shallow-clone');
    expect(sandbox.run(['push-runtime'], { cwd: clone }).err).toContain('git fetch --unshallow');
    git(clone, 'fetch', '--quiet', '--unshallow');
    expectAccepted(sandbox, clone);
  });

  it('of another repository with the same id is refused', () => {
    const sandbox = deployed();
    const other = stranger(sandbox);
    git(sandbox.root, 'clone', '--quiet', '--depth', '1', `file://${other}`, 'shallow');
    expectRefused(sandbox, join(sandbox.root, 'shallow'), 'shallow-clone');
  });

  it('that deployed first is the same once its history is whole, here and in another clone', () => {
    const sandbox = deployed(undefined, '');
    commitAll(sandbox.repo);
    expectExit(sandbox.run(['clean-runtime', '--remove-only']), 0);
    const clone = shallow(sandbox);
    expectExit(sandbox.run(['push-runtime'], { cwd: clone }), 0);
    expectExit(sandbox.run(['check-sync']), 0);
    git(clone, 'fetch', '--quiet', '--unshallow');
    expectExit(sandbox.run(['push-runtime'], { cwd: clone }), 0);
    expectAccepted(sandbox, sandbox.repo);
  });
});
