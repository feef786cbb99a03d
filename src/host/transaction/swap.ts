import type { RunFile } from '../../model/run.ts';
import { linkMode, type RuntimeFile } from '../../model/runtime.ts';
import type { Disk, NodeStatus } from '../disk.ts';
import type { Host } from '../host.ts';
import { isSameNode } from '../patient-disk.ts';
import { nodeAt } from '../reading/read-file.ts';
import { awaitWriters } from './wait-for-writers.ts';

/** What stood at a place when somebody looked: its status is from before it was read. */
export interface Look {
  readonly status: NodeStatus | undefined;
  readonly node: RuntimeFile | undefined;
}

/** Looks at a place, without following a link. */
export function lookAt(disk: Disk, target: string): Look {
  const status = disk.linkStatus(target);
  return { status, node: nodeAt(disk, target) };
}

/**
 * Puts a staged file in the place of what a look has seen there, or with null removes that. Gives false, with nothing changed,
 * when somebody has written it since. The change is not forced to the disk yet.
 */
export function swap(
  host: Host,
  { target, shared, lock }: Pick<RunFile, 'target' | 'shared' | 'lock'>,
  temporary: string | null,
  seen: Look,
): boolean {
  const { disk } = host;
  const isOpen = shared === true && !lock;
  if (isOpen) awaitWriters(host, target);
  if (isOpen && temporary !== null && seen.node && seen.node.mode !== linkMode) {
    const outcome = disk.exchange(temporary, target, seen.node.bytes);
    if (outcome === 'exchanged') disk.unlink(temporary);
    if (outcome !== 'unable') return outcome === 'exchanged';
  }
  return replace(disk, target, temporary, seen);
}

/** Where files cannot be exchanged: nothing is done any more between this look and the rename. */
function replace(disk: Disk, target: string, temporary: string | null, { status }: Look): boolean {
  if (!isSameNode(status, disk.linkStatus(target))) return false;
  try {
    if (temporary === null) disk.unlink(target);
    else disk.rename(temporary, target);
    return true;
  } catch (error) {
    // It was held by a program that then wrote it.
    if (isSameNode(status, disk.linkStatus(target))) throw error;
    return false;
  }
}
