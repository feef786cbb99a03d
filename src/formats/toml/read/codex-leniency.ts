import { scan } from './scan.ts';
import { type Member, scanKey, type ValueNode } from './scan-value.ts';

/** What a text must hold for `forgiven` to look at it: an equals sign at a line's end or start, or a sixtieth second. */
const worthALook = /=[ \t]*(?:#[^\n]*)?\r?\n|\n[ \t]*=|:60/;

/** As far as it may go: what no comment may hold stays, and so does a lone carriage return, for the parser to refuse. */
const comment = /#(?:[^\p{Cc}]|[\t\u0080-\u009f])*/gu;

/**
 * A text that the parser refused, with the same offsets and lines, in which two things stand as it reads them that Codex
 * reads anyway: line ends and comments around the `=` of an inline table, and leap seconds, which become the second before
 * (a `Date` has none). Undefined when nothing like it is there.
 */
export function forgiven(text: string): string | undefined {
  if (!worthALook.test(text)) return undefined;
  const edits = editsFor(text);
  if (edits.length === 0) return undefined;
  let from = 0;
  let result = '';
  for (const { start, insert } of edits) {
    result += text.slice(from, start) + insert;
    from = start + insert.length;
  }
  return result + text.slice(from);
}

interface Edit {
  readonly start: number;
  /** As long as what it stands for. */
  readonly insert: string;
}

function editsFor(text: string): Edit[] {
  const edits: Edit[] = [];
  try {
    for (const item of scan(text)) if (item.kind === 'pair') visit(text, item.member.value, edits);
  } catch {
    // The text does not parse, so the scanner may meet anything; then there is nothing to forgive.
    return [];
  }
  return edits;
}

function visit(text: string, node: ValueNode, edits: Edit[]): void {
  const value = text.slice(node.start, node.end);
  const leap = node.kind === 'scalar' ? /^[\d\-Tt ]*\d\d:\d\d:(?=60)/.exec(value) : null;
  if (leap) edits.push({ start: node.start + leap[0].length, insert: '59' });
  for (const member of node.members) {
    if (member.key.length > 0) edits.push(...gapsOf(text, member));
    visit(text, member.value, edits);
  }
}

function gapsOf(text: string, { start, value }: Member): Edit[] {
  const from = scanKey(text, start).end;
  const gap = text.slice(from, value.start);
  if (!gap.includes('\n')) return [];
  return [{ start: from, insert: gap.replaceAll(comment, blank).replaceAll(/\r?\n/g, blank) }];
}

function blank(found: string): string {
  return ' '.repeat(found.length);
}
