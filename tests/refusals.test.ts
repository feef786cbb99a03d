import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

/** What Syncline refuses: exit 2, the place named, and no file of any client changed. */
const config = '.codex/config.toml';
const agents = '.codex/AGENTS.md';
const settings = '.claude/settings.json';
const servers = '.claude.json';
const claudeMd = '.claude/CLAUDE.md';

interface Target {
  readonly name: string;
  /** Relative to the home. */
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly arrange?: (path: string) => void;
  /** Where the mistake is, as far as there is such a place. */
  readonly line?: number;
  readonly column?: number;
  /** Only push and check cannot go on; without units to place a clean can. */
  readonly onlyPlacing?: true;
}

const bytes = (text: string, ...more: number[]) => new Uint8Array([...new TextEncoder().encode(text), ...more]);

const malformed: Target[] = [
  { name: 'bad TOML', path: config, content: 'model = "x"\nbad = = 1\n', line: 2, column: 7 },
  { name: 'a doubled table', path: config, content: '[a]\nx = 1\n[a]\ny = 1\n', line: 3 },
  { name: 'a doubled key', path: config, content: 'a = 1\nb = 1\na = 2\n', line: 3 },
  { name: 'a TOML string without an end', path: config, content: 'a = 1\nb = "x\n', line: 2 },
  { name: 'invalid UTF-8 in TOML', path: config, content: bytes('a = 1\nb = "', 0xff, 0x22), line: 2, column: 6 },
  { name: 'a NUL in TOML', path: config, content: 'a = 1\nb = "\0"\n', line: 2 },
  { name: 'bad JSON', path: settings, content: '{\n  "a": 1,\n  "b": oops\n}\n', line: 3, column: 8 },
  { name: 'a comment in JSON', path: settings, content: '{\n  // mine\n  "a": 1\n}\n', line: 2, column: 3 },
  { name: 'a trailing comma in JSON', path: settings, content: '{\n  "a": 1,\n}\n', line: 3, column: 1 },
  { name: 'truncated JSON', path: servers, content: '{\n  "mcpServers": {\n    "mine": {"comm', line: 3 },
  { name: 'empty JSON', path: servers, content: '', line: 1, column: 1 },
  { name: 'blank JSON', path: settings, content: ' \n\n' },
  { name: 'two JSON values', path: servers, content: '{}\n{}\n', line: 2, column: 1 },
  { name: 'JSON that is no object', path: settings, content: '[]\n', line: 1, column: 1 },
  { name: 'single quotes in JSON', path: servers, content: "{'a': 1}\n", line: 1, column: 2 },
  { name: 'a raw line break in a JSON string', path: servers, content: '{"a": "x\ny"}\n', line: 1 },
  { name: 'invalid UTF-8 in JSON', path: servers, content: bytes('{\n"a": "', 0xc3, 0x28), line: 2, column: 7 },
  { name: 'a NUL after JSON', path: servers, content: '{}\n\0', line: 2, column: 1 },
  { name: 'UTF-16', path: settings, content: new Uint8Array(Buffer.from('\uFEFF{}', 'utf16le')), line: 1, column: 1 },
  { name: 'invalid UTF-8 in Markdown', path: claudeMd, content: bytes('# Mine\n\nab', 0xfe), line: 3, column: 3 },
  { name: 'invalid UTF-8 in AGENTS.md', path: agents, content: bytes('', 0xff), line: 1, column: 1 },
  ...[config, agents, settings, servers, claudeMd].flatMap((path): Target[] => [
    { name: `a folder instead of ${path}`, path, arrange: (at) => void mkdirSync(at, { recursive: true }) },
    { name: `a pipe instead of ${path}`, path, arrange: (at) => void spawnSync('mkfifo', [at]) },
    { name: `a link in a circle instead of ${path}`, path, arrange: (at) => symlinkSync(at, at) },
  ]),
  { name: 'a link below a file', path: servers, arrange: (at) => symlinkSync('.profile/x', at) },
  {
    name: 'permissions that are a text',
    path: settings,
    content: '{\n  "permissions": "none"\n}\n',
    line: 2,
    onlyPlacing: true,
  },
  {
    name: 'a rule list that is a text',
    path: settings,
    content: '{"permissions": {\n"deny": "all"}}',
    line: 2,
    onlyPlacing: true,
  },
  { name: 'hooks that are a list', path: settings, content: '{\n"hooks": []}', line: 2, onlyPlacing: true },
  { name: 'env that is null', path: settings, content: '{\n\n"env": null}', line: 3, onlyPlacing: true },
  {
    name: 'servers that are a list',
    path: servers,
    content: '{\n  "x": 1,\n  "mcpServers": []\n}',
    line: 3,
    onlyPlacing: true,
  },
  {
    name: 'servers that are a text in TOML',
    path: config,
    content: 'a = 1\nmcp_servers = "x"\n',
    line: 2,
    onlyPlacing: true,
  },
  {
    name: 'a list of tables for a table in TOML',
    path: config,
    content: '[[tui]]\nx = 1\n',
    line: 1,
    onlyPlacing: true,
  },
  { name: 'a file instead of a skills folder', path: '.codex/skills', content: 'x', onlyPlacing: true },
  { name: 'a file instead of a memories folder', path: '.claude/memories', content: 'x', onlyPlacing: true },
  { name: 'a file instead of a home', path: '.codex', content: 'x' },
];

