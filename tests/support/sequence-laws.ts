import { expect } from 'vitest';
import { digestOf } from '../../src/model/digest.ts';
import type { RunIndex } from '../../src/model/run.ts';
import { canonical, isTable, type KeyPath, leavesOf, type Table, type Value } from '../../src/model/value.ts';
import { valuesOf } from './codex-cases.ts';
import { home, repo, stateFolder, type World } from './memory-world.ts';
import { claudeJson, config, settings } from './sequence-steps.ts';

/** Every file of the runtime and of the source by path: its bytes as text, and its mode. */
export type Files = ReadonlyMap<string, string>;

/** What the sequences' sources may ever manage in the shared files; everything else in them is the user's. */
const managed: Readonly<Record<string, readonly KeyPath[]>> = {
  [config]: [
    ...[
      ['mcp_servers', 'team'],
      ['mcp_servers', 'extra'],
      ['mcp_servers', 'web'],
      ['model_providers', 'acme'],
    ],
    ...[['model_verbosity'], ['tui', 'notifications']],
  ],
  [claudeJson]: [['mcpServers', 'team'], ['mcpServers', 'web'], ['_syncline']],
  [settings]: [['cleanupPeriodDays'], ['env', 'TEAM_MODE'], ['_syncline'], ['hooks', 'SessionStart']],
};
const managedRules = ['"Read(./.env)"', '"Read(./secrets/**)"', '"Read(./more/**)"'];

/** All files of the home, but our state, and of the repository's `clients/`. */
export function filesOf({ memory }: World): Files {
  const paths = [home, `${repo}/clients`].flatMap((folder) =>
    Object.entries(memory.snapshot(folder))
      .filter(([name, node]) => !node.startsWith('folder') && !name.startsWith('.local'))
      .map(([name, node]) => [`${folder}/${name}`, node.startsWith('link') ? 'link' : node.split(' ')[1]] as const),
  );
  const standing = paths.filter(([path]) => memory.disk.status(path));
  return new Map(standing.map(([path, mode]) => [path, `${mode} ${memory.read(path)}`]));
}

/** The leaves of a shared file, each element of a list of rules for itself; throws where the file does not parse. */
export function leaves(path: string, files: Files): Map<string, string> {
  const text = textOf(path, files);
  const table = path === config ? valuesOf(text) : (JSON.parse(text === '' ? '{}' : text) as Table);
  const found = leavesOf(table).flatMap(([at, value]) => spread(at, value));
  return new Map(found.filter(([, value]) => value !== '{}' && value !== '[]'));
}

function textOf(path: string, files: Files): string {
  return files.get(path)?.replace(/^\w+ \uFEFF?/, '') ?? '';
}

function spread(at: KeyPath, value: Value): [string, string][] {
  if (!Array.isArray(value) || at[0] !== 'permissions') return [[JSON.stringify(at), canonical(value)]];
  const counts = new Map<string, number>();
  for (const element of value as readonly Value[]) {
    const text = canonical(element);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => [JSON.stringify([...at, text]), `${count} times`]);
}

/** Whether a leaf may ever be ours. */
export function isManaged(path: string, leaf: string): boolean {
  const at = JSON.parse(leaf) as string[];
  if (path === settings && at[0] === 'permissions') return managedRules.includes(at[2] as string);
  return (managed[path] ?? []).some((unit) => unit.every((key, index) => at[index] === key));
}

/** The leaves of a shared file that are the user's, whatever the source says. */
export function foreign(path: string, files: Files): Record<string, string> {
  return Object.fromEntries([...leaves(path, files)].filter(([leaf]) => !isManaged(path, leaf)));
}

/** The comments of a TOML text that are not our markers, as they stand, from `#` on, in order. */
export function commentLines(files: Files): string[] {
  const lines = textOf(config, files)
    .split(/\r?\n/)
    .filter((line) => /^\s*#/.test(line));
  return lines.map((line) => line.trim()).filter((line) => !/^# (>>>|<<<) syncline/.test(line));
}

/** Every file that a run changed is in the backups of the newest run, byte for byte. */
export function expectBackedUp(world: World, before: Files, after: Files): void {
  const changed = [...before.keys()].filter((path) => before.get(path) !== after.get(path));
  if (changed.length === 0) return;
  const run = newestRun(world);
  const index = JSON.parse(world.memory.read(`${stateFolder}/runs/${run}/run.json`)) as RunIndex;
  const saved = new Set(index.files.map((file) => file.before?.digest));
  const lost = changed.filter((path) => !saved.has(digestOf((before.get(path) as string).replace(/^\w+ /, ''))));
  expect(lost).toEqual([]);
}

/** The name of the newest run, or undefined. */
function newestRun({ memory }: World): string | undefined {
  if (!memory.exists(`${stateFolder}/runs`)) return undefined;
  const names = Object.keys(memory.snapshot(`${stateFolder}/runs`));
  return names
    .filter((name) => name.endsWith('/run.json'))
    .sort()
    .at(-1)
    ?.replace('/run.json', '');
}

/** What the source wants of the shared files, read by other means than ours: file, key path, value. */
function wanted({ memory }: World): [string, KeyPath, Value][] {
  const read = (name: string) => {
    const path = `${repo}/clients/${name}`;
    return memory.exists(path) ? memory.read(path) : '';
  };
  const json = (name: string) => JSON.parse(read(name) || '{}') as Table;
  const of = (file: string, table: Table) =>
    leavesOf(table).map(([at, value]): [string, KeyPath, Value] => [file, at, value]);
  return [
    ...of(config, valuesOf(read('codex/config-fragment.toml'))),
    ...of(claudeJson, json('claude/mcp-fragment.json')),
    ...of(settings, json('claude/settings-fragment.json')),
  ].filter(([, , value]) => !isEmpty(value));
}

/** Nothing that the source wants is missing from the runtime: said by other means than check-sync's. */
export function expectDeployed(world: World): void {
  const files = filesOf(world);
  const missing = wanted(world).filter(([file, at, value]) => {
    const there = leaves(file, files);
    return spread(at, value).some(([leaf, text]) => !holds(there.get(leaf), text));
  });
  expect(missing).toEqual([]);
  for (const [path, node] of files) {
    const [, memory] = /\/clients\/shared\/memory\/(.*)$/.exec(path) ?? [];
    if (!memory) continue;
    expect(node).toContain(world.memory.read(`${home}/.codex/memories/${memory}`));
    expect(node).toContain(world.memory.read(`${home}/.claude/memories/${memory}`));
  }
}

/** A rule may be there more often than wanted, a hook among others. */
function holds(have: string | undefined, want: string): boolean {
  if (have === undefined) return false;
  return have === want || have.endsWith(' times') || have.includes(want.replace(/^\[|\]$/g, ''));
}

function isEmpty(value: Value): boolean {
  return (isTable(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0);
}
