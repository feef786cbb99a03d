import type { Piece, Span, Splice } from '../../tagged-text.ts';
import type { Member, ValueNode } from './scan-value.ts';

type Owns = (span: Span) => boolean;

/** The splices that add members or elements at the end of an inline table or array, in its own style. */
export function addMembers(text: string, node: ValueNode, added: readonly string[]): Splice[] {
  const inserts = node.members.length === 0 ? [intoEmpty(text, node, added)] : afterLast(text, node, added);
  return inserts.map(({ at, insert }) => ({
    start: at,
    end: at,
    insert: [{ text: insert, ours: true }] satisfies Piece[],
  }));
}

/**
 * What to cut to take members out of an inline table or array, with the commas that go with them. Where a comma before
 * and one after could go, the one that is ours goes. Comments inside stay.
 */
export function cutMembers(text: string, node: ValueNode, gone: ReadonlySet<Member>, owns: Owns): Span[] {
  if (node.members.every((member) => gone.has(member))) return cutAll(text, node, gone, owns);
  const spans: Span[] = [];
  for (let first = 0; first < node.members.length; first += 1) {
    let last = first;
    while (gone.has(node.members[last] as Member)) last += 1;
    if (last === first) continue;
    spans.push(runSpan(node, first, last - 1, owns));
    first = last;
  }
  return spans.flatMap((span) => withoutComments(text, node, span, owns));
}

function runSpan(node: ValueNode, first: number, last: number, owns: Owns): Span {
  const [before, after] = [node.commas[first - 1], node.commas[last]];
  const end = (node.members[last] as Member).end;
  const ownsBefore = before !== undefined && owns({ start: before, end: before + 1 });
  const ownsAfter = after !== undefined && owns({ start: after, end: after + 1 });
  if (before !== undefined && (after === undefined || (ownsBefore && !ownsAfter))) return { start: before, end };
  const start = before === undefined ? (node.members[first] as Member).start : before + 1;
  const next = node.members[last + 1];
  if (before === undefined && next) return { start, end: next.start };
  return { start, end: after === undefined ? end : after + 1 };
}

function cutAll(text: string, node: ValueNode, gone: ReadonlySet<Member>, owns: Owns): Span[] {
  const [first, last] = [node.members[0], node.members.at(-1)];
  if (!first || !last || gone.size === 0) return [];
  let start = first.start;
  let end = Math.max(last.end, (node.commas.at(-1) ?? 0) + 1);
  while (start > node.start + 1 && owns({ start: start - 1, end: start })) start -= 1;
  while (end < node.end - 1 && owns({ start: end, end: end + 1 })) end += 1;
  return withoutComments(text, node, { start, end }, owns);
}

/**
 * Cuts the comments that stand between members out of a span, with the blanks before and the line end after them where
 * these are not ours.
 */
function withoutComments(text: string, node: ValueNode, span: Span, owns: Owns): Span[] {
  const spans: Span[] = [];
  let from = span.start;
  let at = span.start;
  while (at < span.end) {
    const member = node.members.find(({ start, end }) => start <= at && at < end);
    if (member) at = member.end;
    else if (text[at] === '#') {
      spans.push({ start: from, end: blanksBefore(text, from, at, owns) });
      at = remarkEnd(text, at, span.end, owns);
      from = at;
    } else at += 1;
  }
  if (from < span.end) spans.push({ start: from, end: span.end });
  return spans.filter(({ start, end }) => start < end);
}

function blanksBefore(text: string, from: number, at: number, owns: Owns): number {
  let start = at;
  while (start > from && /[ \t]/.test(text[start - 1] ?? '') && !owns({ start: start - 1, end: start })) start -= 1;
  return start;
}

/** Where a comment ends: before its line end where that is ours, else after it. */
function remarkEnd(text: string, at: number, limit: number, owns: Owns): number {
  const newline = text.indexOf('\n', at);
  if (newline < 0 || newline >= limit) return limit;
  const start = text[newline - 1] === '\r' ? newline - 1 : newline;
  return owns({ start, end: newline + 1 }) ? start : newline + 1;
}

function intoEmpty(text: string, node: ValueNode, added: readonly string[]): { at: number; insert: string } {
  const at = node.start + 1;
  const list = added.join(', ');
  if (node.kind === 'array') return { at, insert: list };
  return { at, insert: /\s/.test(text[at] ?? '') ? ` ${list}` : ` ${list} ` };
}

function afterLast(text: string, node: ValueNode, added: readonly string[]): { at: number; insert: string }[] {
  const last = node.members.at(-1) as Member;
  const gap = gapBefore(text, node, last);
  const comma = node.commas[node.members.length - 1];
  const end = comma === undefined ? last.end : comma + 1;
  const after = afterRemark(text, node, end);
  // A remark on the line of the last one stays on that line.
  const at = gap === ' ' ? end : after;
  if (comma !== undefined) return [{ at, insert: added.map((each) => `${gap}${each},`).join('') }];
  if (at === end) return [{ at, insert: added.map((each) => `,${gap}${each}`).join('') }];
  return [
    { at: end, insert: ',' },
    { at, insert: gap + added.join(`,${gap}`) },
  ];
}

/** Where the comment ends that follows on the same line; without one the same place. */
function afterRemark(text: string, node: ValueNode, at: number): number {
  const remark = /^[ \t]*#[^\r\n]*/.exec(text.slice(at, node.end));
  return at + (remark?.[0].length ?? 0);
}

/** The line break and indent before the last member where it has a line of its own, else one space. */
function gapBefore(text: string, node: ValueNode, last: Member): string {
  const own = /(\r?\n)[ \t]*$/.exec(text.slice(node.start + 1, last.start));
  return own ? own[0] : ' ';
}
