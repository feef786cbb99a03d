import { randomBytes } from 'node:crypto';
import type { Environment } from '../../model/paths.ts';
import type { Host } from '../host.ts';
import type { Question } from '../kept/stat-cache.ts';
import { mayWrite } from '../may-write.ts';
import { patientDisk } from '../patient-disk.ts';
import { realDisk } from '../real-disk.ts';
import type { User } from '../state/trust.ts';
import type { Streams } from '../streams.ts';
import { errorCode } from '../system-error.ts';
import { pause, temporaryFolder, thisMachine } from './machine.ts';
import { realNetwork } from './network.ts';
import { realPrograms } from './programs.ts';
import { streamTerminal } from './terminal.ts';

/** What of a process a host is made of: `process`, or what stands for it. */
export type OwnProcess = Pick<
  NodeJS.Process,
  'pid' | 'execPath' | 'platform' | 'versions' | 'geteuid' | 'getegid' | 'kill' | 'on' | 'off'
> & {
  readonly stdin: Streams['input'];
  readonly stdout: Streams['output'];
  readonly stderr: Streams['errors'];
  exitCode?: unknown;
};

/** How the program was started: the file it stands in, and what it was asked. */
export interface Beginning extends Environment {
  readonly file: string;
  readonly question: Question;
  /** Prints to standard output (1) or error (2), and gives whether all is well. */
  print(stream: 1 | 2, text: string): boolean;
}

/** The world of a process. */
export function realHost(own: OwnProcess, { file, question, print, ...environment }: Beginning): Host {
  const { platform } = own;
  const told = (stream: 1 | 2, text: string) => {
    if (!print(stream, text)) own.exitCode = 2;
  };
  return {
    ...{ question, ...environment, platform },
    disk: platform === 'win32' ? patientDisk(realDisk, pause) : realDisk,
    terminal: streamTerminal(streamsOf(own), told, Date.now),
    process: {
      ...{ id: own.pid, started: [own.execPath, file], node: own.versions.node },
      ...thisMachine(),
      ...userOf(own),
      isAlive: (id) => isAlive(own, id),
    },
    programs: { ...realPrograms, show: (...start) => uninterrupted(own, () => realPrograms.show(...start)) },
    network: realNetwork,
    temporaryFolder: temporaryFolder(),
    mayWrite,
    now: () => new Date(),
    uniqueName: () => randomBytes(3).toString('hex'),
    newToken: () => randomBytes(32).toString('base64url'),
    pause,
    removeTree: async (path) => (await import('../remove-tree.ts')).removeTree(path),
  };
}

/** Who a process acts as. */
function userOf({ geteuid, getegid }: OwnProcess): { readonly user?: User } {
  return geteuid && getegid ? { user: { uid: geteuid(), gid: getegid() } } : {};
}

/** The streams of a process: each is made when it is used, which takes longer than most of what we read. */
function streamsOf(own: OwnProcess): Streams {
  const watched = new Set<unknown>();
  const watch = <T extends Streams['output']>(stream: T): T => {
    if (!watched.has(stream)) stream.on('error', (error) => reported(own, error));
    watched.add(stream);
    return stream;
  };
  return {
    get input() {
      return own.stdin;
    },
    get output() {
      return watch(own.stdout);
    },
    get errors() {
      return watch(own.stderr);
    },
  };
}

/** A reader that has seen enough (`| head`) is no failure; a report that could not be written is one. */
function reported(own: OwnProcess, { code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') own.exitCode = 2;
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
    return errorCode(error) === 'EPERM';
  }
}
