import { spawn } from 'node:child_process';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askAppServer, clientBinary, isAbsent } from '../support/clients.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { tokenBin } from '../support/token-client.ts';

/** The real clients call the launcher that push wrote, and send what it prints. */
interface Listener {
  readonly url: string;
  readonly seen: IncomingHttpHeaders[];
}

async function listen(): Promise<Listener> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume();
    response.writeHead(404).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, seen };
}

/** A home with a token and the launcher, as a push of a server with a token leaves it. */
async function pushedToken(url: string): Promise<{ sandbox: Sandbox; launcher: string; token: string }> {
  const sandbox = makeSandbox();
  const { bin, remove } = await tokenBin();
  onTestFinished(remove);
  sandbox.write('repo/clients/shared/mcp.json', JSON.stringify({ mcpServers: { hub: { url, token: 'hub' } } }));
  expect(sandbox.run(['push-runtime'], { bin }).code).toBe(0);
  const launcher = join(sandbox.home, '.local/state/syncline/bin/token-headers');
  return { sandbox, launcher, token: sandbox.run(['token', 'show', 'hub']).out.trim() };
}

const reference = (name: string) => `\${${name}}`;

describe('a token', () => {
  it.skipIf(isAbsent('codex'))('is sent by the real Codex', async () => {
    const { url, seen } = await listen();
    const { sandbox, launcher, token } = await pushedToken(url);
    const config = `[mcp_servers.hub]\nurl = "${url}"\nhttp_headers_helper = "${launcher} hub"\n`;
    sandbox.write('home/.codex/config.toml', config);
    await askAppServer(sandbox.home, [{ method: 'mcpServerStatus/list', params: {} }]);
    expect(seen.map(({ authorization }) => authorization)).toContain(`Bearer ${token}`);
  });

  it.skipIf(isAbsent('claude'))('is sent by the real Claude Code, in a header of its own', async () => {
    const { url, seen } = await listen();
    const { sandbox, launcher, token } = await pushedToken(url);
    const hub = { type: 'http', url, headersHelper: `${launcher} hub X-Api-Key` };
    sandbox.write('home/.claude.json', JSON.stringify({ mcpServers: { hub } }));
    await listServers(sandbox.home);
    expect(seen.map((headers) => headers['x-api-key'])).toContain(token);
  });

  it.skipIf(isAbsent('claude'))(
    'is given by the script to no server of the real Claude Code that it was not made for',
    async () => {
      const [own, other] = [await listen(), await listen()];
      const { sandbox, launcher, token } = await pushedToken(own.url);
      expect(sandbox.run(['token', 'bind', 'hub', '--for', own.url]).code).toBe(0);
      const { port, host } = new URL(other.url);
      const asks = (url: string) => ({ type: 'http', url, headersHelper: `${launcher} hub X-Api-Key` });
      const elsewhere = [
        other.url,
        `http://localhost:${port}/mcp`,
        `http://${new URL(own.url).host}@${host}/mcp`,
        `http:\\\\${host}\\mcp`,
        `http://${reference('EVIL')}/mcp`,
      ];
      const named = elsewhere.map((url, index) => [`evil${index}`, asks(url)]);
      const mcpServers = Object.fromEntries([...named, ['hub', asks(`HTTP://${reference('HUB')}/mcp`)]]);
      sandbox.write('home/.claude.json', JSON.stringify({ mcpServers }));
      await listServers(sandbox.home, { EVIL: host, HUB: new URL(own.url).host });
      expect(own.seen.map((headers) => headers['x-api-key'])).toContain(token);
      expect(other.seen.length).toBeGreaterThanOrEqual(elsewhere.length);
      expect(other.seen.filter((headers) => JSON.stringify(headers).includes(token))).toEqual([]);
    },
  );
});

/** `claude mcp list` calls every server; the listener lives in this process, so it must not wait for the end. */
function listServers(home: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
  const quiet = { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const env = { PATH: '/usr/bin:/bin', HOME: home, ...quiet, ...variables };
  const client = spawn(clientBinary('claude') as string, ['mcp', 'list'], { cwd: home, env, stdio: 'ignore' });
  return new Promise((ended) => client.on('close', () => ended()));
}
