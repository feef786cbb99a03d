import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bin } from '../package.json';
import { commitAll, git, runGit } from './support/git.ts';
import { type Annotation, readLog } from './support/read-annotations.ts';
import { readXml } from './support/read-xml.ts';
import { makeSandbox, type Sandbox, shippedRepository } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { pathWithNpx, readWorkflow, runWorkflow } from './support/workflow-runner.ts';

// What docs/ci.md tells to copy is run: the workflow's steps by bash, the hook by git. See workflow-runner.ts for what the
// real runner of GitHub does besides.

const examples = join(shippedRepository, 'examples/ci');
const text = (name: string) => readFileSync(join(examples, name), 'utf8');
const workflow = readWorkflow(text('github-workflow.yml'));

/** A clone of a team's repository that has Syncline among its packages. */
function clone(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('repo/package.json', '{"name": "agents", "private": true}\n');
  sandbox.write('repo/.gitignore', 'node_modules/\n');
  commitAll(sandbox.repo, 'The team');
  mkdirSync(join(sandbox.root, 'temporary'));
  return sandbox;
}

/** What an event makes of a clone: for each job its annotations, its log, and the step that failed. */
function onEvent({ repo, home, root }: Sandbox, event: string, variables: Readonly<Record<string, string>> = {}) {
  const ran = runWorkflow(workflow, { event, folder: repo, home, temporary: join(root, 'temporary'), variables });
  const read = Object.entries(ran).map(([name, { log, failed }]) => [name, { ...readLog(log), log, failed }] as const);
  return Object.fromEntries(read);
}

function places(annotations: readonly Annotation[] = []) {
  return annotations.map(({ level, properties: { title, file, line } }) => [level, title, file, line]);
}

describe('the workflow', () => {
  it('asks for no right but to read, and starts for what it says', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push', 'schedule']);
    const [checkout] = workflow.jobs.source?.steps ?? [];
    // Without the history there is nothing to compare with.
    expect(checkout).toMatchObject({ uses: expect.stringMatching(/^actions\/checkout@/), with: { 'fetch-depth': 0 } });
  });

  it('a pull request is green, and shows what it would change in a home, powers as warnings', () => {
    const sandbox = clone();
    git(sandbox.repo, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    git(sandbox.repo, 'checkout', '--quiet', '-b', 'servers');
    sandbox.write('repo/clients/shared/mcp.json', '{\n  "mcpServers": {\n    "files": {"command": "files"}\n  }\n}\n');
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    commitAll(sandbox.repo);
    const { source, drift } = onEvent(sandbox, 'pull_request', { GITHUB_BASE_REF: 'main' });
    expect([source?.failed, drift]).toEqual([undefined, undefined]);
    const found = places(source?.annotations);
    expect(found.slice(0, 2)).toEqual(
      ['codex', 'claude'].map(() => ['warning', 'syncline: new power: MCP server', 'clients/shared/mcp.json', '3']),
    );
    expect(found).toContainEqual(['notice', 'syncline: a unit changes', 'clients/shared/memory/global.md', '1']);
    expect(source?.lines.join('\n')).toContain('-Speak plainly.\n+Speak up.');
    const { attributes } = readXml(sandbox.read('repo/syncline.xml'));
    expect(attributes).toMatchObject({ failures: '0' });
    expect(Number(attributes.tests)).toBeGreaterThan(20);
  });

  it('a source that is not sound is red at its line, before anything else is tried', () => {
    const sandbox = clone();
    sandbox.write('repo/clients/claude/mcp-fragment.json', '{\n  "mcpServers": {,}\n}\n');
    commitAll(sandbox.repo);
    const { source } = onEvent(sandbox, 'push');
    expect(source?.failed).toBe('The source is sound');
    expect(places(source?.annotations)).toEqual([
      ['error', 'syncline: malformed-source', 'clients/claude/mcp-fragment.json', '2'],
    ]);
    expect(sandbox.exists('repo/syncline.xml')).toBe(false);
  });

  it('a home that drifts is red with the right annotations, and green after a push', () => {
    const sandbox = clone();
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(onEvent(sandbox, 'schedule')).toMatchObject({ drift: { failed: undefined, annotations: [] } });
    const settings = sandbox.read('home/.claude/settings.json');
    sandbox.write('home/.claude/settings.json', settings.replace('"on"', '"off"'));
    sandbox.write('home/.codex/fast.config.toml', 'model = "mine"\n');
    const { drift, source } = onEvent(sandbox, 'schedule');
    expect([source, drift?.failed]).toEqual([undefined, 'The homes are what the repository says']);
    expect(places(drift?.annotations)).toEqual([
      ['error', 'syncline: runtime-ahead', 'clients/codex/profiles/fast.toml', '1'],
      ['error', 'syncline: runtime-ahead', 'clients/claude/settings-fragment.json', '4'],
    ]);
    expect(sandbox.run(['push-runtime', '--overwrite']).code).toBe(0);
    expect(onEvent(sandbox, 'schedule')).toMatchObject({ drift: { failed: undefined, annotations: [] } });
  });
});

