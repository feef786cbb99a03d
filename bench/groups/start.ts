import { atMost } from '../goals.ts';
import type { Bench, Group } from '../group.ts';
import { baseline, emptyScript, syncline } from '../programs.ts';
import { sandboxAt, writeBelow } from '../sandbox.ts';

/** What it costs to start at all. */
export function startGroup(bench: Bench): Group {
  const place = sandboxAt(`${bench.folder}/start`);
  return {
    name: 'start',
    title: 'Start',
    data: 'No repository and no home.',
    seconds: 12,
    programs: [
      baseline(bench, place, emptyScript, 'empty'),
      syncline(bench, place, '--version', ['--version']),
      syncline(bench, place, '--help', ['--help']),
    ],
    goals: [atMost(1.4, '--version', emptyScript)],
    prepare: () => {
      writeBelow(place.home, [['.keep', '']]);
      writeBelow(place.repo, [['clients/.keep', '']]);
    },
  };
}
