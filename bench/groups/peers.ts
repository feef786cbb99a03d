import { normalHome } from '../data/runtime.ts';
import { atMost } from '../goals.ts';
import type { Bench, Group } from '../group.ts';
import type { Placed } from '../peers/install.ts';
import { programOf, quiet } from '../peers/peer.ts';
import { baseline, checks, emptyScript, ours } from '../programs.ts';
import { run, type Sandbox, sandboxAt, settle, writeBelow } from '../sandbox.ts';
import { prepareNormal } from './homes.ts';

/** What people would take instead, each on a home of its own that is as ours. */
export function peersGroup(bench: Bench, placed: readonly Placed[]): Group {
  const place = sandboxAt(`${bench.folder}/peer-none`);
  const placeOf = ({ peer }: Placed) => sandboxAt(`${bench.folder}/peer-${peer.package.replace('/', '-')}`);
  const rows = placed.flatMap((each) => each.peer.rows.map((row) => programOf(row, placeOf(each), each.script)));
  return {
    name: 'peers',
    title: 'What people would take instead',
    data: 'The normal home, its source said in each tool’s own way as far as the tool can; each at rest, with nothing to do.',
    seconds: 60,
    programs: [baseline(bench, place, emptyScript, 'empty'), ...checks(bench, place), ...rows],
    goals: rows.flatMap(({ name }) => [atMost(1, ours.check, name), atMost(1, ours.all, name)]),
    prepare: () => {
      prepareNormal(bench, place);
      for (const each of placed) prepare(each, placeOf(each));
      settle(bench.folder);
    },
  };
}

function prepare({ peer, script }: Placed, place: Sandbox): void {
  writeBelow(place.home, normalHome());
  writeBelow(place.repo, [['.keep', '']]);
  const start = (words: readonly string[]) =>
    run({ words: [process.execPath, script, ...words], cwd: place.repo, home: place.home, env: quiet });
  peer.prepare(place, start);
}
