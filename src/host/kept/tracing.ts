import type { Disk, ReadableDisk } from '../disk.ts';
import type { Host } from '../host.ts';
import { failureOf, namesOf, type Seen, signatureOf } from './stat-cache.ts';

/** What a command looked at, and what it said. */
export interface Trace {
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  readonly paths: Map<string, Seen>;
  readonly contents: Map<string, Uint8Array>;
  readonly variables: Map<string, string | undefined>;
  out: string;
  err: string;
  /** Set when it did what no later look at the same things would tell: it wrote, asked somebody, or looked at the clock. */
  spoiled: boolean;
}

/** The same host, and what is looked at through it from now on. Calls of the disk that write spoil the trace. */
export function traced(host: Host): { readonly host: Host; readonly trace: Trace } {
  const trace: Trace = {
    ...{ began: host.now().getTime(), paths: new Map(), contents: new Map(), variables: new Map() },
    ...{ out: '', err: '', spoiled: false },
  };
  const spoils = <T extends object>(part: T): T => spoiling(part, trace);
  const rest = spoils({
    ...{ now: host.now, uniqueName: host.uniqueName, newToken: host.newToken, pause: host.pause },
    removeTree: host.removeTree,
  });
  return {
    trace,
    host: {
      ...host,
      ...rest,
      untraced: host,
      spoil: () => {
        trace.spoiled = true;
      },
      disk: tracedDisk(host.disk, trace),
      variables: tracedVariables(host.variables, trace),
      terminal: tracedTerminal(host.terminal, trace),
      process: guarded(host.process, trace),
      programs: spoils(host.programs),
      network: spoils(host.network),
    },
  };
}

/** What is kept of each call that reads, and as what. */
const kept: { readonly [Call in keyof ReadableDisk]: readonly [keyof Seen, (got: never) => unknown] } = {
  status: ['node', signatureOf],
  linkStatus: ['link', signatureOf],
  realPath: ['real', (path: string) => path],
  readLink: ['target', (target: string) => target],
  list: ['names', namesOf],
  readFile: ['content', () => true],
};

function tracedDisk({ status, linkStatus, realPath, readLink, readFile, list, ...writing }: Disk, trace: Trace): Disk {
  const reading: ReadableDisk = { status, linkStatus, realPath, readLink, readFile, list };
  const look = (call: keyof ReadableDisk, path: string) => {
    const [key, made] = kept[call];
    try {
      const got = reading[call](path);
      note(trace, path, key, made(got as never));
      return got;
    } catch (error) {
      const { failed } = trace.paths.get(path) ?? {};
      note(trace, path, 'failed', { ...failed, [call]: failureOf(error) });
      throw error;
    }
  };
  const calls = (Object.keys(reading) as (keyof ReadableDisk)[]).map((call) => [
    call,
    (path: string) => look(call, path),
  ]);
  return {
    ...spoiling(writing, trace),
    ...(Object.fromEntries(calls) as unknown as ReadableDisk),
    readFile: (path) => {
      const seen = trace.paths.get(path);
      // Before it is read: of a file that is written meanwhile the older times are kept, and do not fit any more.
      if (seen?.node === undefined && seen?.link?.[0] !== 'file') look('status', path);
      const bytes = look('readFile', path) as Uint8Array;
      trace.contents.set(path, bytes);
      return bytes;
    },
  };
}

/** A second look that sees another thing belongs to another world than the first. */
function note(trace: Trace, path: string, key: keyof Seen, value: unknown): void {
  const seen = (trace.paths.get(path) ?? {}) as Record<keyof Seen, unknown>;
  const isOther = seen[key] !== undefined && key !== 'failed' && JSON.stringify(seen[key]) !== JSON.stringify(value);
  if (isOther) trace.spoiled = true;
  seen[key] = value;
  trace.paths.set(path, seen as Seen);
}

function tracedVariables(variables: Host['variables'], trace: Trace): Host['variables'] {
  return new Proxy(variables as Record<string, string | undefined>, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as string | undefined;
      if (typeof name === 'string') trace.variables.set(name, value);
      return value;
    },
  });
}

function tracedTerminal(terminal: Host['terminal'], trace: Trace): Host['terminal'] {
  const { ask, chooseMany, readSecret } = terminal;
  return {
    ...terminal,
    ...spoiling({ ask, chooseMany, readSecret }, trace),
    out: (text) => {
      trace.out += text;
      terminal.out(text);
    },
    error: (text) => {
      trace.err += text;
      terminal.error(text);
    },
  };
}

/** What is true of this process is not true of the next. How it was started is known of the question. */
function guarded(process: Host['process'], trace: Trace): Host['process'] {
  return new Proxy(process, {
    get: (target, name) => {
      if (name !== 'started' && name !== 'node') trace.spoiled = true;
      return Reflect.get(target, name);
    },
  });
}

/** The same functions; a call of any spoils the trace. */
function spoiling<T extends object>(part: T, trace: Trace): T {
  const entries = Object.entries(part).map(([name, act]) => [
    name,
    (...words: unknown[]) => {
      trace.spoiled = true;
      return (act as (...words: unknown[]) => unknown)(...words);
    },
  ]);
  return Object.fromEntries(entries) as T;
}
