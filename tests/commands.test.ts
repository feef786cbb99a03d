import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../package.json';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { git } from './support/git.ts';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type Ran, type Sandbox, shippedRepository, snapshot } from './support/sandbox.ts';
import { edit, team, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// The face of the commands: exit codes, messages, --json, --dry-run, options, environment. On the built bin.

const commands = ['push-runtime', 'pull-runtime', 'clean-runtime', 'check-sync'];
const deployed = () => {
  const sandbox = team();
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  return sandbox;
};

describe('wrong usage', () => {
  const table: readonly (readonly [words: string, message: RegExp, remedy: RegExp])[] = [
    ['nope', /unknown command 'nope'/, /syncline --help/],
    ['push', /unknown command 'push'/, /syncline --help/],
    ['push-runtime --nope', /unknown option '--nope'/, /syncline --help/],
    ['push-runtime --verbos', /unknown option '--verbos'/, /Did you mean --verbose\?/],
    ['check-sync --overwrite', /unknown option '--overwrite'/, /syncline --help/],
    ['pull-runtime --remove-only', /unknown option '--remove-only'/, /syncline --help/],
    ['push-runtime extra', /too many arguments/, /syncline --help/],
    ['push-runtime --repo', /option '--repo <dir>' argument missing/, /syncline --help/],
    ['push-runtime --home', /option '--home <dir>' argument missing/, /syncline --help/],
    ['push-runtime --client', /option '--client <name\.\.\.>' argument missing/, /syncline --help/],
    ['push-runtime --home --dry-run', /option --home needs a value, not "--dry-run"/, /--home <value>/],
    ['check-sync --repo --verbose', /option --repo needs a value, not "--verbose"/, /--repo <value>/],
    ['check-sync --client cursor', /unknown client "cursor"/, /codex, claude/],
    ['push-runtime --overwrite codex:nothing', /no unit is named "codex:nothing"/, /check-sync --verbose|Did you mean/],
    [
      'push-runtime --keep codex:config.toml#mcp_servers.tea',
      /no unit is named/,
      /"codex:config.toml#mcp_servers.team"/,
    ],
    [
      'push-runtime --overwrite codex:config.toml --keep codex:config.toml',
      /is named twice/,
      /Overwrite it or keep it/,
    ],
    ['push-runtime --repo nowhere', /there is no clients\/ folder here/, /--repo/],
  ];

  it.each([
    ['token', 'set', 'hub', `--value=${made(24, 1)}`],
    ['token', 'set', 'hub', '--value', made(24, 1)],
    ['token', 'set', 'hub', `--${shapedSecret(1)}`],
    [shapedSecret(1)],
  ])('shows no secret that was typed: %#', (...words) => {
    for (const form of [[], ['--json']]) {
      const ran = team().run([...words, ...form]);
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^error: unknown [\s\S]*syncline --help/);
      expectNoneIn(ran, [made(24, 1), shapedSecret(1)]);
    }
  });

  it('without any word shows the help', () => {
    const { code, err } = team().run([]);
    expect([code, err.match(/^\(.*/m)]).toEqual([2, null]);
    expect(err).toContain('Usage: syncline');
  });

  it.each(sampled(table))('%s', (words, message, remedy) => {
    const sandbox = team();
    const { code, out, err } = sandbox.run(words.split(' '));
    expect([code, out]).toEqual([2, '']);
    expect(err.match(/^error: /gm)).toHaveLength(1);
    expect(err).toMatch(message);
    expect(err).toMatch(remedy);
    expectNothingWritten(sandbox);
  });

  it.each(sampled(table, 1))('%s, with --json: one object and nothing else', (words, message, remedy) => {
    const sandbox = team();
    // Before the words, where --json would be the value of the last option.
    const list = words.split(' ');
    const { code, out, json } = sandbox.run(
      /--(?:repo|home|client)$/.test(words) ? [...list.slice(0, -1), '--json', ...list.slice(-1)] : [...list, '--json'],
    );
    expect(code).toBe(2);
    expect(out).toBe(`${JSON.stringify(json, null, 2)}\n`);
    expect(json).toMatchObject({ version: 1, exitCode: 2, inSync: false, units: [] });
    expect(json.command).toBe(commands.includes(list[0] as string) ? list[0] : '');
    expect(json.findings).toHaveLength(1);
    expect(json.findings[0]?.severity).toBe('error');
    expect(json.findings[0]?.message).toMatch(message);
    expect(json.findings[0]?.message).not.toContain('\n');
    expect(json.findings[0]?.remedy).toMatch(remedy);
    expectNothingWritten(sandbox);
  });

  it.each(commands)('%s outside of any repository says so', (command) => {
    const sandbox = makeSandbox();
    const ran = sandbox.run([command], { cwd: sandbox.home });
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain('no clients/ folder here or above');
    expect(ran.err).toContain('--repo');
    expectNothingWritten(sandbox);
  });

  it('no command at all prints the help and exits 2', () => {
    const ran = makeSandbox().run([]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain('Usage: syncline');
  });
});

describe('help', () => {
  it('--version prints the version of package.json', () => {
    for (const word of ['--version', '-V']) {
      expect(makeSandbox().run([word])).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
    }
  });

  it('--help names every command and a first step', () => {
    const { code, out, err } = makeSandbox().run(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const text of [...commands, 'Start with: syncline push-runtime --dry-run']) expect(out).toContain(text);
  });

  it.each(commands)('%s --help names the options, an example and the exit codes', (command) => {
    const { code, out, err } = makeSandbox().run([command, '--help']);
    expect([code, err]).toEqual([0, '']);
    const common = ['--repo', '--home', '--client', '--json', '--dry-run', '--verbose', '--no-color'];
    for (const text of [...common, `syncline ${command}`, 'Exit codes:']) expect(out).toContain(text);
    for (const exit of [0, 1, 2, 3]) expect(out).toMatch(new RegExp(`^ {2}${exit} {2}\\w`, 'm'));
    expect(makeSandbox().run(['help', command]).out).toBe(out);
  });

  it('shows the options of each command only there', () => {
    const help = (command: string) => makeSandbox().run([command, '--help']).out;
    for (const option of ['--overwrite', '--keep', '--take-over']) {
      expect(commands.filter((command) => help(command).includes(option))).toEqual(['push-runtime']);
    }
    for (const option of ['--yes', '--allow-powers']) {
      expect(commands.filter((command) => help(command).includes(option))).toEqual(['push-runtime', 'clean-runtime']);
    }
    expect(commands.filter((command) => help(command).includes('--remove-only'))).toEqual(['clean-runtime']);
    expect(commands.filter((command) => help(command).includes('--source-only'))).toEqual(['check-sync']);
  });
});

describe('a bug of our own', () => {
  const crashing = (sandbox: Sandbox) => {
    sandbox.write('crash.cjs', "require('node:fs').readdirSync = () => { throw new TypeError('a bug'); };\n");
    return { env: { NODE_OPTIONS: `--require ${join(sandbox.root, 'crash.cjs')}` } };
  };

  it.each(sampled(commands))('%s exits 2, asks for a report and says that nothing was written', (command) => {
    const sandbox = team();
    const { code, out, err } = sandbox.run([command], crashing(sandbox));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: Syncline itself failed: TypeError: a bug\n {4}at /);
    expect(err).toContain('This is a bug in Syncline; please report it');
    expect(err).toMatch(/Nothing was written\.\n$/);
    expectNothingWritten(sandbox);
  });

  it.each(sampled(commands, 1))('%s tells it in --json too', (command) => {
    const sandbox = team();
    const { code, json, err } = sandbox.run([command, '--json'], crashing(sandbox));
    expect([code, err]).toEqual([2, '']);
    expect(json).toMatchObject({ command, exitCode: 2, findings: [{ code: 'crash', severity: 'error' }] });
  });

  it('a reader that goes away, a full disk and a folder that is gone are no "differences" (exit 1)', () => {
    const sandbox = deployed();
    const shell = (script: string) => inShell(sandbox, script);
    expect(shell('"$NODE" "$BIN" check-sync --json --verbose | true; exit $PIPESTATUS')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(shell('"$NODE" "$BIN" check-sync > /dev/full').code).toBe(2);
    const gone = shell('mkdir ../gone && cd ../gone && rmdir ../gone && "$NODE" "$BIN" check-sync');
    expect(gone.code).toBe(2);
    expect(gone.err).not.toMatch(/^ +at /m);
  });

  it.each(['', '{', '[]', 'null', '{"version":1}', '{"version":1,"units":1,"files":[]}'])(
    'a record like %j is no bug but a finding',
    (text) => {
      const sandbox = deployed();
      const folder = 'home/.local/state/syncline/records';
      const names = readdirSync(join(sandbox.root, folder));
      for (const name of names) sandbox.write(`${folder}/${name}`, text);
      for (const command of [...commands, 'clean-runtime --remove-only']) {
        const { code, json } = sandbox.run([...command.split(' '), '--json']);
        const codes = json.findings.map((finding) => finding.code);
        expect([command, code, codes]).toEqual([command, 2, names.map(() => 'broken-record')]);
      }
    },
  );

  it('a state folder that cannot be is no bug but a finding', () => {
    const sandbox = team();
    sandbox.write('file', '');
    for (const command of commands) {
      const { code, json } = sandbox.run([command, '--json'], { env: { XDG_STATE_HOME: join(sandbox.root, 'file') } });
      expect([command, code, json.findings.map((finding) => finding.code)]).toEqual([command, 2, ['system-error']]);
    }
    expectNothingWritten(sandbox);
  });

  it('a client home below a file is no bug but a finding', () => {
    const sandbox = team();
    sandbox.write('file', '');
    for (const command of commands) {
      const { code, json } = sandbox.run([command, '--json'], { env: { CODEX_HOME: join(sandbox.root, 'file/x') } });
      expect([command, code]).toEqual([command, 2]);
      expect([...new Set(json.findings.map((finding) => finding.code))]).toEqual(['system-error']);
    }
    expectNothingWritten(sandbox);
  });
});

describe('--json', () => {
  const [outcomeKeys, unitKeys] = [
    ['version', 'command', 'exitCode', 'inSync', 'same', 'units', 'findings'],
    ['id', 'client', 'path', 'address', 'verdict', 'action', 'powers', 'guards'],
  ];

  it('has the shape of the design, in every state and for every command', () => {
    const sandbox = team();
    const words: readonly (readonly string[])[] = [
      ['check-sync'],
      ['push-runtime', '--dry-run'],
      ['push-runtime'],
      ['check-sync', '--verbose'],
      ['pull-runtime'],
      ['clean-runtime'],
      ['clean-runtime', '--remove-only'],
    ];
    for (const each of words) {
      const { code, out, err, json } = sandbox.run([...each, '--json']);
      expect([each, err]).toEqual([each, '']);
      expect(out).toBe(`${JSON.stringify(json, null, 2)}\n`);
      expect(Object.keys(json)).toEqual(outcomeKeys);
      expect(json).toMatchObject({ version: 1, command: each[0], exitCode: code });
      for (const unit of json.units) {
        expect(unitKeys).toEqual(expect.arrayContaining(Object.keys(unit)));
        expect(unit.id).toMatch(/^(?:codex|claude):/);
        expect(unit.id.startsWith(`${unit.client}:`)).toBe(true);
        expect(unit.path.startsWith(sandbox.home)).toBe(true);
        expect(unit.address === null ? !unit.id.includes('#') : unit.id.endsWith(`#${unit.address}`)).toBe(true);
      }
    }
  });

  it('counts the units that are the same and lists them only with --verbose', () => {
    const sandbox = deployed();
    const [short, long] = [
      sandbox.run(['check-sync', '--json']).json,
      sandbox.run(['check-sync', '--json', '--verbose']).json,
    ];
    expect(short).toMatchObject({ inSync: true, exitCode: 0, units: [] });
    expect(long.units.length).toBeGreaterThan(20);
    expect(long.units.every(({ verdict }) => verdict === 'same')).toBe(true);
    expect(sameOf(short)).toBe(long.units.length);
    expect(sameOf(long)).toBe(long.units.length);
  });

  it('names the powers with what they do, and no other value', () => {
    const { json, out } = team().run(['push-runtime', '--json']);
    const powers = (
      json.units as readonly { id: string; powers?: readonly { what: string; does: string }[] }[]
    ).flatMap(({ id, powers: own = [] }) => own.map(({ what, does }) => `${what} ${id} ${does}`));
    expect(powers).toContain('MCP server codex:config.toml#mcp_servers.team team runs team-server --stdio');
    expect(powers.some((power) => power.startsWith('hook claude:settings.json#hooks.SessionStart['))).toBe(true);
    expect(out).not.toContain('Speak plainly');
  });

  it('the last object of a run that stops on a conflict lists every conflict', () => {
    const sandbox = team();
    sandbox.write('home/.codex/config.toml', 'model_verbosity = "high"\n');
    sandbox.write('home/.claude/memories/global.md', 'theirs\n');
    const { code, json } = sandbox.run(['push-runtime', '--json']);
    const stops = json.units.filter(({ action }) => action === 'stop').map(({ id }) => id);
    expect([code, json.inSync, stops]).toEqual([
      3,
      false,
      ['codex:config.toml#model_verbosity', 'claude:memories/global.md'],
    ]);
  });
});

describe('the report', () => {
  it('names each unit, then the powers, and ends with restart and undo', () => {
    const sandbox = team();
    sandbox.write(
      'repo/clients/claude/settings-fragment.json',
      JSON.stringify({
        permissions: { allow: ['Bash(ls)'] },
        hooks: { Stop: [{ hooks: [{ type: 'command', command: 'true' }] }] },
      }),
    );
    const plan = sandbox.run(['push-runtime', '--dry-run']).out;
    expect(plan).toMatch(/^ {2}create [\s\S]*\n\nNew powers this run gives:\n(?: {2}\S.*\n)+\n/);
    const { out } = sandbox.run(['push-runtime']);
    const powers = out.slice(out.indexOf('New powers:\n'));
    for (const power of [
      'MCP server  codex:config.toml#mcp_servers.team',
      'MCP server  claude:.claude.json#mcpServers.team',
      'allowed permission  claude:settings.json#permissions.allow["Bash(ls)"]',
      'hook  claude:settings.json#hooks.Stop[',
    ]) {
      expect(powers).toContain(power);
    }
    expect(out).toContain('  created   codex:memories/global.md\n');
    expect(out).toMatch(/\n\d+ created\n/);
    const end = out.trimEnd().split('\n').slice(-4);
    expect(end[0]).toContain('Restart running agents');
    expect(end[1]).toBe('To take this run back: syncline restore');
    expect(end[2]).toContain('syncline uninstall');
    expect(statSync((end[3] as string).split(': ')[1] as string).isDirectory()).toBe(true);
  });

  it('a second push says in one line how many are the same, and no more', () => {
    expect(deployed().run(['push-runtime']).out).toMatch(/^\d+ same\nNothing had to be written\.\n$/);
  });

  it('--verbose lists the units that are the same too', () => {
    const sandbox = deployed();
    const id = 'codex:config.toml#mcp_servers.team';
    for (const command of commands) {
      expect([command, sandbox.run([command]).out.includes(id)]).toEqual([command, false]);
      expect([command, sandbox.run([command, '--verbose']).out.includes(id)]).toEqual([command, true]);
    }
  });

  it('names each unit that is not the same, with its verdict and its source', () => {
    const sandbox = deployed();
    edit(sandbox, 'home/.codex/config.toml', 'team-server', 'other-server');
    edit(sandbox, 'repo/clients/shared/memory/projects/site.md', 'static', 'dynamic');
    sandbox.write('home/.claude/skills/own/SKILL.md', 'mine\n');
    const { code, out } = sandbox.run(['check-sync']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^runtime-ahead +codex:config\.toml#mcp_servers\.team {2}\(clients\/codex\/config-fragment\.toml:12\)$/m,
    );
    expect(out).toMatch(
      /^source-ahead +codex:memories\/projects\/site\.md {2}\(clients\/shared\/memory\/projects\/site\.md\)$/m,
    );
    expect(out).toMatch(/^source-ahead +claude:memories\/projects\/site\.md/m);
    expect(out).toMatch(/^unmanaged +claude:skills\/own$/m);
    expect(out).toMatch(/^3 of \d+ units differ\.$/m);
  });

  it('a conflict is named with its file and both ways out', () => {
    const sandbox = team();
    sandbox.write('home/.codex/config.toml', 'model_verbosity = "high"\n');
    const before = snapshotWithTimes(sandbox.home);
    const { code, out } = sandbox.run(['push-runtime']);
    expect(code).toBe(3);
    expect(out).toContain('1 conflict; nothing was written.');
    expect(out).toContain(join(sandbox.home, '.codex/config.toml'));
    for (const way of ['overwrite', 'keep']) {
      expect(out).toContain(`syncline push-runtime --${way} 'codex:config.toml#model_verbosity'`);
    }
    expect(filesOnly(snapshotWithTimes(sandbox.home))).toEqual(filesOnly(before));
  });

  it('an edit that is left is named, with what to do, and exits 1', () => {
    const sandbox = deployed();
    edit(sandbox, 'home/.codex/config.toml', 'team-server', 'other-server');
    const { code, out } = sandbox.run(['push-runtime']);
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}kept +codex:config\.toml#mcp_servers\.team - edited or removed in the runtime/m);
    expect(out).toMatch(/1 unit still differs\.[\s\S]*--overwrite/);
  });

  it('what a report says to type next is about the home that it was about', () => {
    const sandbox = team();
    const trial = ['--home', join(sandbox.root, "a trial's")];
    const words = (line: string | undefined) =>
      line?.match(/'(?:[^']|'\\'')*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '').replace("'\\''", "'"));
    const { out } = sandbox.run(['push-runtime', ...trial]);
    const hint = words(/To take this run back: syncline (.*)/.exec(out)?.[1]);
    expect(hint).toEqual(['restore', ...trial]);
    expect(sandbox.run(hint as string[]).code).toBe(0);
    sandbox.write("a trial's/.codex/config.toml", 'model_verbosity = "high"\n');
    const conflict = sandbox.run(['push-runtime', ...trial, '--repo', sandbox.repo]);
    const settle = words(/take the repository's: +syncline (.*)/.exec(conflict.out)?.[1]);
    expect(settle).toEqual([
      'push-runtime',
      '--repo',
      sandbox.repo,
      ...trial,
      '--overwrite',
      'codex:config.toml#model_verbosity',
    ]);
    expect(sandbox.run(settle as string[]).code).toBe(0);
  });

  it('clean-runtime --remove-only names what it removed, the backup, and needs no repository', () => {
    const sandbox = deployed();
    const { code, out } = sandbox.run(['clean-runtime', '--remove-only'], { cwd: sandbox.home });
    expect(code).toBe(0);
    expect(out).toContain('  removed   codex:config.toml#mcp_servers.team\n');
    expect(out).toMatch(
      /\nRestart running agents.*\nTo take this run back: syncline restore\nThe files as they were before this run: \S+\n$/,
    );
    expect(sandbox.run(['clean-runtime', '--remove-only']).out).toBe('Nothing was deployed to these homes.\n');
  });
});

describe('--dry-run', () => {
  interface Case {
    readonly name: string;
    readonly exit: number;
    /** Where the run would show a diff: a line of it. */
    readonly diff?: string;
    prepare(): Sandbox;
  }
  const edited = () => {
    const sandbox = deployed();
    edit(sandbox, 'home/.codex/config.toml', 'team-server', 'other-server');
    return sandbox;
  };
  const conflicting = () => {
    const sandbox = edited();
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', 'team-server', 'third-server');
    return sandbox;
  };
  const malformed = () => {
    const sandbox = deployed();
    sandbox.write('home/.claude/settings.json', '{');
    return sandbox;
  };
  const cases: readonly Case[] = [
    { name: 'a first push', exit: 0, diff: '+command = "team-server"', prepare: team },
    { name: 'a push with nothing to do', exit: 0, prepare: deployed },
    { name: 'an edit in the runtime', exit: 1, diff: '-command = "other-server"', prepare: edited },
    { name: 'a file that does not parse', exit: 2, prepare: malformed },
    { name: 'a conflict', exit: 3, diff: '+command = "third-server"', prepare: conflicting },
  ];

  it.each(cases)('$name: writes nothing at all, shows diffs, exits as the real run', ({ exit, diff, prepare }) => {
    const sandbox = prepare();
    const before = snapshotWithTimes(sandbox.root);
    const dry = sandbox.run(['push-runtime', '--dry-run']);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
    expect(dry.code).toBe(exit);
    expect(sandbox.run(['push-runtime', '--dry-run', '--json']).json.exitCode).toBe(exit);
    expect(/^--- .*\n\+\+\+ .*\n@@ /m.test(dry.out)).toBe(diff !== undefined);
    if (diff) expect(dry.out.split('\n')).toContain(diff);
    expect(sandbox.run(['push-runtime']).code).toBe(exit);
  });

  it.each([
    ['clean-runtime'],
    ['clean-runtime', '--remove-only'],
    ['pull-runtime'],
    ['check-sync'],
    ['push-runtime', '--overwrite'],
    ['push-runtime', '--keep'],
  ])('%s %s: the same', (...words) => {
    const sandbox = edited();
    const before = snapshotWithTimes(sandbox.root);
    const dry = sandbox.run([...words, '--dry-run']);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
    expect(dry.out).not.toMatch(/^(?: {2}(?:created|updated|removed)|Restart)/m);
    expect(sandbox.run(words).code).toBe(dry.code);
  });

  it('does not even make the state folder', () => {
    const sandbox = team();
    for (const command of commands) sandbox.run([command, '--dry-run']);
    expect(readdirSync(sandbox.home)).toEqual([]);
  });

  it('check-sync --verbose shows what differs, as a diff', () => {
    const sandbox = edited();
    const before = snapshotWithTimes(sandbox.root);
    const { code, out } = sandbox.run(['check-sync', '--verbose']);
    expect(code).toBe(1);
    expect(out).toContain(
      '--- codex:config.toml#mcp_servers.team\tclient\n+++ codex:config.toml#mcp_servers.team\trepository\n@@ -1,4 +1,4 @@\n [mcp_servers.team]\n-command = "other-server"\n+command = "team-server"\n',
    );
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });
});

describe('secrets in the files of the user', () => {
  const shaped = Array.from({ length: 6 }, (_, salt) => shapedSecret(salt));
  const placed = Array.from({ length: 8 }, (_, salt) => `${made(9, salt)}-${made(11, salt + 1)}`);
  const words = Array.from({ length: 4 }, (_, salt) => `quiet-${['garden', 'window', 'harbour', 'meadow'][salt]}-word`);
  const all = [...shaped, ...placed, ...words];

  /** A home whose files hold secrets of every kind, right beside what is ours. */
  const fill = (sandbox: Sandbox) => {
    sandbox.write(
      'home/.codex/config.toml',
      `model = "mine"
model_verbosity = "high"

[mcp_servers.team]
command = "theirs"
args = ["--token", "${placed[0]}", "--api-key=${placed[1]}"]
env = { PASS = "${words[0]}", OTHER = "${shaped[0]}" }

[mcp_servers.mine]
url = "https://mcp.example/mine?access_token=${placed[2]}"
bearer_token = "${words[1]}"

[mcp_servers.mine.http_headers]
Authorization = "Bearer ${placed[3]}"
X-Team = "${words[2]}"

[shell_environment_policy.set]
SERVICE_PASSWORD = "${placed[4]}"
`,
    );
    const server = {
      command: 'theirs',
      args: ['-k', shaped[1], '--password', placed[5]],
      env: { PASS: words[3], DEEP: placed[6] },
      headers: { Authorization: `Bearer ${shaped[2]}` },
    };
    const account = { oauthAccount: { accessToken: placed[7] }, primaryApiKey: shaped[3] };
    sandbox.write(
      'home/.claude.json',
      JSON.stringify({ ...account, mcpServers: { team: server, mine: server } }, null, 2),
    );
    sandbox.write('home/.claude/settings.json', JSON.stringify({ env: { TEAM_MODE: 'off', KEY: shaped[4] } }, null, 2));
    sandbox.write('home/.codex/AGENTS.md', `My key is ${shaped[5]}\n`);
    sandbox.write('home/.claude/skills/own/SKILL.md', `curl -H "Authorization: Bearer ${shaped[2]}"\n`);
    sandbox.write('home/.codex/memories/global.md', `token ${shaped[1]}\n`);
  };

  it.each([
    ['push-runtime'],
    ['push-runtime', '--verbose'],
    ['push-runtime', '--dry-run'],
    ['push-runtime', '--dry-run', '--overwrite'],
    ['push-runtime', '--dry-run', '--keep', '--verbose'],
    ['push-runtime', '--json', '--verbose'],
    ['clean-runtime', '--dry-run'],
    ['check-sync', '--verbose'],
    ['check-sync', '--verbose', '--json'],
    ['pull-runtime', '--verbose'],
  ])('%s %s %s %s prints none', (...command) => {
    const sandbox = team();
    fill(sandbox);
    const ran = sandbox.run(command.filter((word) => word !== undefined));
    expect(ran.code).not.toBe(2);
    expectNoneIn(ran, all);
  });

  it('none is printed by the run that overwrites, and none by the clean after it', () => {
    const sandbox = team();
    fill(sandbox);
    expectNoneIn(sandbox.run(['push-runtime', '--overwrite', '--verbose']), all);
    edit(sandbox, 'home/.codex/config.toml', 'team-server', words[0] as string);
    expectNoneIn(sandbox.run(['clean-runtime', '--dry-run', '--verbose']), all.slice(0, -4));
    expectNoneIn(sandbox.run(['clean-runtime', '--remove-only', '--verbose']), all.slice(0, -4));
  });

  it('none is in what pull-runtime copies, and the same runtime gives the same bytes', () => {
    const sandbox = team();
    fill(sandbox);
    expect(sandbox.run(['pull-runtime']).code).toBe(0);
    const first = snapshot(join(sandbox.repo, 'clients'));
    const files = readdirSync(join(sandbox.repo, 'clients'), { recursive: true, encoding: 'utf8' });
    const pulled = files.filter((name) => /^(?:codex|claude)\/pulled\/.*\.\w+$/.test(name));
    expect(pulled.length).toBeGreaterThan(3);
    for (const name of pulled) expectNoneIn(readFileSync(join(sandbox.repo, 'clients', name), 'utf8'), all);
    expect(sandbox.read('repo/clients/codex/pulled/config-fragment.toml')).toContain('<redacted>');
    expect(sandbox.run(['pull-runtime']).code).toBe(0);
    expect(snapshot(join(sandbox.repo, 'clients'))).toEqual(first);
  });

  it('a file that does not parse is named by line and column, never quoted', () => {
    const sandbox = team();
    sandbox.write('home/.codex/config.toml', `a = 1\nkey = "${shaped[0]}" ${placed[0]}\n`);
    sandbox.write('home/.claude.json', `{\n  "key": "${shaped[1]}" "${placed[1]}"\n}\n`);
    for (const command of commands) {
      const ran = sandbox.run([command]);
      expect([command, ran.code]).toEqual([command, 2]);
      expect(ran.err).toMatch(/config\.toml:2:\d+: /);
      expect(ran.err).toMatch(/\.claude\.json:2:\d+: /);
      expectNoneIn(ran, all);
      expectNoneIn(sandbox.run([command, '--json']), all);
    }
  });
});

describe('colour', () => {
  it('there is none without a terminal, even if the environment asks for it', () => {
    const env = { FORCE_COLOR: '3', CLICOLOR_FORCE: '1', COLORTERM: 'truecolor', TERM: 'xterm-256color' };
    const sandbox = team();
    for (const words of [
      ['check-sync', '--verbose'],
      ['push-runtime', '--dry-run'],
      ['nope'],
      ['--help'],
      ['push-runtime', '--client', 'x'],
    ]) {
      const { out, err } = sandbox.run(words, { env });
      expect([words, (out + err).includes('\u001b')]).toEqual([words, false]);
    }
  });
});

describe('--client', () => {
  it('reads and writes only the clients that are named', () => {
    const sandbox = team();
    sandbox.write('home/.claude/settings.json', '{ broken');
    sandbox.write('repo/clients/claude/mcp-fragment.json', '{ broken');
    const before = snapshotWithTimes(join(sandbox.home, '.claude'));
    const { code, json } = sandbox.run(['push-runtime', '--client', 'codex', '--json']);
    expect([code, [...new Set(json.units.map(({ client }) => client))]]).toEqual([0, ['codex']]);
    expect(snapshotWithTimes(join(sandbox.home, '.claude'))).toEqual(before);
    expect(sandbox.exists('home/.claude.json')).toBe(false);
    expect(sandbox.run(['check-sync', '--client', 'codex']).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(2);
  });

  it('takes several names, and removes only what it is told', () => {
    const sandbox = team();
    expect(sandbox.run(['push-runtime', '--client', 'codex', 'claude', '--json']).json.inSync).toBe(true);
    expect(sandbox.run(['clean-runtime', '--remove-only', '--client', 'claude']).code).toBe(0);
    expect(readdirSync(sandbox.home).sort()).toEqual(['.codex', '.local']);
    expect(sandbox.run(['check-sync', '--client', 'codex']).code).toBe(0);
    expect(sandbox.run(['check-sync', '--client', 'claude']).code).toBe(3);
  });
});

describe('where the repository is', () => {
  it('is found from every folder below it', () => {
    const sandbox = deployed();
    mkdirSync(join(sandbox.repo, 'deep/er'), { recursive: true });
    for (const folder of ['clients', 'clients/shared/skills/greet', 'deep/er']) {
      expect(sandbox.run(['check-sync'], { cwd: join(sandbox.repo, folder) }).code).toBe(0);
    }
  });

  it('is what --repo says, from anywhere, absolute or relative', () => {
    const sandbox = deployed();
    for (const repo of [sandbox.repo, '../repo', '../repo/']) {
      expect(sandbox.run(['check-sync', '--repo', repo], { cwd: sandbox.home }).code).toBe(0);
    }
    writeTeamSource(sandbox, 'other');
    edit(sandbox, 'other/clients/shared/memory/global.md', 'plainly', 'loudly');
    expect(sandbox.run(['check-sync', '--repo', '../other', '--source-only'], { cwd: sandbox.repo }).code).toBe(0);
    const { code, err } = sandbox.run(['push-runtime', '--repo', '../other'], { cwd: sandbox.repo });
    expect(code).toBe(2);
    expect(err).toContain('--take-over');
  });

  it('a link to it is the same repository', () => {
    const sandbox = deployed();
    sandbox.link('link', 'repo');
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'link')], { cwd: sandbox.home }).code).toBe(0);
  });
});

