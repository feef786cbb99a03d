import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isReservedServer } from '../../src/adapters/claude/refusals.ts';
import { claudeServers } from '../../src/adapters/claude/servers.ts';
import type { HeadersHelper, SharedFragment } from '../../src/adapters/client.ts';
import { codexServers } from '../../src/adapters/codex/servers.ts';
import type { Format } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json/json.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { canonical, type Table, type Value } from '../../src/model/value.ts';
import { askAppServer, isAbsent, runClaude, runCodex } from '../support/clients.ts';
import { exampleHelper, goldenFolder, goldenValues, isWithoutErrors, serversIn } from '../support/golden-servers.ts';
import { type RecordingServer, startRecordingServer, stdioRecorder } from '../support/recording-servers.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** The real clients read what becomes of `clients/shared/mcp.json`, and start and call the servers in it. */
const kinds = readdirSync(goldenFolder).sort();
const codexFile = 'home/.codex/config.toml';
const claudeFile = 'home/.claude.json';

/** The text of a client's file that holds those entries and nothing else. */
function fileText(format: Format, root: string, values: Table): string {
  const units = serversIn(values, root).map(([name, value]) => ({
    ...{ kind: 'entry' as const, address: { path: [root, name] }, value },
  }));
  return format.edit('', { set: units, remove: [], placed: units, inserted: [], parents: [], label: 'test' }).text;
}

function withServers(sandbox: Sandbox, values: Table, helper: HeadersHelper): void {
  const { values: codex } = codexServers.translate(values, helper);
  const { values: claude } = claudeServers.translate(values, helper);
  sandbox.write(codexFile, fileText(toml, 'mcp_servers', codex));
  sandbox.write(claudeFile, fileText(json, 'mcpServers', claude));
}

/** What becomes of a client's server that went the way back to the shared file. */
function thereAndBack(shared: SharedFragment, root: string, name: string, server: Value): string {
  const found = shared.untranslate([root, name], server, exampleHelper);
  if ('reason' in found) return found.reason;
  const { values } = shared.translate({ mcpServers: { [name]: found.value } }, exampleHelper);
  return canonical((values[root] as Table)[name] as Value);
}

function kindsFor(shared: SharedFragment, root: string): string[] {
  return kinds.filter((kind) => {
    const values = goldenValues(kind);
    return (
      isWithoutErrors(shared, values) && serversIn(shared.translate(values, exampleHelper).values, root).length > 0
    );
  });
}

describe.skipIf(isAbsent('codex'))('shared servers in the real Codex', () => {
  it.each(kindsFor(codexServers, 'mcp_servers'))('%s are accepted, listed, and come back after a rewrite', (kind) => {
    const sandbox = makeSandbox();
    withServers(sandbox, goldenValues(kind), exampleHelper);
    const servers = serversIn(toml.read(sandbox.read(codexFile)), 'mcp_servers');
    expect(runCodex(sandbox.home, ['app-server', '--strict-config', '--print-startup-config'])).toMatchObject({
      code: 0,
    });
    for (const [name, server] of servers) {
      const { out } = runCodex(sandbox.home, ['mcp', 'get', name, '--json']);
      expect(JSON.parse(out)).toMatchObject(listed(server));
    }
    expect(runCodex(sandbox.home, ['mcp', 'add', 'another', '--', 'another'])).toMatchObject({ code: 0 });
    const rewritten = Object.fromEntries(serversIn(toml.read(sandbox.read(codexFile)), 'mcp_servers'));
    for (const [name, server] of servers) {
      expect(thereAndBack(codexServers, 'mcp_servers', name, rewritten[name] as Value)).toBe(canonical(server));
    }
  });
});

