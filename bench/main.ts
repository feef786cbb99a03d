import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { judge } from './goals.ts';
import { type Bench, baselineNames, type Group } from './group.ts';
import { deployGroup } from './groups/deploy.ts';
import { jsonGroup, tomlGroup } from './groups/files.ts';
import { growthGroup } from './groups/growth.ts';
import { normalGroup, smallGroup } from './groups/homes.ts';
import { largeGroup } from './groups/large.ts';
import { peersGroup } from './groups/peers.ts';
import { skillsGroup } from './groups/skills.ts';
import { startGroup } from './groups/start.ts';
import { machineLine } from './machine.ts';
import { type Effort, measure } from './measure.ts';
import { chosen, type Options, optionsOf, sizesFor } from './options.ts';
import { installPeers, placedPeers, sizesOf } from './peers/install.ts';
import { type GroupResult, markdownOf, type Results, resultOf, withTables } from './report.ts';

const root = join(import.meta.dirname, '..');
const made = join(root, '.bench');
const tell = (text: string) => process.stderr.write(`${text}\n`);

await main(optionsOf(process.argv.slice(2)));

/** Makes the data, measures, prints the tables, and writes them to `.bench/results.json` (a quick run: `quick.json`). */
async function main(options: Options): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(options.folder ?? tmpdir(), 'syncline-bench-')));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const bench = benchIn(folder, options);
  const { groups, sizes } = groupsOf(bench, options);
  const measured: GroupResult[] = [];
  for (const group of groups) {
    const part = chosen(group, options.only);
    if (part) measured.push(await resultsOf(part, options));
  }
  if (measured.length === 0) throw new Error(`no group and no row is named like ${options.only.join(', ')}`);
  const date = new Date().toISOString().slice(0, 10);
  finish({ date, machine: machineLine(folder), quick: options.quick, groups: measured, sizes }, options);
}

function benchIn(folder: string, options: Options): Bench {
  const entryPoints = baselineNames.map((name) => join(root, `bench/baselines/${name}.ts`));
  // As Syncline is: bundled, and CommonJS, which starts sooner.
  const outdir = join(folder, 'baselines');
  buildSync({ entryPoints, outdir, bundle: true, platform: 'node', format: 'cjs', outExtension: { '.js': '.cjs' } });
  const bin = join(root, 'dist/syncline.cjs');
  const help = spawnSync(process.execPath, [bin, 'check-sync', '--help'], { encoding: 'utf8' }).stdout;
  return {
    ...{ folder, bin, tools: join(made, 'tools'), sizes: sizesFor(options), canReadAll: /^ +--full\b/m.test(help) },
    baseline: (name) => join(outdir, `${name}.cjs`),
  };
}

function groupsOf(bench: Bench, { alone, only }: Options): { groups: Group[]; sizes: Results['sizes'] } {
  const placed = alone ? [] : placedPeers(bench.tools);
  const wanted = chosen(peersGroup(bench, placed), only) ? installPeers(placed, tell) : [];
  const groups = [
    startGroup(bench),
    smallGroup(bench, join(root, 'clients')),
    normalGroup(bench),
    ...(wanted.length > 0 ? [peersGroup(bench, wanted)] : []),
    skillsGroup(bench),
    jsonGroup(bench),
    tomlGroup(bench),
    growthGroup(bench),
    largeGroup(bench),
    deployGroup(bench),
  ];
  return { groups, sizes: sizesOf(wanted) };
}

async function resultsOf(group: Group, { quick }: Options): Promise<GroupResult> {
  tell(`${group.title}: making the data`);
  group.prepare();
  const effort: Effort = quick ? { seconds: 0, fewest: 2, most: 2 } : { seconds: group.seconds, fewest: 3, most: 50 };
  const rows = await measure(group.programs, effort, (text) => tell(`${group.title}: ${text}`));
  return resultOf(group, rows, judge(group.goals, rows));
}

function finish(results: Results, { write, quick }: Options): void {
  const tables = markdownOf(results);
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, quick ? 'quick.json' : 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${tables}\n`);
  if (!write) return;
  const page = join(root, 'docs/performance.md');
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables));
}
