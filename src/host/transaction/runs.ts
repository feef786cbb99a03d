import { join } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import { type RunFile, type RunIndex, runVersion } from '../../model/run.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { asFailure } from '../system-error.ts';
import { discard } from './atomic-write.ts';

/** How many runs are kept, and for how many days. The newest is kept always. */
const keptRuns = 50;
const keptDays = 30;

/** What killed runs left of their locks is in nobody's way after this long, in milliseconds. */
const leftLockAge = 3_600_000;

/** The file in a run's folder that tells what the run did; it is written after the backups, so those are whole. */
const indexName = 'run.json';

/** Every run that changed a file, newest first. A folder without a readable index is no run. */
export function listRuns(disk: Disk, paths: StatePaths): RunIndex[] {
  try {
    const runs = runNames(disk, paths).flatMap((name) => readIndex(disk, paths, name) ?? []);
    return runs.filter(({ files }) => files.some(({ file }) => file !== ''));
  } catch (error) {
    throw asFailure(error, paths.runs, 'list the runs');
  }
}

/** A file as it was before a run. Throws `Failure` when the backup is not what the run left there. */
export function readBackup(disk: Disk, paths: StatePaths, { run }: RunIndex, file: RunFile): Uint8Array | null {
  if (!file.before) return null;
  const path = join(paths.runs, run, file.before.backup);
  try {
    const content = disk.readFile(path);
    if (digestOf(content) === file.before.digest) return content;
  } catch (error) {
    throw asFailure(error, path, `read the backup of ${file.path}`);
  }
  const remedy = 'Restore a newer run, or put the file back by hand.';
  throw new Failure([problem('broken-backup', `the backup of ${file.path} was changed`, remedy, { path })]);
}

/** The content of `run.json`. */
export function indexContent(index: RunIndex): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(index, null, 1)}\n`);
}

/** Where a run's index stands. */
export function indexPath(paths: StatePaths, run: string): string {
  return join(paths.runs, run, indexName);
}

/** Removes the backups of a run that was undone or changed nothing. The index goes first, so that half of it is no run. */
export function removeRun(disk: Disk, paths: StatePaths, run: string): void {
  const folder = join(paths.runs, run);
  if (!disk.linkStatus(folder)) return;
  discard(disk, indexPath(paths, run));
  for (const { name } of disk.list(folder)) disk.unlink(join(folder, name));
  disk.removeFolder(folder);
  disk.syncFolder(paths.runs);
}

/** Removes runs that are too many or too old, and what killed runs left of their locks; never the newest run. */
export async function pruneRuns(host: Host, paths: StatePaths): Promise<void> {
  const { disk } = host;
  for (const { name } of disk.list(paths.root)) {
    const path = join(paths.root, name);
    const age = host.now().getTime() - (disk.linkStatus(path)?.modified ?? 0);
    if (name.startsWith('lock-') && age > leftLockAge) await host.removeTree(path);
  }
  const oldest = new Date(host.now().getTime() - keptDays * 24 * 3_600_000).toISOString().replace(/[-:.]/g, '');
  const names = runNames(disk, paths);
  const gone = names.filter((name, rank) => rank > 0 && (rank >= keptRuns || name < oldest));
  for (const name of gone) {
    discard(disk, indexPath(paths, name));
    await host.removeTree(join(paths.runs, name));
  }
}

/** Newest first: a run's name begins with its time. */
function runNames(disk: Disk, paths: StatePaths): string[] {
  if (!disk.status(paths.runs)) return [];
  const folders = disk.list(paths.runs).filter(({ name, kind }) => kind === 'folder' && /^\d{8}T\d+Z?-/.test(name));
  return folders
    .map(({ name }) => name)
    .sort()
    .reverse();
}

function readIndex(disk: Disk, paths: StatePaths, run: string): RunIndex | undefined {
  const path = indexPath(paths, run);
  if (!disk.status(path)) return undefined;
  try {
    const index = JSON.parse(new TextDecoder().decode(disk.readFile(path))) as Partial<RunIndex> | null;
    return index?.version === runVersion && Array.isArray(index.files) ? { ...(index as RunIndex), run } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
