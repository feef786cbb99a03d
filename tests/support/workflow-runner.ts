import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** A workflow of GitHub Actions, as far as the tests run one. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly if?: string;
  readonly 'runs-on': string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
}

/** What a job made of a run: its log, and the step that failed. */
export interface JobRan {
  readonly log: string;
  readonly failed: string | undefined;
}

/** Where a job runs. */
export interface Runner {
  readonly event: string;
  /** The checkout. */
  readonly folder: string;
  readonly home: string;
  /** For `RUNNER_TEMP`, and for the programs that stand in for others. */
  readonly temporary: string;
  readonly variables?: Readonly<Record<string, string>>;
}

const bundle = join(import.meta.dirname, '../../dist/syncline.cjs');

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/**
 * Runs the `run:` steps of each job that an event starts, as a runner would: each by bash with the runner's own flags, in
 * the checkout, until one fails. What is not the real runner: `uses:` steps are passed over (the checkout is there, Node is
 * the one of the tests), of `if:` only comparisons with the event's name and `always()` are known, and `npm ci` is a script
 * that puts the built bin where npm would.
 */
export function runWorkflow({ jobs }: Workflow, runner: Runner): Record<string, JobRan> {
  const started = Object.entries(jobs).filter(([, job]) => holds(job.if, runner.event));
  return Object.fromEntries(started.map(([name, { steps }]) => [name, runSteps(steps, runner)]));
}

/** PATH with Node, the system's programs, and an `npm` that can only `ci` and `install`. */
function pathWithNpm(folder: string): string {
  const npm = join(folder, 'bin/npm');
  mkdirSync(dirname(npm), { recursive: true });
  const link = `mkdir -p node_modules/.bin && ln -sf '${bundle}' node_modules/.bin/syncline`;
  writeFileSync(npm, `#!/bin/sh\ncase "$*" in ci|install) ;; *) exit 9 ;; esac\n${link}\n`);
  chmodSync(npm, 0o755);
  return [dirname(npm), dirname(process.execPath), '/usr/bin', '/bin'].join(':');
}

/** The same with an `npx` that starts what `npm ci` put there, which is quicker than the real one. */
export function pathWithNpx(folder: string): string {
  const path = pathWithNpm(folder);
  const npx = join(folder, 'bin/npx');
  writeFileSync(npx, '#!/bin/sh\n[ "$1" != --no-install ] || shift\nexec "./node_modules/.bin/$@"\n');
  chmodSync(npx, 0o755);
  return path;
}

function runSteps(steps: readonly Step[], runner: Runner): JobRan {
  let [log, failed]: [string, string | undefined] = ['', undefined];
  for (const step of steps) {
    if (step.run === undefined || (failed !== undefined && step.if !== 'always()')) continue;
    if (!holds(step.if, runner.event)) continue;
    const { status, output } = runStep(step.run, runner);
    log += output;
    if (status !== 0) failed ??= step.name ?? step.run;
  }
  return { log, failed };
}

function runStep(script: string, { folder, home, temporary, variables }: Runner) {
  const env = { PATH: pathWithNpm(temporary), HOME: home, RUNNER_TEMP: temporary, CI: 'true', ...variables };
  const file = join(temporary, 'step.sh');
  writeFileSync(file, script);
  const words = ['--noprofile', '--norc', '-e', '-o', 'pipefail', file];
  const { status, stdout, stderr } = spawnSync('bash', words, { cwd: folder, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function holds(condition: string | undefined, event: string): boolean {
  if (condition === undefined || condition === 'always()') return true;
  const [, operator, name] = /^github\.event_name (==|!=) '(\w+)'$/.exec(condition) ?? [];
  if (operator === undefined) throw new Error(`this runner does not know: if: ${condition}`);
  return (operator === '==') === (name === event);
}
