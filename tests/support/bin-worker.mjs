// Runs the built bundle over and over in one thread, each time with a process object of its own: see run-bundle.ts.
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
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

/** Parts that were loaded, by path and time: they keep nothing from run to run but what they remember of texts. */
const parts = new Map();

/** The process of the run that is under way, for parts that were loaded in an earlier one. */
let current;
const anyProcess = new Proxy({}, { get: (_, name) => current[name] });

/** As Node loads the bin, anew for each run, with a process and standard streams of its own; its parts are loaded once. */
function run(bin, fake) {
  current = fake;
  execute(bin, { exports: {} }, fake);
}

function execute(file, module, process) {
  const requireFrom = createRequire(file);
  const require = (name) => {
    if (name === 'node:fs') return { ...fs, ...streamsOf(process) };
    return name.startsWith('.') ? part(requireFrom.resolve(name)) : requireFrom(name);
  };
  compiledAt(file)(module.exports, require, module, file, dirname(file), process);
}

function part(file) {
  const key = `${file} ${fs.statSync(file).mtimeMs}`;
  if (!parts.has(key)) {
    const module = { exports: {} };
    parts.set(key, module);
    execute(file, module, anyProcess);
  }
  return parts.get(key).exports;
}

function compiledAt(file) {
  const key = `${file} ${fs.statSync(file).mtimeMs}`;
  if (!compiled.has(key)) {
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname', 'process'];
    const text = fs.readFileSync(file, 'utf8').replace(/^#!.*/, '');
    compiled.set(key, compileFunction(text, parameters, { filename: file }));
  }
  return compiled.get(key);
}

/** The bin writes to its standard streams by their numbers. */
function streamsOf(process) {
  const streams = {
    get 1() {
      return process.stdout;
    },
    get 2() {
      return process.stderr;
    },
  };
  return {
    fstatSync: (stream) => (stream > 2 ? fs.fstatSync(stream) : { isCharacterDevice: () => false }),
    writeSync: (stream, bytes, ...rest) => {
      if (!streams[stream]) return fs.writeSync(stream, bytes, ...rest);
      streams[stream].write(Buffer.from(bytes));
      return bytes.length;
    },
  };
}

function processFor({ words, env, cwd, input, output, done }) {
  return {
    argv: [process.execPath, 'syncline', ...words],
    env,
    pid: process.pid,
    geteuid: process.geteuid,
    getegid: process.getegid,
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
