import type { Address } from '../../model/unit.ts';
import { isTable, isTableArray, type KeyPath, type Table, type Value } from '../../model/value.ts';
import { scalarText } from './read/parse.ts';

const bareKey = /^[A-Za-z0-9_-]+$/;
const inlineLimit = 80;

/** A dotted key as TOML 1.0 spells it. */
function keyText(path: KeyPath): string {
  return path.map((key) => (bareKey.test(key) ? key : scalarText(key))).join('.');
}

/** A value on one line, in TOML 1.0. Throws for `null`. */
export function valueText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item as Value)).join(', ')}]`;
  if (!isTable(value)) return scalarText(value);
  const members = Object.keys(value).map((key) => pairText([key], value[key] as Value));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** `key = value` on one line, without a line end. */
export function pairText(path: KeyPath, value: Value): string {
  return `${keyText(path)} = ${valueText(value)}`;
}

/** The lines of an entry: its header and keys, and its longer tables below it with headers of their own. */
export function entryLines(path: KeyPath, value: Table): string[] {
  const keys = Object.keys(value);
  const deep = keys.filter((key) => needsHeader(key, value[key] as Value));
  const flat = keys.filter((key) => !deep.includes(key));
  const lines = [`[${keyText(path)}]`, ...flat.map((key) => pairText([key], value[key] as Value))];
  for (const key of deep) lines.push('', ...entryLines([...path, key], value[key] as Table));
  return lines;
}

/** The lines of an element: `[[path]]` and its keys, tables inline. */
export function elementLines(path: KeyPath, value: Table): string[] {
  return [`[[${keyText(path)}]]`, ...Object.keys(value).map((key) => pairText([key], value[key] as Value))];
}

/** The lines of new tables; one that holds only tables has no header of its own. */
export function tableLines(path: KeyPath, value: Value): string[] {
  if (isTableArray(value)) return blocks(value.map((item) => elementLines(path, item)));
  const table = value as Table;
  const keys = Object.keys(table);
  const isDeep = (item: Value | undefined) => isTable(item) && Object.keys(item).length > 0;
  if (!keys.every((key) => isDeep(table[key]) || isTableArray(table[key]))) return entryLines(path, table);
  return blocks(keys.map((key) => tableLines([...path, key], table[key] as Value)));
}

function blocks(all: readonly string[][]): string[] {
  return all.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/**
 * One unit's value as TOML: a header and keys for an entry, `[[path]]` and keys for an element that is a table,
 * `key = value` with its whole path for everything else.
 */
export function render(address: Address, value: Value): string {
  return `${unitLines(address, value).join('\n')}\n`;
}

function unitLines({ path, element }: Address, value: Value): string[] {
  if (element) return isTable(value) ? elementLines(path, value) : [pairText(path, [value])];
  return isTable(value) && Object.keys(value).length > 0 ? entryLines(path, value) : [pairText(path, value)];
}

/** Whether a table is too much for one line. */
export function needsHeader(key: string, value: Value): boolean {
  if (!isTable(value) || Object.keys(value).length === 0) return false;
  const nested = Object.values(value).some((each) => isTable(each as Value) && Object.keys(each as Table).length > 0);
  return nested || pairText([key], value).length > inlineLimit;
}
