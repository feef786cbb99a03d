import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { claudeServers } from '../../src/adapters/claude/servers.ts';
import { codexServers } from '../../src/adapters/codex/servers.ts';
import { shellLine, tokenOfLine } from '../../src/adapters/shell-line.ts';
import type { Table, Value } from '../../src/model/value.ts';
import { exampleHelper } from '../support/golden-servers.ts';

/** A reference to an environment variable, which is no template of ours. */
const ref = (name: string) => `$\{${name}}`;

function fromCodex(server: Table): unknown {
  const found = codexServers.untranslate(['mcp_servers', 'x'], server, exampleHelper);
  return 'reason' in found ? found.reason : found.value;
}

function fromClaude(server: Table): unknown {
  const found = claudeServers.untranslate(['mcpServers', 'x'], server, exampleHelper);
  return 'reason' in found ? found.reason : found.value;
}

describe('a server of Codex in the shared spelling', () => {
  it('comes back as Codex itself rewrites it', () => {
    const rewritten = {
      ...{ command: 'server', args: [], env: { A: '1' }, env_vars: ['TOKEN', { name: 'KEY', source: 'local' }] },
      ...{ enabled: true, required: false, startup_timeout_sec: 20.5, tool_timeout_sec: 60.0 },
    };
    const env = { A: '1', TOKEN: ref('TOKEN'), KEY: ref('KEY') };
    expect(fromCodex(rewritten)).toEqual({ command: 'server', env, timeout: 60000, startupTimeout: 20500 });
    expect(fromCodex({ command: 'server', startup_timeout_ms: 1500n })).toEqual({
      command: 'server',
      startupTimeout: 1500,
    });
  });

  it('gets its headers and its login in one place', () => {
    const server = {
      ...{ url: 'https://mcp.example/mcp', bearer_token_env_var: 'TOKEN', http_headers: { 'X-A': 'a' } },
      ...{ env_http_headers: { 'X-B': 'B' }, scopes: ['read', 'write'], oauth: { client_id: 'c', callback_port: 80n } },
    };
    const headers = { 'X-A': 'a', 'X-B': ref('B'), Authorization: `Bearer ${ref('TOKEN')}` };
    const oauth = { scopes: 'read write', clientId: 'c', callbackPort: 80n };
    expect(fromCodex(server)).toEqual({ type: 'http', url: server.url, headers, oauth });
  });

  it.each<[string, Table, string]>([
    ['a key of Codex only', { command: 'a', tools: { t: { approval_mode: 'approve' } } }, 'mcp_servers.x.tools'],
    ['a text that the shared file would expand', { command: 'a', args: [ref('A')] }, 'does not expand'],
    ['a variable that it would expand', { command: 'a', env: { A: ref('A') } }, '"env" of server "x"'],
    ['a variable on another machine', { command: 'a', env_vars: [{ name: 'A', source: 'remote' }] }, 'env_vars'],
    [
      'one header said twice',
      { url: 'u', bearer_token_env_var: 'A', http_headers: { Authorization: 'b' } },
      '"bearer_token_env_var"',
    ],
    ['a header in two ways', { url: 'u', http_headers: { X: 'a' }, env_http_headers: { X: 'A' } }, '"http_headers"'],
    ['a part of a millisecond', { command: 'a', tool_timeout_sec: 0.0001 }, 'milliseconds'],
    ['a key for the other kind of server', { url: 'u', args: ['a'] }, 'no effect'],
    ['a key named as an object has one', { command: 'a', constructor: 'b' }, 'mcp_servers.x.constructor'],
    ['nothing', { enabled: true }, 'says nothing'],
    ['part of a login', { url: 'u', oauth: { callback_url: 'u' } }, 'mcp_servers.x.oauth'],
  ])('%s has no shared spelling', (_what, server, reason) => {
    expect(fromCodex(server)).toEqual(expect.stringContaining(reason));
  });

  it('is only what stands at the path of a server', () => {
    for (const path of [['mcp_servers'], ['model'], ['mcp_servers', 'x', 'env'], ['model_providers', 'x']]) {
      expect(codexServers.untranslate(path, {}, exampleHelper)).toEqual({
        reason: expect.stringContaining(path.join('.')),
      });
    }
    expect(codexServers.untranslate(['mcp_servers', 'x'], 'text', exampleHelper)).toHaveProperty('reason');
  });
});

