import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { allClients } from '../../src/adapters/all-clients.ts';
import type { runProgram } from '../../src/cli/program.ts';
import type { Disk } from '../../src/host/disk.ts';
import type { Host } from '../../src/host/host.ts';
import { patientDisk } from '../../src/host/patient-disk.ts';
import { withConsent } from './consent.ts';
import { diskCalls, type MemoryDisk, memoryDisk } from './memory-disk.ts';
import { type Done, type Machine, makeWorld } from './memory-world.ts';
import { teamSource } from './team-source.ts';

/** Where things stand on a Windows machine in memory: the repository on another drive than the home. */
export const home = 'C:\\Users\\ana';
export const repo = 'D:\\team';
export const stateFolder = `${home}\\AppData\\Local\\syncline`;

/** What a test wants to be otherwise; `around` may break calls of the disk before it is patient. */
export type WindowsMachine = Machine & { around?(disk: Disk): Disk };

/** The same program with Windows' path functions in place of this machine's. */
export interface WindowsWorld {
  /** Paths are those of Windows. */
  write(path: string, text: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  snapshot(folder: string): Record<string, string>;
  run(words: readonly string[], machine?: WindowsMachine): Promise<Done>;
}

type Program = { readonly runProgram: typeof runProgram; readonly allClients: typeof allClients };

let program: Program | undefined;

/** Makes a Windows machine with an empty home and the team's source in the repository. */
export function makeWindowsWorld(): WindowsWorld {
  const memory = memoryDisk();
  const disk = windowsDisk(memory);
  const write = (path: string, text: string) => memory.write(inside(path), text);
  write(`${home}\\.keep`, '');
  for (const [path, text] of Object.entries(teamSource)) write(`${repo}\\clients\\${path.replaceAll('/', '\\')}`, text);
  const clock = { runs: 0 };
  return {
    write,
    read: (path) => memory.read(inside(path)),
    exists: (path) => memory.exists(inside(path)),
    snapshot: (folder) => memory.snapshot(inside(folder)),
    run: (words, machine) => run(disk, words, ++clock.runs, machine),
  };
}

async function run(disk: Disk, words: readonly string[], number: number, machine: WindowsMachine = {}): Promise<Done> {
  program ??= windowsProgram();
  let [out, err] = ['', ''];
  const base = makeWorld().host(machine);
  const variables = {
    LOCALAPPDATA: `${home}\\AppData\\Local`,
    APPDATA: `${home}\\AppData\\Roaming`,
    ...machine.variables,
  };
  const terminal = {
    ...base.terminal,
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      err += text;
    },
  };
  const names = { count: 0 };
  const pause = (duration: number) => machine.pause?.(duration);
  const patient = patientDisk(machine.around?.(disk) ?? disk, pause);
  const host: Host = {
    ...{ ...base, disk: patient, pause, variables, home, workingDirectory: repo, platform: 'win32', terminal },
    now: () => new Date(Date.parse('2026-01-05T08:00:00Z') + number * 1000),
    uniqueName: () => `r${number}n${++names.count}`,
    newToken: () => `made-token-${number}`,
  };
  const { runProgram: runIt, allClients: clients } = program;
  const code = await runIt(withConsent(words, false), host, async () => clients, '0.0.0');
  return {
    ...{ code, out, err },
    get json() {
      return JSON.parse(out);
    },
  };
}

/** Builds the program once more, so that `node:path` is what it would be on Windows. */
function windowsProgram(): Program {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-windows-'));
  try {
    const root = join(import.meta.dirname, '../..');
    const contents = `export { runProgram } from './src/cli/program.ts';
      export { allClients } from './src/adapters/all-clients.ts';`;
    const outfile = join(folder, 'program.cjs');
    buildSync({
      ...{
        stdin: { contents, resolveDir: root, loader: 'ts' },
        outfile,
        bundle: true,
        platform: 'node',
        format: 'cjs',
      },
      ...{ alias: { 'node:path': 'node:path/win32' }, logLevel: 'error' },
    });
    return createRequire(import.meta.url)(outfile) as Program;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A disk that knows paths of Windows only: any other path is a mistake of the program, and fails. */
function windowsDisk({ disk }: MemoryDisk): Disk {
  const calls = diskCalls.map((name) => [
    name,
    (path: string, ...rest: unknown[]) => {
      const isPair = name === 'rename' || name === 'exchange' || name === 'makeLink';
      const others = isPair ? rest.map((each) => inside(each as string)) : rest;
      const given = (disk[name] as (...words: unknown[]) => unknown)(inside(path), ...others);
      return typeof given === 'string' && name !== 'exchange' ? outside(given) : given;
    },
  ]);
  return { ...(Object.fromEntries(calls) as unknown as Disk), exchange: () => 'unable' };
}

function inside(path: string): string {
  if (!/^[A-Z]:\\/.test(path) || path.includes('/')) throw new Error(`this is no path of Windows: ${path}`);
  return `/${path.replaceAll('\\', '/')}`;
}

function outside(path: string): string {
  return path.slice(1).replaceAll('/', '\\');
}
