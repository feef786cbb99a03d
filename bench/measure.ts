import { spawnSync } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import type { Measured, Program } from './group.ts';

/** How long to measure. */
export interface Effort {
  readonly seconds: number;
  readonly fewest: number;
  readonly most: number;
}

/** Programs that take no longer, in milliseconds for all, are warmed up once more. */
const shortRound = 5000;

/** What a program finds in its environment: no more than its home and where programs are. */
export function cleanEnvironment(home: string): Record<string, string> {
  return { HOME: home, PATH: process.env.PATH ?? '' };
}

/**
 * Runs whole programs in turns, A B A B, so that none has the quieter machine. The first round warms up, and
 * counts memory. Throws when a program exits otherwise than it should: a failure is often quick.
 */
export async function measure(
  programs: readonly Program[],
  effort: Effort,
  tell: (text: string) => void,
): Promise<Measured[]> {
  const start = Date.now();
  const memories = await roundOf(programs, memoryOf);
  const took = Date.now() - start;
  if (took < shortRound) await roundOf(programs, timeOf);
  const wanted = Math.floor((effort.seconds * 1000) / took);
  const rounds = Math.min(effort.most, Math.max(effort.fewest, wanted));
  tell(`${rounds} rounds of ${programs.length} programs`);
  const times: number[][] = [];
  while (times.length < rounds) times.push(await roundOf(programs, timeOf));
  return programs.map(({ name, note }, index) => ({
    ...{ name, times: times.map((each) => each[index] as number) },
    ...(memories[index] !== undefined && { memory: memories[index] }),
    ...(note !== undefined && { note }),
  }));
}

/** One after the other; between them Node may hear that it is to end. */
async function roundOf<T>(programs: readonly Program[], look: (program: Program) => T): Promise<T[]> {
  const seen: T[] = [];
  for (const program of programs) {
    await turn();
    seen.push(look(program));
  }
  return seen;
}

/** The milliseconds from before a program starts until after it has ended. */
function timeOf(program: Program): number {
  program.before?.();
  const [file, ...words] = program.words as [string, ...string[]];
  const options = { cwd: program.cwd, env: { ...cleanEnvironment(program.home), ...program.env } };
  const start = process.hrtime.bigint();
  const { status } = spawnSync(file, words, { ...options, stdio: 'ignore' });
  const end = process.hrtime.bigint();
  if (status !== (program.code ?? 0)) throw new Error(failureOf(program, status));
  return Number(end - start) / 1e6;
}

function failureOf({ name, words, cwd, home, env }: Program, status: number | null): string {
  const [file, ...rest] = words as [string, ...string[]];
  const again = spawnSync(file, rest, { cwd, env: { ...cleanEnvironment(home), ...env }, encoding: 'utf8' });
  const said = `${again.stdout}${again.stderr}`.slice(-2000);
  return `${name}: exit ${status}. When run again, exit ${again.status}:\n${again.error?.message ?? ''}${said}`;
}

/**
 * The system's own count, taken by Python since Node cannot: a process that Node starts begins with Node's memory, and
 * its count would never be less. Python's 10 MB are the least that is told.
 */
const counting = `import os, sys
pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2): os.dup2(null, each)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss // (1024 if sys.platform == 'darwin' else 1))
sys.exit(os.waitstatus_to_exitcode(status))
`;

/** The most memory, in MB, that a program or one that it starts holds; undefined where there is no Python. */
function memoryOf(program: Program): number | undefined {
  if (!python) return void timeOf(program);
  program.before?.();
  const env = { ...cleanEnvironment(program.home), ...program.env };
  const words = ['-c', counting, ...program.words];
  const { status, stdout } = spawnSync(python, words, { cwd: program.cwd, env, encoding: 'utf8' });
  if (status !== (program.code ?? 0)) throw new Error(failureOf(program, status));
  return Number(stdout) / 1024;
}

/** Where Python itself is: what the path names may be a script that looks into the home. */
const python = spawnSync('python3', ['-c', 'import os, sys; os.waitstatus_to_exitcode; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout?.trim();
