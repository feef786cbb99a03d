import type { RunIndex } from '../model/run.ts';
import { plural } from './plan-text.ts';
import { visible } from './visible.ts';

/** One row a run, newest first: its name, when it was, what it was, and how many files it changed. */
export function runsText(runs: readonly RunIndex[]): string {
  if (runs.length === 0) return 'No run to restore.\n';
  const rows = runs.map(({ run, command, files }) => {
    const count = files.filter(({ file }) => file !== '').length;
    return `${visible(run)}  ${visible(timeText(run))}  ${visible(command).padEnd(13)}  ${count} ${plural('file', count)}\n`;
  });
  return `${rows.join('')}syncline restore <run> puts the files back as they were before it.\n`;
}

/** The time a run's name begins with, to the second, in UTC. */
function timeText(run: string): string {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)/.exec(run) ?? [];
  return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}
