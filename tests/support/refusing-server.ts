import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Sandbox } from './sandbox.ts';

const program = `
const { appendFileSync, writeFileSync, renameSync } = require('node:fs');
const [notes, port] = process.argv.slice(1);
const server = require('node:http').createServer((request, response) => {
  appendFileSync(notes, request.url + '\\n');
  response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
});
server.listen(0, '127.0.0.1', () => {
  writeFileSync(port + '.new', String(server.address().port));
  renameSync(port + '.new', port);
});
`;

/** A server that wants a password of everybody. */
export interface Refusing {
  readonly address: string;
}

/** Starts one on this machine, as a process of its own; it notes each request in `requests` of the sandbox. */
export function refusing(sandbox: Sandbox): Refusing {
  const [notes, port] = [join(sandbox.root, 'requests'), join(sandbox.root, 'port')];
  const child = spawn(process.execPath, ['-e', program, notes, port], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  while (!existsSync(port)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  return { address: `http://127.0.0.1:${readFileSync(port, 'utf8')}/x` };
}
