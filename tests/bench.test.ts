import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { claudeState, codexState, normalHome } from '../bench/data/runtime.ts';
import { skillFiles } from '../bench/data/skills.ts';
import { normalSource } from '../bench/data/source.ts';
import { atMost, judge, straight, within } from '../bench/goals.ts';
import type { Group } from '../bench/group.ts';
import { chosen, optionsOf } from '../bench/options.ts';
import { begin, end, markdownOf, type Results, table, withTables } from '../bench/report.ts';
import { growthOf, quantile, ratiosOf, summaryOf } from '../bench/statistics.ts';
import { scripts } from '../package.json';

// The bench measures; what is tested here is that it counts right, on the data it says. Nothing here looks at a clock.

const root = join(import.meta.dirname, '..');

describe('numbers', () => {
  it('a summary holds the middle, the least, and what nine of ten stay below', () => {
    expect(summaryOf([5, 1, 3, 2, 4])).toEqual({ median: 3, least: 1, ninth: 4.6 });
    expect(summaryOf([7])).toEqual({ median: 7, least: 7, ninth: 7 });
    expect(quantile([10, 20], 0.5)).toBe(15);
    expect(() => quantile([], 0.5)).toThrow('no values');
  });

  it('ratios are those of each round, so a slow moment changes none', () => {
    expect(ratiosOf([2, 40, 6], [1, 20, 3])).toEqual([2, 2, 2]);
    expect(ratiosOf([2, 40], [1])).toEqual([2]);
  });

  it('growth is 1 for a line with a fixed cost, and 10 for a square', () => {
    const grown = (cost: (pieces: number) => number) => growthOf([10, 1000, 10_000].map((each) => [each, cost(each)]));
    expect(grown((pieces) => 40 + 3 * pieces)).toBeCloseTo(1);
    expect(grown((pieces) => 40 + pieces ** 2)).toBeCloseTo(10, 0);
  });
});

describe('goals', () => {
  const rows = [
    { name: 'ours', times: [30, 33, 36], memory: 60 },
    { name: 'theirs', times: [20, 20, 20] },
    { name: 'more', times: [60], memory: 80 },
    { name: 'most', times: [600], memory: 270 },
  ];

  it('are met up to their limit, and not above', () => {
    const verdicts = judge([atMost(1.65, 'ours', 'theirs'), atMost(1.6, 'ours', 'theirs'), within(30, 'ours')], rows);
    expect(verdicts.map(({ value, met }) => [value, met])).toEqual([
      [1.65, true],
      [1.65, false],
      [33, false],
    ]);
  });

  it('are judged only where every row was measured, memory included', () => {
    const pieces = [10, 20, 200];
    const memory = (first: string) => straight(1.25, 'memory', [first, 'more', 'most'], pieces);
    expect(judge([atMost(1, 'ours', 'absent'), memory('theirs')], rows)).toEqual([]);
    expect(judge([memory('ours')], rows)).toMatchObject([{ value: 210 / 190 / 2, met: true }]);
  });
});

describe('what a run is asked for', () => {
  const programs = ['a', 'b', 'c', 'ab'].map((name) => ({ name, words: [], cwd: '', home: '' }));
  const goals = [atMost(1, 'a', 'b'), atMost(1, 'b', 'c')];
  const group: Group = { name: 'g', title: '', data: '', seconds: 1, prepare: () => {}, programs, goals };
  const namesIn = (only: string[]) => chosen(group, only)?.programs.map(({ name }) => name);

  it('--only takes a group, or rows with those they are compared with', () => {
    expect(namesIn([])).toEqual(['a', 'b', 'c', 'ab']);
    expect(namesIn(['g'])).toEqual(['a', 'b', 'c', 'ab']);
    expect(namesIn(['c'])).toEqual(['b', 'c']);
    expect(namesIn(['ab'])).toEqual(['ab']);
    expect(namesIn(['z'])).toBeUndefined();
  });

  it('--write refuses what is no whole run', () => {
    expect(optionsOf(['--write'])).toMatchObject({ write: true, only: [] });
    for (const part of [['--quick'], ['--alone'], ['--only', 'normal']])
      expect(() => optionsOf(['--write', ...part])).toThrow('--write needs a whole run');
    expect(() => optionsOf(['--fast'])).toThrow();
  });
});

