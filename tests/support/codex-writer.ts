import {
  type Entries,
  type Item,
  newTable,
  readDocument,
  type TomlDocument,
  type TomlTable,
  type TomlValue,
} from './codex-writer-document.ts';
import { inlineTableText, printDocument } from './codex-writer-print.ts';
import { freshItem, freshTable, freshValue, inlined, isTable, put, serverTable } from './codex-writer-servers.ts';

/**
 * What the real Codex 0.169.0 writes into `config.toml`, as a pure function from text to text. `set` and `remove` are the
 * app-server's `config/batchWrite` (desktop app, TUI); the rest are commands and dialogs.
 */
export type CodexWrite =
  | { readonly kind: 'mcp add'; readonly name: string; readonly server: NewServer }
  | { readonly kind: 'mcp remove'; readonly name: string }
  | { readonly kind: 'feature'; readonly name: KnownFeature; readonly enabled: boolean }
  | { readonly kind: 'trust'; readonly project: string }
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly kind: 'remove'; readonly path: readonly string[] }
  | { readonly kind: 'skill'; readonly path: string; readonly enabled: boolean };

/** `codex mcp add NAME [--env K=V] -- COMMAND ARGS…` or `codex mcp add NAME --url URL`. */
export type NewServer =
  | { readonly command: string; readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }
  | { readonly url: string; readonly bearer_token_env_var?: string };

/** Features and whether they are on by default: switching off one that is off by default takes its key out. */
export const knownFeatures = { apps: true, memories: false, goals: true, hooks: true, shell_tool: true } as const;
export type KnownFeature = keyof typeof knownFeatures;

/** The file after a write; the very same text where Codex finds nothing to do and leaves the file alone. */
export function codexWrite(text: string | undefined, write: CodexWrite): string | undefined {
  const document = readDocument(text ?? '');
  return apply(document, write) ? printDocument(document) : text;
}

function apply({ root }: TomlDocument, write: CodexWrite): boolean {
  switch (write.kind) {
    case 'mcp add':
      return replaceServers(root, { ...serversIn(root), [write.name]: { ...write.server } });
    case 'mcp remove': {
      const { [write.name]: gone, ...rest } = serversIn(root);
      return gone !== undefined && replaceServers(root, rest);
    }
    case 'feature':
      if (!write.enabled && !knownFeatures[write.name]) return remove(root, ['features', write.name]);
      return insert(root, ['features', write.name], freshValue(write.enabled));
    case 'trust':
      return trust(root, write.project);
    case 'set':
      return setValue(root, write.path, write.value);
    case 'remove':
      return dataAt(root, write.path) !== undefined && remove(root, write.path);
    case 'skill':
      return switchSkill(root, write.path, write.enabled);
  }
}

/** The values of an item, formatting aside. */
function dataOf(item: Item): unknown {
  if (item.kind === 'value') return item.data;
  if (item.kind === 'tables') return item.tables.map(dataOf);
  return Object.fromEntries([...item.entries].map(([name, entry]) => [name, dataOf(entry.item)]));
}

function dataAt(root: TomlTable, path: readonly string[]): unknown {
  return path.reduce((data: unknown, key) => (isTable(data) ? data[key] : undefined), dataOf(root));
}

function serversIn(root: TomlTable): Record<string, Record<string, unknown>> {
  return (dataAt(root, ['mcp_servers']) ?? {}) as Record<string, Record<string, unknown>>;
}

/** Every server is written anew; only one on a line of its own keeps its line and what stands around it. */
function replaceServers(root: TomlTable, servers: Record<string, Record<string, unknown>>): boolean {
  const names = Object.keys(servers).sort();
  if (names.length === 0) return remove(root, ['mcp_servers']);
  const table = descend(root, ['mcp_servers'], true) as TomlTable;
  for (const name of [...table.entries.keys()]) if (!Object.hasOwn(servers, name)) table.entries.delete(name);
  for (const name of names) {
    const there = table.entries.get(name)?.item;
    const fresh = serverTable(servers[name] as Record<string, unknown>);
    put(table, name, there?.kind === 'value' && there.members ? mergedLine(there, fresh) : fresh);
  }
  return true;
}

function mergedLine(old: TomlValue, fresh: TomlTable): TomlValue {
  const wanted = inlined(fresh).entries as Map<string, { key: unknown; item: TomlValue }>;
  const merged = newTable(false);
  for (const [name, { key, item }] of old.members as Entries) {
    const value = wanted.get(name)?.item;
    if (value) merged.entries.set(name, { key, item: { ...value, decor: (item as TomlValue).decor } });
  }
  for (const [name, { item }] of wanted) if (!merged.entries.has(name)) put(merged, name, item);
  return { ...freshValue(undefined, inlineTableText(merged)), decor: old.decor };
}

