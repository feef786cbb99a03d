import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const modules = [process.env.SYNCLINE_CLIENTS ?? '', join(import.meta.dirname, '../../.clients/node_modules')].filter(
  (folder) => folder !== '',
);

const binaries = {
  codex: '@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex',
  claude: '@anthropic-ai/claude-code-linux-x64/claude',
} as const;

/** The real client's binary (`npm run clients` installs it), or undefined. */
export function clientBinary(client: keyof typeof binaries): string | undefined {
  if (process.env.SYNCLINE_NO_CLIENTS === '1') return undefined;
  return modules.map((folder) => join(folder, binaries[client])).find((path) => existsSync(path));
}

/** Whether tests of a real client are to be skipped: where it is not installed, but never in CI. */
export function isAbsent(client: keyof typeof binaries): boolean {
  if (clientBinary(client)) return false;
  if (process.env.CI === 'true' && process.env.SYNCLINE_NO_CLIENTS !== '1') {
    throw new Error(`the real ${client} is not installed: run "npm run clients" first`);
  }
  return true;
}

/** What a client printed. */
export interface ClientRan {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the real Codex in a home, offline, with an empty environment. In a home that is not below the temporary folder it
 * would make one for programs of its own.
 */
export function runCodex(home: string, words: readonly string[], cwd: string = home): ClientRan {
  const temporary = join(home, '../..');
  return runClient('codex', words, cwd, { HOME: home, CODEX_HOME: join(home, '.codex'), TMPDIR: temporary });
}

/** Runs the real Claude Code in a home, offline, with nothing in its environment but what is given. */
export function runClaude(
  home: string,
  words: readonly string[],
  cwd: string = home,
  env: Readonly<Record<string, string>> = {},
): ClientRan {
  const quiet = { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  return runClient('claude', words, cwd, { HOME: home, ...quiet, ...env });
}

/** The version of the installed Claude Code, which it writes into its file. */
export function claudeVersion(): string {
  const { stdout } = spawnSync(clientBinary('claude') as string, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  return /^\S+/.exec(stdout)?.[0] ?? '';
}

function runClient(client: keyof typeof binaries, words: readonly string[], cwd: string, env: Record<string, string>) {
  const binary = clientBinary(client) as string;
  const result = spawnSync(binary, [...words], {
    ...{ cwd, env: { PATH: '/usr/bin:/bin', ...env }, input: '', encoding: 'utf8', timeout: 60_000 },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Sends requests to the real `codex app-server` one after the other and gives the results in order. */
export function askAppServer(
  home: string,
  requests: readonly { readonly method: string; readonly params: unknown }[],
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown[]> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, CODEX_HOME: join(home, '.codex'), ...variables };
  const server = spawn(clientBinary('codex') as string, ['app-server'], { cwd: home, env });
  const hello = {
    method: 'initialize',
    params: { clientInfo: { name: 'test', version: '1' }, capabilities: { experimentalApi: true } },
  };
  const queue = [hello, ...requests];
  const results: unknown[] = [];
  return new Promise((resolve, reject) => {
    let buffer = '';
    const send = (index: number) => {
      const request = queue[index];
      if (request) server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: index, ...request })}\n`);
      else server.kill();
    };
    server.on('error', reject);
    server.on('exit', () => resolve(results.slice(1)));
    server.stdout.on('data', (chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
        const message = JSON.parse(buffer.slice(0, end)) as { id?: number; result?: unknown; error?: unknown };
        buffer = buffer.slice(end + 1);
        if (message.id === undefined || message.id !== results.length) continue;
        results.push(message.result ?? { error: message.error });
        if (message.id === 0) server.stdin.write('{"jsonrpc":"2.0","method":"initialized"}\n');
        send(message.id + 1);
      }
    });
    send(0);
  });
}
