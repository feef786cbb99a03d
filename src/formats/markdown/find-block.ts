import type { Inserted, Span } from '../tagged-text.ts';
import { normalText } from './sections.ts';

export const beginMarker = '<!-- >>> syncline managed >>> -->';
export const endMarker = '<!-- <<< syncline managed <<< -->';

/** Our block in a text. */
export interface Block extends Span {
  /** What stands between the markers, as it stands there. */
  readonly body: string;
  /** Whether one begin marker and one end marker, and no others, stand around it. */
  readonly whole: boolean;
}

/** A line that is only a marker, with its line end. */
export interface MarkerLine extends Span {
  readonly begin: boolean;
}

const markerLine = /(?<=^\uFEFF?|\n)<!-- (>>>|<<<) syncline managed \1 -->[ \t]*(?:\r?\n|$)/g;

/** Every marker line of a text. */
export function markerLines(text: string): MarkerLine[] {
  return [...text.matchAll(markerLine)].map(({ 0: line, 1: arrows, index }) => {
    return { start: index, end: index + line.length, begin: arrows === '>>>' };
  });
}

/** The block between the only begin marker and the only end marker, when they stand in that order. */
export function wholeBlock(text: string): Block | undefined {
  const [begin, end, more] = markerLines(text);
  if (!begin?.begin || !end || end.begin || more) return undefined;
  return { start: begin.start, end: end.end, body: text.slice(begin.end, end.start), whole: true };
}

/**
 * What the record holds of a file that was all text of the user's, without markers, when it was taken into the source: the
 * whole text is the block until it changes.
 */
export const foundWhole: Inserted = { at: 0, text: '' };

/** All of a text, the blank lines at its end left out, where the record says so and no marker has come into it. */
export function foundBlock(text: string, inserted: readonly Inserted[]): Block | undefined {
  const kept = text.trimEnd();
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (kept.length <= start || !inserted.some((own) => own.text === '') || markerLines(text).length > 0)
    return undefined;
  const rest = /^[ \t]*(?:\r?\n)?/.exec(text.slice(kept.length)) as RegExpExecArray;
  return { start, end: kept.length + rest[0].length, body: `${text.slice(start, kept.length)}\n`, whole: false };
}

/** Our block where its markers are lost, doubled or misplaced: only where our recorded or wanted text stands verbatim. */
export function brokenBlock(text: string, inserted: readonly Inserted[], wanted: string): Block | undefined {
  const recorded = inserted.flatMap(({ at, text: own }) => {
    const block = wholeBlock(own);
    return block ? [{ at: at + block.start, own: own.slice(block.start, block.end), body: block.body }] : [];
  })[0];
  // Without any marker, text that is as wanted is the user's: who put it there, nobody knows.
  if (!recorded) return markerLines(text).length > 0 ? bodyIn(text, wanted) : undefined;
  const { at, own, body } = recorded;
  const start = text.startsWith(own, at) ? at : onlyPlace(text, own);
  if (start === undefined) return bodyIn(text, body);
  return { start, end: start + own.length, body, whole: false };
}

function bodyIn(text: string, body: string): Block | undefined {
  const lines = normalText(body);
  if (lines.trim() === '') return undefined;
  for (const own of [lines, lines.replaceAll('\n', '\r\n')]) {
    const start = onlyPlace(text, own);
    if (start === undefined) continue;
    const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(start + own.length));
    const startsLine = start === 0 || text[start - 1] === '\n' || (start === 1 && text.startsWith('\uFEFF'));
    if (rest && startsLine) return withMarkers(text, start, start + own.length + rest[0].length);
  }
  return undefined;
}

/** Marker lines that touch the text from outside belong to the block, so they need not move. */
function withMarkers(text: string, start: number, end: number): Block {
  const lines = markerLines(text);
  const before = lines.find((line) => line.begin && line.end === start);
  const after = lines.find((line) => !line.begin && line.start === end);
  return { start: before?.start ?? start, end: after?.end ?? end, body: text.slice(start, end), whole: false };
}

