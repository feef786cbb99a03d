import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sampled } from './support/law-runs.ts';
import { systemError } from './support/memory-disk.ts';
import { home, type World } from './support/memory-world.ts';
import { makeSandbox, type Sandbox, shippedRepository, snapshot } from './support/sandbox.ts';
import { made, runtimeOf, usedHome } from './support/take-world.ts';

/** `init`: a repository of one's own, out of nothing. */
const files = [
  '.githooks/pre-commit',
  '.github/workflows/syncline.yml',
  '.gitignore',
  'README.md',
  'clients/shared/instructions.md',
  'clients/shared/mcp.json',
  'clients/shared/memory/global.md',
  'clients/syncline.toml',
];
const noGit = spawnSync('git', ['--version']).status !== 0;

/** A sandbox that is no repository, and the new one in it. */
function initialised(words: readonly string[] = []): Sandbox {
  const sandbox = makeSandbox();
  sandbox.remove('repo/clients');
  const { code, err } = sandbox.run(['init', 'agents', ...words]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return sandbox;
}

function filesIn(folder: string): string[] {
  const names = (readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[]).map((name) =>
    name.replaceAll('\\', '/'),
  );
  return names.filter((name) => !/^\.git(?:$|\/)/.test(name) && lstatSync(join(folder, name)).isFile()).sort();
}

describe('a new repository', () => {
  it('has the least that is of use, is sound and can be pushed', () => {
    const sandbox = initialised();
    expect(filesIn(join(sandbox.repo, 'agents'))).toEqual(files);
    const there = { cwd: join(sandbox.repo, 'agents') };
    expect(sandbox.run(['check-sync', '--source-only'], there)).toMatchObject({ code: 0, err: '' });
    const { code, json } = sandbox.run(['push-runtime', '--json', '--home', `${sandbox.root}/trial`], there);
    expect(code).toBe(0);
    expect(JSON.stringify(json)).not.toContain('"power"');
    expect(json.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(sandbox.run(['check-sync', '--home', `${sandbox.root}/trial`], there).code).toBe(0);
  });

  it.skipIf(noGit)('is a git repository without a commit, what pull copies stays out, and hooks are off', () => {
    const { repo } = initialised();
    const git = (...words: string[]) => spawnSync('git', ['-C', `${repo}/agents`, ...words], { encoding: 'utf8' });
    expect(git('rev-parse', '--show-toplevel').stdout.trim()).toBe(`${repo}/agents`);
    expect(git('rev-parse', '--verify', 'HEAD').status).not.toBe(0);
    expect(git('config', 'core.hooksPath').stdout).toBe('');
    expect(git('check-ignore', 'clients/codex/pulled/x').status).toBe(0);
  });

  it('has an id of its own', () => {
    const [one, other] = [initialised(), initialised()].map((sandbox) =>
      sandbox.read('repo/agents/clients/syncline.toml'),
    );
    expect(one).toMatch(/^id = "[0-9a-f-]{36}"$/m);
    expect(one).not.toBe(other);
  });

  it.skipIf(noGit)('in a folder of a git repository leaves git, hook and workflow to that', () => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    spawnSync('git', ['init', '--quiet', sandbox.repo]);
    const { code, out } = sandbox.run(['init', 'agents']);
    expect(code).toBe(0);
    expect(out).toContain('not its top, so no hook and no workflow was made');
    expect(filesIn(`${sandbox.repo}/agents`)).toEqual(files.filter((name) => !/^\.git(?:hooks|hub)/.test(name)));
    expect(sandbox.exists('repo/agents/.git')).toBe(false);
  });

  it.each([[[]], [['--from-runtime', '--yes']]])('beside a README keeps that, and says so: init %j', (words) => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    sandbox.write('repo/README.md', 'Mine.\n');
    sandbox.write('home/.codex/config.toml', 'model = "m"\n');
    const dry = sandbox.run(['init', ...words, '--dry-run']);
    const { code, out, err } = sandbox.run(['init', ...words]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const text of [dry.out, out]) {
      expect(text).toContain(`note: ${sandbox.repo}/README.md: this is there already and stays as it is`);
      expect(text).not.toMatch(/^ {2}README\.md$/m);
    }
    expect(sandbox.read('repo/README.md')).toBe('Mine.\n');
    expect(filesIn(sandbox.repo)).toEqual(expect.arrayContaining(['.githooks/pre-commit', 'clients/syncline.toml']));
    expect(sandbox.run(['check-sync', '--source-only']).code).toBe(0);
    expect(sandbox.run(['restore']).code).toBe(0);
    expect(filesIn(sandbox.repo)).toEqual(['README.md']);
  });

  it('with --dry-run is only told', () => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    const before = snapshot(sandbox.root);
    const { code, out } = sandbox.run(['init', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('Would make 8 files');
    expect(snapshot(sandbox.root)).toEqual(before);
  });
});

describe('is refused, and nothing is written', () => {
  const refused = (sandbox: Sandbox, words: readonly string[]) => {
    const before = snapshot(sandbox.root);
    const { code, err } = sandbox.run(['init', ...words]);
    expect(code).toBe(2);
    expect(err).toContain('Nothing was written.');
    expect(snapshot(sandbox.root)).toEqual(before);
    return err;
  };

  it('where files of the same names are, each told', () => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    sandbox.write('repo/README.md', 'Mine.\n');
    sandbox.link('repo/.gitignore', 'nowhere');
    sandbox.write('repo/.github', 'a file where a folder belongs\n');
    const err = refused(sandbox, []);
    for (const name of ['.gitignore', '.github/workflows/syncline.yml'])
      expect(err).toContain(`${sandbox.repo}/${name}`);
    expect(err).not.toContain('README.md');
  });

  it('where clients/ is', () => {
    const sandbox = makeSandbox(shippedRepository);
    expect(refused(sandbox, [])).toContain('It is a repository of Syncline already');
  });

  it('where a file is named', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/agents', '');
    expect(refused(sandbox, ['agents'])).toContain('this is no folder');
  });

  it.each([['--yes'], ['--only', 'codex:skills']])('%s without --from-runtime', (...words) => {
    expect(refused(makeSandbox(), ['new', ...words])).toContain('Give --from-runtime with it.');
  });
});

