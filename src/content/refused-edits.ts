import { applyEdits, type TextEdit } from './pieces/edits.ts';
import type { Piece } from './pieces/pieces.ts';
import { tokenSpans } from './placeholders.ts';
import { ownMarker } from './text.ts';

/** An edit of a source and where its text stands in the edited deployed text. */
export interface PlacedEdit extends TextEdit {
  readonly at: number;
}

/** Why an edit cannot be carried, and where in the edited deployed text it stands. */
export interface Misread {
  readonly reason: string;
  readonly at: number;
}

/** Finds edits after which a source would be read in another way than its text is meant; they are in the sources' order. */
export function misread(pieces: readonly Piece[], edits: readonly PlacedEdit[]): Misread | undefined {
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const own = edits.filter((edit) => edit.path === path);
    const twice = own.find((edit, index) => edit.start < (own[index - 1]?.end ?? 0));
    if (twice) return { reason: `This text stands in "${path}" once, but was edited in two ways.`, at: twice.at };
    const old = sourceOf(pieces, path);
    const now = applyEdits(old, own);
    const stray = strayToken(old, now, own) ?? strayMarker(old, now);
    if (!stray) continue;
    const edit = own.findLast(({ start }) => start + grown(own, start) <= stray.at) ?? own[0];
    return { reason: `${stray.message} Change it, or make the change in "${path}" itself.`, at: edit?.at ?? 0 };
  }
  return undefined;
}

/** What is known of a source file's text; NUL stands for what is not deployed. */
function sourceOf(pieces: readonly Piece[], path: string): string {
  const own = pieces.flatMap(({ text, from }) => (from?.path === path ? [{ text, from }] : []));
  const parts: string[] = [];
  let at = 0;
  for (const { text, from } of own.sort((a, b) => a.from.start - b.from.start)) {
    if (from.start < at) continue;
    parts.push('\0'.repeat(from.start - at), from.spelled ?? text);
    at = from.end;
  }
  return parts.join('');
}

interface Stray {
  readonly message: string;
  readonly at: number;
}

/** The tokens after the edits must be those before them, less those that the edits took. */
function strayToken(old: string, now: string, edits: readonly TextEdit[]): Stray | undefined {
  const wanted = new Set<number>();
  let [next, shift] = [0, 0];
  for (const [start, end] of tokenSpans(old)) {
    for (let edit = edits[next]; edit && edit.end <= start; edit = edits[next]) {
      shift += edit.text.length - (edit.end - edit.start);
      next += 1;
    }
    if ((edits[next]?.start ?? end) >= end) wanted.add(start + shift);
  }
  const spans = tokenSpans(now);
  const found = new Set(spans.map(([start]) => start));
  const extra = spans.find(([start, , literal]) => !literal && !wanted.has(start))?.[0];
  const lost = [...wanted].find((start) => !found.has(start));
  if (extra !== undefined)
    return { message: 'The new text would be read as a token of Syncline ("{{…}}").', at: extra };
  if (lost === undefined) return undefined;
  return { message: 'Beside the new text a token ("{{…}}") would not be read as one any more.', at: lost };
}

/** By how much the edits before an offset of the old text move it. */
function grown(edits: readonly TextEdit[], offset: number): number {
  const before = edits.filter(({ end }) => end <= offset);
  return before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
}

/** The markers, and what begins and ends a memory in a block. */
const marker = new RegExp(`${ownMarker.source}|<!-- /?memory/`, 'g');

function strayMarker(old: string, now: string): Stray | undefined {
  const known = new Set(old.match(marker));
  const stray = [...now.matchAll(marker)].find(([found]) => !known.has(found));
  return stray && { message: `The new text holds a marker of Syncline's own ("${stray[0]}").`, at: stray.index };
}
