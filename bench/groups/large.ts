import { join } from 'node:path';
import { type LargeSource, largeSources } from '../data/large.ts';
import { atMost } from '../goals.ts';
import type { Bench, Group } from '../group.ts';
import { baseline, syncline } from '../programs.ts';
import { sandboxAt, settle, writeBelow } from '../sandbox.ts';

/** Sources that are large in one way each: judging them, against reading and parsing the same files once. */
export function largeGroup(bench: Bench): Group {
  const cases = largeSources(bench.sizes.share).map((large, index) => caseOf(bench, large, index));
  return {
    name: 'large',
    title: 'Large sources',
    data: 'Each is large in one way. Settings are parsed with @iarna/toml or JSON.parse, texts decoded.',
    seconds: 45,
    programs: cases.flatMap(({ programs }) => programs),
    goals: cases.map(({ programs: [judge, parse] }) => atMost(5, judge.name, parse.name)),
    prepare: () => {
      for (const { prepare } of cases) prepare();
      settle(bench.folder);
    },
  };
}

function caseOf(bench: Bench, { name, path, text, beside = [] }: LargeSource, index: number) {
  const place = sandboxAt(`${bench.folder}/large-${index}`);
  const source = join(place.repo, 'clients');
  const judge = syncline(bench, place, `check-sync --source-only, ${name}`, ['check-sync', '--source-only']);
  const parse = baseline(bench, place, `read and parse once, ${name}`, 'read-and-parse', [source]);
  return {
    programs: [judge, parse] as const,
    prepare: () => {
      writeBelow(place.home, [['.codex/config.toml', '']]);
      writeBelow(source, [...beside, [path, text()]]);
    },
  };
}
