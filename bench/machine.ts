import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, type as systemName, totalmem } from 'node:os';

/** What it was measured on, in one line: nothing that names the machine or its owner. */
export function machineLine(folder: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const system = `${systemName()} ${release().split('-')[0]}`;
  return `${cpus().length} cores (${model}), ${memory}, ${system}, ${fileSystemOf(folder)}, Node ${process.versions.node}`;
}

/** The kind of file system that a folder stands on, where the system tells. */
function fileSystemOf(folder: string): string {
  const table = '/proc/mounts';
  if (!existsSync(table)) return 'unknown file system';
  const mounts = readFileSync(table, 'utf8').split('\n');
  const above = mounts.map((line) => line.split(' ')).filter(([, place]) => place && isAbove(place, folder));
  return (
    above.sort(([, one], [, other]) => (one?.length ?? 0) - (other?.length ?? 0)).at(-1)?.[2] ?? 'unknown file system'
  );
}

function isAbove(place: string, folder: string): boolean {
  return folder === place || folder.startsWith(place.endsWith('/') ? place : `${place}/`);
}
