import { parse } from 'smol-toml';
import { expect } from 'vitest';
import { canonical, type KeyPath, leavesOf, startsWith, type Table } from '../../src/model/value.ts';
import { askAppServer, runCodex } from './clients.ts';
import type { Ran, Sandbox } from './sandbox.ts';

export const configFile = 'home/.codex/config.toml';
export const fragmentFile = 'repo/clients/codex/config-fragment.toml';
const beginMark = '# >>> syncline managed >>>';
const endMark = '# <<< syncline managed <<<';

/** What a source may hold: the kinds of keys that are placed in different ways. */
export const fragments: Readonly<Record<string, string>> = {
  mixed: `model_reasoning_effort = "high"

[model_providers.router]
name = "Router"
base_url = "https://router.example.com/v1"
wire_api = "responses"
env_key = "ROUTER_KEY"

[mcp_servers.team]
command = "npx"
args = ["-y", "team"]
startup_timeout_sec = 20
env = { MODE = "full" }

[mcp_servers.docs]
url = "https://docs.example.com/mcp"
`,
  servers: `[mcp_servers.team]
command = "npx"
args = ["-y", "team"]

[mcp_servers.team.env]
MODE = "full"
`,
  defaults: `[mcp_servers.team]
command = "team"
args = []
env = {}
enabled = true
required = false
startup_timeout_ms = 20000
tool_timeout_sec = 60.0

[mcp_servers.docs]
url = "https://docs.example.com/mcp"
enabled = true
http_headers = {}
scopes = []
`,
  leaves: `model_verbosity = "low"
hide_agent_reasoning = true

[features]
memories = false

[tui]
notifications = true

[mcp_servers.team]
command = "team"
`,
};

/** What the user has: with and without root keys, tables and servers, in several spellings. */
export const homes: Readonly<Record<string, string | undefined>> = {
  none: undefined,
  roots: '# mine\nmodel = "gpt-5"\nnotify = ["a", "b"] # me\n',
  tables:
    '# what I like\n[features]\napps = false\n\n[tui]\ntheme = "nord"\n\n[projects."/home/u/p"]\ntrust_level = "trusted"\n',
  servers: '# my own\n[mcp_servers.mine]\ncommand = "mine" # yes\nargs = [ "--fast" ]\n',
  full: `# mine
model = "gpt-5"

# what I like
[features]
apps = false

# my own server
[mcp_servers.mine]
command = "mine"
env = { KEEP = "1" }
startup_timeout_sec = 5

[projects."/home/u/p"]
trust_level = "trusted"

[model_providers.local]
name = "Local"
base_url = "http://localhost:1/v1"
# the end
`,
  inline: 'model = "gpt-5"\nmcp_servers = { mine = { command = "mine" } }\n[features]\napps = false\n',
  parent: '[mcp_servers]\nmine = { command = "mine" }\n\n[tui]\ntheme = "nord"\n',
  dotted: 'mcp_servers.mine.command = "mine"\nfeatures.apps = false\n',
};

/** What can happen to our block between two runs. */
export const damages: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
  nothing: () => {},
  'begin gone': (sandbox) => edit(sandbox, (line) => (isBegin(line) ? [] : [line])),
  'end gone': (sandbox) => edit(sandbox, (line) => (isEnd(line) ? [] : [line])),
  'both gone': (sandbox) => edit(sandbox, (line) => (isBegin(line) || isEnd(line) ? [] : [line])),
  swapped: (sandbox) => edit(sandbox, (line) => [isBegin(line) ? endMark : isEnd(line) ? beginMark : line]),
  doubled: (sandbox) => edit(sandbox, (line) => (isBegin(line) || isEnd(line) ? [line, line] : [line])),
  'record gone': (sandbox) => sandbox.remove('home/.local/state/syncline/records'),
};

export interface Writer {
  readonly name: string;
  /** Whether it has something to do in a home like this one. */
  readonly applies?: (text: string) => boolean;
  readonly run: (sandbox: Sandbox) => void | Promise<void>;
}

/** What Codex writes into its config.toml in daily life. */
export const writers: readonly Writer[] = [
  { name: 'nothing', run: () => {} },
  { name: 'mcp add', run: ({ home }) => codexDoes(home, ['mcp', 'add', 'personal', '--', 'x', '--flag']) },
  {
    name: 'mcp add twice, with a push between',
    run: (sandbox) => {
      codexDoes(sandbox.home, ['mcp', 'add', 'personal', '--', 'x']);
      run(sandbox, ['push-runtime']);
      codexDoes(sandbox.home, ['mcp', 'add', 'second', '--env', 'A=1', '--', 'y']);
    },
  },
  {
    name: 'mcp remove of the user’s',
    applies: (text) => text.includes('mine'),
    run: ({ home }) => codexDoes(home, ['mcp', 'remove', 'mine']),
  },
  { name: 'features enable', run: ({ home }) => codexDoes(home, ['features', 'enable', 'goals']) },
  { name: 'trust', run: ({ home }) => serverWrites(home, 'projects', { '/home/u/q': { trust_level: 'trusted' } }) },
  { name: 'tui', run: ({ home }) => serverWrites(home, 'tui.theme', 'dracula') },
  {
    name: 'hook state',
    run: ({ home }) =>
      serverWrites(home, 'hooks.state', { '/h/hooks.json:pre_tool_use:0:0': { trusted_hash: 'sha256:0a' } }),
  },
  { name: 'model', run: ({ home }) => serverWrites(home, 'model', 'gpt-6') },
  {
    name: 'tool approval in ours',
    run: ({ home }) => serverWrites(home, 'mcp_servers.team.tools.search.approval_mode', 'approve'),
  },
  { name: 'skill switched off', run: ({ home }) => switchSkillOff(home) },
];

