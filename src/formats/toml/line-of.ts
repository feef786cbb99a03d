import type { KeyPath } from '../../model/value.ts';
import { type Header, type Pair, scan } from './scan.ts';
import type { Member } from './scan-value.ts';

/** See `Format.lineOf`, for a text that parses: the line of the key, header or element that spells most of the path. */
export function lineOfKey(text: string, path: KeyPath): number | undefined {
  let best = { line: 0, depth: 0 };
  const offer = (line: number, spelled: KeyPath) => {
    const depth = commonDepth(spelled, path);
    if (depth > best.depth) best = { line, depth };
  };
  const counts = new Map<string, number>();
  let table: KeyPath = [];
  for (const item of scan(text)) {
    if (item.kind === 'header') {
      table = tablePath(item, counts);
      offer(item.line, table);
    } else if (item.kind === 'pair') offerMember(text, item, table, offer);
  }
  return best.depth > 0 ? best.line : undefined;
}

/** The path of a header, the headers above it counted in `counts`, with the index of each element of an array of tables that it is or stands in. */
export function tablePath({ path, array }: Header, counts: Map<string, number>): KeyPath {
  const spelled: string[] = [];
  for (const [depth, key] of path.entries()) {
    spelled.push(key);
    const name = JSON.stringify(spelled);
    if (array && depth === path.length - 1) counts.set(name, (counts.get(name) ?? 0) + 1);
    const count = counts.get(name);
    if (count !== undefined) spelled.push(String(count - 1));
  }
  return spelled;
}

function offerMember(text: string, pair: Pair, table: KeyPath, offer: (line: number, spelled: KeyPath) => void): void {
  const visit = (member: Member, at: KeyPath) => {
    offer(pair.line + text.slice(pair.start, member.start).split('\n').length - 1, at);
    const isArray = member.value.kind === 'array';
    for (const [index, each] of member.value.members.entries())
      visit(each, [...at, ...(isArray ? [String(index)] : each.key)]);
  };
  visit(pair.member, [...table, ...pair.member.key]);
}

function commonDepth(a: KeyPath, b: KeyPath): number {
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth += 1;
  return depth;
}