/** What `codex mcp get --json` says of a server; it shows no helper. */
function listed(server: Table): object {
  const { command, args, env, env_vars, cwd, url, http_headers, env_http_headers, bearer_token_env_var } = server;
  const transport = url
    ? {
        ...{ type: 'streamable_http', url, http_headers: http_headers ?? null },
        ...{ env_http_headers: env_http_headers ?? null, bearer_token_env_var: bearer_token_env_var ?? null },
        http_headers_helper: server.http_headers_helper === undefined ? null : '<redacted>',
      }
    : { type: 'stdio', command, args: args ?? [], env: env ?? null, env_vars: env_vars ?? [], cwd: cwd ?? null };
  const number = (value: Value | undefined) => (value === undefined ? null : Number(value));
  return {
    ...{ enabled: server.enabled !== false, transport },
    ...{ enabled_tools: server.enabled_tools ?? null, disabled_tools: server.disabled_tools ?? null },
    ...{ startup_timeout_sec: number(server.startup_timeout_sec), tool_timeout_sec: number(server.tool_timeout_sec) },
  };
}

describe.skipIf(isAbsent('claude'))('shared servers in the real Claude Code', () => {
  it('are all accepted and listed, and come back after a rewrite', () => {
    const sandbox = makeSandbox();
    // One start of Claude for all kinds, each name made one of its own; it asks every server whether it is there.
    const all = kindsFor(claudeServers, 'mcpServers').flatMap((kind) =>
      serversIn(claudeServers.translate(goldenValues(kind), exampleHelper).values, 'mcpServers').map(
        ([name, server]): [string, Table] => [`${kind}-${name}`, nowhere(server)],
      ),
    );
    sandbox.write(claudeFile, fileText(json, 'mcpServers', { mcpServers: Object.fromEntries(all) }));
    const { code, out } = runClaude(sandbox.home, ['mcp', 'list']);
    expect(code).toBe(0);
    expect(out).not.toMatch(/Skipped|invalid|Unrecognized/i);
    const rewritten = Object.fromEntries(serversIn(json.read(sandbox.read(claudeFile)), 'mcpServers'));
    for (const [name, server] of all) {
      expect(out).toContain(`\n${name}: `);
      expect(thereAndBack(claudeServers, 'mcpServers', name, rewritten[name] as Value)).toBe(canonical(server));
    }
  });
});

/** Names that Claude Code keeps for itself, and some that look like it. */
const names = [
  ...['__proto__', 'workspace', 'webagent', 'computer-use', 'hearthbot', 'remote-devices', 'ccr-email', 'claude_ai'],
  ...['claude-device', 'claude-code-remote', 'claude-in-chrome', 'Claude_in_Chrome', 'Claude_Browser'],
  ...['Claude_Preview', 'Slack sign-in (Claude Code tag)', 'Workspace', 'computer_use', 'claude in chrome'],
  ...['constructor', 'ide', 'playwright', 'memory', 'github', 'browser', 'plugin:a:b', 'a__b'],
];

describe.skipIf(isAbsent('claude'))('the names of servers', () => {
  it('are refused where the real Claude Code loads none of that name, and only there', () => {
    const sandbox = makeSandbox();
    const entries = names.map((name) => `${JSON.stringify(name)}: { "command": "no-such-server" }`);
    sandbox.write(claudeFile, `{ "mcpServers": { ${entries.join(', ')} } }`);
    const { out } = runClaude(sandbox.home, ['mcp', 'list']);
    const skipped = names.filter((name) => out.includes(`"${name}" is a reserved MCP server name`));
    expect(names.filter(isReservedServer)).toEqual(skipped);
    expect(skipped).toContain('computer-use');
  });
});

/** Nothing answers there, no name is looked up, and no program of that name is on any machine. */
function nowhere({ command, url, ...server }: Table): Table {
  if (typeof command === 'string') return { command: `no-such-${command}`, ...server };
  const local = String(url).replace('https:', 'http:').replace('mcp.example', '127.0.0.1:9');
  return { ...server, url: local };
}

