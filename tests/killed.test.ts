import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withConsent } from './support/consent.ts';
import { strideOf } from './support/law-runs.ts';
import { tried } from './support/reliability.ts';
import { makeSandbox, runBin, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

/**
 * The built bin on a real disk, really killed: strace sends SIGKILL at the n-th write, rename or
 * unlink. After that each file is old or new, and the next command says what it undid and goes on.
 */
const bin = join(import.meta.dirname, '../dist/syncline.cjs');
const isFull = process.env.CI === 'true';
const traced = 'write,pwrite64,?rename,?renameat,?renameat2,?unlink,?unlinkat,?rmdir';
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  arrange(sandbox: Sandbox): void;
}

function useHome(sandbox: Sandbox): void {
  sandbox.write('now/home/.codex/config.toml', '# mine\nmodel = "gpt-5"\n', 0o600);
  sandbox.write('now/home/.claude.json', '{"numStartups": 1.0}', 0o600);
  sandbox.write('now/home/dotfiles/settings.json', '{"model": "opus"}', 0o640);
  sandbox.link('now/home/.claude/settings.json', '../dotfiles/settings.json');
}

function pushed(sandbox: Sandbox): void {
  useHome(sandbox);
  expect(run(sandbox, ['push-runtime'])).toMatchObject({ code: 0 });
}

function moved(sandbox: Sandbox): void {
  pushed(sandbox);
  sandbox.write('now/repo/clients/codex/config-fragment.toml', 'model_verbosity = "high"\n');
  sandbox.write('now/repo/clients/claude/mcp-fragment.json', '{"mcpServers": {"team": {"command": "new"}}}');
  sandbox.remove('now/repo/clients/shared/memory/projects');
}

const cases: readonly Case[] = [
  { name: 'the first push', words: ['push-runtime'], arrange: useHome },
  { name: 'a push that updates and removes', words: ['push-runtime'], arrange: moved },
  { name: 'clean', words: ['clean-runtime', '--remove-only'], arrange: pushed },
  { name: 'pull', words: ['pull-runtime'], arrange: pushed },
  {
    name: 'restore',
    words: ['restore', '20'],
    arrange: (sandbox) => {
      moved(sandbox);
      expect(run(sandbox, ['push-runtime'])).toMatchObject({ code: 0 });
    },
  },
];

/** Runs the bin on the world that is being broken. */
function run({ root }: Sandbox, words: readonly string[]) {
  return runBin(words, join(root, 'now/home'), { cwd: join(root, 'now/repo') });
}

/** Runs it under strace; the calls go to a file. */
function trace({ root }: Sandbox, words: readonly string[], inject: readonly string[]): string {
  const log = join(root, 'trace.log');
  const options = { cwd: join(root, 'now/repo'), env: { PATH: process.env.PATH ?? '', HOME: join(root, 'now/home') } };
  spawnSync(
    'strace',
    ['-o', log, '-e', `trace=${traced}`, ...inject, process.execPath, bin, ...withConsent(words, false)],
    options,
  );
  return readFileSync(log, 'utf8');
}

/** How often each call is made. */
function countCalls(log: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, name] of log.matchAll(/^(\w+)\(/gm)) counts.set(name as string, (counts.get(name as string) ?? 0) + 1);
  return counts;
}

/** Everything but backups. What a client's lock is, is left out: it goes stale. */
function visible({ root }: Sandbox): Record<string, string> {
  const records = join(root, 'now/home/.local/state/syncline/records');
  const { 'home/.claude.json.lock': _, ...files } = snapshot(join(root, 'now'));
  const kept = Object.entries(files).filter(([path]) => !path.startsWith('home/.local'));
  return { ...Object.fromEntries(kept), ...(existsSync(records) ? snapshot(records) : {}) };
}

function reset({ root }: Sandbox): void {
  rmSync(join(root, 'now'), { recursive: true, force: true });
  cpSync(join(root, 'base'), join(root, 'now'), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

function arranged({ words, arrange }: Case): { sandbox: Sandbox; command: readonly string[] } {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox, 'now/repo');
  sandbox.write('now/home/.keep', '');
  arrange(sandbox);
  cpSync(join(sandbox.root, 'now'), join(sandbox.root, 'base'), { recursive: true, verbatimSymlinks: true });
  const runs = (): readonly { run: string }[] =>
    (run(sandbox, ['restore', '--list', '--json']).json as unknown as { runs: { run: string }[] }).runs;
  return { sandbox, command: words[0] === 'restore' ? ['restore', runs()[0]?.run as string] : words };
}

/** In the quick run only one of the calls is tried: a rename in the middle; in CI the first of each four. */
function numbersOf(name: string, count: number): number[] {
  if (!isFull) return name === 'rename' ? [Math.ceil(count / 2)] : [];
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return all.filter((_, index) => index % strideOf(1) === 0);
}

if (!canTrace) console.warn('strace is not there, or may not trace: tests of real kills are skipped.');

describe.skipIf(!canTrace)('a real SIGKILL', () => {
  it.each(isFull ? cases : ([cases[1], cases[4]] as typeof cases))(
    'during $name, at every write, rename and unlink',
    { timeout: 300_000 },
    (each) => {
      const { sandbox, command } = arranged(each);
      const before = visible(sandbox);
      const calls = countCalls(trace(sandbox, command, []));
      const after = visible(sandbox);
      expect(after).not.toEqual(before);
      let kills = 0;
      for (const [name, count] of calls) {
        for (const last of numbersOf(name, count)) {
          reset(sandbox);
          const at = `${name} ${last} of ${count}`;
          const log = trace(sandbox, command, ['-e', `inject=${name}:signal=SIGKILL:when=${last}`]);
          expect([at, log]).toEqual([at, expect.stringContaining('killed by SIGKILL')]);
          expectSettles(sandbox, { before, after, at });
          if (kills % 3 === 0) expectCompletes(sandbox, command, after, at);
          kills += 1;
        }
      }
      expect(kills).toBeGreaterThan(0);
      tried(kills);
    },
  );
});

function expectSettles(
  sandbox: Sandbox,
  { before, after, at }: { before: Record<string, string>; after: Record<string, string>; at: string },
): void {
  const wasRunning = existsSync(join(sandbox.root, 'now/home/.local/state/syncline/journal.json'));
  const next = run(sandbox, ['check-sync']);
  expect([at, next.err, next.out.includes('had been cut off')]).toEqual([at, '', wasRunning]);
  const now = visible(sandbox);
  const end = JSON.stringify(now) === JSON.stringify(after) ? after : before;
  expect([at, now]).toEqual([at, end]);
}

function expectCompletes(
  sandbox: Sandbox,
  command: readonly string[],
  after: Record<string, string>,
  at: string,
): void {
  ageLock(join(sandbox.root, 'now/home/.claude.json.lock'));
  const again = run(sandbox, command);
  expect([at, again.err, again.code]).toEqual([at, '', 0]);
  expect([at, visible(sandbox)]).toEqual([at, after]);
}

/** A kill right between the making of Claude's lock and the note of it leaves it to go stale: ten seconds pass here. */
function ageLock(lock: string): void {
  const past = Date.now() / 1000 - 20;
  if (existsSync(lock)) utimesSync(lock, past, past);
}
