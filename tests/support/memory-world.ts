import { allClients } from '../../src/adapters/all-clients.ts';
import type { Client } from '../../src/adapters/client.ts';
import { runProgram } from '../../src/cli/program.ts';
import { rootMembersIn } from '../../src/formats/json/read/root-members.ts';
import type { Disk } from '../../src/host/disk.ts';
import type { Choice, Host } from '../../src/host/host.ts';
import { type Question, type Recaller, recall } from '../../src/host/kept/stat-cache.ts';
import type { Network } from '../../src/host/machine/network.ts';
import type { Programs } from '../../src/host/machine/programs.ts';
import { digestOf } from '../../src/model/digest.ts';
import { withConsent } from './consent.ts';
import { diskCalls, type MemoryDisk, memoryDisk } from './memory-disk.ts';
import type { JsonOutcome } from './sandbox.ts';
import { teamSource } from './team-source.ts';

/** Where things stand in a world in memory. */
export const home = '/home/u';
export const repo = '/repo';
export const stateFolder = `${home}/.local/state/syncline`;

/** What a command did in memory. */
export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly json: JsonOutcome;
}

/** A machine in memory on which whole commands run: the same program, with another host. */
export interface World {
  readonly memory: MemoryDisk;
  /** Runs a command. `around` may watch or break the disk's calls; they are counted from 1. */
  run(words: readonly string[], around?: Around, machine?: Machine): Promise<Done>;
  /** What a process of its own would see. */
  host(machine?: Machine): Host;
  /** Lets the clock go on, in milliseconds. */
  wait(duration: number): void;
  copy(): World;
}

/** What a test wants to be otherwise about the machine. */
export interface Machine {
  isAlive?(id: number): boolean;
  readonly booted?: Date;
  pause?(duration: number): void;
  /** Runs a push as it is given, so that nobody has allowed what it lets agents do. */
  readonly asks?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly clients?: readonly Client[];
  readonly programs?: Programs;
  readonly network?: Network;
  readonly node?: string;
  readonly progress?: Host['terminal']['progress'];
  /** Somebody at a terminal, who marks these of a list, or leaves it. */
  chooses?(choices: readonly Choice[]): readonly string[] | undefined;
  /** False for a machine, or a file system, that cannot swap two files in one step. */
  readonly exchanges?: boolean;
}

/** What happens before a call of the disk: it may throw. */
export type Around = (call: number, name: (typeof diskCalls)[number], path: string) => void;

/** How the program is started. */
const started = ['/bin/node', '/syncline.cjs'] as const;

interface Clock {
  time: number;
  names: number;
}

/** Every node of the home and of the source, our own state left out. */
export function nodesOf({ memory }: World): Record<string, string> {
  const nodes = Object.entries({ ...memory.snapshot(home), ...memory.snapshot(`${repo}/clients`) });
  return Object.fromEntries(nodes.filter(([path]) => !path.startsWith('.local')));
}

/** Makes a world with an empty home and the team's source in the repository. */
export function makeWorld(): World {
  const clock = { time: Date.parse('2026-01-05T08:00:00Z'), names: 0 };
  const memory = memoryDisk(() => clock.time);
  memory.write(`${home}/.keep`, '');
  memory.remove(`${home}/.keep`);
  for (const [path, text] of Object.entries(teamSource)) {
    memory.write(`${repo}/clients/${path}`, text, path.endsWith('.sh') ? 0o755 : 0o644);
  }
  return worldOf(memory, clock);
}

function worldOf(memory: MemoryDisk, clock: Clock): World {
  return {
    memory,
    run: (words, around, machine) => run(memory.disk, clock, withConsent(words, machine?.asks), around, machine),
    host: (machine) => hostOn(memory.disk, clock, silent, machine),
    wait: (duration) => {
      clock.time += duration;
    },
    copy: () => {
      const own = { ...clock };
      return worldOf(
        memory.copy(() => own.time),
        own,
      );
    },
  };
}

const silent: Host['terminal'] = {
  ...{ showsColour: false, isInteractive: false, ask: async () => undefined, readSecret: async () => undefined },
  chooseMany: async () => undefined,
  progress: () => {},
  ...{ out: () => {}, error: () => {} },
};

