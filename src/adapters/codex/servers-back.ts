import { isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';
import type { HeadersHelper, SharedFragment, SharedValue } from '../client.ts';
import { exactly, onlyOfClient } from '../servers/server-back.ts';
import { type SharedLeaf, sharedLeaves, withoutServerDefaults } from '../servers/server-rows.ts';
import { codexServerRows } from './server-rows.ts';

/** A server of Codex's `config.toml` as an entry of the shared file. */
export function codexServerBack(
  path: KeyPath,
  value: Value,
  helper: HeadersHelper,
  translate: SharedFragment['translate'],
): SharedValue | { readonly reason: string } {
  const [root, name] = path;
  if (root !== 'mcp_servers' || name === undefined || path.length !== 2 || !isTable(value))
    return onlyOfClient('Codex', path);
  const server = canonicalServer(value);
  const found = sharedLeaves(codexServerRows, server, helper);
  if ('foreign' in found) return onlyOfClient('Codex', [...path, found.foreign]);
  const type: SharedLeaf[] = server.url === undefined ? [] : [[['type'], 'http']];
  return exactly({ root, name, server, leaves: [...found.leaves, ...type], translate, helper });
}

/** A server without Codex's other spellings and its defaults. */
function canonicalServer(server: Table): Table {
  const { env_vars: names, ...rest } = withSeconds(server);
  const spelt = Array.isArray(names) ? { ...rest, env_vars: names.map(variableName) } : withSeconds(server);
  return withoutServerDefaults(codexServerRows, spelt);
}

/** `{ name, source = "local" }` is what a name alone means. */
function variableName(value: Value): Value {
  if (!isTable(value)) return value;
  const { name, source, ...rest } = value;
  return (source === undefined || source === 'local') && Object.keys(rest).length === 0 ? (name ?? value) : value;
}

/** Codex 0.169 writes `startup_timeout_ms` back as seconds. */
export function withSeconds(server: Table): Table {
  const { startup_timeout_ms: milliseconds, ...rest } = server;
  if (typeof milliseconds !== 'bigint' && typeof milliseconds !== 'number') return server;
  return { ...rest, startup_timeout_sec: rest.startup_timeout_sec ?? Number(milliseconds) / 1000 };
}