/** Asks Codex for the servers it sees, by name. An empty list or table says no more than none. */
export function serversOf(home: string): Record<string, unknown> {
  const { code, out, err } = runCodex(home, ['mcp', 'list', '--json']);
  expect({ code, err }).toMatchObject({ code: 0 });
  const list = JSON.parse(out, (_, value) => (isEmpty(value) ? null : value)) as { readonly name: string }[] | null;
  return Object.fromEntries((list ?? []).map((server) => [server.name, server]));
}

/** Runs a command of ours, which must exit with this code. */
export function run(sandbox: Sandbox, words: readonly string[], exit = 0): Ran {
  const ran = sandbox.run(words);
  expect(ran.code, `${words.join(' ')} said: ${ran.out}${ran.err}`).toBe(exit);
  return ran;
}

/** Codex reads its configuration and finds no unknown key in it. */
export function expectLoads(home: string): void {
  const { code, out } = runCodex(home, ['app-server', '--strict-config', '--print-startup-config']);
  expect({ code, out }).toMatchObject({ code: 0 });
}

/** Runs a Codex command that must succeed. */
export function codexDoes(home: string, words: readonly string[]): void {
  expect(runCodex(home, words)).toMatchObject({ code: 0 });
}

/** Lets the real app-server write one value, as the desktop app and the TUI do. */
export async function serverWrites(home: string, keyPath: string, value: unknown): Promise<void> {
  const edits = [{ keyPath, value, mergeStrategy: 'upsert' }];
  const [result] = await askAppServer(home, [{ method: 'config/batchWrite', params: { edits } }]);
  expect(result).toMatchObject({ status: 'ok' });
}

async function switchSkillOff(home: string): Promise<void> {
  const params = { path: '/skills/x/SKILL.md', enabled: false };
  const [result] = await askAppServer(home, [{ method: 'skills/config/write', params }]);
  expect(result).not.toHaveProperty('error');
}

/** The values of a TOML text by an independent parser, as Codex's TOML 1.1. */
export function valuesOf(text: string): Table {
  return parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: true }) as unknown as Table;
}

/** The key paths of the units a fragment gives: servers and providers whole, every other key for itself. */
export function unitPaths(fragment: string): KeyPath[] {
  const entries = ['mcp_servers', 'model_providers'];
  return leavesOf(valuesOf(fragment)).map(([path]) => (entries.includes(path[0] as string) ? path.slice(0, 2) : path));
}

/** Every value that none of our units holds, by path. Empty tables say nothing and are left out. */
export function foreignValues(text: string, ours: readonly KeyPath[]): Record<string, string> {
  const leaves = leavesOf(valuesOf(text))
    .map(([path, value]) => ({ path, value: canonical(value) }))
    .filter(({ value }) => value !== '{}');
  const foreign = leaves.filter(({ path }) => !isOurs(path, ours));
  return Object.fromEntries(foreign.map(({ path, value }) => [JSON.stringify(path), value]));
}

/** The text between the markers; undefined where they do not stand once each, in order. */
export function blockOf(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const [begins, ends] = [indices(lines, isBegin), indices(lines, isEnd)];
  const [begin, end] = [begins[0] ?? -1, ends[0] ?? -1];
  const paired = begins.length === 1 && ends.length === 1 && begin < end;
  return paired ? lines.slice(begin + 1, end).join('\n') : undefined;
}

/** Whether the markers stand, and something of ours between them. */
export function marksOurs(text: string, ours: readonly KeyPath[]): boolean {
  return leavesOf(valuesOf(blockOf(text) ?? '')).some(([path]) => isOurs(path, ours));
}

/** How many marker lines a text has. */
export function markerCount(text: string): number {
  const lines = text.split(/\r?\n/);
  return indices(lines, isBegin).length + indices(lines, isEnd).length;
}

/**
 * What stands in the block and is not ours: root keys, and tables that hold nothing of ours. A table that holds keys of
 * both is never taken apart.
 */
export function strangersInBlock(block: string, ours: readonly KeyPath[]): string[] {
  const [roots, ...tables] = `\n${block}`.split(/^(?=\s*\[)/m) as [string, ...string[]];
  const wholly = tables.filter((table) => !leavesOf(valuesOf(table)).some(([path]) => isOurs(path, ours)));
  return [roots, ...wholly].flatMap((part) => Object.keys(foreignValues(part, ours)));
}

function isOurs(path: KeyPath, ours: readonly KeyPath[]): boolean {
  return ours.some((unit) => startsWith(path, unit));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function edit(sandbox: Sandbox, change: (line: string) => string[]): void {
  const text = sandbox.read(configFile);
  sandbox.write(configFile, text.split('\n').flatMap(change).join('\n'));
}

function isBegin(line: string): boolean {
  return line.startsWith(beginMark);
}

function isEnd(line: string): boolean {
  return line.startsWith(endMark);
}

function indices(lines: readonly string[], test: (line: string) => boolean): number[] {
  return lines.flatMap((line, index) => (test(line) ? [index] : []));
}