/** A home in which every file is fine but one. */
function arranged({ path, content, arrange }: Target): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('home/.profile', 'x');
  const others: Readonly<Record<string, string>> = {
    [config]: 'model = "gpt-6"\n',
    [agents]: '# Mine\n',
    [settings]: '{"model": "opus"}\n',
    [servers]: '{"numStartups": 1}\n',
    [claudeMd]: '# Mine\n',
  };
  for (const [other, text] of Object.entries(others)) {
    if (!`${other}/`.startsWith(`${path}/`)) sandbox.write(`home/${other}`, text);
  }
  if (content !== undefined) sandbox.write(`home/${path}`, content);
  arrange?.(join(sandbox.home, path));
  return sandbox;
}

/** Everything in the home with times, but the state folder, which the run lock may have made. */
function runtime(sandbox: Sandbox): Record<string, string> {
  const nodes = Object.entries(snapshotWithTimes(sandbox.home));
  return Object.fromEntries(nodes.filter(([name]) => name !== '.' && !name.startsWith('.local')));
}

describe.each(malformed)('$name', (target) => {
  it('push and check exit 2, name the place, and change nothing', () => {
    const sandbox = arranged(target);
    const before = runtime(sandbox);
    for (const command of ['push-runtime', 'check-sync']) {
      const { code, out } = sandbox.run([command, '--json']);
      const { findings } = JSON.parse(out) as {
        findings: { code: string; path: string; line?: number; column?: number }[];
      };
      expect([command, code, findings.map((finding) => finding.code)]).toEqual([
        command,
        2,
        [expect.not.stringMatching('crash|broken-plan')],
      ]);
      expect(findings[0]?.path).toContain(join(sandbox.home, target.path));
      const place = { line: findings[0]?.line, column: findings[0]?.column };
      if (target.line) expect(place).toMatchObject({ line: target.line });
      if (target.column) expect(place).toMatchObject({ column: target.column });
    }
    expect(runtime(sandbox)).toEqual(before);
  });
});