describe('the data', () => {
  it('is the same on every machine', () => {
    const files = [...skillFiles(30), ...normalSource(), ...normalHome(), ['toml', codexState(20_000)]];
    const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
    // Another value means other data: numbers of before are no longer comparable, so docs/performance.md is to be written anew.
    expect(digest).toBe('664b8a384abe7c83');
  });

  it('is what the tables say of it', () => {
    const source = new Map(normalSource());
    const home = new Map(normalHome());
    const count = (pattern: RegExp) => [...source.keys()].filter((path) => pattern.test(path)).length;
    expect([count(/skills\/[^/]+\/SKILL\.md$/), count(/^shared\/memory\//)]).toEqual([30, 20]);
    expect(home.get('.codex/config.toml')?.trimEnd().split('\n')).toHaveLength(73);
    const state = home.get('.claude.json') as string;
    expect(Buffer.byteLength(state)).toBe(213_000);
    for (const text of [home.get('.codex/config.toml') as string, codexState(20_000)])
      expect(() => parseToml(text)).not.toThrow();
    expect(claudeState(50_000)).toHaveLength(50_000);
    expect(Object.keys(JSON.parse(state).projects).length).toBeGreaterThan(30);
    const skills = [...skillFiles(25)];
    expect([skills.length, new Set(skills.map(([path]) => path)).size]).toEqual([25, 25]);
    expect(new Set(skills.map(([, text]) => text)).size).toBe(25);
  });
});

describe('the tables', () => {
  it('have columns as wide as their cells, and sides', () => {
    expect(table(['A', 'Number'], 'lr', [['x × y', '1']])).toBe(
      '| A     | Number |\n| ----- | -----: |\n| x × y |      1 |',
    );
  });

  it('go between the marks of a page, and only there', () => {
    const page = `before\n${begin}\nold\n${end}\nafter\n`;
    expect(withTables(page, 'new')).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter\n`);
    expect(withTables(withTables(page, 'x'), 'new')).toBe(withTables(page, 'new'));
    expect(() => withTables('nothing', 'new')).toThrow('has no place');
  });

  it('hold each row and each goal, and say where nothing is known', () => {
    const rows = [
      { name: 'ours', times: [10, 12], memory: 50 },
      { name: 'theirs', times: [200, 220], note: 'looks at nothing' },
    ];
    const goals = judge([atMost(1, 'ours', 'theirs'), within(5, 'ours')], rows);
    const group = { name: 'g', title: 'Home', data: 'Some.', rows, goals };
    const text = markdownOf({ date: '2026-01-01', machine: 'M', quick: false, groups: [group], sizes: { x: 1.25 } });
    expect(text).toContain('2026-01-01: M. Each row 2 times, in turns.');
    expect(text).toMatch(/\| Home: ours ÷ theirs +\| +0\.05 × .*\| met +\|/);
    expect(text).toMatch(/\| Home: ours +\| +11 ms .*≤ 5 ms \| \*\*not met\*\* \|/);
    expect(text).toMatch(/\| theirs +\| +210 ms \| +200 ms \| +218 ms \| +– \| looks at nothing +\|/);
    expect(text).toMatch(/\| x +\| 1\.3 MB \|/);
  });

  it('stand in docs/performance.md as the bench writes them', () => {
    const page = readFileSync(join(root, 'docs/performance.md'), 'utf8');
    const written = page.split(begin)[1]?.split(end)[0] ?? '';
    for (const heading of ['### Goals', '### A normal home', '### Growth']) expect(written).toContain(heading);
    expect(page).toContain('`npm run bench`');
  });
});

it('a tiny run makes its data, measures, judges and writes', () => {
  expect(scripts.bench).toContain('esbuild bench/main.ts --bundle --platform=node --format=esm --packages=external');
  const outfile = join(root, '.bench/test.mjs');
  const entryPoints = [join(root, 'bench/main.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const words = [outfile, '--quick', '--alone', '--only=--version'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, 'Start: making the data\nStart: 2 rounds of 2 programs\n']);
  expect(stdout).toContain('### Goals');
  const { quick, groups } = JSON.parse(readFileSync(join(root, '.bench/quick.json'), 'utf8')) as Results;
  expect([quick, groups.map(({ name }) => name)]).toEqual([true, ['start']]);
  expect(groups[0]?.rows.map(({ name, times }) => [name, times.length])).toEqual([
    ['empty Node script', 2],
    ['--version', 2],
  ]);
  expect(groups[0]?.goals).toHaveLength(1);
});
