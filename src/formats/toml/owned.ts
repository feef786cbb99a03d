import type { KeyPath } from '../../model/value.ts';
import { firstEndingAfter, type Span, type TaggedText } from '../tagged-text.ts';
import type { Segment } from './read/doc.ts';
import type { Header, Pair } from './read/scan.ts';

/** Whether a whole span is ours. */
export function ownsSpan({ ours }: TaggedText, { start, end }: Span): boolean {
  let [low, high] = [0, ours.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ours[middle] as Span).end < end) low = middle + 1;
    else high = middle;
  }
  const span = ours[low];
  return span !== undefined && span.start <= start && end <= span.end;
}

/** Whether the content of a line is ours, whoever its line end and its comment belong to. */
export function ownsContent(text: TaggedText, line: Header | Pair): boolean {
  return ownsSpan(text, { start: line.start, end: line.contentEnd });
}

/** Spans without other spans, which do not overlap. */
export function minus(spans: readonly Span[], holes: readonly Span[]): Span[] {
  const sorted = [...holes].sort((a, b) => a.start - b.start);
  return spans.flatMap((span) => {
    const kept: Span[] = [];
    let from = span.start;
    for (let at = firstEndingAfter(sorted, from); at < sorted.length; at += 1) {
      const hole = sorted[at] as Span;
      if (hole.start >= span.end) break;
      if (hole.start > from) kept.push({ start: from, end: hole.start });
      from = hole.end;
    }
    return from < span.end ? [...kept, { start: from, end: span.end }] : kept;
  });
}

/** The full paths of headers, one text each, to look them up. */
export function pathKeys(paths: readonly KeyPath[]): Set<string> {
  return new Set(paths.map((path) => JSON.stringify(path)));
}

/** The full key path of a pair. */
export function pathOf(segment: Segment, pair: Pair): KeyPath {
  return [...segment.path, ...pair.member.key];
}
