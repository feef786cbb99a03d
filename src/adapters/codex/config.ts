import { toml } from '../../formats/toml/toml.ts';
import { isTable, isTableArray, type KeyPath, type Value } from '../../model/value.ts';
import type { FragmentTarget } from '../client.ts';
import { codexServerNames, serverNameProblems } from '../servers/server-names.ts';
import { withoutServerDefaults } from '../servers/server-rows.ts';
import { changesTransport } from '../servers/transport.ts';
import { codexConfigShape, shapeProblems } from '../shape.ts';
import { trustHooks } from './hooks.ts';
import { isCodexKey } from './leftovers.ts';
import { codexRefusals, codexSourceProblems, missingProvider } from './rules.ts';
import { codexServerRows } from './server-rows.ts';
import { codexServers } from './servers.ts';
import { withSeconds } from './servers-back.ts';

const entryTables = ['mcp_servers', 'model_providers'];

/** `config.toml`: Codex rewrites it whole, drops comments before servers, and spells numbers and tables its own way. */
export const codexConfig: FragmentTarget = {
  kind: 'fragment',
  shared: codexServers,
  source: 'config-fragment.toml',
  file: 'config.toml',
  format: toml,
  unitKind,
  replaces: changesTransport,
  renamed: (path, value) => (isServer(path) && isTable(value) ? withSeconds(value) : value),
  withoutDefaults: (path, value) =>
    isServer(path) && isTable(value) ? withoutServerDefaults(codexServerRows, value) : value,
  writtenInUse: ['tools'],
  problems: (fragment) => [...shapeProblems(codexConfigShape, fragment), ...codexSourceProblems(fragment)],
  problemsTogether: (values) => [...codexRefusals(values), ...serverNameProblems(codexServerNames, values)],
  serverNames: codexServerNames,
  refusals: (values) => [...codexRefusals(values), ...missingProvider(values)].map((problem) => problem.message),
  afterwards: trustHooks,
  isLocal,
};

/** Trust, what Codex has shown or migrated, its app, and what names folders; `tools` of a server is what was approved. */
const localRoots = [
  'desktop',
  'installation_id',
  'log_dir',
  'marketplaces',
  'notice',
  'plugins',
  'profile',
  'profiles',
  'projects',
  'skills',
  'sqlite_home',
  'windows_wsl_setup_acknowledged',
];

function isLocal(path: KeyPath): boolean {
  const [root, second, third] = path;
  if (root === 'mcp_servers') return third === 'tools';
  if (root === 'hooks') return second === 'state';
  if (root === 'tui') return second !== undefined && /nux|tooltip|seen/.test(second);
  return localRoots.includes(root ?? '') || !isCodexKey(root ?? '');
}

function unitKind(path: KeyPath, value: Value): 'leaf' | 'entry' | 'table' | 'set' {
  const isEntries = entryTables.includes(path[0] as string);
  if (path.length === 2 && isEntries && isTable(value)) return 'entry';
  // A list in an entry is one value, of tables too: env_vars.
  if (path.length > 2 && isEntries) return 'leaf';
  if (isTableArray(value) || (Array.isArray(value) && isCodexSet(path))) return 'set';
  return isTable(value) ? 'table' : 'leaf';
}

/** Lists of Codex 0.171 that mean the same in any order, so that several people can fill them. */
const sets = [
  /^sandbox_workspace_write\.writable_roots$/,
  /^shell_environment_policy\.(?:exclude|include_only)$/,
  /^project_root_markers$/,
  /^tui\.notifications$/,
  /^tools\.web_search\.allowed_domains$/,
  /^(?:features\.network_proxy|permissions\.[^.]+\.network)\.(?:allowed_domains|denied_domains|allow_unix_sockets)$/,
];

function isCodexSet(path: KeyPath): boolean {
  const text = path.join('.');
  return sets.some((set) => set.test(text));
}

function isServer(path: KeyPath): boolean {
  return path.length === 2 && path[0] === 'mcp_servers';
}
