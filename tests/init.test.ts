import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commitAll, git } from './support/git.ts';
import { sampled } from './support/law-runs.ts';
import { systemError } from './support/memory-disk.ts';
import { home, type World } from './support/memory-world.ts';
import { makeSandbox, type Sandbox, shippedRepository, snapshot } from './support/sandbox.ts';
import { made, runtimeOf, usedHome } from './support/take-world.ts';
import { readWorkflow, runWorkflow } from './support/workflow-runner.ts';

/** `init`: a repository of one's own, out of nothing. */
const files = [
  '.gitattributes',
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
    expect(sandbox.run(['restore', '20']).code).toBe(0);
    expect(filesIn(sandbox.repo)).toEqual(['README.md']);
  });

  it.each([
    ['', '# Copies that pull-runtime makes to look at.\nclients/*/pulled/\n/node_modules/\n'],
    ['dist/', 'dist/\n\n# Copies that pull-runtime makes to look at.\nclients/*/pulled/\n/node_modules/\n'],
    [
      '/node_modules/\r\n',
      '/node_modules/\r\n\r\n# Copies that pull-runtime makes to look at.\r\nclients/*/pulled/\r\n',
    ],
    ['clients/*/pulled/\n/node_modules/\n', undefined],
  ])('beside a .gitignore adds what it lacks, and nothing else: %j', (mine, after) => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    sandbox.write('repo/.gitignore', mine);
    sandbox.write('repo/.gitattributes', '*.sh text eol=lf\n*.png binary\n');
    const { code, out, err } = sandbox.run(['init']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(sandbox.read('repo/.gitignore')).toBe(after ?? mine);
    expect(out.includes(`${sandbox.repo}/.gitignore: this is there already; lines for clients/ stand at its end`)).toBe(
      after !== undefined,
    );
    expect(sandbox.read('repo/.gitattributes')).toMatch(
      /^\*\.sh text eol=lf\n\*\.png binary\n\n#[\s\S]*clients\/\*\* -text\n/,
    );
    expect(sandbox.run(['restore', '20']).code).toBe(0);
    expect(sandbox.read('repo/.gitignore')).toBe(mine);
  });

  it.skipIf(noGit)('has scripts with LF, and other files byte by byte, also where git changes line ends', () => {
    const sandbox = initialised();
    const folder = `${sandbox.repo}/agents`;
    const inSkill = (name: string) => `repo/agents/clients/shared/skills/s/${name}`;
    sandbox.write(inSkill('run.sh'), '#!/bin/sh\necho\n');
    sandbox.write(inSkill('old.md'), 'One\r\nTwo\r\n');
    sandbox.write(inSkill('new.md'), 'One\nTwo\n');
    commitAll(folder);
    git(sandbox.root, '-c', 'core.autocrlf=true', 'clone', '--quiet', folder, `${sandbox.root}/clone`);
    const cloned = (name: string) => sandbox.read(`clone/clients/shared/skills/s/${name}`);
    expect(['run.sh', 'old.md', 'new.md'].map(cloned)).toEqual(
      ['run.sh', 'old.md', 'new.md'].map((name) => sandbox.read(inSkill(name))),
    );
    expect(sandbox.read('clone/.githooks/pre-commit')).not.toContain('\r');
  });

  it('without git says what to run', async () => {
    const world = usedHome({});
    const { code, out } = await world.run(['init', made]);
    expect(code).toBe(0);
    expect(out).toContain('Commit them there: git init && git add . && git commit');
  });

  it('with --dry-run is only told', () => {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    const before = snapshot(sandbox.root);
    const { code, out } = sandbox.run(['init', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('Would make 9 files');
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
    expect(run(env).status).toBe(name === 'the workflow' ? 0 : 1);
  });

  /** Each step as a runner starts it, in a clean checkout. */
  const onRunner = (sandbox: Sandbox) => {
    const workflow = readWorkflow(sandbox.read('repo/agents/.github/workflows/syncline.yml'));
    const runner = {
      event: 'push',
      folder: `${sandbox.repo}/agents`,
      home: sandbox.home,
      temporary: `${sandbox.root}/t`,
    };
    return runWorkflow(workflow, runner).check;
  };

  it('the workflow passes as it stands, and says that nothing was checked', () => {
    const ran = onRunner(initialised());
    expect(ran?.failed).toBeUndefined();
    expect(ran?.log).toMatch(
      /^::notice title=syncline::clients\/ was not checked: package\.json does not name Syncline/,
    );
  });

  it('the workflow checks where package.json names Syncline', () => {
    const sandbox = initialised();
    sandbox.write('repo/agents/package.json', '{"private": true}');
    expect(onRunner(sandbox)).toMatchObject({ failed: undefined, log: expect.stringContaining('The source is sound') });
    sandbox.write('repo/agents/clients/shared/mcp.json', '{"mcpServers": {"a": {"comand": "a"}}}');
    expect(onRunner(sandbox)?.failed).toContain('syncline check-sync');
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
