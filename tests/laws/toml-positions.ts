import { type AST, parseTOML } from 'toml-eslint-parser';
import { expect } from 'vitest';
import { allBelow, readDoc } from '../../src/formats/toml/read/doc.ts';
import { type Item, scan } from '../../src/formats/toml/read/scan.ts';
import type { Member, ValueNode } from '../../src/formats/toml/read/scan-value.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { isTable, type KeyPath, leavesOf, sameValue, type Value, valueAt } from '../../src/model/value.ts';

/**
 * Holds that our scanner finds everything where toml-eslint-parser finds it, and that what stands there is the value. The
 * parser takes a character off a number that ends the text, so it gets a line end more.
 */
export function expectPositions(text: string): void {
  const body = text.replace('\uFEFF', '');
  if (!isBeyondToml(text)) expect(scan(body).flatMap(ofItem)).toEqual(ofParser(`${body}\n`));
  expectCovered(text);
  expectValues(body);
}

/** Whether the independent parser refuses a text that we read: Codex reads it, but it is no TOML. */
export function isBeyondToml(text: string): boolean {
  try {
    parseTOML(text.replace('\uFEFF', ''), { tomlVersion: '1.1' });
    return false;
  } catch {
    return true;
  }
}

/** What stands from where to where; keys with their parts. */
type Found = readonly [what: string, start: number, end: number, ...key: string[]];

function ofItem(item: Item): Found[] {
  if (item.kind === 'header') return [['header', item.contentEnd, item.contentEnd, ...item.path]];
  return item.kind === 'pair' ? ofMember(item.member) : [];
}

function ofMember({ key, value, start, end }: Member): Found[] {
  const own: Found[] = key.length > 0 ? [['pair', start, end, ...key]] : [];
  return [...own, ...ofValue(value)];
}

function ofValue({ kind, start, end, members }: ValueNode): Found[] {
  return [[kind, start, end], ...members.flatMap(ofMember)];
}

function ofParser(text: string): Found[] {
  const top = parseTOML(text, { tomlVersion: '1.1' }).body[0] as AST.TOMLTopLevelTable;
  return top.body.flatMap((node) => (node.type === 'TOMLKeyValue' ? ofPair(node) : ofTable(text, node)));
}

function ofTable(text: string, { key, kind, body }: AST.TOMLTable): Found[] {
  const close = text.indexOf(']', key.range[1]) + (kind === 'array' ? 2 : 1);
  return [['header', close, close, ...partsOf(key)], ...body.flatMap(ofPair)];
}

function ofPair({ key, value, range }: AST.TOMLKeyValue): Found[] {
  return [['pair', range[0], range[1], ...partsOf(key)], ...ofContent(value)];
}

function ofContent(node: AST.TOMLContentNode): Found[] {
  const [start, end] = node.range;
  if (node.type === 'TOMLArray') return [['array', start, end], ...node.elements.flatMap(ofContent)];
  if (node.type === 'TOMLInlineTable') return [['table', start, end], ...node.body.flatMap(ofPair)];
  return [['scalar', start, end]];
}

function partsOf({ keys }: AST.TOMLKey): string[] {
  return keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

/** The items are the text, line by line and without a gap, and their line numbers are right. */
function expectCovered(text: string): void {
  const items = scan(text);
  let [at, line] = [text.startsWith('\uFEFF') ? 1 : 0, 1];
  for (const item of items) {
    expect([item.start, item.line]).toEqual([at, line]);
    line += text.slice(item.start, item.end).split('\n').length - 1;
    at = item.end;
  }
  expect(at).toBe(text.length);
}

/** Every value of the file has its place, every place its value, and the text there reads as that value. */
function expectValues(text: string): void {
  const { root } = readDoc(text);
  const values = toml.read(text);
  const places = allBelow(root).flatMap(({ slot }) => (slot && !slot.holder.segment.opaque ? [slot] : []));
  const found = places.map(({ holder, member }): [KeyPath, ValueNode] => [
    [...holder.path, ...member.key],
    member.value,
  ]);
  for (const [path, node] of found) {
    const spelled = toml.read(`k = ${text.slice(node.start, node.end)}`).k as Value;
    expect(sameValue(valueAt(values, path), spelled)).toBe(true);
  }
  const known = new Set(found.map(([path]) => JSON.stringify(path)));
  for (const [path, value] of leavesOf(values)) {
    if (isTable(value) || (Array.isArray(value) && value.some((item) => isTable(item as Value)))) continue;
    expect(known).toContain(JSON.stringify(path));
  }
}
