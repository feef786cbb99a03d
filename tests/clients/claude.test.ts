import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { richClaudeJson, richInstructions, richSettings } from '../support/claude-home.ts';
import { isAbsent, runClaude } from '../support/clients.ts';
import { makeSandbox, type Sandbox, shippedRepository } from '../support/sandbox.ts';
import { writeTeamSource } from '../support/team-source.ts';
import { snapshotWithTimes } from '../support/watch.ts';

/** The real Claude Code, offline and without a login: it reads what we deploy, and we live with how it rewrites its files. */
type Json = Record<string, unknown>;
type Servers = Record<string, Json>;

/** Answers the first questions of an MCP client, so that the server counts as connected. */
const tinyServer = `
const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
let buffer = '';
process.stdin.on('data', (chunk) => {
  buffer += chunk;
  for (let end = buffer.indexOf('\\n'); end >= 0; end = buffer.indexOf('\\n')) {
    const { id, method, params } = JSON.parse(buffer.slice(0, end));
    buffer = buffer.slice(end + 1);
    if (method === 'initialize') {
      const serverInfo = { name: 'tiny', version: '1' };
      answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
    } else if (method === 'tools/list') answer(id, { tools: [] });
    else if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }));
  }
});
`;

/** Nothing answers there, on any machine. */
const nowhere = 'http://127.0.0.1:9/mcp';

interface Place {
  readonly sandbox: Sandbox;
  readonly servers: string;
  readonly settings: string;
  /** What the team deploys, by server name. */
  readonly ours: Servers;
  run: Sandbox['run'];
  claude(...words: string[]): { code: number | null; out: string; err: string };
}

/** A rich home and a team's repository; with `moved`, Claude's files all stand in CLAUDE_CONFIG_DIR. */
function arranged(moved: boolean): Place {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('tiny-server.cjs', tinyServer);
  const ours = {
    team: { command: process.execPath, args: [join(sandbox.root, 'tiny-server.cjs')], env: { TEAM_PORT: '4000' } },
    web: { type: 'http', url: nowhere },
  };
  sandbox.write('repo/clients/claude/mcp-fragment.json', JSON.stringify({ mcpServers: ours }));
  const folder = moved ? 'config' : 'home/.claude';
  const servers = moved ? 'config/.claude.json' : 'home/.claude.json';
  sandbox.write(servers, richClaudeJson().replace('https:\\/\\/mine.example\\/mcp', nowhere), 0o600);
  sandbox.write(`${folder}/settings.json`, richSettings);
  sandbox.write(`${folder}/CLAUDE.md`, richInstructions);
  sandbox.write('home/work/readme.md', 'A project.\n');
  const env: Record<string, string> = moved ? { CLAUDE_CONFIG_DIR: join(sandbox.root, 'config') } : {};
  return {
    ...{ sandbox, servers, settings: `${folder}/settings.json`, ours },
    run: (words) => sandbox.run([...words, '--client', 'claude'], { env }),
    claude: (...words) => runClaude(sandbox.home, words, join(sandbox.home, 'work'), env),
  };
}

function valuesIn({ sandbox }: Place, path: string): Json {
  const { _syncline, ...values } = JSON.parse(sandbox.read(path)) as Json;
  return values;
}

interface InitLine {
  readonly type: string;
  readonly subtype: string;
  readonly mcp_servers: readonly { readonly name: string; readonly status: string }[];
  readonly skills: readonly string[];
}

/** The `init` line that `claude -p` prints before it asks for a login; only our own hook at the start may come before it. */
function initLine(place: Place): InitLine {
  const { out } = place.claude('-p', 'x', '--output-format', 'stream-json', '--verbose');
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const init = lines
    .map((line) => JSON.parse(line) as InitLine)
    .find(({ type, subtype }) => type === 'system' && subtype === 'init');
  expect(init).toBeDefined();
  return init as InitLine;
}