describe('where the homes are', () => {
  it('CODEX_HOME, CLAUDE_CONFIG_DIR and XDG_STATE_HOME are honoured, and HOME stays empty', () => {
    const sandbox = team();
    const at = (name: string) => join(sandbox.root, 'moved', name);
    const env = { CODEX_HOME: at('codex'), CLAUDE_CONFIG_DIR: at('claude'), XDG_STATE_HOME: at('state') };
    expect(sandbox.run(['push-runtime'], { env }).code).toBe(0);
    expect(readdirSync(sandbox.home)).toEqual([]);
    expect(readdirSync(at('codex')).sort()).toEqual([
      'AGENTS.md',
      'config.toml',
      'fast.config.toml',
      'memories',
      'skills',
    ]);
    expect(readdirSync(at('claude')).sort()).toEqual([
      '.claude.json',
      'CLAUDE.md',
      'memories',
      'settings.json',
      'skills',
    ]);
    expect(readdirSync(at('state'))).toEqual(['syncline']);
    expect(sandbox.read('moved/codex/AGENTS.md')).toContain(`Skills are in ${at('codex')}/skills.`);
    expect(sandbox.run(['check-sync'], { env }).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(3);
    expect(sandbox.run(['clean-runtime', '--remove-only'], { env }).code).toBe(0);
    expect(readdirSync(join(sandbox.root, 'moved'))).toEqual(['state']);
  });

  it('--home stands for all of them', () => {
    const sandbox = team();
    const env = { CODEX_HOME: '/nowhere/c', CLAUDE_CONFIG_DIR: '/nowhere/d', XDG_STATE_HOME: '/nowhere/s' };
    expect(sandbox.run(['push-runtime', '--home', '../trial'], { env }).code).toBe(0);
    expect(readdirSync(join(sandbox.root, 'trial')).sort()).toEqual(['.claude', '.claude.json', '.codex', '.local']);
    expect(readdirSync(sandbox.home)).toEqual([]);
    expect(sandbox.run(['check-sync', '--home', join(sandbox.root, 'trial')]).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(3);
  });

  it('a home that does not exist is created, its files readable by the user only', () => {
    const sandbox = team();
    const home = join(sandbox.root, 'not/yet/there');
    expect(sandbox.run(['push-runtime'], { env: { HOME: home } }).code).toBe(0);
    for (const file of ['.codex/config.toml', '.claude/settings.json', '.claude.json']) {
      expect([file, (statSync(join(home, file)).mode & 0o777).toString(8)]).toEqual([file, '600']);
    }
    expect(statSync(join(home, '.codex/skills/greet/scripts/greet.sh')).mode & 0o111).toBe(0o111);
  });
});

describe('content', () => {
  const source: Readonly<Record<string, string>> = {
    'shared/vars.toml': 'team = "blue"\nroom = 12\n',
    'claude/vars.toml': 'room = "13"\n',
    'shared/skills/inject.md': 'Report {{skill.name}} to {{var.room}}.\n',
    'shared/skills/greet/SKILL.md':
      '---\ndescription: Greets.\n---\nHello {{var.team}} from {{client.name}} {{other}}.\n',
    'shared/skills/greet/notes.md': 'shared notes\n',
    'codex/skills/greet/notes.md': 'notes for {{skill.name}} in {{path.skills}}\n',
    'claude/skills/only/SKILL.md': '---\ndescription: Only here.\n---\nHi.\n',
    'shared/memory/global.md': '# Global\n\nRoom {{var.room}}, {{client.home}}.\n',
    'shared/memory/projects/a.md': '# Project A\n\n{{path.memory}}\n',
    'claude/memory/projects/a.md': '# Project A for Claude\n',
    'codex/instructions.md': 'You are {{client.name}}.\n',
    'claude/instructions.md': 'You are {{client.name}}, {{var.team}}.\n',
  };
  const withContent = () => {
    const sandbox = makeSandbox();
    for (const [path, text] of Object.entries(source)) sandbox.write(`repo/clients/${path}`, text);
    return sandbox;
  };

  it('tokens, variables, the injection and overlays come out right for each client', () => {
    const sandbox = withContent();
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const { home } = sandbox;
    const skill = (name: string, room: number) =>
      `---\ndescription: Greets.\n---\n<!-- >>> syncline inject >>> -->\nReport greet to ${room}.\n<!-- <<< syncline inject <<< -->\nHello blue from ${name} {{other}}.\n`;
    expect(sandbox.read('home/.codex/skills/greet/SKILL.md')).toBe(skill('Codex', 12));
    expect(sandbox.read('home/.claude/skills/greet/SKILL.md')).toBe(skill('Claude Code', 13));
    expect(sandbox.read('home/.codex/skills/greet/notes.md')).toBe(`notes for greet in ${home}/.codex/skills\n`);
    expect(sandbox.read('home/.claude/skills/greet/notes.md')).toBe('shared notes\n');
    expect(sandbox.exists('home/.codex/skills/only')).toBe(false);
    expect(sandbox.exists('home/.claude/skills/only/SKILL.md')).toBe(true);
    expect(sandbox.exists('home/.codex/skills/inject.md')).toBe(false);
    expect(sandbox.read('home/.codex/memories/global.md')).toBe(`# Global\n\nRoom 12, ${home}/.codex.\n`);
    expect(sandbox.read('home/.claude/memories/global.md')).toBe(`# Global\n\nRoom 13, ${home}/.claude.\n`);
    expect(sandbox.read('home/.codex/memories/projects/a.md')).toBe(`# Project A\n\n${home}/.codex/memories\n`);
    expect(sandbox.read('home/.claude/memories/projects/a.md')).toBe('# Project A for Claude\n');
    const [agents, claude] = [sandbox.read('home/.codex/AGENTS.md'), sandbox.read('home/.claude/CLAUDE.md')];
    expect(agents).toContain('You are Codex.\n');
    expect(agents).toContain(`Room 12, ${home}/.codex.`);
    expect(agents).toContain('projects/a.md: Project A\n');
    expect(claude).toContain('You are Claude Code, blue.\n');
    expect(claude).toContain('@memories/global.md\n');
    expect(claude).toContain('projects/a.md: Project A for Claude\n');
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it('pull-runtime takes the injection out again', () => {
    const sandbox = withContent();
    sandbox.run(['push-runtime']);
    expect(sandbox.run(['pull-runtime']).code).toBe(0);
    expect(sandbox.read('repo/clients/codex/pulled/skills/greet/SKILL.md')).toBe(
      '---\ndescription: Greets.\n---\nHello blue from Codex {{other}}.\n',
    );
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it('a new value of a variable reaches every file that names it, and no other', () => {
    const sandbox = withContent();
    sandbox.run(['push-runtime']);
    sandbox.write('repo/clients/shared/vars.toml', 'team = "green"\nroom = 12\n');
    const { json } = sandbox.run(['push-runtime', '--json']);
    expect(json.units.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'update codex:skills/greet/SKILL.md',
      'update claude:CLAUDE.md#block',
      'update claude:skills/greet/SKILL.md',
    ]);
  });
});

describe('repositories', () => {
  const commit = (folder: string) => {
    git(folder, 'add', '-A');
    git(folder, 'commit', '--allow-empty', '-qm', 'x');
  };
  const records = (sandbox: Sandbox) => {
    const folder = join(sandbox.home, '.local/state/syncline/records');
    return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  };

  it('the record names the root commit and the last one; a clone elsewhere is the same repository', () => {
    const sandbox = team();
    git(sandbox.repo, 'init', '-q');
    commit(sandbox.repo);
    const root = git(sandbox.repo, 'rev-parse', 'HEAD');
    commit(sandbox.repo);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const last = git(sandbox.repo, 'rev-parse', 'HEAD');
    expect(records(sandbox).map(({ repository }) => [repository.id, repository.commit])).toEqual([
      [root, last],
      [root, last],
    ]);
    git(sandbox.root, 'clone', '-q', sandbox.repo, 'clone');
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'clone')]).code).toBe(0);
  });

  it('one without commits is the same after its first commit, also from another clone from then on', () => {
    const sandbox = team();
    git(sandbox.repo, 'init', '-q');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    commit(sandbox.repo);
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    git(sandbox.root, 'clone', '-q', sandbox.repo, 'clone');
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'clone')]).code).toBe(0);
  });

  it('another repository with the same content is refused, and takes over when told', () => {
    const sandbox = deployed();
    cpSync(sandbox.repo, join(sandbox.root, 'other'), { recursive: true });
    const other = ['--repo', join(sandbox.root, 'other')];
    const before = snapshotWithTimes(sandbox.home);
    for (const command of ['push-runtime', 'clean-runtime', 'check-sync']) {
      const { code, err } = sandbox.run([command, ...other]);
      expect([command, code]).toEqual([command, 2]);
      expect(err).toContain(sandbox.repo);
      expect(err).toContain('--take-over');
    }
    expect(filesOnly(snapshotWithTimes(sandbox.home))).toEqual(filesOnly(before));
    expect(sandbox.run(['push-runtime', '--take-over', ...other]).code).toBe(0);
    expect(sandbox.run(['check-sync', ...other]).code).toBe(0);
    expect(sandbox.run(['push-runtime']).code).toBe(2);
  });

  it("git's own variables, as a hook of another repository has them, do not make it that one", () => {
    const sandbox = team();
    writeTeamSource(sandbox, 'other');
    for (const name of ['repo', 'other']) {
      git(join(sandbox.root, name), 'init', '-q');
      sandbox.write(`${name}/name`, name);
      commit(join(sandbox.root, name));
    }
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const env = { GIT_DIR: join(sandbox.repo, '.git'), GIT_WORK_TREE: sandbox.repo };
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'other')], { env }).code).toBe(2);
  });

  it('clients/syncline.toml tells who it is, whatever git and the path say', () => {
    const sandbox = team();
    sandbox.write('repo/clients/syncline.toml', 'id = "team-agents"\n');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(records(sandbox).map(({ repository }) => repository.id)).toEqual(['team-agents', 'team-agents']);
    cpSync(sandbox.repo, join(sandbox.root, 'other'), { recursive: true });
    git(join(sandbox.root, 'other'), 'init', '-q');
    commit(join(sandbox.root, 'other'));
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'other')]).code).toBe(0);
    sandbox.write('other/clients/syncline.toml', 'id = "others"\n');
    expect(sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'other')]).code).toBe(2);
  });

  it('what ships deploys into an empty home and is in sync', () => {
    const sandbox = makeSandbox(shippedRepository);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.run(['check-sync']).out).toMatch(/^In sync: \d+ units are equal on both sides\.\n$/);
  });
});

/** A run in bash, for what a pipe and a redirection do; `$NODE` and `$BIN` are the built bin. */
function inShell({ home, repo }: Sandbox, script: string): Pick<Ran, 'code' | 'err'> {
  const bin = join(import.meta.dirname, '../dist/syncline.cjs');
  const env = { PATH: '/usr/bin:/bin', HOME: home, NODE: process.execPath, BIN: bin };
  const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: repo, env, encoding: 'utf8' });
  return { code: status, err: stderr };
}

function sameOf(outcome: object): unknown {
  return (outcome as { same?: unknown }).same;
}

/** Neither home nor repository has a file more; an empty state folder is what the run lock leaves. */
function expectNothingWritten({ home, repo }: Sandbox): void {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)).toEqual([]);
  expect(readdirSync(home).filter((name) => name !== '.local')).toEqual([]);
  expect(readdirSync(repo)).toEqual(['clients']);
}

/** The run lock comes and goes in the state folder, so times of folders say nothing. */
function filesOnly(nodes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).filter(([, node]) => !node.startsWith('folder')));
}