function onlyPlace(text: string, own: string): number | undefined {
  const start = text.indexOf(own);
  return start >= 0 && start === text.lastIndexOf(own) ? start : undefined;
}

/**
 * Where a section stands in the user's own text, in whole lines, whatever their ends. In a comment an agent does not see it, and
 * in a fenced block it is an example.
 */
export function ownPlaces(text: string, section: string): Span[] {
  const lines = normalText(section).trimEnd();
  if (lines.trim() === '') return [];
  const block = wholeBlock(text);
  const places = wholeLines(text, lines);
  const unread = places.length > 0 ? unreadSpans(text) : [];
  return places
    .filter(({ start, end }) => !block || end <= block.start || start >= block.end)
    .filter(({ start }) => !unread.some((span) => start > span.start && start < span.end));
}

/** Where some lines stand as whole lines. Looked for without a pattern: one of a large text is more than a pattern may be. */
function wholeLines(text: string, lines: string): Span[] {
  const plain = text.replaceAll('\r\n', '\n');
  const placeOf = placeWithLineEnds(text);
  const rest = /[ \t]*(?:\n|$)/y;
  const spans: Span[] = [];
  for (let at = plain.indexOf(lines); at !== -1; at = plain.indexOf(lines, at)) {
    const startsLine = at === 0 || plain[at - 1] === '\n' || (at === 1 && plain.startsWith('\uFEFF'));
    rest.lastIndex = at + lines.length;
    if (startsLine && rest.test(plain)) {
      spans.push({ start: placeOf(at), end: placeOf(rest.lastIndex) });
      at = rest.lastIndex;
    } else at += 1;
  }
  return spans;
}

/** Where a place of a text whose lines end in LF alone is in the text as it is. To be asked from the first place to the last. */
function placeWithLineEnds(text: string): (at: number) => number {
  let [next, passed] = [text.indexOf('\r\n'), 0];
  return (at) => {
    for (; next !== -1 && next - passed < at; next = text.indexOf('\r\n', next + 2)) passed += 1;
    return at + passed;
  };
}

/** Comments and fenced blocks, each to its end or that of the text (CommonMark 0.31, 4.5 and 4.6). */
function unreadSpans(text: string): Span[] {
  const opening = /^ {0,3}(?=```|~~~)|<!--/gm;
  const spans: Span[] = [];
  for (let open = opening.exec(text); open; open = opening.exec(text)) {
    const end = open[0] === '<!--' ? endOfComment(text, open.index) : endOfFence(text, open.index + open[0].length);
    if (end !== undefined) spans.push({ start: open.index, end });
    // Of a match without a character the next one would be the same.
    opening.lastIndex = end ?? open.index + open[0].length + 1;
  }
  return spans;
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf('-->', start + '<!--'.length);
  return end === -1 ? text.length : end + '-->'.length;
}

/** The end of the block that a fence opens; undefined where its line makes it none. A fence may be longer than any pattern. */
function endOfFence(text: string, start: number): number | undefined {
  const mark = text[start] as string;
  const length = runOf(text, start, mark);
  const endOfLine = (at: number) => (text.indexOf('\n', at) + 1 || text.length + 1) - 1;
  const first = endOfLine(start + length);
  const info = text.indexOf(mark, start + length);
  if (mark === '`' && info !== -1 && info < first) return undefined;
  for (let line = first; line < text.length; line = endOfLine(line + 1)) {
    const at = line + 1 + Math.min(3, runOf(text, line + 1, ' '));
    const run = runOf(text, at, mark);
    const end = endOfLine(at);
    if (run >= length && text.slice(at + run, end).trim() === '') return end;
  }
  return text.length;
}

/** How often a character stands there in a row. */
function runOf(text: string, start: number, character: string): number {
  let end = start;
  while (text[end] === character) end += 1;
  return end - start;
}
