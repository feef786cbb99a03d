import type { KeyPath } from '../../model/value.ts';
import { scan } from './scan.ts';

/** See `Format.lineOf`, for a text that parses: the line of the key or header that spells most of the path. */
export function lineOfKey(text: string, path: KeyPath): number | undefined {
  let best = { line: 0, depth: 0 };
  let table: KeyPath = [];
  for (const item of scan(text)) {
    if (item.kind === 'header') table = item.path;
    if (item.kind !== 'header' && item.kind !== 'pair') continue;
    const spelled = item.kind === 'header' ? table : [...table, ...item.member.key];
    const depth = commonDepth(spelled, path);
    if (depth > best.depth) best = { line: item.line, depth };
  }
  return best.depth > 0 ? best.line : undefined;
}

function commonDepth(a: KeyPath, b: KeyPath): number {
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth += 1;
  return depth;
}