describe('the git hook', () => {
  const broken = ['repo/clients/codex/config-fragment.toml', 'a = 1\nb =\n'] as const;

  function hooked(): Sandbox {
    const sandbox = clone();
    mkdirSync(join(sandbox.repo, '.githooks'));
    cpSync(join(examples, 'pre-commit'), join(sandbox.repo, '.githooks/pre-commit'));
    git(sandbox.repo, 'config', 'core.hooksPath', '.githooks');
    spawnSync('npm', ['ci'], { cwd: sandbox.repo, env: { PATH: pathWithNpx(join(sandbox.root, 'temporary')) } });
    return sandbox;
  }

  function commit({ repo, root }: Sandbox, ...words: string[]) {
    const env = { PATH: pathWithNpx(join(root, 'temporary')), TMPDIR: join(root, 'temporary') };
    return runGit(repo, ['commit', '--quiet', '--message', 'More', ...words], env);
  }

  it('refuses a commit whose source is not sound, and lets one pass that is', () => {
    const sandbox = hooked();
    const before = git(sandbox.repo, 'rev-parse', 'HEAD');
    const sound = sandbox.read(broken[0]);
    sandbox.write(...broken);
    git(sandbox.repo, 'add', '--all');
    const refused = commit(sandbox);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('error: clients/codex/config-fragment.toml:2:');
    expect(git(sandbox.repo, 'rev-parse', 'HEAD')).toBe(before);
    sandbox.write(broken[0], `${sound}\n# More.\n`);
    git(sandbox.repo, 'add', '--all');
    expect(commit(sandbox)).toMatchObject({ code: 0 });
    expect(git(sandbox.repo, 'rev-parse', 'HEAD^')).toBe(before);
  });

  it('judges what is committed: not what only stands in the working tree, and not what was mended after "git add"', () => {
    const sandbox = hooked();
    const sound = sandbox.read(broken[0]);
    sandbox.write('repo/readme.md', 'For people.\n');
    git(sandbox.repo, 'add', 'readme.md');
    sandbox.write(...broken);
    expect(commit(sandbox)).toMatchObject({ code: 0 });
    git(sandbox.repo, 'add', '--all');
    sandbox.write(broken[0], sound);
    expect(commit(sandbox)).toMatchObject({ code: 1 });
    // A commit of named files has an index of its own.
    expect(commit(sandbox, '--all', '--allow-empty')).toMatchObject({ code: 0 });
    expect(sandbox.read(broken[0])).toBe(sound);
  });

  it('lets a repository without clients/ alone', () => {
    const sandbox = hooked();
    git(sandbox.repo, 'rm', '--quiet', '-r', 'clients');
    expect(commit(sandbox)).toMatchObject({ code: 0 });
  });
});

describe('the pre-commit framework', () => {
  // The framework is a Python program that npm does not give; what it would run is run here, by the shell.
  const [local] = parse(text('pre-commit-config.yaml')).repos;
  const manifest = parse(readFileSync(join(shippedRepository, '.pre-commit-hooks.yaml'), 'utf8'));

  it.each([
    ['examples/ci/pre-commit-config.yaml', local.hooks, 'system'],
    ['.pre-commit-hooks.yaml', manifest, 'node'],
  ])('%s has what the framework needs, and what it names runs', (_file, hooks, language) => {
    const sandbox = clone();
    expect(hooks).toHaveLength(1);
    const [hook] = hooks;
    expect(hook).toMatchObject({ id: 'syncline', name: expect.any(String), language, pass_filenames: false });
    expect(new RegExp(hook.files).test('clients/shared/mcp.json')).toBe(true);
    expect(new RegExp(hook.files).test('docs/clients/mcp.json')).toBe(false);
    expect(local.repo).toBe('local');
    const run = () => {
      const path = `${join(sandbox.repo, 'node_modules/.bin')}:${pathWithNpx(join(sandbox.root, 'temporary'))}`;
      const env = { PATH: path, HOME: sandbox.home };
      return spawnSync('sh', ['-c', `npm ci && ${hook.entry}`], { cwd: sandbox.repo, env, encoding: 'utf8' }).status;
    };
    expect(run()).toBe(0);
    sandbox.write('repo/clients/codex/config-fragment.toml', 'a =\n');
    expect(run()).toBe(2);
  });

  it('the hook that other repositories get calls a bin of the package', () => {
    expect(Object.keys(bin)).toContain(manifest[0].entry.split(' ')[0]);
  });
});
