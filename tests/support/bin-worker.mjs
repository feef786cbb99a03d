// Runs the built bundle over and over in one thread, each time with a process object of its own: see run-bundle.ts.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable, Writable } from 'node:stream';
import { compileFunction } from 'node:vm';
import { workerData } from 'node:worker_threads';

const { port, signal } = workerData;
const compiled = new Map();

port.on('message', async ({ number, bin, words, env, cwd, input }) => {
  const output = { out: '', err: '' };
  const code = await new Promise((done) => run(bin, processFor({ words, env, cwd, input, output, done })));
  port.postMessage({ number, code, ...output });
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
});

function run(bin, fake) {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname', 'process'];
  const key = `${bin} ${statSync(bin).mtimeMs}`;
  if (!compiled.has(key)) {
    const text = readFileSync(bin, 'utf8').replace(/^#!.*/, '');
    compiled.set(key, compileFunction(text, parameters, { filename: bin }));
  }
  const module = { exports: {} };
  compiled.get(key)(module.exports, createRequire(bin), module, bin, '', fake);
}

function processFor({ words, env, cwd, input, output, done }) {
  return {
    argv: [process.execPath, 'syncline', ...words],
    env,
    pid: process.pid,
    execPath: process.execPath,
    platform: process.platform,
    versions: process.versions,
    version: process.version,
    cwd: () => cwd,
    kill: process.kill,
    nextTick: process.nextTick,
    emitWarning: process.emitWarning,
    stdin: Readable.from([input]),
    stdout: sink(output, 'out'),
    stderr: sink(output, 'err'),
    get exitCode() {
      return undefined;
    },
    set exitCode(code) {
      // What was written is in the sinks once the streams had their turn.
      setImmediate(() => done(code));
    },
  };
}

function sink(output, name) {
  return new Writable({
    write(chunk, _, next) {
      output[name] += chunk;
      next();
    },
  });
}