describe('a server of Claude Code in the shared spelling', () => {
  it('keeps its references and loses what means nothing', () => {
    const server = { type: 'stdio', command: ref('BIN'), args: [], env: { A: `x-$\{A:-b}` }, timeout: 5000 };
    expect(fromClaude(server)).toEqual({ command: server.command, env: server.env, timeout: 5000 });
    expect(fromClaude({ type: 'streamable-http', url: 'u' })).toEqual({ type: 'http', url: 'u' });
  });

  it.each<[string, Table, string]>([
    ['a key of Claude only', { command: 'a', alwaysLoad: true }, 'mcpServers.x.alwaysLoad'],
    ['a text that the shared file would expand', { command: 'a', args: [`$\{env:A}`] }, '"args"'],
    ['a url without a type', { url: 'u' }, '"type"'],
    ['a value Claude would refuse', { command: 'a', timeout: 0.5 }, 'timeout'],
  ])('%s has no shared spelling', (_what, server, reason) => {
    expect(fromClaude(server)).toEqual(expect.stringContaining(reason));
  });
});

describe('a token', () => {
  it.each<Value>(['team', { name: 'team', header: 'X-Api-Key' }])('%j comes back from both clients', (token) => {
    const values = { mcpServers: { x: { type: 'http', url: 'u', token } } };
    const codex = codexServers.translate(values, exampleHelper).values.mcp_servers as Table;
    const claude = claudeServers.translate(values, exampleHelper).values.mcpServers as Table;
    expect(fromCodex(codex.x as Table)).toEqual(values.mcpServers.x);
    expect(fromClaude(claude.x as Table)).toEqual(values.mcpServers.x);
  });

  it('is known only in a line of our own helper', () => {
    const line = shellLine(exampleHelper('team', 'X-Key'));
    expect(tokenOfLine(line, exampleHelper)).toEqual({ name: 'team', header: 'X-Key' });
    for (const other of [`${line} | tee x`, `${line} --more`, line.replace('ana', 'bob'), 'helper', '']) {
      expect(tokenOfLine(other, exampleHelper)).toBeUndefined();
    }
  });
});

describe('a line of shell', () => {
  const words = [
    ...['plain', '--header=X', 'with space', "it's", '"', '$HOME', '`id`', '\\', 'C:\\Program Files\\x', '!', '%PATH%'],
    ...['', '*', '~', '#', 'a;b', 'a\nb', 'é', '\\$', 'end\\', 'A=b', "'\\''"],
  ];

  it('gives a POSIX shell the same words again', () => {
    const line = shellLine(['printf', '%s\\0', ...words]);
    expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }).split('\0')).toEqual([...words, '']);
  });

  it('is one that cmd.exe reads the same way where no word needs more than double quotes', () => {
    expect(shellLine(['C:\\Program Files\\syncline.cmd', 'token', 'a&b'])).toBe(
      '"C:\\Program Files\\syncline.cmd" token "a&b"',
    );
  });
});

describe('the place in the shared file', () => {
  it.each([
    ['mcp_servers.x', 'mcpServers.x'],
    ['mcp_servers.x.http_headers.K', 'mcpServers.x.headers.K'],
    ['mcp_servers.x.env_http_headers.K', 'mcpServers.x.headers.K'],
    ['mcp_servers.x.bearer_token_env_var', 'mcpServers.x.headers.Authorization'],
    ['mcp_servers.x.env_vars.0', 'mcpServers.x.env'],
    ['mcp_servers.x.args.1', 'mcpServers.x.args.1'],
    ['mcp_servers.x.oauth.client_id', 'mcpServers.x.oauth.clientId'],
    ['mcp_servers.x.oauth.callback_url', 'mcpServers.x.oauth'],
    ['mcp_servers.x.tool_timeout_sec', 'mcpServers.x.timeout'],
    ['mcp_servers.x.tools.t', 'mcpServers.x'],
    ['mcp_servers', 'mcpServers'],
    ['model', ''],
  ])('of %s in config.toml is %s', (path, place) => {
    expect(codexServers.placeOf(path.split('.')).join('.')).toBe(place);
  });

  it.each([
    ['mcpServers.x.headers.K', 'mcpServers.x.headers.K'],
    ['mcpServers.x.oauth.clientId', 'mcpServers.x.oauth.clientId'],
    ['mcpServers.x.alwaysLoad', 'mcpServers.x'],
    ['mcpServers.x.constructor', 'mcpServers.x'],
  ])('of %s in .claude.json is %s', (path, place) => {
    expect(claudeServers.placeOf(path.split('.')).join('.')).toBe(place);
  });
});
