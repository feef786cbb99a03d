import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

const bin = join(import.meta.dirname, '../../dist/syncline.cjs');

const python = `import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))`;

/** How this machine runs a command on a pseudo-terminal: util-linux's `script`, else python3, else not at all. */
export const terminalTool: 'script' | 'python3' | undefined = spawnSync('script', ['--version'], {
  encoding: 'utf8',
}).stdout?.includes('util-linux')
  ? 'script'
  : spawnSync('python3', ['-c', 'import pty']).status === 0
    ? 'python3'
    : undefined;

/** What stood on the terminal, and the exit code. */
export interface OnTerminal {
  readonly code: number | null;
  readonly screen: string;
}

/** An answer, given once the text stands on the terminal; each waits for the one before. A function may do more first. */
export type Answer = readonly [after: RegExp, keys: string | (() => string)];

/** The question of a first push. */
export const goOn = /Go on\? \[y\]es, \[n\]o or \[d\]iff \(Enter means no\): /;

/** Says yes to it, after something else has happened. */
export function yesAfter(change: () => unknown): Answer {
  return [
    goOn,
    () => {
      change();
      return 'y\r';
    },
  ];
}

export const [ctrlC, ctrlD] = ['\u0003', '\u0004'];

/** Runs the built bin on a pseudo-terminal, as a person would. Fails after a minute without an end: a busy machine may take its time. */
export function runOnTerminal(
  sandbox: Sandbox,
  words: readonly string[],
  answers: readonly Answer[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<OnTerminal> {
  // Without a size a list has no room at all.
  const sized = 'stty cols 80 rows 40; exec "$0" "$@"';
  const place = { cwd: sandbox.repo, env: { HOME: sandbox.home, ...variables } };
  return runAnyOnTerminal(['sh', '-c', sized, process.execPath, bin, ...words], place, answers, 60);
}

/** The same for another program; the environment has a PATH and says what kind of terminal it is. */
export function runAnyOnTerminal(
  command: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  answers: readonly Answer[],
  seconds: number,
): Promise<OnTerminal> {
  const [tool, list] =
    terminalTool === 'script'
      ? ['script', ['-qefc', `exec ${command.map((word) => `'${word}'`).join(' ')}`, '/dev/null']]
      : ['python3', ['-c', python, ...command]];
  const env = { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh', ...place.env };
  const child = spawn(tool as string, list as string[], { cwd: place.cwd, env });
  const left = [...answers];
  let [screen, seen] = ['', 0];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`no end after ${seconds} seconds; on the terminal: ${screen}`));
    }, seconds * 1000);
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      const found = left[0]?.[0].exec(screen.slice(seen));
      if (!found) return;
      seen = screen.length;
      const [, keys] = left.shift() as Answer;
      child.stdin.write(typeof keys === 'string' ? keys : keys());
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, screen: screen.replaceAll('\r\n', '\n') });
    });
  });
}

/** A text without colours and movements of the cursor. */
export function withoutEscapes(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
