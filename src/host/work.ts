import { dirname, join } from 'node:path';
import { digestOf } from '../model/digest.ts';
import type { FileWrite, Plan } from '../model/plan.ts';
import { stagePlace } from './atomic-write.ts';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';
import type { Journal, JournalStep } from './journal.ts';
import type { Release } from './lock.ts';
import { recordContent, recordPath, type StatePaths } from './state-directory.ts';

/** A run under way: what it has to do, and how far it is. */
export interface Work {
  readonly host: Host;
  readonly disk: Disk;
  readonly paths: StatePaths;
  readonly plan: Plan;
  /** The writes of the plan, and the records last: they are never ahead of what they describe. */
  readonly writes: readonly FileWrite[];
  readonly backups: string;
  readonly journal: Journal;
  readonly releases: Release[];
  /** What is being worked on: where an error happened. */
  at: string;
  /** Whether a file may have changed. */
  crossed: boolean;
}

/** Looks, before anything is written, at what a plan will do to the disk; undefined when it is nothing. */
export function beginWork(host: Host, paths: StatePaths, plan: Plan): Work | undefined {
  const { disk } = host;
  const writes = [...plan.writes, ...recordWrites(disk, paths, plan)];
  if (writes.length === 0) return undefined;
  const run = `${host.now().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')}-${host.uniqueName()}`;
  const backups = join(paths.runs, run);
  const journal = {
    run,
    steps: writes.map((write, index) => stepOf(disk, write, `${run}-${index}`, join(backups, `${index}`))),
    folders: [...new Set([paths.records, ...plan.makeFolders].flatMap((folder) => missingFolders(disk, folder)))],
  };
  return { host, disk, paths, plan, writes, backups, journal, releases: [], at: paths.root, crossed: false };
}

function stepOf(disk: Disk, { path, before, after }: FileWrite, name: string, backup: string): JournalStep {
  return {
    path,
    before: before && { digest: before.digest, backup, mode: before.mode },
    after: after && digestOf(after.content),
    temporary: after && stagePlace(disk, path, name).temporary,
  };
}

/** The folders that have to be made so that this one is there, parents first. */
function missingFolders(disk: Disk, folder: string): string[] {
  const parent = dirname(folder);
  return disk.status(folder) || parent === folder ? [] : [...missingFolders(disk, parent), folder];
}

function recordWrites(disk: Disk, paths: StatePaths, plan: Plan): FileWrite[] {
  return plan.records.flatMap(({ key, record }): FileWrite[] => {
    const path = recordPath(paths, key);
    const old = disk.status(path) && { content: disk.readFile(path), mode: (disk.status(path)?.mode ?? 0) & 0o777 };
    const content = record && recordContent(record);
    if (!content && !old) return [];
    if (content && old && digestOf(content) === digestOf(old.content)) return [];
    const before = old ? { digest: digestOf(old.content), ...old } : null;
    return [{ client: '', file: '', path, before, after: content && { content, mode: 0o600 } }];
  });
}
