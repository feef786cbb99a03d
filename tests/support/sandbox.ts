import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { cacheMode, makeStale, wordsIn } from './cache-mode.ts';
import { withConsent } from './consent.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';

const bin = join(import.meta.dirname, '../../dist/syncline.cjs');

/** Forcing files to a disk takes much of a run's time, so for most tests a disk in memory does where there is one. */
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** In CI one test of so many, always the same ones, runs real processes on a real disk; all do for docs/reliability.md. */
const realShare = process.env.RELIABILITY === undefined ? 8 : 1;

function isReal(): boolean {
  if (process.env.CI !== 'true') return false;
  const name = expect.getState().currentTestName ?? '';
  return (createHash('sha256').update(name).digest()[0] as number) % realShare === 0;
}

/** The repository's own `clients/`, as a fresh clone has it. */
export const shippedRepository = join(import.meta.dirname, '../..');

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The parsed standard output of `--json`. */
  readonly json: JsonOutcome;
}

/** The `--json` object. */
export interface JsonOutcome {
  readonly version: number;
  readonly command: string;
  readonly exitCode: number;
  readonly inSync: boolean;
  readonly units: readonly {
    id: string;
    client: string;
    path: string;
    address: string;
    verdict: string;
    action: string;
  }[];
  readonly findings: readonly {
    code: string;
    severity: string;
    message: string;
    remedy: string;
    path?: string;
    line?: number;
    column?: number;
  }[];
}

/** A throw-away folder with a home and a repository, removed when the test ends. */
export interface Sandbox {
  readonly root: string;
  readonly home: string;
  readonly repo: string;
  /** Runs the built bin in the repository, with an empty environment but HOME and PATH. */
  run(words: readonly string[], options?: RunOptions): Ran;
  /** Writes a file below the sandbox's root: `home/.codex/config.toml`, `repo/clients/…`. */
  write(path: string, content: string | Uint8Array, mode?: number): void;
  link(path: string, target: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  remove(path: string): void;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Starts a process even where a thread would do. */
  readonly asProcess?: boolean;
  /** How the stat cache is, where a test is about it. */
  readonly cache?: 'on' | 'off' | 'stale';
  /** Runs a push as it is given, so that nobody has allowed what it lets agents do. */
  readonly asks?: boolean;
  /** Another bundle than `dist/syncline.cjs`. */
  readonly bin?: string;
}

/** Makes a sandbox; `repository` is copied into it (only its `clients/`), else `clients/` is empty. */
export function makeSandbox(repository?: string): Sandbox {
  const root = makeRoot();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const sandbox = sandboxAt(root);
  mkdirSync(sandbox.home);
  mkdirSync(join(sandbox.repo, 'clients'), { recursive: true });
  if (repository) cpSync(join(repository, 'clients'), join(sandbox.repo, 'clients'), { recursive: true });
  return sandbox;
}

/** An empty folder for a sandbox; whoever makes it removes it. */
export function makeRoot(): string {
  return realpathSync(mkdtempSync(join(isReal() ? tmpdir() : memoryDisk, 'syncline-test-')));
}

/** The sandbox of a folder, whatever stands in it. */
export function sandboxAt(root: string): Sandbox {
  const [home, repo] = [join(root, 'home'), join(root, 'repo')];
  const at = (path: string) => join(root, path);
  return {
    ...{ root, home, repo },
    run: (words, options = {}) => runBin(words, home, { cwd: repo, ...options }),
    write: (path, content, mode) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
      if (mode !== undefined) chmodSync(at(path), mode);
    },
    link: (path, target) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      symlinkSync(target, at(path));
    },
    read: (path) => readFileSync(at(path), 'utf8'),
    exists: (path) => existsSync(at(path)),
    remove: (path) => rmSync(at(path), { recursive: true }),
  };
}

/** Runs the bin with nothing of the caller's environment: as a process, or in a thread that is kept. */
export function runBin(given: readonly string[], home: string, options: RunOptions): Ran {
  const words = withConsent(given, options.asks);
  const env: Record<string, string> = { PATH: '/usr/bin:/bin', HOME: home, ...options.env };
  const mode = options.cache ?? cacheMode();
  const told = { words: wordsIn(mode, words), input: options.input ?? '' };
  const run = { bin: options.bin ?? bin, env, cwd: options.cwd ?? home, ...told };
  const needsProcess = isReal() || options.asProcess === true || env.NODE_OPTIONS !== undefined;
  const { code, out, err } = needsProcess ? spawnBin(run) : runBundle(run);
  if (mode === 'stale') for (const folder of [env.HOME as string, ...homeIn(words, run.cwd)]) makeStale(folder);
  return {
    ...{ code, out, err },
    get json() {
      return JSON.parse(out) as JsonOutcome;
    },
  };
}

/** What `--home` names. */
function homeIn(words: readonly string[], cwd: string): string[] {
  const at = words.indexOf('--home');
  return at < 0 ? [] : [resolve(cwd, words[at + 1] ?? '.')];
}

function spawnBin({ bin: file, words, env, cwd, input }: BundleRun): Pick<Ran, 'code' | 'out' | 'err'> {
  const options = { cwd, env, input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...words], options);
  return { code: status, out: stdout, err: stderr };
}

/** Every file, link and folder below a folder: kind, permission bits and content digest, by path. State is left out. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const kept = entries.filter((name) => !/(?:^|\/)\.local(?:\/|$)/.test(name));
  return Object.fromEntries(kept.map((name) => [name, describeNode(join(folder, name))]));
}

function describeNode(path: string): string {
  const status = lstatSync(path);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (status.isDirectory()) return `folder ${mode}`;
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}