/** Each of these makes Claude rewrite one of its files, as people do every day. */
const habits: readonly string[][] = [
  ['mcp', 'list'],
  ['mcp', 'add', '-s', 'user', 'other', '--', 'x', '-y'],
  ['mcp', 'add-json', '-s', 'user', 'third', JSON.stringify({ type: 'http', url: nowhere })],
  ['mcp', 'remove', '-s', 'user', 'third'],
  ['plugin', 'disable', 'cc-plugin-agents-md@builtin'],
  ['plugin', 'enable', 'cc-plugin-agents-md@builtin'],
];

/** Both sides equal, and a push changes no value; the one after that writes nothing. */
function expectAtPeace(place: Place): void {
  const before = [valuesIn(place, place.servers), valuesIn(place, place.settings)];
  expect(place.run(['check-sync'])).toMatchObject({ code: 0 });
  expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
  expect([valuesIn(place, place.servers), valuesIn(place, place.settings)]).toEqual(before);
  const once = deployed(place);
  expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
  expect(deployed(place)).toEqual(once);
}

/** What Syncline writes, with times; Claude's own folders are left out, it may still be busy there. */
function deployed({ sandbox }: Place): Record<string, string> {
  const written = /\.claude\.json$|settings\.json$|CLAUDE\.md$|\/memories\/|\/skills\/|\.local\//;
  return Object.fromEntries(Object.entries(snapshotWithTimes(sandbox.root)).filter(([name]) => written.test(name)));
}

const mine = {
  mine: { command: 'mine', args: ['-y', 'mine'], env: { A: '1' } },
  'with space': { type: 'http', url: nowhere, customKey: 100 },
};

/** What the user had in `settings.json`, and what the team added. */
const rules = ['Read(./.env)', 'Bash(rm:*)', 'Read(./secrets/**)'];

