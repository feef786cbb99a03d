import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Answers the first questions of an MCP client. */
const answers = `
const results = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'recorder', version: '1' },
  }),
  'tools/list': () => ({ tools: [] }),
};
const answer = ({ id, method, params }) => {
  const result = results[method];
  return { jsonrpc: '2.0', id, ...(result ? { result: result(params) } : { error: { code: -32601, message: 'no' } }) };
};
`;

/** A stdio server for Node that writes its arguments, folder and environment as JSON to the file it is given first. */
export const stdioRecorder = `${answers}
const { argv, env } = process;
require('node:fs').writeFileSync(argv[2], JSON.stringify({ args: argv.slice(3), env, folder: process.cwd() }));
let buffer = '';
process.stdin.on('data', (chunk) => {
  buffer += chunk;
  for (let end = buffer.indexOf('\\n'); end >= 0; end = buffer.indexOf('\\n')) {
    const message = JSON.parse(buffer.slice(0, end));
    buffer = buffer.slice(end + 1);
    if (message.id !== undefined) console.log(JSON.stringify(answer(message)));
  }
});
`;

const httpRecorder = `${answers}
const { appendFileSync } = require('node:fs');
const server = require('node:http').createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    appendFileSync(process.argv[1], JSON.stringify({ url: request.url, headers: request.headers }) + '\\n');
    const message = request.method === 'POST' ? JSON.parse(body) : undefined;
    response.statusCode = message === undefined ? 405 : message.id === undefined ? 202 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(message?.id === undefined ? '' : JSON.stringify(answer(message)));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
`;

/** An HTTP server on the loopback that records every request: in a process of its own, so that a test may block. */
export interface RecordingServer {
  readonly address: string;
  /** The headers of the requests for a path, in order. */
  headersOf(path: string): Record<string, string>[];
  stop(): void;
}

/** Starts one that writes to `log`. */
export async function startRecordingServer(log: string): Promise<RecordingServer> {
  const child = spawn(process.execPath, ['-e', httpRecorder, log], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', () => reject(new Error('the recording server did not start')));
  });
  const requests = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { url: string; headers: Record<string, string> });
  return {
    address: `http://127.0.0.1:${port}`,
    headersOf: (path) => requests().flatMap(({ url, headers }) => (url === path ? [headers] : [])),
    stop: () => child.stdin.end(),
  };
}
