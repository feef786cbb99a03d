import type { KeyPath } from '../../../model/value.ts';
import type { Span, Splice } from '../../tagged-text.ts';
import { type Doc, type Place, pairsOf, placeAt, type Segment, type Slot } from '../read/doc.ts';
import { byteOrderMark, type Header, type Item, type Pair } from '../read/scan.ts';
import type { ValueNode } from '../read/scan-value.ts';
import { memberSpans } from './amend-members.ts';

/** The splices that take out what stands at a path, with its lines and the comments on them; other comments stay. */
export function cutSplicesAt(doc: Doc, path: KeyPath): Splice[] {
  const place = placeAt(doc.root, path);
  if (!place) return [];
  const { slots, segments } = ownersIn(place);
  const inline = slots.filter(({ holder }) => holder.inline);
  const pairs = slots.filter(({ holder }) => !holder.inline).map(({ pair }) => pair);
  const [member] = inline;
  const spans =
    member && segments.length + pairs.length === 0
      ? memberSpans(doc.text, member.holder.inline as ValueNode, new Set(inline.map((slot) => slot.member.start)))
      : lineSpans(doc, segments, pairs);
  return spans.map((span) => ({ ...span, insert: [] }));
}

/** What spells a place: the highest keys with values at or below it, and the headers. */
function ownersIn(top: Place): { slots: Slot[]; segments: Segment[] } {
  const [slots, segments]: [Slot[], Segment[]] = [[], []];
  const places = [top];
  for (const { slot, segments: own, children } of places) {
    segments.push(...own);
    if (slot) slots.push(slot);
    else places.push(...children.values());
  }
  return { slots, segments };
}

function lineSpans({ text, items }: Doc, segments: readonly Segment[], pairs: readonly Pair[]): Span[] {
  const lines = new Set<Item>([...pairs, ...segments.flatMap((each) => [...headerOf(each), ...pairsOf(each)])]);
  for (const segment of segments) for (const blank of blanksAbove(items, segment)) lines.add(blank);
  const first = items.findIndex((item) => !lines.has(item));
  // At the top of the file no blank line is to be left.
  const next = items.findIndex((item, index) => index >= first && item.kind !== 'blank');
  if (first > 0) for (const item of items.slice(first, next < 0 ? items.length : next)) lines.add(item);
  const spans = [...lines].map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start);
  return keepEnding(text, spans);
}

function headerOf({ header }: Segment): Header[] {
  return header ? [header] : [];
}

/** The blank lines above a header go with it, unless a comment is what then follows there. */
function blanksAbove(items: readonly Item[], { header, body }: Segment): Item[] {
  if (!header || body.find(({ kind }) => kind !== 'pair')?.kind === 'comment') return [];
  const above = items.slice(0, items.indexOf(header));
  return above.slice(above.findLastIndex(({ kind }) => kind !== 'blank') + 1);
}

/** A file without a final newline has none afterwards. */
function keepEnding(text: string, spans: Span[]): Span[] {
  if (text.endsWith('\n')) return spans;
  let start = text.length;
  for (const span of spans.toReversed()) if (span.end === start) start = span.start;
  if (start === text.length || text.slice(0, start).replace(byteOrderMark, '') === '') return spans;
  const newline = /\r?\n$/.exec(text.slice(0, start))?.[0] ?? '';
  return [...spans, { start: start - newline.length, end: start }];
}
