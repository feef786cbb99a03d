import type { KeyPath } from '../../../model/value.ts';
import type { Span } from '../../tagged-text.ts';
import { lineEnd, type Member, scanKey, scanMember, skipSpaces } from './scan-value.ts';

/** Whole lines of a file, with their line ends: together the items cover the text after its byte order mark. */
export type Item = Plain | Header | Pair;

interface Lines extends Span {
  /** One-based. */
  readonly line: number;
}

/** A blank line or a comment line. */
export interface Plain extends Lines {
  readonly kind: 'blank' | 'comment';
}

interface Content extends Lines {
  /** Where the content ends: before spaces, comment and line end. */
  readonly contentEnd: number;
  /** Where the comment on the same line starts. */
  readonly note?: number;
}

/** `[path]` or `[[path]]`. */
export interface Header extends Content {
  readonly kind: 'header';
  readonly path: KeyPath;
  readonly array: boolean;
}

/** `key = value`; its key is relative to its table. */
export interface Pair extends Content {
  readonly kind: 'pair';
  readonly member: Member;
}

export const byteOrderMark = '\uFEFF';

/** How the lines of a text end. */
export function newlineOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Cuts a text that parses into its lines. Takes time linear in the text, and ends for any text. */
export function scan(text: string): Item[] {
  const items: Item[] = [];
  let line = 1;
  for (let at = text.startsWith(byteOrderMark) ? 1 : 0; at < text.length; ) {
    const item = scanItem(text, at, line);
    items.push(item);
    line += newlinesIn(text, item);
    at = item.end;
  }
  return items;
}

function scanItem(text: string, start: number, line: number): Item {
  const at = skipSpaces(text, start);
  const first = text[at];
  if (first === '#') return { kind: 'comment', start, end: lineEnd(text, at), line };
  if (first === undefined || first === '\n' || (first === '\r' && text[at + 1] === '\n'))
    return { kind: 'blank', start, end: lineEnd(text, at), line };
  if (first !== '[') {
    const member = scanMember(text, at);
    return { kind: 'pair', start, line, member, ...finish(text, member.end) };
  }
  const array = text[at + 1] === '[';
  const { key, end } = scanKey(text, at + (array ? 2 : 1));
  const close = skipSpaces(text, end) + (array ? 2 : 1);
  return { kind: 'header', start, line, path: key, array, ...finish(text, Math.min(close, text.length)) };
}

function finish(text: string, contentEnd: number): { contentEnd: number; end: number; note?: number } {
  const at = skipSpaces(text, contentEnd);
  const end = lineEnd(text, at);
  return text[at] === '#' ? { contentEnd, end, note: at } : { contentEnd, end };
}

function newlinesIn(text: string, { start, end }: Span): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