/** A machine on which no other program is installed. */
const noPrograms: Programs = {
  find: () => undefined,
  run: () => ({ code: undefined, out: '', err: '' }),
  show: () => undefined,
};

async function run(
  disk: Disk,
  clock: Clock,
  words: readonly string[],
  around: Around | undefined,
  machine: Machine | undefined,
): Promise<Done> {
  let [out, err] = ['', ''];
  clock.time += 1_000;
  const terminal = {
    ...silent,
    isInteractive: machine?.chooses !== undefined,
    chooseMany: async (_: string, choices: readonly Choice[]) => machine?.chooses?.(choices),
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      err += text;
    },
  };
  // As `main.ts` does: what was answered before is given again. Not where each call of the disk counts.
  const question = around ? undefined : questionOf(words, machine);
  const kept =
    question && !words.includes('--full')
      ? await recall(cacheFolder(words), question, recaller(disk, clock, machine))
      : undefined;
  if (kept) return done(kept.exitCode, kept.out, kept.err);
  const able: Disk = machine?.exchanges === false ? { ...disk, exchange: () => 'unable' } : disk;
  const watched = around ? watchedDisk(able, around) : able;
  const clients = async () => machine?.clients ?? allClients;
  const host = hostOn(watched, clock, terminal, machine);
  const code = await runProgram(words, { ...host, ...(question ? { question } : {}) }, clients, '0.0.0');
  return done(code, out, err);
}

function done(code: number, out: string, err: string): Done {
  return {
    ...{ code, out, err },
    get json() {
      return JSON.parse(out) as JsonOutcome;
    },
  };
}

function questionOf(words: readonly string[], machine: Machine | undefined): Question {
  const program = ['0.0.0', machine?.node ?? '22.12.0', ...started, null] as const;
  return {
    words: words.filter((word) => word !== '--full'),
    workingDirectory: repo,
    home,
    terminal: [machine?.chooses !== undefined, false, '', ''],
    program,
  };
}

function cacheFolder(words: readonly string[]): string {
  const at = words.indexOf('--home');
  return at < 0 ? `${stateFolder}/cache` : `${words[at + 1]}/.local/state/syncline/cache`;
}

function recaller(disk: Disk, clock: Clock, machine: Machine | undefined): Recaller {
  return {
    ...{ disk, variables: machine?.variables ?? {}, members: rootMembersIn },
    digest: async () => digestOf,
    now: () => clock.time,
  };
}

function hostOn(disk: Disk, clock: Clock, terminal: Host['terminal'], machine: Machine = {}): Host {
  return {
    ...{ disk, variables: machine.variables ?? {}, home, workingDirectory: repo, platform: 'linux' },
    terminal: { ...terminal, ...(machine.progress ? { progress: machine.progress } : {}) },
    // Each run is a process of its own, and the ones before are gone.
    process: {
      ...{ id: 100 + ++clock.names, machine: 'here', node: machine.node ?? '22.12.0' },
      started,
      booted: machine.booted ?? new Date(0),
      isAlive: (id) => machine.isAlive?.(id) ?? false,
    },
    programs: machine.programs ?? noPrograms,
    network: machine.network ?? { reach: async () => ({ failure: 'no network' }) },
    temporaryFolder: '/tmp',
    now: () => new Date(clock.time),
    uniqueName: () => `n${++clock.names}`,
    newToken: () => `made-token-${++clock.names}`,
    pause: (duration) => {
      clock.time += duration;
      machine.pause?.(duration);
    },
    removeTree: async (path) => removeTree(disk, path),
  };
}

function removeTree(disk: Disk, path: string): void {
  for (const { name, kind } of disk.list(path)) {
    if (kind === 'folder') removeTree(disk, `${path}/${name}`);
    else disk.unlink(`${path}/${name}`);
  }
  disk.removeFolder(path);
}

/** A disk of which every call is counted and goes through `around` first. */
function watchedDisk(disk: Disk, around: Around): Disk {
  let calls = 0;
  const watched = diskCalls.map((name) => [
    name,
    (path: string, ...rest: unknown[]) => {
      calls += 1;
      around(calls, name, path);
      return (disk[name] as (...words: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  return Object.fromEntries(watched) as unknown as Disk;
}
