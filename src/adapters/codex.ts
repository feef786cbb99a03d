import { join, resolve } from 'node:path';
import { markdown } from '../formats/markdown/markdown.ts';
import { toml } from '../formats/toml/toml.ts';
import type { ClientHome, Environment } from '../model/paths.ts';
import { isTable, isTableArray, type KeyPath, type Table, type Value } from '../model/value.ts';
import { type Client, type FragmentTarget, plainText, type TextProblem } from './client.ts';
import { codexAgentFiles, codexAgentName, codexAgentProblems } from './codex-agents.ts';
import { codexCommandFiles } from './codex-commands.ts';
import { codexHooksTarget, trustHooks } from './codex-hooks.ts';
import { codexLearned } from './codex-learned.ts';
import { codexRefusals, codexSourceProblems, missingProvider } from './codex-rules.ts';
import { codexServers } from './codex-servers.ts';
import { codexConfigShape, shapeProblems } from './shape.ts';
import { changesTransport } from './transport.ts';

const entryTables = ['mcp_servers', 'model_providers'];
const codexMemoryFiles = ['MEMORY.md', 'memory_summary.md', 'raw_memories.md', 'phase2_workspace_diff.md'];
const codexMemoryFolders = ['rollout_summaries', 'extensions', 'skills', '.git'];

/** `config.toml`: Codex rewrites it whole, drops comments before servers, and spells numbers and tables its own way. */
const config: FragmentTarget = {
  kind: 'fragment',
  shared: codexServers,
  source: 'config-fragment.toml',
  file: 'config.toml',
  format: toml,
  unitKind,
  replaces: changesTransport,
  renamed: (path, value) => (isServer(path) && isTable(value) ? withSeconds(value) : value),
  withoutDefaults: (path, value) => (isServer(path) && isTable(value) ? withoutServerDefaults(value) : value),
  problems: (fragment) => [...shapeProblems(codexConfigShape, fragment), ...codexSourceProblems(fragment)],
  problemsTogether: codexRefusals,
  refusals: (values) => [...codexRefusals(values), ...missingProvider(values)].map((problem) => problem.message),
  power,
  afterwards: trustHooks,
};

/** Codex CLI 0.169: `$CODEX_HOME`, by default `~/.codex`. */
export const codex: Client = {
  name: 'codex',
  title: 'Codex',
  locate,
  targets: [
    config,
    {
      kind: 'files',
      source: 'profiles',
      extension: '.toml',
      file: (relative) => relative.replace(/\.toml$/, '.config.toml'),
      content: {
        kind: 'structured',
        format: toml,
        problems: (content) => [...shapeProblems(codexConfigShape, content), ...codexRefusals(content)],
        power: profilePower,
      },
    },
    codexHooksTarget,
    {
      kind: 'files',
      source: 'agents',
      extension: '.toml',
      file: (relative) => `agents/${relative}`,
      folder: 'agents',
      nameOf: codexAgentName,
      shared: codexAgentFiles,
      content: { kind: 'structured', format: toml, problems: codexAgentProblems, power: profilePower },
    },
    {
      kind: 'files',
      source: 'commands',
      extension: '.md',
      file: codexCommandFiles.file,
      shared: codexCommandFiles,
      content: plainText,
    },
    {
      kind: 'files',
      source: 'rules',
      extension: '.rules',
      file: (relative) => `rules/${relative}`,
      folder: 'rules',
      content: { ...plainText, problems: ruleProblems, power: () => 'rule for commands' },
    },
    { kind: 'instructions', source: 'instructions.md', file: 'AGENTS.md', format: markdown, memories: 'inline' },
    {
      kind: 'memory',
      folder: 'memories',
      reserved: reservedMemory,
      owned: [...codexMemoryFiles, ...codexMemoryFolders],
    },
    {
      kind: 'skills',
      folder: 'skills',
      owned: ['.system'],
      alsoRead: ({ home }) => [join(home, '.agents/skills')],
      power: () => undefined,
    },
  ],
  learned: codexLearned,
};

