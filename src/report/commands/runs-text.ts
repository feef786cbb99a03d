import { type RunIndex, timeOfRun } from '../../model/run.ts';
import { visible } from '../../model/texts/visible.ts';
import { plural } from '../plan-text.ts';

/** One row a run, newest first: its name, when it was, what it was, and how many files it changed. */
export function runsText(runs: readonly RunIndex[]): string {
  if (runs.length === 0) return 'No run to restore.\n';
  const rows = runs.map(({ run, command, files }) => {
    const count = files.filter(({ file }) => file !== '').length;
    return `${visible(run)}  ${visible(secondsText(timeOfRun(run)))}  ${visible(command).padEnd(13)}  ${count} ${plural('file', count)}\n`;
  });
  return `${rows.join('')}syncline restore <run> puts the files back as they were before it.\n`;
}

/** To the second, in UTC. */
function secondsText(time: string): string {
  return time.replace('T', ' ').replace('Z', ' UTC');
}
