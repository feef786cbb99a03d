import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';

/**
 * A TOML document as Codex's editor (the Rust crate toml_edit) keeps it: comments and blanks hang on the key, value or
 * header after or before them, and go, stay or move with it. A missing prefix or suffix is printed in the usual way.
 */
export interface Decor {
  prefix?: string | undefined;
  suffix?: string | undefined;
}

export interface Key {
  readonly name: string;
  /** How it is spelled. */
  readonly text: string;
  /** Around the whole dotted path, kept by its last key; for the first key of a line the comments above it. */
  leaf: Decor;
  /** Around this key inside a dotted path. */
  dotted: Decor;
}

/** A value that stands after an equals sign. */
export interface TomlValue {
  readonly kind: 'value';
  decor: Decor;
  readonly text: string;
  readonly data: unknown;
  /** The entries of an inline table. */
  readonly members?: Entries;
}

export interface TomlTable {
  readonly kind: 'table';
  decor: Decor;
  /** Without a header of its own as long as it holds no values. */
  implicit: boolean;
  dotted: boolean;
  /** The number of its header in the file; none for a new table, which is printed after the one visited before it. */
  position?: number | undefined;
  entries: Entries;
}

export interface TomlTables {
  readonly kind: 'tables';
  readonly tables: TomlTable[];
}

export type Item = TomlValue | TomlTable | TomlTables;
export type Entries = Map<string, { readonly key: Key; item: Item }>;

export interface TomlDocument {
  readonly root: TomlTable;
  /** What stands after the last value. */
  readonly trailing: string;
}

export function newTable(implicit: boolean, dotted = false): TomlTable {
  return { kind: 'table', decor: {}, implicit, dotted, entries: new Map() };
}

/** Reads a document; a byte order mark is left out, as Codex does. */
export function readDocument(source: string): TomlDocument {
  const text = withoutReturns(source.replace(/^\uFEFF/, ''));
  const [top] = parseTOML(text, { tomlVersion: 'latest' }).body;
  const root = newTable(false);
  const reader = { text, at: 0, headers: 0 };
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') readKeyValue(reader, root, node);
    else readTable(reader, root, node);
  }
  return { root, trailing: text.slice(reader.at) };
}

interface Reader {
  readonly text: string;
  at: number;
  headers: number;
}

/** Line ends become single newlines, but not those in a string over many lines. */
function withoutReturns(text: string): string {
  if (!text.includes('\r')) return text;
  let [kept, at] = ['', 0];
  for (const { type, range } of parseTOML(text, { tomlVersion: 'latest' }).tokens) {
    if (!type.startsWith('MultiLine')) continue;
    kept += text.slice(at, range[0]).replaceAll('\r', '') + text.slice(...range);
    at = range[1];
  }
  return kept + text.slice(at).replaceAll('\r', '');
}

function readTable(reader: Reader, root: TomlTable, node: AST.TOMLTable): void {
  const isArray = node.kind === 'array';
  const { text } = reader;
  const prefix = text.slice(reader.at, node.range[0]);
  const keys = keysOf(text, node.key);
  const [start, end] = node.key.range;
  const close = text.indexOf(']', end);
  const last = keys.at(-1) as Key;
  last.leaf = { prefix: text.slice(node.range[0] + (isArray ? 2 : 1), start), suffix: text.slice(end, close) };
  const decor = { prefix, suffix: restOfLine(reader, close + (isArray ? 2 : 1)) };
  const parent = descend(root, keys.slice(0, -1), false);
  const table = isArray ? newElement(parent, last) : reopened(parent, last);
  reader.headers += 1;
  Object.assign(table, { decor, implicit: false, position: reader.headers });
  for (const child of node.body) readKeyValue(reader, table, child);
}

function newElement(parent: TomlTable, key: Key): TomlTable {
  const table = newTable(false);
  const there = parent.entries.get(key.name);
  if (there?.item.kind === 'tables') there.item.tables.push(table);
  else parent.entries.set(key.name, { key, item: { kind: 'tables', tables: [table] } });
  return table;
}

/** A table whose children came first moves to where its own header stands. */
function reopened(parent: TomlTable, key: Key): TomlTable {
  const there = parent.entries.get(key.name)?.item;
  const table = there?.kind === 'table' ? there : newTable(false);
  parent.entries.delete(key.name);
  parent.entries.set(key.name, { key, item: table });
  return table;
}

function readKeyValue(reader: Reader, table: TomlTable, node: AST.TOMLKeyValue): void {
  const prefix = reader.text.slice(reader.at, node.range[0]);
  addKeyValue(reader.text, table, node, prefix, restOfLine(reader, node.range[1]));
}

function addKeyValue(text: string, table: TomlTable, node: AST.TOMLKeyValue, prefix: string, suffix: string): void {
  const keys = keysOf(text, node.key);
  const equals = text.indexOf('=', node.key.range[1]);
  const last = keys.at(-1) as Key;
  last.leaf = { prefix, suffix: text.slice(node.key.range[1], equals) };
  const decor = { prefix: text.slice(equals + 1, node.value.range[0]), suffix };
  const item = spelledValue(text, node.value, decor);
  descend(table, keys.slice(0, -1), true).entries.set(last.name, { key: last, item });
}

function spelledValue(text: string, node: AST.TOMLContentNode, decor: Decor): TomlValue {
  const value: TomlValue = {
    ...{ kind: 'value', decor, text: text.slice(...node.range) },
    data: getStaticTOMLValue(node),
  };
  return node.type === 'TOMLInlineTable' ? { ...value, members: membersOf(text, node) } : value;
}

function membersOf(text: string, node: AST.TOMLInlineTable): Entries {
  const table = newTable(false);
  let at = node.range[0] + 1;
  for (const member of node.body) {
    const end = text.slice(member.range[1]).search(/[,}]/) + member.range[1];
    addKeyValue(text, table, member, text.slice(at, member.range[0]), text.slice(member.range[1], end));
    at = end + 1;
  }
  return table.entries;
}

/** The rest of a line, comment included, up to its newline. */
function restOfLine(reader: Reader, from: number): string {
  const end = reader.text.indexOf('\n', from);
  reader.at = end < 0 ? reader.text.length : end + 1;
  return reader.text.slice(from, end < 0 ? undefined : end);
}

function keysOf(text: string, { keys }: AST.TOMLKey): Key[] {
  return keys.map((node, index) => {
    const [before, after] = [keys[index - 1]?.range[1], keys[index + 1]?.range[0]];
    const prefix = before === undefined ? '' : text.slice(before, node.range[0]).replace(/^[^.]*\./, '');
    const suffix = after === undefined ? '' : text.slice(node.range[1], after).replace(/\..*$/s, '');
    const name = node.type === 'TOMLBare' ? node.name : node.value;
    return { name, text: text.slice(...node.range), leaf: {}, dotted: { prefix, suffix } };
  });
}

function descend(from: TomlTable, keys: readonly Key[], dotted: boolean): TomlTable {
  let table = from;
  for (const key of keys) {
    const there = table.entries.get(key.name)?.item;
    const next = there?.kind === 'tables' ? there.tables.at(-1) : there;
    if (next?.kind === 'value') throw new Error(`${key.name} is no table`);
    const found = next ?? newTable(true, dotted);
    if (dotted && found.implicit) found.dotted = true;
    if (!next) table.entries.set(key.name, { key, item: found });
    table = found;
  }
  return table;
}