/** Codex 0.169 reads the files in `rules/` itself. */
function ruleProblems(_text: string, relative: string): TextProblem[] {
  if (!relative.includes('/')) return [];
  const message = `Codex does not read rules in a folder below "rules": "${relative}".`;
  return [{ code: 'rule-in-folder', line: 1, message, remedy: 'Move the file up into "rules".' }];
}

function locate({ home, workingDirectory, variables }: Environment): ClientHome {
  const moved = variables.CODEX_HOME;
  return { root: moved ? resolve(workingDirectory, moved) : join(home, '.codex'), elsewhere: {} };
}

function unitKind(path: KeyPath, value: Value): 'leaf' | 'entry' | 'table' | 'set' {
  const isEntries = entryTables.includes(path[0] as string);
  if (path.length === 2 && isEntries && isTable(value)) return 'entry';
  // A list in an entry is one value, of tables too: env_vars.
  if (path.length > 2 && isEntries) return 'leaf';
  if (isTableArray(value)) return 'set';
  return isTable(value) ? 'table' : 'leaf';
}

function isServer(path: KeyPath): boolean {
  return path.length === 2 && path[0] === 'mcp_servers';
}

/** Codex 0.169 writes `startup_timeout_ms` back as seconds. */
function withSeconds(server: Table): Table {
  const { startup_timeout_ms: milliseconds, ...rest } = server;
  if (typeof milliseconds !== 'bigint' && typeof milliseconds !== 'number') return server;
  return { ...rest, startup_timeout_sec: rest.startup_timeout_sec ?? Number(milliseconds) / 1000 };
}

const serverDefaults: Readonly<Record<string, (value: Value) => boolean>> = {
  enabled: (value) => value === true,
  required: (value) => value === false,
  args: isEmpty,
  env: isEmpty,
  env_vars: isEmpty,
  disabled_tools: isEmpty,
  http_headers: isEmpty,
  env_http_headers: isEmpty,
  scopes: isEmpty,
};

/** Codex's own writer leaves these out, so their absence means the same. */
function withoutServerDefaults(server: Table): Table {
  return Object.fromEntries(Object.entries(server).filter(([key, value]) => !serverDefaults[key]?.(value)));
}

function isEmpty(value: Value): boolean {
  return Array.isArray(value) ? value.length === 0 : isTable(value) && Object.keys(value).length === 0;
}

const powers: Readonly<Record<string, string>> = {
  mcp_servers: 'MCP server',
  hooks: 'hook',
  notify: 'command run after each turn',
  approval_policy: 'approval policy',
  sandbox_mode: 'sandbox mode',
  sandbox_workspace_write: 'sandbox permission',
};

/** Settings that take power away: the strictest sandbox, and every policy that asks. */
const restraints: Readonly<Record<string, (value: Value) => boolean>> = {
  sandbox_mode: (value) => value === 'read-only',
  approval_policy: (value) => value !== 'never',
};

function power(path: KeyPath, value: Value): string | undefined {
  const first = path[0] as string;
  if (!Object.hasOwn(powers, first) || restraints[first]?.(value)) return undefined;
  return powers[first];
}

function profilePower(profile: Table): string | undefined {
  const found = Object.entries(profile).flatMap(([key, value]) => power([key], value) ?? []);
  return found.length > 0 ? `profile with ${found.join(', ')}` : undefined;
}

/** Codex's memory pipeline rewrites or deletes these below `memories/`. */
function reservedMemory(relative: string): string | undefined {
  const first = (relative.split('/')[0] as string).toLowerCase();
  const owned = [...codexMemoryFiles.filter((name) => name.toLowerCase() === relative.toLowerCase())];
  if (relative.includes('/')) owned.push(...codexMemoryFolders.filter((name) => name === first));
  return owned.length > 0 ? `Codex owns "${owned[0]}" in its memories folder and rewrites or deletes it` : undefined;
}