describe('what runs the check', () => {
  /** A machine on which `syncline` is on PATH, or not. */
  function machine(sandbox: Sandbox, hasIt: boolean): Record<string, string> {
    const bin = join(sandbox.root, 'bin');
    sandbox.write('bin/.keep', '');
    symlinkSync(process.execPath, join(bin, 'node'));
    if (hasIt)
      sandbox.write('bin/syncline', `#!/bin/sh\nexec node "${shippedRepository}/dist/syncline.cjs" "$@"\n`, 0o755);
    return { PATH: `${bin}:/usr/bin:/bin`, HOME: sandbox.home };
  }

  const commands: Readonly<Record<string, (sandbox: Sandbox) => string>> = {
    'the pre-commit hook': () => '.githooks/pre-commit',
    'the workflow': ({ read }) => {
      const { jobs } = parse(read('repo/agents/.github/workflows/syncline.yml')) as {
        jobs: { check: { steps: { run?: string }[] } };
      };
      return jobs.check.steps.flatMap(({ run }) => run ?? []).join('\n');
    },
  };

  it.each(Object.keys(commands))('%s passes a sound source, stops a broken one, and needs Syncline', (name) => {
    const sandbox = initialised();
    const run = (env: Record<string, string>) => {
      const script = commands[name]?.(sandbox) ?? '';
      return spawnSync('sh', ['-ec', script], { cwd: join(sandbox.repo, 'agents'), env, encoding: 'utf8' });
    };
    const env = machine(sandbox, true);
    expect(run(env)).toMatchObject({ status: 0, stdout: expect.stringContaining('The source is sound') });
    sandbox.write('repo/agents/clients/shared/mcp.json', '{"mcpServers": {"a": {"comand": "a"}}}');
    expect(run(env).status).toBe(2);
    sandbox.remove('bin/syncline');
    expect(run(env).status).not.toBe(0);
  });
});

describe('all or nothing', () => {
  const used = { '.codex/config.toml': 'model = "m"\n', '.claude/CLAUDE.md': '# Mine\n' };
  const words = ['init', made, '--from-runtime', '--yes'];

  async function callsOf(world: World): Promise<number[]> {
    const calls: number[] = [];
    await world.copy().run(words, (call, name) => void (/^(?:write|make|rename|sync)/.test(name) && calls.push(call)));
    return calls;
  }

  it('whichever call of the disk fails: nothing is there, no client changed, and the next try succeeds', async () => {
    const first = usedHome(used);
    const before = runtimeOf(first);
    const calls = await callsOf(first);
    expect(calls.length).toBeGreaterThan(20);
    for (const failing of sampled(calls)) {
      const world = first.copy();
      const { code } = await world.run(words, (call, _, path) => {
        if (call === failing) throw systemError('ENOSPC', path);
      });
      const isThere = world.memory.disk.status(`${made}/clients/syncline.toml`) !== undefined;
      expect([failing, isThere, code]).toEqual([failing, code === 0, code === 0 ? 0 : 2]);
      expect(runtimeOf(world)).toEqual(before);
      if (code === 0) continue;
      expect(world.memory.disk.status(made)).toBeUndefined();
      expect(await world.run(words)).toMatchObject({ code: 0, err: '' });
      expect(world.memory.disk.status(`${home}/.local/state/syncline/journal.json`)).toBeUndefined();
    }
  });
});
