/** A text that we put into a user's file, and the offset (UTF-16) at which it stood. */
export interface Inserted {
  readonly at: number;
  readonly text: string;
}

/** A text in which we know what is ours. The spans are sorted, do not overlap and do not touch. */
export interface TaggedText {
  readonly text: string;
  readonly ours: readonly Span[];
}

/** From `start` up to and without `end`, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text to insert, and whose it is. Moved text keeps its owner. */
export interface Piece {
  readonly text: string;
  readonly ours: boolean;
}

export interface Splice extends Span {
  readonly insert: readonly Piece[];
}

/** So many characters are looked at to find our texts; where it would be more, they count as not found. */
const longestSearch = 2_000_000_000;

/**
 * Finds the recorded texts in a file that may have changed since: at their offset, else where the text stands exactly
 * once. Gives undefined when one cannot be found with certainty: a client rewrote the file, or a person edited ours.
 */
export function locate(text: string, inserted: readonly Inserted[]): readonly Span[] | undefined {
  if (inserted.every(({ at, text: ours }) => text.startsWith(ours, at))) return mergeSpans(inserted.map(spanOf));
  if (inserted.length * text.length > longestSearch) return undefined;
  const spans: Span[] = [];
  let from = 0;
  for (const { text: ours } of inserted) {
    const start = text.indexOf(ours, from);
    if (start < 0 || text.indexOf(ours) !== text.lastIndexOf(ours)) return undefined;
    from = start + ours.length;
    spans.push({ start, end: from });
  }
  return mergeSpans(spans);
}

/** The user's own text: everything that is not ours. */
export function stripOurs({ text, ours }: TaggedText): string {
  let kept = '';
  let from = 0;
  for (const { start, end } of ours) {
    kept += text.slice(from, start);
    from = end;
  }
  return kept + text.slice(from);
}

/** Our texts with their offsets, as the record keeps them. */
export function insertedIn({ text, ours }: TaggedText): Inserted[] {
  return ours.map(({ start, end }) => ({ at: start, text: text.slice(start, end) }));
}

/** The same text with other spans as ours. */
export function tagged(text: string, ours: readonly Span[]): TaggedText {
  return { text, ours: mergeSpans(ours) };
}

/** A part of a tagged text, cut into pieces that keep their owners: what to insert elsewhere to move it. */
export function piecesOf({ text, ours }: TaggedText, { start, end }: Span): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  for (let at = firstEndingAfter(ours, start); at < ours.length; at += 1) {
    const span = ours[at] as Span;
    if (span.start >= end) break;
    const [a, b] = [Math.max(span.start, from), Math.min(span.end, end)];
    if (a > from) pieces.push({ text: text.slice(from, a), ours: false });
    pieces.push({ text: text.slice(a, b), ours: true });
    from = b;
  }
  if (from < end) pieces.push({ text: text.slice(from, end), ours: false });
  return pieces;
}

/** The index of the first of sorted spans that ends after an offset. */
export function firstEndingAfter(spans: readonly Span[], offset: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Applies splices that do not overlap, keeping track of what is ours. Splices at the same offset are applied in the
 * order given.
 */
export function splice(tagged: TaggedText, splices: readonly Splice[]): TaggedText {
  const ordered = splices.map((edit, index) => ({ edit, index })).sort(byPlace);
  const pieces: Piece[] = [];
  let from = 0;
  for (const { edit } of ordered) {
    if (edit.start < from) throw new RangeError(`splices overlap at offset ${edit.start}`);
    for (const piece of piecesOf(tagged, { start: from, end: edit.start })) pieces.push(piece);
    for (const piece of edit.insert) pieces.push(piece);
    from = edit.end;
  }
  for (const piece of piecesOf(tagged, { start: from, end: tagged.text.length })) pieces.push(piece);
  return joinPieces(pieces);
}

function joinPieces(pieces: readonly Piece[]): TaggedText {
  const ours: Span[] = [];
  let offset = 0;
  for (const piece of pieces) {
    const end = offset + piece.text.length;
    if (piece.ours) ours.push({ start: offset, end });
    offset = end;
  }
  return tagged(pieces.map((piece) => piece.text).join(''), ours);
}

function byPlace(a: { edit: Splice; index: number }, b: { edit: Splice; index: number }): number {
  return a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index;
}

function spanOf({ at, text }: Inserted): Span {
  return { start: at, end: at + text.length };
}

function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}
