import { pathText } from '../../../model/unit.ts';
import { lineOf } from './position.ts';
import { textStart, tokenAt } from './tokens.ts';

/** See `Format.doubledKeys`, for a text that parses. */
export function doubledKeys(text: string): { key: string; line: number }[] {
  const doubled: { key: string; line: number }[] = [];
  const open: { seen: Set<string> | undefined; key: string }[] = [];
  for (let token = tokenAt(text, textStart(text)); token.kind !== 'end'; token = tokenAt(text, token.end)) {
    if (token.kind === '{' || token.kind === '[')
      open.push({ seen: token.kind === '{' ? new Set() : undefined, key: '' });
    else if (token.kind === '}' || token.kind === ']') open.pop();
    const frame = open.at(-1);
    if (token.kind !== 'string' || !frame?.seen || tokenAt(text, token.end).kind !== ':') continue;
    frame.key = JSON.parse(text.slice(token.start, token.end)) as string;
    const path = open.filter(({ seen }) => seen).map(({ key }) => key);
    if (frame.seen.has(frame.key)) doubled.push({ key: pathText(path), line: lineOf(text, token.start) });
    frame.seen.add(frame.key);
  }
  return doubled;
}
