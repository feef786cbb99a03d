import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from './data/skills.ts';
import type { Program } from './group.ts';
import { cleanEnvironment } from './measure.ts';

/** A repository and a home of its own. Nothing is there before it is made. */
export interface Sandbox {
  readonly root: string;
  readonly repo: string;
  readonly home: string;
}

export function sandboxAt(root: string): Sandbox {
  return { root, repo: join(root, 'repo'), home: join(root, 'home') };
}

/** Writes files below a folder. */
export function writeBelow(folder: string, files: Files): void {
  let last = '';
  for (const [path, text] of files) {
    const parent = dirname(join(folder, path));
    if (parent !== last) mkdirSync(parent, { recursive: true });
    last = parent;
    writeFileSync(join(folder, path), text);
  }
}

/** Copies a folder that was there before. */
export function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** Makes the repository one of git's, with all that is in it committed and an `origin` that has the same. */
export function commitAll({ root, repo, home }: Sandbox): void {
  const git = (...words: string[]) => run({ words: ['git', ...identity, ...words], cwd: repo, home });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message=All');
  git('clone', '--quiet', '--bare', repo, join(root, 'origin.git'));
  git('remote', 'add', 'origin', join(root, 'origin.git'));
  git('fetch', '--quiet', 'origin');
  git('branch', '--quiet', '--set-upstream-to=origin/main');
}

/** Git's settings for the data, so that it needs none of the user's and does nothing in the background. */
export const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0'];

/** Deploys the source, and fails when afterwards the two sides are not equal. */
export function deploy(bin: string, place: Sandbox): void {
  push(bin, place);
  run({ words: [process.execPath, bin, 'check-sync'], cwd: place.repo, home: place.home });
}

/** Deploys the source. */
export function push(bin: string, { repo, home }: Sandbox): void {
  run({ words: [process.execPath, bin, 'push-runtime', '--yes'], cwd: repo, home });
}

/** Runs a program that prepares something. Throws with what it said when it fails. */
export function run({ words, cwd, home, env }: Pick<Program, 'words' | 'cwd' | 'home' | 'env'>): void {
  const [program, ...rest] = words as [string, ...string[]];
  const { status, stdout, stderr, error } = spawnSync(program, rest, {
    cwd,
    env: { ...cleanEnvironment(home), ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return;
  throw new Error(
    `${words.join(' ')} exits ${status}: ${error?.message ?? ''}${stdout.slice(-2000)}${stderr.slice(-2000)}`,
  );
}

/** Waits until what was written is on the disk, so that it does not disturb what is measured. */
export function settle(folder: string): void {
  spawnSync('sync', ['-f', folder], { stdio: 'ignore' });
}

/** Writes a file anew each time it is called, as a client does, by a rename; what it makes of the text gets the time's number. */
export function rewriting(path: string, change: (text: string, time: number) => string): () => void {
  let times = 0;
  return () => {
    times += 1;
    writeFileSync(`${path}.new`, change(readFileSync(path, 'utf8'), times));
    renameSync(`${path}.new`, path);
  };
}
