import type { Span, Splice } from '../../tagged-text.ts';
import { addMembers, cutMembers } from '../read/inline.ts';
import type { Member, ValueNode } from '../read/scan-value.ts';

/** A new last member: on a line of its own, below the last one's comment, where the last one has a line. */
export function memberSplices(text: string, node: ValueNode, added: string): Splice[] {
  const last = node.members.at(-1);
  const comma = node.commas[node.members.length - 1];
  const rest = last && lineRest(text, last);
  if (!last || !rest) return addMembers(text, node, [added]);
  const { indent, newline, end } = rest;
  const line = {
    start: end,
    end,
    insert: [{ text: `${newline}${indent}${added}${comma === undefined ? '' : ','}`, ours: false }],
  };
  if (comma !== undefined) return [line];
  return [{ start: last.end, end: last.end, insert: [{ text: ',', ours: false }] }, line];
}

/** Of a member with lines of its own: its indentation, and where its last line ends but for the line end. */
function lineRest(text: string, { start, end }: Member): { indent: string; newline: string; end: number } | undefined {
  const indent = /\n([ \t]*)$/.exec(text.slice(0, start))?.[1];
  const after = /^[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?=(\r?\n))/.exec(text.slice(end));
  if (indent === undefined || !after) return undefined;
  return { indent, newline: after[1] as string, end: end + after[0].length };
}

/** What to cut of an inline table or array: whole lines where a member has lines of its own. */
export function memberSpans(text: string, node: ValueNode, starts: ReadonlySet<number>): Span[] {
  const gone = node.members.filter(({ start }) => starts.has(start));
  const bare = text.slice(node.start + 1, node.end - 1);
  if (gone.length === node.members.length && !hasComment(text, node)) {
    return [{ start: node.start + 1, end: node.start + 1 + bare.length }];
  }
  const lines = gone.map((member) => memberLines(text, node, member));
  if (!lines.every((span) => span !== undefined)) return cutMembers(text, node, new Set(gone), () => false);
  const last = node.members.findLast((member) => !gone.includes(member));
  const comma = last && node.commas[node.members.indexOf(last)];
  const isOpen = node.commas.length < node.members.length && gone.includes(node.members.at(-1) as Member);
  return isOpen && comma !== undefined ? [{ start: comma, end: comma + 1 }, ...lines] : lines;
}

function hasComment(text: string, node: ValueNode): boolean {
  const bounds = [node.start + 1, ...node.members.flatMap(({ start, end }) => [start, end]), node.end];
  return bounds.some((at, index) => index % 2 === 0 && text.slice(at, bounds[index + 1]).includes('#'));
}

/** The lines of a member that shares them with nothing but its comma and a comment. */
function memberLines(text: string, node: ValueNode, member: Member): Span | undefined {
  const indent = /\n([ \t]*)$/.exec(text.slice(0, member.start))?.[1];
  const after = /^[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?\n/.exec(text.slice(member.end));
  if (indent === undefined || !after) return undefined;
  const comma = node.commas[node.members.indexOf(member)];
  if (comma !== undefined && after[1] === '') return undefined;
  return { start: member.start - indent.length, end: member.end + after[0].length };
}
