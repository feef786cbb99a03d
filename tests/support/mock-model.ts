import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientRan, clientBinary } from './clients.ts';

/** One tool that the model asks for; after the last one it says "done". */
export interface Ask {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A session with the real client, and what it sent to its model. */
export interface Session extends ClientRan {
  readonly requests: readonly Json[];
}

interface Json {
  readonly [key: string]: unknown;
}

/** Runs `codex exec` against a model on this machine, offline. Hooks run untrusted: for tests only. */
export async function codexSession(home: string, cwd: string, prompt: string, asks: readonly Ask[] = []) {
  return session(answerCodex(asks), (port) => {
    const provider = `{name="mock",base_url="http://127.0.0.1:${port}/v1",env_key="MOCK_KEY",wire_api="responses"}`;
    const settings = ['model_provider="mock"', 'model="gpt-6-luna"', `model_providers.mock=${provider}`];
    const words = ['exec', '--skip-git-repo-check', '--dangerously-bypass-hook-trust', '-s', 'workspace-write'];
    const all = [...words, ...settings.flatMap((setting) => ['-c', setting]), prompt];
    return run('codex', all, cwd, { HOME: home, CODEX_HOME: `${home}/.codex`, MOCK_KEY: 'none' });
  });
}

/** Runs `codex exec -p` with a deployed profile, whose provider stands on this machine instead of where it does. */
export async function codexProfileSession(home: string, cwd: string, profile: string) {
  return session(answerCodex([]), (port) => {
    const place = `model_providers.openrouter.base_url="http://127.0.0.1:${port}/v1"`;
    const words = ['exec', '--strict-config', '--skip-git-repo-check', '-p', profile, '-c', place, 'hello'];
    return run('codex', words, cwd, { HOME: home, CODEX_HOME: `${home}/.codex`, OPENROUTER_API_KEY: 'none' });
  });
}

/** Runs `claude -p` against a model on this machine, offline. */
export async function claudeSession(home: string, cwd: string, prompt: string, asks: readonly Ask[] = []) {
  return session(answerClaude(asks), (port) => {
    const words = ['-p', prompt, '--output-format', 'stream-json', '--verbose', '--allowedTools', 'Bash'];
    const quiet = { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
    const model = { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` };
    return run('claude', words, cwd, { HOME: home, ...quiet, ...model });
  });
}

/** What Claude Code says of itself when a session starts. */
export interface ClaudeStart {
  readonly subtype?: string;
  readonly agents: readonly string[];
  readonly slash_commands: readonly string[];
}

/** The line that a session of Claude Code starts with. */
export function claudeStart({ out, err }: Session): ClaudeStart {
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const start = lines.map((line) => JSON.parse(line) as ClaudeStart).find(({ subtype }) => subtype === 'init');
  if (!start) throw new Error(`Claude Code did not start: ${err}`);
  return start;
}

/** The agents that Codex offers to its model, as they stand in a request. */
export function codexRoles(request: string): string {
  return /Available roles:.*?explorer: \{/.exec(request)?.[0] ?? '';
}

type Answer = (url: string, body: Json) => readonly Json[] | undefined;

async function session(answer: Answer, start: (port: number) => Promise<ClientRan>): Promise<Session> {
  const requests: Json[] = [];
  const server = createServer((request, response) => reply(request, response, answer, requests));
  const port = await listening(server);
  try {
    return { ...(await start(port)), requests };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer, requests: Json[]): void {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const body = text.startsWith('{') ? (JSON.parse(text) as Json) : {};
    const events = answer(request.url ?? '', body);
    if (!events) return response.writeHead(404).end('{}');
    requests.push(body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    return response.end();
  });
}

function answerCodex(asks: readonly Ask[]): Answer {
  let turn = 0;
  return (url) => {
    if (!url.endsWith('/responses')) return undefined;
    const [ask, id] = [asks[turn], `r${turn}`];
    turn += 1;
    const item = ask
      ? {
          type: 'function_call',
          id: `f${turn}`,
          call_id: `c${turn}`,
          name: ask.tool,
          arguments: JSON.stringify(ask.input),
        }
      : { type: 'message', id: `m${turn}`, role: 'assistant', content: [{ type: 'output_text', text: 'done' }] };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    return [
      { type: 'response.created', response: { id } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id, usage } },
    ];
  };
}

function answerClaude(asks: readonly Ask[]): Answer {
  let turn = 0;
  return (url, { model, tools }) => {
    if (!/\/messages(?:\?|$)/.test(url)) return undefined;
    // Requests without tools are Claude's own, for a title and the like.
    const ask = Array.isArray(tools) && tools.length > 0 ? asks[turn++] : undefined;
    const block = ask
      ? { type: 'tool_use', id: `toolu_${turn}`, name: ask.tool, input: {} }
      : { type: 'text', text: '' };
    const delta = ask
      ? { type: 'input_json_delta', partial_json: JSON.stringify(ask.input) }
      : { type: 'text_delta', text: 'done' };
    const usage = { input_tokens: 1, output_tokens: 1 };
    const message = {
      id: `m${turn}`,
      type: 'message',
      role: 'assistant',
      content: [],
      model,
      stop_reason: null,
      usage,
    };
    return [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: ask ? 'tool_use' : 'end_turn' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ];
  };
}

function run(client: 'codex' | 'claude', words: readonly string[], cwd: string, env: Record<string, string>) {
  const child = spawn(clientBinary(client) as string, [...words], {
    ...{ cwd, env: { PATH: '/usr/bin:/bin', ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 },
  });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString('utf8');
  }) as [() => string, () => string];
  return new Promise<ClientRan>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out: out(), err: err() }));
  });
}
