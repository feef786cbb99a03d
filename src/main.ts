#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { sep } from 'node:path';
import { version } from '../package.json';
import type { Client } from './adapters/client.ts';
import { runProgram } from './cli/program.ts';
import { realDisk } from './host/disk.ts';
import { homeFolder } from './host/home-folder.ts';
import type { Host } from './host/host.ts';
import { temporaryFolder, thisMachine } from './host/machine.ts';
import { realNetwork } from './host/network.ts';
import { patientDisk } from './host/patient-disk.ts';
import { realPrograms } from './host/programs.ts';
import { streamTerminal } from './host/terminal.ts';

const started = [process.execPath, __filename] as const;
const pause = (duration: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration);

/** The one place that knows the process: builds the real world, runs one command, sets the exit code. */
const host: Host = {
  disk: process.platform === 'win32' ? patientDisk(realDisk, pause) : realDisk,
  variables: process.env,
  home: homeFolder(process.env, process.platform),
  workingDirectory: workingDirectory(),
  platform: process.platform,
  terminal: streamTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr }, Date.now),
  process: { id: process.pid, started, node: process.versions.node, ...thisMachine(), isAlive },
  programs: { ...realPrograms, show: (...start) => uninterrupted(() => realPrograms.show(...start)) },
  network: realNetwork,
  temporaryFolder: temporaryFolder(),
  now: () => new Date(),
  uniqueName: () => randomBytes(3).toString('hex'),
  newToken: () => randomBytes(32).toString('base64url'),
  pause,
  removeTree: async (path) => (await import('./host/remove-tree.ts')).removeTree(path),
};

/** Ctrl-C is for the program that has the terminal: a pager stops a search, and goes on. */
function uninterrupted<T>(act: () => T): T {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    return act();
  } finally {
    process.off('SIGINT', ignore);
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A folder that was removed under us is no reason to fail: `--repo` may name another one. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return sep;
  }
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no failure; a report that could not be written is one.
    if (code !== 'EPIPE') process.exitCode = 2;
  });
}

/** Schemas and parsers come with the clients; help and version need none of them. */
async function loadClients(): Promise<readonly Client[]> {
  return (await import('./adapters/all-clients.ts')).allClients;
}

runProgram(process.argv.slice(2), host, loadClients, version).then((exitCode) => {
  process.exitCode ??= exitCode;
});