describe('several things wrong at once', () => {
  it('all of them are told, in words and with what to do', () => {
    const sandbox = arranged(malformed[0] as Target);
    sandbox.write(`home/${settings}`, '{,}');
    sandbox.write(`home/${servers}`, '');
    const before = runtime(sandbox);
    const { code, err } = sandbox.run(['push-runtime']);
    expect(code).toBe(2);
    for (const place of [`${config}:2:7`, `${settings}:1:2`, `${servers}:1:1`]) expect(err).toContain(place);
    expect(err).toContain('Nothing was written.');
    expect(runtime(sandbox)).toEqual(before);
  });

  it('a home that broke after a push cannot be cleaned, pulled or checked, and nothing changes', () => {
    const sandbox = arranged({ name: '', path: 'x' });
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    sandbox.write(`home/${servers}`, '{"mcpServers": {');
    const before = runtime(sandbox);
    for (const words of [
      ['clean-runtime'],
      ['clean-runtime', '--remove-only'],
      ['check-sync'],
      ['push-runtime'],
      ['pull-runtime'],
    ]) {
      const { code, err } = sandbox.run(words);
      expect([words, code]).toEqual([words, 2]);
      expect(err).toContain(`${servers}:1:`);
    }
    expect(runtime(sandbox)).toEqual(before);
    expect(readdirSync(join(sandbox.repo, 'clients/claude'))).not.toContain('pulled');
  });

  it('--client leaves the other client out, broken or not', () => {
    const sandbox = arranged({ name: '', path: config, content: '= broken' });
    expect(sandbox.run(['push-runtime', '--client', 'claude'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['check-sync', '--client', 'claude'])).toMatchObject({ code: 0 });
    expect(sandbox.read(`home/${config}`)).toBe('= broken');
  });
});

/** A sandbox with two repositories, `repo` and `other`. */
function twoRepositories(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  writeTeamSource(sandbox, 'other');
  sandbox.write('other/clients/shared/memory/global.md', 'Other words.\n');
  return sandbox;
}

describe('two repositories', () => {
  const other = (sandbox: Sandbox) => ({ cwd: join(sandbox.root, 'other') });

  it("the second one's push and clean exit 2 and change nothing; --take-over takes the home over", () => {
    const sandbox = twoRepositories();
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const before = snapshotWithTimes(sandbox.home);
    for (const words of [['push-runtime'], ['push-runtime', '--overwrite', '--yes'], ['clean-runtime']]) {
      const { code, err } = sandbox.run(words, other(sandbox));
      expect([words, code]).toEqual([words, 2]);
      expect(err).toContain(sandbox.repo);
      expect(err).toContain('--take-over');
    }
    expect(snapshotWithTimes(sandbox.home)).toEqual(before);
    expect(sandbox.run(['push-runtime', '--take-over'], other(sandbox))).toMatchObject({ code: 0 });
    expect(sandbox.read('home/.claude/memories/global.md')).toBe('Other words.\n');
    expect(sandbox.run(['check-sync'], other(sandbox))).toMatchObject({ code: 0 });
    expect(sandbox.run(['push-runtime']).code).toBe(2);
    expect(sandbox.run(['clean-runtime', '--remove-only'], other(sandbox))).toMatchObject({ code: 0 });
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it('with the same id they are one, wherever the clone stands', () => {
    const sandbox = twoRepositories();
    for (const repo of ['repo', 'other']) sandbox.write(`${repo}/clients/syncline.toml`, 'id = "team"\n');
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['push-runtime'], other(sandbox))).toMatchObject({ code: 0 });
    expect(sandbox.read('home/.claude/memories/global.md')).toBe('Other words.\n');
  });
});

describe('homes and state', () => {
  it('two CODEX_HOMEs never mix', () => {
    const sandbox = twoRepositories();
    const [work, play] = ['work', 'play'].map((name) => ({ env: { CODEX_HOME: join(sandbox.root, name) } }));
    const words = ['--client', 'codex'];
    expect(sandbox.run(['push-runtime', ...words], work)).toMatchObject({ code: 0 });
    const before = snapshot(join(sandbox.root, 'work'));
    expect(sandbox.run(['check-sync', ...words], play)).toMatchObject({ code: 3 });
    expect(sandbox.run(['push-runtime', ...words], { ...play, cwd: join(sandbox.root, 'other') })).toMatchObject({
      code: 0,
    });
    expect(sandbox.read('play/memories/global.md')).toBe('Other words.\n');
    expect(snapshot(join(sandbox.root, 'work'))).toEqual(before);
    expect(sandbox.run(['clean-runtime', '--remove-only', ...words], play)).toMatchObject({ code: 0 });
    expect(sandbox.exists('play')).toBe(false);
    expect(snapshot(join(sandbox.root, 'work'))).toEqual(before);
    expect(sandbox.run(['check-sync', ...words], work)).toMatchObject({ code: 0 });
    expect(sandbox.exists('home/.codex')).toBe(false);
  });

  it('a link to a home and the home itself are one', () => {
    const sandbox = twoRepositories();
    sandbox.write('real/config.toml', '');
    sandbox.link('alias', 'real');
    const words = ['--client', 'codex'];
    expect(sandbox.run(['push-runtime', ...words], { env: { CODEX_HOME: join(sandbox.root, 'real') } }).code).toBe(0);
    const alias = { env: { CODEX_HOME: join(sandbox.root, 'alias') } };
    expect(sandbox.run(['push-runtime', ...words], { ...alias, cwd: join(sandbox.root, 'other') }).code).toBe(2);
  });

  it('CLAUDE_CONFIG_DIR moves .claude.json inside it', () => {
    const sandbox = twoRepositories();
    sandbox.write('home/.claude.json', '{"stays": true}');
    const moved = { env: { CLAUDE_CONFIG_DIR: join(sandbox.root, 'moved') } };
    expect(sandbox.run(['push-runtime', '--client', 'claude'], moved)).toMatchObject({ code: 0 });
    expect(sandbox.read('moved/.claude.json')).toContain('team-server');
    expect(sandbox.read('home/.claude.json')).toBe('{"stays": true}');
    expect(sandbox.exists('home/.claude')).toBe(false);
    expect(sandbox.run(['clean-runtime', '--remove-only', '--client', 'claude'], moved)).toMatchObject({ code: 0 });
    expect(sandbox.exists('moved')).toBe(false);
  });

  it('--home stands for every home and has its own record', () => {
    const sandbox = twoRepositories();
    const env = {
      CODEX_HOME: join(sandbox.root, 'a'),
      CLAUDE_CONFIG_DIR: join(sandbox.root, 'b'),
      XDG_STATE_HOME: join(sandbox.root, 'c'),
    };
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    const before = snapshotWithTimes(sandbox.home);
    const trial = ['--home', join(sandbox.root, 'trial')];
    const options = { env, cwd: join(sandbox.root, 'other') };
    expect(sandbox.run(['push-runtime', ...trial], options)).toMatchObject({ code: 0 });
    expect(sandbox.read('trial/.claude/memories/global.md')).toBe('Other words.\n');
    expect(readdirSync(sandbox.root).sort()).toEqual(['home', 'other', 'repo', 'trial']);
    expect(sandbox.run(['check-sync', ...trial], options)).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only', ...trial], options)).toMatchObject({ code: 0 });
    expect(snapshot(join(sandbox.root, 'trial'))).toEqual({});
    expect(snapshotWithTimes(sandbox.home)).toEqual(before);
  });

  it('XDG_STATE_HOME holds all that Syncline remembers', () => {
    const sandbox = twoRepositories();
    const options = { env: { XDG_STATE_HOME: join(sandbox.root, 'state') } };
    expect(sandbox.run(['push-runtime'], options)).toMatchObject({ code: 0 });
    expect(readdirSync(join(sandbox.root, 'state/syncline/records'))).toHaveLength(2);
    expect(sandbox.exists('home/.local')).toBe(false);
    expect(sandbox.run(['push-runtime'], options).out).toContain('Nothing had to be written.');
    expect(sandbox.run(['clean-runtime', '--remove-only'], options)).toMatchObject({ code: 0 });
    expect(snapshot(sandbox.home)).toEqual({});
    expect(readdirSync(join(sandbox.root, 'state/syncline/records'))).toEqual([]);
  });

  it('state is only for its owner to read', () => {
    const sandbox = twoRepositories();
    sandbox.write('home/.claude.json', '{"private": 1}');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const state = join(sandbox.home, '.local/state/syncline');
    expect(statSync(state).mode & 0o077).toBe(0);
    for (const [name, node] of Object.entries(snapshotWithTimes(state))) {
      if (node.startsWith('file')) expect([name, node.split(' ')[1]]).toEqual([name, '600']);
    }
  });

  it.each([
    ['of a newer version', (record: string) => record.replace(/"version": \d+/, '"version": 99'), 'newer Syncline'],
    ['that is cut off', (record: string) => record.slice(0, 100), 'does not parse'],
  ])('a record %s: exit 2, nothing changes', (_, change, words) => {
    const sandbox = twoRepositories();
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const records = 'home/.local/state/syncline/records';
    const name = readdirSync(join(sandbox.root, records)).find((file) => file.startsWith('claude')) as string;
    sandbox.write(`${records}/${name}`, change(sandbox.read(`${records}/${name}`)));
    sandbox.write('repo/clients/shared/memory/global.md', 'New words.\n');
    const before = snapshotWithTimes(sandbox.home);
    for (const command of ['push-runtime', 'clean-runtime', 'check-sync']) {
      const { code, err } = sandbox.run([command]);
      expect([command, code]).toEqual([command, 2]);
      expect(err).toContain(words);
    }
    expect(snapshotWithTimes(sandbox.home)).toEqual(before);
  });
});

describe('locks', () => {
  const lock = 'home/.local/state/syncline/lock';
  const holder = (pid: number) =>
    JSON.stringify({ pid, machine: hostname(), command: 'push-runtime', since: new Date().toISOString() });

  it('the run lock of a live process: exit 2, which names it; nothing changes', () => {
    const sandbox = twoRepositories();
    sandbox.write(`${lock}/holder.json`, holder(process.pid));
    const { code, err } = sandbox.run(['push-runtime']);
    expect(code).toBe(2);
    expect(err).toContain(`"syncline push-runtime" (process ${process.pid})`);
    expect(Object.keys(snapshot(sandbox.home))).toEqual([]);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 3 });
    expect(sandbox.exists(`${lock}/holder.json`)).toBe(true);
  });

  it('the run lock of a dead process is taken over', () => {
    const sandbox = twoRepositories();
    const { pid } = spawnSync('true');
    sandbox.write(`${lock}/holder.json`, holder(pid));
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.exists(lock)).toBe(false);
  });

  it("a stale lock of Claude's is taken over and gone afterwards", () => {
    const sandbox = twoRepositories();
    const claudeLock = join(sandbox.home, '.claude.json.lock');
    mkdirSync(claudeLock);
    const old = Date.now() / 1000 - 20;
    utimesSync(claudeLock, old, old);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.read('home/.claude.json')).toContain('team-server');
    expect(sandbox.exists('home/.claude.json.lock')).toBe(false);
  });

  it("a push that does not write .claude.json does not ask for Claude's lock", () => {
    const sandbox = twoRepositories();
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    mkdirSync(join(sandbox.home, '.claude.json.lock'));
    sandbox.write('repo/clients/shared/memory/global.md', 'New words.\n');
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(sandbox.home, '.claude/memories/global.md'), 'utf8')).toBe('New words.\n');
  });
});
