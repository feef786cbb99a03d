import { type Item, newTable, type TomlTable, type TomlValue } from './codex-writer-document.ts';
import { inlineTableText, newKey, stringText } from './codex-writer-print.ts';

/** A value without any formatting of its own: what Codex writes for a value it was given. */
export function freshItem(data: unknown): Item {
  return isTable(data) ? freshTable(Object.entries(data)) : freshValue(data);
}

export function freshValue(data: unknown, text = textOf(data)): TomlValue {
  return { kind: 'value', decor: {}, text, data };
}

export function freshTable(members: readonly (readonly [string, unknown])[], implicit = false): TomlTable {
  const table = newTable(implicit);
  for (const [name, data] of members) put(table, name, freshItem(data));
  return table;
}

export function put(table: TomlTable, name: string, item: Item): void {
  const there = table.entries.get(name);
  if (there) there.item = item;
  else table.entries.set(name, { key: newKey(name), item });
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return stringText(data);
  if (Array.isArray(data)) return `[${data.map(textOf).join(', ')}]`;
  return isTable(data) ? inlineText(freshTable(Object.entries(data))) : String(data);
}

/** A table with all its tables on one line. */
function inlineText(table: TomlTable): string {
  return inlineTableText(inlined(table));
}

export function inlined(table: TomlTable): TomlTable {
  const flat = newTable(false);
  for (const [name, { item }] of table.entries) {
    put(flat, name, item.kind === 'table' ? freshValue({}, inlineText(item)) : item);
  }
  return flat;
}

export function isTable(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Date);
}

function sorted(data: Record<string, unknown>): [string, unknown][] {
  return Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What Codex knows of a server, in the order it writes it; anything else is lost. */
const fields: readonly (readonly [key: string, spell: (value: unknown) => unknown])[] = [
  ['command', same],
  ['args', filled],
  ['env', filled],
  ['env_vars', filled],
  ['cwd', same],
  ['url', same],
  ['bearer_token_env_var', same],
  ['http_headers', filled],
  ['env_http_headers', filled],
  ['enabled', (value) => (value === false ? false : undefined)],
  ['required', (value) => (value === true ? true : undefined)],
  ['startup_timeout_sec', same],
  ['tool_timeout_sec', same],
  ['default_tools_approval_mode', same],
  ['enabled_tools', filled],
  ['disabled_tools', filled],
  ['scopes', filled],
];

/** A server as `codex mcp add` and `codex mcp remove` write it. */
export function serverTable(config: Record<string, unknown>): TomlTable {
  const seconds = typeof config.startup_timeout_ms === 'number' ? config.startup_timeout_ms / 1000 : undefined;
  const known = { ...config, startup_timeout_sec: config.startup_timeout_sec ?? seconds };
  const table = newTable(false);
  for (const [key, spell] of fields) {
    const value = spell(known[key as keyof typeof known]);
    if (value === undefined) continue;
    put(table, key, key.endsWith('_timeout_sec') ? freshValue(value, floatText(value as number)) : freshItem(value));
  }
  if (isTable(config.tools) && Object.keys(config.tools).length > 0) put(table, 'tools', toolsTable(config.tools));
  return table;
}

function toolsTable(tools: Record<string, unknown>): TomlTable {
  const table = newTable(true);
  for (const [name, tool] of sorted(tools)) {
    const mode = isTable(tool) ? tool.approval_mode : undefined;
    put(table, name, freshTable(mode === undefined ? [] : [['approval_mode', mode]]));
  }
  return table;
}

function floatText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

function same(value: unknown): unknown {
  return value;
}

function filled(value: unknown): unknown {
  const size = Array.isArray(value) ? value.length : isTable(value) ? Object.keys(value).length : 0;
  if (size === 0) return undefined;
  return isTable(value) ? Object.fromEntries(sorted(value)) : value;
}
