import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { clientBinary } from './clients.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A real `codex app-server` that is kept: it reads the file anew for each request. */
export interface AppServer {
  ask(method: string, params: unknown): Promise<Answer>;
  stop(): void;
}

/** Starts one in a home and says hello. */
export async function startAppServer(home: string): Promise<AppServer> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, CODEX_HOME: join(home, '.codex') };
  const server = spawn(clientBinary('codex') as string, ['app-server'], {
    cwd: home,
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let [buffer, number] = ['', 0];
  server.stdout.on('data', (chunk) => {
    const lines = (buffer + chunk).split('\n');
    buffer = lines.pop() as string;
    for (const line of lines) {
      const answer = JSON.parse(line) as Answer;
      waiting.get(answer.id)?.(answer);
    }
  });
  const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask: AppServer['ask'] = (method, params) =>
    new Promise((resolve) => {
      number += 1;
      waiting.set(number, resolve);
      send({ id: number, method, params });
    });
  const clientInfo = { name: 'test', version: '1' };
  await ask('initialize', { clientInfo, capabilities: { experimentalApi: true } });
  send({ method: 'initialized' });
  return { ask, stop: () => server.kill() };
}

/** What a process that ran beside others did. */
export interface RanBeside {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program with nothing in its environment but what is given, while others run. */
export function runBeside(
  program: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<RanBeside> {
  const child = spawn(program, [...words], {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
