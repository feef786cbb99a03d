import { randomBytes } from 'node:crypto';
import type { Environment } from '../model/paths.ts';
import { realDisk } from './disk.ts';
import type { Host } from './host.ts';
import { temporaryFolder, thisMachine } from './machine.ts';
import { realNetwork } from './network.ts';
import { patientDisk } from './patient-disk.ts';
import { realPrograms } from './programs.ts';
import type { Question } from './stat-cache.ts';
import { type Streams, streamTerminal } from './terminal.ts';

/** What of a process a host is made of: `process`, or what stands for it. */
export type OwnProcess = Pick<NodeJS.Process, 'pid' | 'execPath' | 'platform' | 'versions' | 'kill' | 'on' | 'off'> & {
  readonly stdin: Streams['input'];
  readonly stdout: Streams['output'];
  readonly stderr: Streams['errors'];
  exitCode?: unknown;
};

/** How the program was started: the file it stands in, and what it was asked. */
export interface Beginning extends Environment {
  readonly file: string;
  readonly question: Question;
}

/** The world of a process. */
export function realHost(own: OwnProcess, { file, question, home, workingDirectory, variables }: Beginning): Host {
  const { stdin, stdout, stderr, platform } = own;
  for (const stream of [stdout, stderr]) stream.on('error', (error) => reported(own, error));
  return {
    ...{ question, home, workingDirectory, variables, platform },
    disk: platform === 'win32' ? patientDisk(realDisk, pause) : realDisk,
    terminal: streamTerminal({ input: stdin, output: stdout, errors: stderr }, Date.now),
    process: {
      ...{ id: own.pid, started: [own.execPath, file], node: own.versions.node },
      ...thisMachine(),
      isAlive: (id) => isAlive(own, id),
    },
    programs: { ...realPrograms, show: (...start) => uninterrupted(own, () => realPrograms.show(...start)) },
    network: realNetwork,
    temporaryFolder: temporaryFolder(),
    now: () => new Date(),
    uniqueName: () => randomBytes(3).toString('hex'),
    newToken: () => randomBytes(32).toString('base64url'),
    pause,
    removeTree: async (path) => (await import('./remove-tree.ts')).removeTree(path),
  };
}

/** A reader that has seen enough (`| head`) is no failure; a report that could not be written is one. */
function reported(own: OwnProcess, { code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') own.exitCode = 2;
}

function pause(duration: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration);
}

/** Ctrl-C is for the program that has the terminal: a pager stops a search, and goes on. */
function uninterrupted<T>(own: OwnProcess, act: () => T): T {
  const ignore = () => {};
  own.on('SIGINT', ignore);
  try {
    return act();
  } finally {
    own.off('SIGINT', ignore);
  }
}

function isAlive({ kill }: OwnProcess, id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