/** The table at a path; on the way inline tables become tables, and with `make` what is missing is made. */
function descend(root: TomlTable, path: readonly string[], make: boolean): TomlTable | undefined {
  let table = root;
  for (const name of path) {
    if (!table.entries.has(name)) {
      if (!make) return undefined;
      put(table, name, newTable(true));
    }
    const entry = table.entries.get(name) as { item: Item };
    if (entry.item.kind === 'value') {
      if (!entry.item.members && !make) return undefined;
      entry.item = fromInline(entry.item.members ?? new Map());
    }
    if (entry.item.kind === 'tables') return undefined;
    table = entry.item;
  }
  return table;
}

function fromInline(members: Entries): TomlTable {
  const table = newTable(true);
  for (const [name, { item }] of members) {
    put(table, name, item.kind === 'value' ? { ...item, decor: { ...item.decor, suffix: '' } } : item);
  }
  return table;
}

function insert(root: TomlTable, path: readonly string[], item: Item): boolean {
  const parent = descend(root, path.slice(0, -1), true);
  const name = path.at(-1) as string;
  if (!parent) return false;
  const existing = parent.entries.get(name)?.item;
  if (existing) keepDecor(existing, item);
  put(parent, name, item);
  return true;
}

function remove(root: TomlTable, path: readonly string[]): boolean {
  return descend(root, path.slice(0, -1), false)?.entries.delete(path.at(-1) as string) === true;
}

function keepDecor(old: Item, fresh: Item): void {
  if (old.kind === 'value' && fresh.kind === 'value') fresh.decor = old.decor;
  if (old.kind !== 'table' || fresh.kind !== 'table') return;
  fresh.decor = old.decor;
  for (const [name, { key, item }] of old.entries) {
    const there = fresh.entries.get(name);
    if (!there) continue;
    Object.assign(there.key, { leaf: key.leaf, dotted: key.dotted });
    keepDecor(item, there.item);
  }
}

/** An equal value is not written; a table is merged into the one that is there. */
function setValue(root: TomlTable, path: readonly string[], value: unknown): boolean {
  const old = dataAt(root, path);
  const wanted = merged(old, value);
  if (JSON.stringify(old) === JSON.stringify(wanted)) return false;
  return insert(root, path, freshItem(wanted));
}

function merged(old: unknown, value: unknown): unknown {
  if (!isTable(old) || !isTable(value)) return value;
  const entries = Object.entries(value).map(([key, data]) => [key, merged(old[key], data)]);
  return { ...old, ...Object.fromEntries(entries) };
}

function trust(root: TomlTable, project: string): boolean {
  const there = root.entries.get('projects')?.item;
  const projects = there?.kind === 'table' ? there : trustedSoFar(there);
  if (projects !== there) put(root, 'projects', projects);
  const old = projects.entries.get(project)?.item;
  const one = old?.kind === 'table' ? old : freshTable([]);
  if (one !== old) put(projects, project, one);
  one.implicit = false;
  put(one, 'trust_level', freshValue('trusted'));
  return true;
}

function trustedSoFar(projects: Item | undefined): TomlTable {
  const table = newTable(true);
  for (const [name, { item }] of projects?.kind === 'value' ? (projects.members ?? []) : []) {
    if (item.kind === 'value' && item.members) put(table, name, { ...fromInline(item.members), implicit: false });
  }
  return table;
}

function switchSkill(root: TomlTable, path: string, enabled: boolean): boolean {
  const overrides = overridesIn(root, !enabled);
  if (!overrides) return false;
  const index = overrides.tables.findIndex((table) => dataAt(table, ['path']) === path);
  if (!enabled) {
    if (index < 0)
      overrides.tables.push(
        freshTable([
          ['path', path],
          ['enabled', false],
        ]),
      );
    const table = overrides.tables.at(index) as TomlTable;
    put(table, 'path', freshValue(path));
    put(table, 'enabled', freshValue(false));
    return true;
  }
  if (index < 0) return false;
  overrides.tables.splice(index, 1);
  if (overrides.tables.length > 0) return true;
  remove(root, ['skills', 'config']);
  return descend(root, ['skills'], false)?.entries.size === 0 ? remove(root, ['skills']) : true;
}

function overridesIn(root: TomlTable, make: boolean): { readonly tables: TomlTable[] } | undefined {
  const skills = descend(root, ['skills'], make);
  if (!skills) return undefined;
  if (!skills.entries.has('config') && make) put(skills, 'config', { kind: 'tables', tables: [] });
  const item = skills.entries.get('config')?.item;
  return item?.kind === 'tables' ? item : undefined;
}