const variables = { TEAM_TOKEN: 'token-of-the-team', TEAM: 'blue' };
/** A reference to one of them, which is no template of ours. */
const ref = (name: keyof typeof variables) => `$\{${name}}`;

/** As the command of ours will: prints the header of a token of this machine. */
const helperScript = `
const [token, header] = process.argv.slice(2);
console.log(JSON.stringify({ [header ?? 'Authorization']: 'from the file of ' + token }));
`;

interface Started {
  readonly sandbox: Sandbox;
  readonly http: RecordingServer;
}

/** One shared file with servers that record how they are started and called; the helper's path needs quotes. */
async function arranged(): Promise<Started> {
  const sandbox = makeSandbox();
  sandbox.write('recorder.cjs', stdioRecorder);
  sandbox.write("it's a helper/$print.cjs", helperScript);
  const http = await startRecordingServer(join(sandbox.root, 'requests.log'));
  onTestFinished(() => http.stop());
  const helperFile = join(sandbox.root, "it's a helper/$print.cjs");
  const helper: HeadersHelper = (token, header) => [process.execPath, helperFile, token, ...(header ? [header] : [])];
  const command = { command: process.execPath };
  const file = (name: string) => join(sandbox.root, name);
  const mcpServers = {
    recorder: {
      ...command,
      args: [file('recorder.cjs'), file('started.json'), '$TEAM'],
      env: { TEAM_TOKEN: ref('TEAM_TOKEN'), LITERAL: 'a $TEAM' },
    },
    web: {
      url: `${http.address}/web`,
      headers: { Authorization: `Bearer ${ref('TEAM_TOKEN')}`, 'X-Team': ref('TEAM'), 'X-Plain': 'plain' },
    },
    token: { url: `${http.address}/token`, headers: { 'X-Team': ref('TEAM') }, token: 'team' },
    'token-header': { url: `${http.address}/header`, token: { name: 'team', header: 'X-Api-Key' } },
    line: { url: `${http.address}/line`, headersHelper: `printf '{"X-Line":"%s"}' "$(basename "$HOME")"` },
    off: { ...command, args: [file('recorder.cjs'), file('off.json')], enabled: false },
  };
  withServers(sandbox, { mcpServers }, helper);
  return { sandbox, http };
}

function expectStarted({ sandbox, http }: Started): void {
  const started = JSON.parse(readFileSync(join(sandbox.root, 'started.json'), 'utf8')) as Record<string, unknown>;
  expect(started).toMatchObject({ args: ['$TEAM'], env: { TEAM_TOKEN: variables.TEAM_TOKEN, LITERAL: 'a $TEAM' } });
  expect(sandbox.exists('off.json')).toBe(false);
  const expected = {
    '/web': { authorization: `Bearer ${variables.TEAM_TOKEN}`, 'x-team': 'blue', 'x-plain': 'plain' },
    '/token': { authorization: 'from the file of team', 'x-team': 'blue' },
    '/header': { 'x-api-key': 'from the file of team' },
    '/line': { 'x-line': 'home' },
  };
  for (const [path, headers] of Object.entries(expected)) {
    expect(http.headersOf(path).length, path).toBeGreaterThan(0);
    for (const found of http.headersOf(path)) expect(found).toMatchObject(headers);
  }
}

describe('one shared file', () => {
  it.skipIf(isAbsent('codex'))('gives what the real Codex starts and calls its environment and headers', async () => {
    const started = await arranged();
    await askAppServer(started.sandbox.home, [{ method: 'mcpServerStatus/list', params: {} }], variables);
    expectStarted(started);
  });

  it.skipIf(isAbsent('claude'))(
    'gives what the real Claude Code starts and calls its environment and headers',
    async () => {
      const started = await arranged();
      expect(runClaude(started.sandbox.home, ['mcp', 'list'], started.sandbox.home, variables).code).toBe(0);
      expectStarted(started);
    },
  );
});
