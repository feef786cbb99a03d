import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { withConsent } from './consent.ts';
import type { Spoken } from './hostile.ts';
import type { Sandbox } from './sandbox.ts';

const bin = join(import.meta.dirname, '../../dist/syncline.cjs');
const namespace = process.getuid?.() === 0 ? ['-m'] : ['-rm'];

/** Whether this machine lets us mount a disk that nobody else sees: Linux, as root or with user namespaces. */
export const canMount =
  spawnSync('unshare', [...namespace, 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /tmp']).status === 0;

/** The disk starts with what stood in the folder, is filled up if wanted, and what stands on it is copied off at the end. */
const script = `set -e
at=$1 size=$2 full=$3 out=$4 node=$5 bin=$6; shift 6
mount -t tmpfs -o "size=$size,mode=755" tmpfs "$at"
cp -a "$at.before/." "$at"
if [ "$full" = full ]; then cat /dev/zero > "$at/.fill" 2>/dev/null || true; fi
number=0
for words; do
  code=0; "$node" "$bin" $words --json > "$out/$number.json" || code=$?
  echo $code > "$out/$number.code"; number=$((number + 1))
done
rm -f "$at/.fill"
cp -a "$at/." "$at.after"`;

/** What the disk is like, and what is run. */
export interface OwnDisk {
  /** Below the sandbox's root. */
  readonly folder: string;
  readonly size: string;
  readonly full?: boolean;
  readonly commands: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs commands while a folder of the sandbox is a small disk of its own, in a mount namespace that ends with them. The
 * folder as it was stands beside it as `.before`, and as it became as `.after`.
 */
export function onOwnDisk({ root, home, repo }: Sandbox, disk: OwnDisk): Spoken[] {
  const [at, out] = [join(root, disk.folder), join(root, 'out')];
  renameSync(at, `${at}.before`);
  for (const folder of [at, `${at}.after`, out]) mkdirSync(folder);
  const words = [
    at,
    disk.size,
    disk.full ? 'full' : 'free',
    out,
    process.execPath,
    bin,
    ...disk.commands.map((line) => withConsent(line.split(' '), false).join(' ')),
  ];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, ...disk.env };
  const options = { cwd: repo, env, encoding: 'utf8', timeout: 30_000 } as const;
  const { status, stderr } = spawnSync('unshare', [...namespace, 'sh', '-c', script, 'sh', ...words], options);
  if (status !== 0) throw new Error(`the disk could not be set up: ${stderr}`);
  return readdirSync(out)
    .filter((name) => name.endsWith('.code'))
    .map((_, number) => {
      const text = readFileSync(join(out, `${number}.json`), 'utf8');
      return { code: Number(readFileSync(join(out, `${number}.code`), 'utf8')), out: text, json: JSON.parse(text) };
    });
}

/** Runs a push while a file is a mount of its own, as containers do with `-v file:file`. */
export function pushOntoMount({ home, repo }: Sandbox, file: string): Spoken {
  const lines = 'mount --bind "$1" "$1" && shift && exec "$@"';
  const words = [join(home, file), process.execPath, bin, 'push-runtime', '--allow-powers', '--json'];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home };
  const options = { cwd: repo, env, encoding: 'utf8', timeout: 30_000 } as const;
  const { status, stdout } = spawnSync('unshare', [...namespace, 'sh', '-c', lines, 'sh', ...words], options);
  return { code: status, out: stdout, json: JSON.parse(stdout) };
}
