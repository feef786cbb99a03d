import { spawn } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientBinary } from './clients.ts';

/**
 * Lets the real Claude Code ask for a permission and answers "always allow": it writes the rule into the user's
 * `settings.json`, as its dialog does. The model is a server on the loopback that asks once for a shell command that no mode allows by itself.
 */
export async function allowAlways(home: string, tool: string, content: string): Promise<void> {
  const server = await startModel();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const quiet = { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const model = { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'none' };
  const env = { PATH: '/usr/bin:/bin', HOME: home, ...quiet, ...model };
  const streams = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const words = ['-p', ...streams, '--permission-prompt-tool', 'stdio'];
  const session = spawn(clientBinary('claude') as string, words, { cwd: home, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const say = (message: object) => session.stdin.write(`${JSON.stringify(message)}\n`);
  const rules = [{ toolName: tool, ruleContent: content }];
  const update = { type: 'addRules', rules, behavior: 'allow', destination: 'userSettings' };
  let buffer = '';
  session.stdout.on('data', (chunk) => {
    const lines = (buffer + chunk).split('\n');
    buffer = lines.pop() as string;
    for (const line of lines) {
      const { type, request, request_id } = JSON.parse(line) as Message;
      if (type === 'result') session.kill();
      if (type !== 'control_request' || request?.subtype !== 'can_use_tool') continue;
      const answer = { behavior: 'allow', updatedInput: request.input, updatedPermissions: [update] };
      say({ type: 'control_response', response: { subtype: 'success', request_id, response: answer } });
    }
  });
  say({ type: 'user', message: { role: 'user', content: 'hi' } });
  await new Promise((resolve) => session.on('close', resolve));
  server.close();
}

interface Message {
  readonly type: string;
  readonly request_id?: string;
  readonly request?: { readonly subtype: string; readonly input: unknown };
}

function startModel(): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url?.includes('/v1/messages')) answer(response, body.includes('"tool_result"') ? 'words' : 'tool');
      else response.end('{}');
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function answer(response: ServerResponse, kind: 'words' | 'tool'): void {
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 1, output_tokens: 1 };
  const input = JSON.stringify({ command: 'make thing', description: 'x' });
  const [block, delta, reason] =
    kind === 'tool'
      ? [
          { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} },
          { type: 'input_json_delta', partial_json: input },
          'tool_use',
        ]
      : [{ type: 'text', text: '' }, { type: 'text_delta', text: 'ok' }, 'end_turn'];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const message = { id: 'm', type: 'message', role: 'assistant', model: 'x', content: [], stop_reason: null, usage };
  send('message_start', { message });
  send('content_block_start', { index: 0, content_block: block });
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}
