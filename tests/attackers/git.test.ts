import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askable } from '../../src/host/git/git.ts';
import { commitAll, git, runGit } from '../support/git.ts';
import { mechanisms, type Planting, type Trial } from '../support/git-canaries.ts';
import { runAnyOnTerminal, runOnTerminal, terminalTool } from '../support/pseudo-terminal.ts';
import { makeRoot, sandboxAt } from '../support/sandbox.ts';
import { edit, writeTeamSource } from '../support/team-source.ts';

// A repository runs nothing: for each way in which git can be made to start a program there is a canary, which a command of plain
// git starts and no command of ours does.

const root = makeRoot();
const sandbox = sandboxAt(root);
const { repo, home } = sandbox;

beforeAll(() => {
  mkdirSync(home);
  writeTeamSource(sandbox);
  commitAll(repo);
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  edit(sandbox, 'repo/clients/shared/memory/conventions.md', 'Two', 'Three');
  const next = commitAll(repo);
  edit(sandbox, 'repo/clients/shared/memory/conventions.md', 'Three', 'Four');
  const ahead = commitAll(repo);
  git(repo, 'reset', '-q', '--hard', next);
  // The branch follows one that has a commit more.
  for (const name of ['main', 'old']) git(repo, 'update-ref', `refs/remotes/origin/${name}`, ahead);
  git(repo, 'config', 'remote.origin.url', '/nowhere');
  git(repo, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
  git(repo, 'branch', '-q', '--set-upstream-to=origin/main');
  // Both sides moved: the base of a conflict is looked for in git.
  edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'up');
  sandbox.write('home/.claude/memories/global.md', 'mine\n');
  edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
  edit(sandbox, 'home/.claude/settings.json', '"on"', '"off"');
  for (const name of ['repo', 'home']) copy(name, join('pristine', name));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function copy(from: string, to: string): void {
  cpSync(join(root, from), join(root, to), { recursive: true, verbatimSymlinks: true });
}

/** Everything as it was, with one thing planted; gives what is planted. */
function planted(plant: (at: Planting) => unknown): Set<string> {
  for (const name of ['repo', 'home', 'outer', 'upstream', 'other', 'trial', 'started', 'requests', 'port'])
    rmSync(join(root, name), { recursive: true, force: true });
  for (const name of ['repo', 'home']) copy(join('pristine', name), name);
  const names = new Set<string>();
  const canary = (name: string) => {
    names.add(name);
    const path = `canaries/${name.replaceAll(' ', '-')}`;
    sandbox.write(path, `#!/bin/sh\necho '${name}' >> '${root}/started'\n`, 0o755);
    return join(root, path);
  };
  plant({ sandbox, repo, canary, set: (...words) => git(repo, 'config', ...words) });
  return names;
}

const linesOf = (name: string) => (sandbox.exists(name) ? sandbox.read(name).split('\n').filter(Boolean) : []);

/** Each command that asks git for something, with what it asks for here. */
const history = ['rev-list', 'rev-parse', 'ls-tree', 'ls-files', 'config', 'cat-file', 'log'];
const commands: readonly (readonly [words: readonly string[], asks: readonly string[]])[] = [
  [['status'], history],
  [
    ['explain', 'codex:config.toml#mcp_servers.team'],
    [...history, 'blame'],
  ],
  [['explain', 'clients/shared/memory/global.md'], history],
  [['check-sync', '--full'], ['rev-list']],
  [
    ['check-sync', '--against', 'HEAD~1'],
    ['rev-parse', 'ls-tree', 'cat-file'],
  ],
  [['session-check', '--full'], ['rev-list']],
  [
    ['diff', '--no-pager'],
    ['rev-list', 'rev-parse', 'ls-tree', 'cat-file'],
  ],
  [['push-runtime', '--full'], ['rev-list']],
  [
    ['pull-runtime', '--adopt', 'claude:settings.json#env.TEAM_MODE'],
    ['rev-list', 'check-ignore'],
  ],
  [['init', 'within'], ['check-ignore']],
  [
    ['init', '../outer'],
    ['init', 'check-ignore'],
  ],
];

/** After the branch that this one follows is gone. */
const withoutUpstream = [
  ['session-check', '--full'],
  ['rev-list', 'for-each-ref'],
] as const;

function eachCommand(look: (words: readonly string[], asks: readonly string[]) => void): void {
  for (const [words, asks] of commands) look(words, asks);
  for (const folder of ['.git', 'store']) {
    const ref = join('repo', folder, 'refs/remotes/origin/main');
    if (sandbox.exists(ref)) sandbox.remove(ref);
  }
  look(...withoutUpstream);
}

it('every command asks git for what it needs, and nothing of what may be asked is left out here', () => {
  planted(() => undefined);
  sandbox.write('bin/git', `#!/bin/sh\necho "$*" >> '${root}/asked'\nexec /usr/bin/git "$@"\n`, 0o755);
  const all = new Set<string>();
  eachCommand((words, asks) => {
    sandbox.write('asked', '');
    sandbox.run(words, { env: { PATH: `${root}/bin:/usr/bin:/bin` }, cache: 'off' });
    const asked = new Set(linesOf('asked').map((line) => line.replaceAll(/-c \S+ /g, '').split(' ')[0] as string));
    for (const each of asked) all.add(each);
    expect([words, [...asked].sort()]).toEqual([words, [...asks].sort()]);
  });
  expect([...all].sort()).toEqual([...askable].sort());
});

const trial: Trial = {
  folder: join(root, 'trial'),
  run: (...words) => runGit(join(root, 'trial'), words),
  runOnTerminal: (...words) =>
    runAnyOnTerminal(['git', ...words], { cwd: join(root, 'trial'), env: { HOME: home } }, [], 60),
};

const here = mechanisms.filter(({ needsTerminal }) => !needsTerminal || terminalTool);

describe('plain git starts it, and no command of ours:', () => {
  it.each(here.map((each) => [each.name, each] as const))('%s', async (_, { plant, live, below = '.' }) => {
    const names = planted(plant);
    copy('repo', 'trial');
    await live(trial);
    expect(new Set(linesOf('started'))).toEqual(names);
    sandbox.remove('started');
    const requests = linesOf('requests');
    eachCommand((words) => {
      const { code, err } = sandbox.run(words, { cwd: join(repo, below), cache: 'off' });
      expect([words, linesOf('started')]).toEqual([words, []]);
      expect([words, code === null, err.includes('crash')]).toEqual([words, false, false]);
    });
    expect(linesOf('requests')).toEqual(requests);
  });

  it.skipIf(!terminalTool)('a pager of git, on a terminal', async () => {
    const pagers = mechanisms.find(({ name }) => name === 'pagers');
    planted((at) => pagers?.plant(at));
    for (const words of [
      ['status'],
      ['explain', 'codex:config.toml#mcp_servers.team'],
      ['check-sync', '--against', 'HEAD~1'],
    ]) {
      const { code } = await runOnTerminal(sandbox, words);
      expect([words, code, linesOf('started')]).toEqual([words, 0, []]);
    }
  });
});

it('a bare repository that stands in a folder is not taken for the one around it', () => {
  planted((at) => mechanisms.find(({ below }) => below === 'inner')?.plant(at));
  const commit = git(join(repo, 'inner'), 'rev-parse', 'HEAD');
  expect(commit).not.toBe(git(repo, 'rev-parse', 'HEAD'));
  for (const [words] of commands.slice(0, 3)) {
    const { out, err } = sandbox.run(words, { cwd: join(repo, 'inner'), cache: 'off' });
    expect([words, (out + err).includes(commit.slice(0, 7))]).toEqual([words, false]);
  }
});

/** What is planted anew is written anew. */
const withoutTimes = (text: string) => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'then');

it('what git reads by the configuration of a repository changes no answer', () => {
  const answers = () => commands.slice(0, 3).map(([words]) => withoutTimes(sandbox.run(words, { cache: 'off' }).out));
  planted(() => undefined);
  const before = answers();
  expect(before[1]).toContain('last changed by');
  planted(({ set }) => {
    for (const key of [
      'blame.ignoreRevsFile',
      'mailmap.file',
      'diff.orderFile',
      'core.attributesFile',
      'core.excludesFile',
    ])
      set(key, '/nowhere/at/all');
    set('mailmap.blob', 'nothing');
    set('diff.x.xfuncname', '(');
    sandbox.write('repo/.gitattributes', '* diff=x\n');
    for (const key of ['log.follow', 'log.showRoot', 'diff.renames', 'color.ui', 'log.decorate', 'blame.showEmail'])
      set(key, key === 'color.ui' ? 'always' : 'true');
  });
  expect(answers()).toEqual(before);
  // Nor may a repository hide who changed a line.
  planted(({ set }) => {
    sandbox.write('repo/quiet', `${git(repo, 'rev-list', '--all').replaceAll(' ', '\n')}\n`);
    set('blame.ignoreRevsFile', 'quiet');
  });
  expect(answers()).toEqual(before);
});
