import { dirname, join } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { type FileWrite, type Plan, sideOf } from '../../model/plan.ts';
import { runVersion } from '../../model/run.ts';
import type { Disk } from '../disk.ts';
import type { Host } from '../host.ts';
import { fileAt } from '../reading/read-file.ts';
import { parseRecord, recordContent, recordPath, type StatePaths } from '../state/state-directory.ts';
import { stagePlace } from './atomic-write.ts';
import { earlierWrites } from './earlier-values.ts';
import { missingFolders } from './folders.ts';
import type { Journal, JournalStep } from './journal.ts';

/** A run under way: what it has to do, and how far it is. */
export interface Work {
  readonly host: Host;
  readonly disk: Disk;
  readonly paths: StatePaths;
  readonly plan: Plan;
  /** The writes of the plan, those under a client's lock first: a lock that is held stops the run before it changes a file. */
  readonly files: readonly FileWrite[];
  /** The records, written last: they are never ahead of what they describe. */
  readonly records: readonly FileWrite[];
  readonly backups: string;
  /** Its steps are the files, then the records. */
  readonly journal: Journal;
  /** What is being worked on: where an error happened. */
  at: string;
  /** Whether a file may have changed. */
  crossed: boolean;
}

/** Looks, before anything is written, at what a plan will do to the disk; undefined when it is nothing. */
export function beginWork(host: Host, paths: StatePaths, plan: Plan): Work | undefined {
  const { disk } = host;
  const files = [...plan.writes.filter(({ lock }) => lock), ...plan.writes.filter(({ lock }) => !lock)];
  const records = recordWrites(disk, paths, plan);
  if (files.length + records.length === 0) return undefined;
  const keepsEarlier = records.some(({ path, after }) => after && dirname(path) === paths.earlier);
  const ownFolders = [paths.records, ...(keepsEarlier ? [paths.earlier] : [])];
  const run = `${host.now().toISOString().replace(/[-:]/g, '').replace('.', '').slice(0, 18)}-${host.uniqueName()}`;
  const journal = {
    version: runVersion,
    run,
    command: plan.command,
    steps: [...files, ...records].map((write, index) => stepOf(disk, write, run, index)),
    folders: missingFolders(disk, [...ownFolders, ...plan.makeFolders]),
  };
  const backups = join(paths.runs, run);
  return { host, disk, paths, plan, files, records, backups, journal, at: paths.root, crossed: false };
}

function stepOf(disk: Disk, write: FileWrite, run: string, index: number): JournalStep {
  const { client, file, path, before, after, lock, shared } = write;
  const { temporary, target } = stagePlace(disk, path, `${run}-${index}`);
  return {
    ...{ client, file, path, target, temporary: after && temporary },
    ...(disk.linkStatus(path)?.kind === 'link' ? { link: disk.readLink(path) } : {}),
    before: before && { digest: before.digest, mode: before.mode, backup: `${index}` },
    after: after && { digest: digestOf(after.content), mode: after.mode },
    ...(lock ? { lock } : {}),
    ...(shared ? { shared } : {}),
  };
}

function recordWrites(disk: Disk, paths: StatePaths, plan: Plan): FileWrite[] {
  return plan.records.flatMap((planned): FileWrite[] => {
    const { key, record } = planned;
    const path = recordPath(paths, key);
    const before = sideOf(fileAt(disk, path));
    const content = record && recordContent(record);
    if (!content && !before) return [];
    if (content && digestOf(content) === before?.digest) return [];
    const client = key.replace(/-[^-]*$/, '');
    // Kept before the record says so, and gone only with it.
    const earlier = earlierWrites(disk, paths, planned, before ? parseRecord(before.content) : undefined);
    return [...earlier, { client, file: '', path, before, after: content && { content, mode: 0o600 } }];
  });
}
