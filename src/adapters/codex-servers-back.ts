import { isTable, type KeyPath, type Table, type Value } from '../model/value.ts';
import type { HeadersHelper, SharedFragment, SharedValue } from './client.ts';
import { exactly, helperLeaves, onlyOfClient, type SharedLeaf } from './server-back.ts';

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
  const server = normal(value);
  const leaves: SharedLeaf[] = [];
  for (const [key, member] of Object.entries(server)) {
    const found = leavesOfKey(key, member, helper);
    if (!found) return onlyOfClient('Codex', [...path, key]);
    leaves.push(...found);
  }
  if (server.url !== undefined) leaves.push([['type'], 'http']);
  return exactly({ root, name, server, leaves, translate, helper });
}

/** Codex's own other spellings, and its defaults, are gone. */
function normal({ startup_timeout_ms: milliseconds, ...server }: Table): Table {
  const renamed = milliseconds === undefined ? server : { startup_timeout_sec: Number(milliseconds) / 1000, ...server };
  const members = Object.entries(renamed).map(([key, value]): [string, Value] => [
    key,
    key === 'env_vars' && Array.isArray(value) ? value.map(variableName) : value,
  ]);
  return Object.fromEntries(members.filter(([key, value]) => !isDefault(key, value)));
}

/** `{ name, source = "local" }` is what a name alone means. */
function variableName(value: Value): Value {
  if (!isTable(value)) return value;
  const { name, source, ...rest } = value;
  return (source === undefined || source === 'local') && Object.keys(rest).length === 0 ? (name ?? value) : value;
}

const mayBeEmpty = ['args', 'env', 'env_vars', 'http_headers', 'env_http_headers', 'scopes', 'oauth', 'disabled_tools'];

function isDefault(key: string, value: Value): boolean {
  if (key === 'enabled') return value === true;
  if (key === 'required') return value === false;
  return mayBeEmpty.includes(key) && Object.keys(value ?? {}).length === 0;
}

const sameElsewhere: Readonly<Record<string, string>> = {
  command: 'command',
  args: 'args',
  cwd: 'cwd',
  url: 'url',
  enabled: 'enabled',
  required: 'required',
  enabled_tools: 'enabledTools',
  disabled_tools: 'disabledTools',
};

/** What a key of Codex says in the shared spelling, or undefined where it says nothing both clients know. */
function leavesOfKey(key: string, value: Value, helper: HeadersHelper): SharedLeaf[] | undefined {
  const same = Object.hasOwn(sameElsewhere, key) ? sameElsewhere[key] : undefined;
  if (same !== undefined) return [[[same], value]];
  if (key === 'startup_timeout_sec') return [[['startupTimeout'], milliseconds(value)]];
  if (key === 'tool_timeout_sec') return [[['timeout'], milliseconds(value)]];
  if (key === 'scopes' && Array.isArray(value)) return [[['oauth', 'scopes'], value.join(' ')]];
  if (key === 'http_headers_helper') return helperLeaves(value, helper);
  if (key === 'bearer_token_env_var') return [[['headers', 'Authorization'], `Bearer \${${String(value)}}`]];
  if (key === 'env_vars') return referenceLeaves(value);
  return isTable(value) ? leavesOfTable(key, value) : undefined;
}

/** Of a variable that comes from elsewhere the shared spelling knows nothing. */
function referenceLeaves(names: Value): SharedLeaf[] | undefined {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return names.map((name) => [['env', name], `\${${name}}`]);
}

function leavesOfTable(key: string, table: Table): SharedLeaf[] | undefined {
  const members = Object.entries(table);
  if (key === 'env') return members.map(([name, value]) => [['env', name], value]);
  if (key === 'http_headers') return members.map(([name, value]) => [['headers', name], value]);
  if (key === 'env_http_headers') return members.map(([name, value]) => [['headers', name], `\${${String(value)}}`]);
  const names: Readonly<Record<string, string>> = { client_id: 'clientId', callback_port: 'callbackPort' };
  if (key !== 'oauth' || !members.every(([name]) => Object.hasOwn(names, name))) return undefined;
  return members.map(([name, value]) => [['oauth', names[name] as string], value]);
}

function milliseconds(seconds: Value): Value {
  return typeof seconds === 'number' || typeof seconds === 'bigint' ? Math.round(Number(seconds) * 1000) : seconds;
}
