import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'dist/syncline.cjs');

/**
 * Vitest runs this once before all tests: many of them start the built bin, so it must not be older than its source.
 * After a build that failed there is no bin, and only the tests that need it fail.
 */
export function setup(): void {
  if (existsSync(bin) && statSync(bin).mtimeMs >= newestSource()) return;
  const { status } = spawnSync('npm run --silent build', { cwd: root, stdio: 'inherit', shell: true });
  if (status !== 0) rmSync(bin, { force: true });
}

function newestSource(): number {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => join('src', name));
  return Math.max(...['package.json', ...names].map((name) => statSync(join(root, name)).mtimeMs));
}
