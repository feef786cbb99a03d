import type { Decor, Key, TomlDocument, TomlTable, TomlValue } from './codex-writer-document.ts';

interface Placed {
  readonly position: number;
  readonly table: TomlTable;
  readonly path: readonly Key[];
  readonly isArray: boolean;
}

/** Prints a document as toml_edit does: tables by position, new ones after the table visited before them. */
export function printDocument({ root, trailing }: TomlDocument): string {
  const tables = placed(root).sort((a, b) => a.position - b.position);
  let isFirst = true;
  const parts = tables.map((one) => {
    const header = headerOf(one, isFirst);
    const body = valuesOf(one.table).map(lineOf).join('');
    if (header || body) isFirst = false;
    return header + body;
  });
  return parts.join('') + trailing;
}

function placed(root: TomlTable): Placed[] {
  const all: Placed[] = [];
  let position = 0;
  const visit = (table: TomlTable, path: readonly Key[], isArray: boolean): void => {
    position = table.position ?? position;
    if (!table.dotted) all.push({ position, table, path, isArray });
    for (const { key, item } of table.entries.values()) {
      const children = item.kind === 'tables' ? item.tables : item.kind === 'table' ? [item] : [];
      for (const child of children) visit(child, [...path, key], item.kind === 'tables');
    }
  };
  visit(root, [], false);
  return all;
}

function headerOf({ table, path, isArray }: Placed, isFirst: boolean): string {
  const isHidden = path.length === 0 || (!isArray && table.implicit && valuesOf(table).length === 0);
  if (isHidden) return '';
  const [open, close] = isArray ? ['[[', ']]'] : ['[', ']'];
  const { prefix = isFirst ? '' : '\n', suffix = '' } = table.decor;
  return `${prefix}${open}${pathText(path, ['', ''])}${close}${suffix}\n`;
}

type Line = readonly [path: readonly Key[], value: TomlValue];

function valuesOf(table: TomlTable, path: readonly Key[] = []): Line[] {
  return [...table.entries.values()].flatMap(({ key, item }): Line[] => {
    if (item.kind === 'value') return [[[...path, key], item]];
    return item.kind === 'table' && item.dotted ? valuesOf(item, [...path, key]) : [];
  });
}

function lineOf([path, value]: Line): string {
  return `${pathText(path, ['', ' '])}=${decorated(value.text, value.decor, [' ', ''])}\n`;
}

function pathText(path: readonly Key[], usual: readonly [string, string]): string {
  const last = path.at(-1) as Key;
  const texts = path.map((key, index) => {
    const prefix = index === 0 ? (last.leaf.prefix ?? usual[0]) : `.${key.dotted.prefix ?? ''}`;
    return prefix + key.text + (key === last ? (last.leaf.suffix ?? usual[1]) : (key.dotted.suffix ?? ''));
  });
  return texts.join('');
}

function decorated(text: string, { prefix, suffix }: Decor, usual: readonly [string, string]): string {
  return (prefix ?? usual[0]) + text + (suffix ?? usual[1]);
}

/** An inline table of these entries, as toml_edit prints it. */
export function inlineTableText(table: TomlTable): string {
  const lines = valuesOf(table);
  const texts = lines.map(([path, value], index) => {
    const usual = [' ', index === lines.length - 1 ? ' ' : ''] as const;
    return `${pathText(path, [' ', ' '])}=${decorated(value.text, value.decor, usual)}`;
  });
  return `{${texts.join(',')}}`;
}

/** A string as toml_edit spells a new one. */
export function stringText(value: string): string {
  const plain = !/["\\\x00-\x1F\x7F]/.test(value);
  if (plain) return `"${value}"`;
  if (!/['\x00-\x08\x0A-\x1F\x7F]/.test(value)) return `'${value}'`;
  if (/\n/.test(value) && !/["\\\x00-\x08\x0B-\x1F\x7F]/.test(value)) return `"""\n${value}"""`;
  return JSON.stringify(value);
}

/** A key as toml_edit spells a new one. */
export function newKey(name: string): Key {
  const text = /^[A-Za-z0-9_-]+$/.test(name) ? name : stringText(name);
  return { name, text, leaf: {}, dotted: {} };
}