describe.skipIf(isAbsent('claude'))('the real Claude Code', () => {
  it.each([
    ['in ~', false],
    ['in CLAUDE_CONFIG_DIR', true],
  ])('sees our servers and skills beside those of the user, %s', (_, moved) => {
    const place = arranged(moved);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    const { mcp_servers: servers, skills } = initLine(place);
    expect(servers.map(({ name }) => name).sort()).toEqual(['mine', 'team', 'web', 'with space']);
    expect(servers.find(({ name }) => name === 'team')?.status).toBe('connected');
    expect(skills).toContain('greet');
    const { out } = place.claude('doctor');
    expect(out).toContain('Claude Code doctor');
    expect(out).not.toContain('Invalid settings');
    expectAtPeace(place);
  });

  it('finds nothing to complain about in what Syncline ships', () => {
    const sandbox = makeSandbox(shippedRepository);
    expect(sandbox.run(['push-runtime', '--client', 'claude'])).toMatchObject({ code: 0 });
    sandbox.write('home/work/readme.md', 'A project.\n');
    const claude = (...words: string[]) => runClaude(sandbox.home, words, join(sandbox.home, 'work'));
    expect(claude('doctor').out).not.toContain('Invalid settings');
    const { out, err } = claude('mcp', 'list');
    expect(out + err).not.toMatch(/diagnostics|warning|skipped/i);
    expect(sandbox.run(['check-sync', '--client', 'claude'])).toMatchObject({ code: 0 });
  });

  it.each([
    ['in ~', false],
    ['in CLAUDE_CONFIG_DIR', true],
  ])('rewrites its files, and both sides stay equal; clean leaves the values of the user, %s', (_, moved) => {
    const place = arranged(moved);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    for (const words of habits) {
      expect({ words, ...place.claude(...words) }).toMatchObject({ words, code: 0 });
      expectAtPeace(place);
    }
    const other = { type: 'stdio', command: 'x', args: ['-y'], env: {} };
    expect(valuesIn(place, place.servers).mcpServers).toEqual({ ...mine, ...place.ours, other });
    expect(valuesIn(place, place.settings).permissions).toMatchObject({ deny: rules });
    expectCleaned(place, { ...mine, other });
  });

  it('rewrites its files, and the record is lost: what _syncline lists is ours, the rest is found', () => {
    const place = arranged(false);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    for (const words of habits.slice(0, 5)) expect(place.claude(...words).code).toBe(0);
    place.sandbox.remove('home/.local');
    expectAtPeace(place);
    // Without the record nobody knows who made the list around our hook, so it stays, empty.
    expectCleaned(
      place,
      { ...mine, other: { type: 'stdio', command: 'x', args: ['-y'], env: {} } },
      { SessionStart: [] },
    );
  });

  it('removes our server: push leaves that and exits 1, --overwrite brings it back', () => {
    const place = arranged(false);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(place.claude('mcp', 'remove', '-s', 'user', 'team').code).toBe(0);
    const { code, out } = place.run(['check-sync']);
    expect([code, out]).toEqual([1, expect.stringContaining('runtime-ahead  claude:.claude.json#mcpServers.team')]);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 1 });
    expect(valuesIn(place, place.servers).mcpServers).toEqual({ ...mine, web: place.ours.web });
    expect(place.run(['push-runtime', '--overwrite', 'claude:.claude.json#mcpServers.team'])).toMatchObject({
      code: 0,
    });
    expect(initLine(place).mcp_servers.map(({ name }) => name)).toContain('team');
    expectAtPeace(place);
  });

  it('rewrites its files between two sources: what goes from ours goes, what comes comes, the rest stays', () => {
    const place = arranged(false);
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    for (const words of habits.slice(0, 5)) expect(place.claude(...words).code).toBe(0);
    const docs = { command: 'docs' };
    place.sandbox.write(
      'repo/clients/claude/mcp-fragment.json',
      JSON.stringify({ mcpServers: { web: place.ours.web, docs } }),
    );
    place.sandbox.write(
      'repo/clients/claude/settings-fragment.json',
      JSON.stringify({ permissions: { deny: ['Read(./new)'] } }),
    );
    const { permissions, hooks, env, cleanupPeriodDays, ...rest } = valuesIn(place, place.settings);
    expect([env, cleanupPeriodDays]).toMatchObject([{ EDITOR: 'vi', TEAM_MODE: 'on' }, 40]);
    const { TEAM_MODE, ...ownEnv } = env as Json;
    expect(place.run(['push-runtime'])).toMatchObject({ code: 0 });
    const other = { type: 'stdio', command: 'x', args: ['-y'], env: {} };
    expect(valuesIn(place, place.servers).mcpServers).toEqual({ ...mine, web: place.ours.web, docs, other });
    const { PostToolUse } = hooks as Json;
    const deny = ['Read(./.env)', 'Bash(rm:*)', 'Read(./new)'];
    const expected = {
      ...rest,
      permissions: { ...(permissions as Json), deny },
      hooks: { PostToolUse },
      env: ownEnv,
    };
    expect(valuesIn(place, place.settings)).toEqual(expected);
    expectAtPeace(place);
  });
});

/** After `clean --remove-only` the files hold just what they held, less what the team had added. */
function expectCleaned(place: Place, servers: Servers, emptyHooks: Json = {}): void {
  const claude = valuesIn(place, place.servers);
  const { cleanupPeriodDays, ...settings } = valuesIn(place, place.settings);
  const { TEAM_MODE, ...env } = settings.env as Json;
  const { PostToolUse } = settings.hooks as Json;
  expect([cleanupPeriodDays, TEAM_MODE, env.EDITOR]).toEqual([40, 'on', 'vi']);
  expect(place.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
  const [claudeNow, settingsNow] = [place.servers, place.settings].map((path) => JSON.parse(place.sandbox.read(path)));
  expect(claudeNow).toEqual({ ...claude, mcpServers: servers });
  const permissions = { ...(settings.permissions as Json), deny: rules.slice(0, 2) };
  expect(settingsNow).toEqual({ ...settings, permissions, hooks: { PostToolUse, ...emptyHooks }, env });
}
