import { join } from 'node:path';
import { expect, it } from 'vitest';
import { git } from './support/git.ts';
import { makeSandbox, type Ran, type Sandbox } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

/** Two machines that share one repository through real git, each with exclusions of its own. */
interface Machine {
  readonly run: (words: readonly string[]) => Ran;
  readonly pull: () => void;
  readonly commit: (message: string) => void;
  /** The folder of its clone, below the sandbox. */
  readonly clone: string;
  readonly home: string;
}

function machine(sandbox: Sandbox, name: string, setup: string): Machine {
  const [clone, home] = [`${name}/team`, `${name}/home`];
  sandbox.write(`${home}/.config/syncline/config.toml`, setup);
  git(sandbox.root, 'clone', '-q', 'hub.git', clone);
  const folder = join(sandbox.root, clone);
  const options = { cwd: folder, env: { HOME: join(sandbox.root, home) } };
  return {
    ...{ clone, home },
    run: (words) => sandbox.run(words, options),
    pull: () => void git(folder, 'pull', '-q', '--rebase'),
    commit: (message) => {
      git(folder, 'add', '-A');
      git(folder, 'commit', '-qm', message);
      git(folder, 'push', '-q');
    },
  };
}

function arranged(): { sandbox: Sandbox; laptop: Machine; work: Machine } {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('repo/.gitignore', 'clients/*/pulled/\n');
  sandbox.write('repo/clients/machines/laptop/layer.toml', 'leave-out = ["codex:config.toml#mcp_servers.web"]\n');
  git(sandbox.repo, 'init', '-qb', 'main');
  git(sandbox.repo, 'add', '-A');
  git(sandbox.repo, 'commit', '-qm', 'The team begins');
  git(sandbox.root, 'clone', '-q', '--bare', 'repo', 'hub.git');
  return { sandbox, laptop: machine(sandbox, 'laptop', 'machine = "laptop"\n'), work: machine(sandbox, 'work', '') };
}

it('each has what all have but for its own exclusions, whichever of them changes it', () => {
  const { sandbox, laptop, work } = arranged();
  for (const { run } of [laptop, work]) expect(run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
  const config = (of: Machine) => sandbox.read(`${of.home}/.codex/config.toml`);
  expect([config(laptop).includes('mcp_servers.web'), config(work).includes('mcp_servers.web')]).toEqual([false, true]);

  // Work keeps a value of its own, in its own configuration; nothing of that reaches the repository.
  sandbox.write(
    `${work.home}/.codex/config.toml`,
    config(work).replace('model_verbosity = "low"', 'model_verbosity = "high"'),
  );
  expect(work.run(['push-runtime', '--keep-always', 'codex:config.toml#model_verbosity']).code).toBe(0);
  expect(git(join(sandbox.root, work.clone), 'status', '--porcelain')).toBe('');

  // The laptop edits a memory in a client, takes it home, and hands it on.
  sandbox.write(`${laptop.home}/.claude/memories/global.md`, '# Global\n\nSpeak slowly.\n');
  expect(laptop.run(['pull-runtime', '--adopt']).code).toBe(0);
  const fragment = `${laptop.clone}/clients/codex/config-fragment.toml`;
  sandbox.write(
    fragment,
    sandbox.read(fragment).replace('"low"', '"medium"').replace('https://mcp.example/web', 'https://mcp.example/new'),
  );
  laptop.commit('Slowly, and by a new address');
  expect(laptop.run(['push-runtime']).code).toBe(0);

  work.pull();
  expect(work.run(['check-sync']).code).toBe(3);
  expect(work.run(['push-runtime']).code).toBe(0);
  expect(sandbox.read(`${work.home}/.codex/memories/global.md`)).toContain('Speak slowly.');
  expect(config(work)).toContain('model_verbosity = "high"');
  expect(config(work)).toContain('https://mcp.example/new');
  expect(config(laptop)).toContain('model_verbosity = "medium"');
  expect(config(laptop)).not.toContain('mcp_servers.web');
  for (const { run } of [laptop, work]) expect(run(['check-sync']).code).toBe(0);
});

it('both change one memory: git settles it, and each machine has the merged one', () => {
  const { sandbox, laptop, work } = arranged();
  for (const { run } of [laptop, work]) expect(run(['push-runtime']).code).toBe(0);
  const memory = '/clients/shared/memory/global.md';
  const first = sandbox.read(`${laptop.clone}${memory}`);
  sandbox.write(`${laptop.home}/.claude/memories/global.md`, `Be kind.\n\n${first}`);
  expect(laptop.run(['pull-runtime', '--adopt']).code).toBe(0);
  laptop.commit('Kind');
  sandbox.write(`${work.home}/.codex/memories/global.md`, `${first}\nAnd clear.\n`);
  expect(work.run(['pull-runtime', '--adopt']).code).toBe(0);
  git(join(sandbox.root, work.clone), 'commit', '-qam', 'Clear');
  work.pull();
  git(join(sandbox.root, work.clone), 'push', '-q');
  laptop.pull();
  for (const { run, home } of [laptop, work]) {
    expect(run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    expect(sandbox.read(`${home}/.claude/memories/global.md`)).toBe(`Be kind.\n\n${first}\nAnd clear.\n`);
    expect(run(['check-sync']).code).toBe(0);
  }
});
