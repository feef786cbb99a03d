import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sampled } from './support/law-runs.ts';
import { type Sandbox, shippedRepository } from './support/sandbox.ts';
import { team } from './support/team-source.ts';

// What makes a run slow is seen here without a clock: code that is loaded, files that are looked at, bytes that are read, and texts
// that are parsed. docs/performance.md says what they cost.

const dist = join(shippedRepository, 'dist');
const kilobyte = 1_000;

/** What a run did, as `count-calls.cjs` counts it. */
interface Counts {
  readonly code: number | null;
  /** By call and path. */
  readonly calls: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By text. */
  readonly parses: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Files of `dist/` that were loaded. */
  readonly modules: readonly string[];
  /** Parts of Node that were asked for by name. */
  readonly builtins: readonly string[];
  /** How often each function of ours was called, by name. */
  readonly functions: Readonly<Record<string, number>>;
}

/** Runs the bin in a process of its own, and counts. */
function counted(sandbox: Sandbox, words: readonly string[]): Counts {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'syncline-guard-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'counts.json');
  const env = { PATH: '/usr/bin:/bin', HOME: sandbox.home, COUNTS: file, NODE_V8_COVERAGE: join(folder, 'coverage') };
  const bin = ['--require', join(import.meta.dirname, 'support/count-calls.cjs'), join(dist, 'syncline.cjs')];
  const { status } = spawnSync(process.execPath, [...bin, ...words], { cwd: sandbox.repo, env });
  const counts = JSON.parse(readFileSync(file, 'utf8')) as Counts;
  const modules = counts.modules.filter((path) => path.startsWith(dist)).map((path) => basename(path));
  return { ...counts, code: status, modules, functions: functionsIn(join(folder, 'coverage')) };
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { functionName: string; ranges: readonly { count: number }[] }[];
  }[];
}

function functionsIn(folder: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage;
    for (const { url, functions } of result.filter((each) => each.url.includes('/dist/'))) {
      for (const { functionName, ranges } of functions) {
        if (functionName !== '' && url !== '')
          counts[functionName] = (counts[functionName] ?? 0) + (ranges[0]?.count ?? 0);
      }
    }
  }
  return counts;
}

/** A home with a unit of every kind, in sync, whose answers are kept. */
function inSync(): Sandbox {
  const sandbox = team();
  sandbox.write('home/.claude.json', JSON.stringify({ numStartups: 3, tips: Array(500).fill('seen') }));
  sandbox.write('home/.codex/config.toml', '# mine\nmodel = "o"\n');
  expect(sandbox.run(['push-runtime'], { cache: 'on', asProcess: true }).code).toBe(0);
  for (const words of [['push-runtime'], ['check-sync'], ['session-check']])
    expect(sandbox.run(words, { cache: 'on', asProcess: true, asks: true }).code).toBe(0);
  return sandbox;
}

/** Paths of the sandbox that were looked at in one way more than once. */
function twice({ calls }: Counts, { root }: Sandbox, names: readonly string[]): string[] {
  return names.flatMap((name) =>
    Object.entries(calls[name] ?? {}).flatMap(([path, count]) =>
      count > 1 && path.startsWith(root) ? [`${name} ${path}`] : [],
    ),
  );
}

/** Whether a path is our own folder, stands above it, or in it. */
function isOnWay(path: string, home: string): boolean {
  const state = join(home, '.local/state/syncline');
  return `${state}/`.startsWith(`${path}/`) || path.startsWith(`${state}/`);
}

function filesRead({ calls }: Counts, { root }: Sandbox): string[] {
  return Object.keys(calls.readFileSync ?? {}).filter((path) => path.startsWith(root));
}

function sizeOf(modules: readonly string[]): number {
  return modules.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
}

it('--version loads the bin alone, and looks at nothing', () => {
  const sandbox = team();
  const counts = counted(sandbox, ['--version']);
  expect(counts.modules).toEqual(['syncline.cjs']);
  // Loading `crypto` takes longer than to look at what is kept.
  expect([...counts.builtins].sort()).toEqual(['buffer', 'fs', 'module', 'os', 'path']);
  expect(
    Object.values(counts.calls)
      .flatMap((paths) => Object.keys(paths))
      .filter((path) => path.startsWith(sandbox.root)),
  ).toEqual([]);
});

it.each(sampled([['check-sync'], ['session-check'], ['push-runtime']]))(
  '%s that finds nothing changed loads the bin alone, reads what is kept, and looks at each path once',
  (command) => {
    const sandbox = inSync();
    // What was written within the last seconds is read again: see `trustedAfter`.
    const cache = join(sandbox.home, '.local/state/syncline/cache');
    const counts = counted(sandbox, [command]);
    expect(counts).toMatchObject({ code: 0, modules: ['syncline.cjs'] });
    const read = filesRead(counts, sandbox);
    expect(read.filter((path) => path.startsWith(cache)).length).toBe(1);
    expect(twice(counts, sandbox, Object.keys(counts.calls))).toEqual([]);
  },
);

it.each(sampled([['push-runtime'], ['check-sync'], ['session-check']], 1))(
  '%s --full reads each file once, parses it once, and loads no more than it needs',
  (command) => {
    const sandbox = inSync();
    const counts = counted(sandbox, [command, '--full']);
    expect(counts.code).toBe(0);
    // Push holds the lock, and looks at the records again before it would write them.
    const again = /\/syncline\/(?:lock|records\/[^/]+)$/;
    // Before code or an answer is taken from our own folder, and before the rest of it is, the way there is looked at.
    const isOfState = (path: string) => isOnWay(path.replace(/^\S+ /, ''), sandbox.home);
    const found = twice(counts, sandbox, ['readFileSync', 'readdirSync', 'lstatSync']).filter(
      (path) => !isOfState(path),
    );
    expect(found.filter((path) => command !== 'push-runtime' || !again.test(path))).toEqual([]);
    const total = filesRead(counts, sandbox).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(counts.bytes).toBeGreaterThan(0);
    if (command !== 'push-runtime') expect(counts.bytes).toBeLessThanOrEqual(total);
    const long = Object.entries(counts.parses).filter(([text]) => text.length > 300);
    expect(long.length).toBeGreaterThan(3);
    expect(long.filter(([, count]) => count > 1).map(([text]) => text.slice(0, 60))).toEqual([]);
    // The user's file, the fragment, the profile, and the text of a file that is not there.
    expect(counts.functions.parseToml).toBe(4);
    // Parsers of what is not there, diffs, colours, prompts, the scanner.
    const unneeded = ['diff.cjs', 'yaml.cjs', 'toml.cjs', 'chalk.cjs'];
    expect(counts.modules.filter((name) => unneeded.includes(name))).toEqual([]);
    const text = counts.modules.map((name) => readFileSync(join(dist, name), 'utf8')).join('');
    expect(
      /secretlint|ultiselect|gracefulify|<testsuite|both sides hold a value of their own/.exec(text)?.[0],
    ).toBeUndefined();
    expect(sizeOf(counts.modules)).toBeLessThan((command === 'push-runtime' ? 880 : 815) * kilobyte);
  },
);

it('what is built and what is installed stays small', () => {
  const all = readdirSync(dist);
  expect(sizeOf(['syncline.cjs'])).toBeLessThan(17 * kilobyte);
  expect(sizeOf(all)).toBeLessThan(1_660 * kilobyte);
  expect(all.length).toBeLessThan(65);
});
