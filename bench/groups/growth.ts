import { straight } from '../goals.ts';
import type { Bench, Group, Program } from '../group.ts';
import { syncline } from '../programs.ts';
import { identity, push, run, type Sandbox, sandboxAt, settle } from '../sandbox.ts';
import { writeSkills } from './skills.ts';

/** Whether ten times the files take ten times as long, and no more. */
export function growthGroup(bench: Bench): Group {
  const series = bench.sizes.series;
  const places = series.map((count) => ({ count, place: sandboxAt(`${bench.folder}/growth-${count}`) }));
  const last = (name: (count: number) => string) => [series[0] as number, ...series.slice(-2)].map(name);
  const pieces = [series[0] as number, ...series.slice(-2)];
  return {
    name: 'growth',
    title: 'Growth',
    data: 'So many files of skills in the source, and as many in each client.',
    seconds: 80,
    programs: places.flatMap(({ count, place }) => programsOf(bench, place, count)),
    goals: (['time', 'memory'] as const).flatMap((what) => [
      straight(1.25, what, last(named('check-sync')), pieces),
      straight(1.25, what, last(named('check-sync --full')), pieces),
    ]),
    prepare: () => {
      for (const { count, place } of places) prepare(bench, place, count);
      settle(bench.folder);
    },
  };
}

const named = (command: string) => (count: number) => `${command}, ${count.toLocaleString('en')} files`;

function programsOf(bench: Bench, place: Sandbox, count: number): Program[] {
  const commands = ['check-sync', ...(bench.canReadAll ? ['check-sync --full'] : [])];
  return commands.map((command) => syncline(bench, place, named(command)(count), command.split(' ')));
}

/** Git knows the repository, but not its files: a check does not ask for them, and to add them takes long. */
function prepare(bench: Bench, place: Sandbox, count: number): void {
  writeSkills(place, count);
  const git = (...words: string[]) => run({ words: ['git', ...identity, ...words], cwd: place.repo, home: place.home });
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '--message=None');
  push(bench.bin, place);
}
