import { alignTexts, isFirm, type Placed, placePieces } from './align.ts';
import { gapsOf } from './differences.ts';
import { applyEdits, type TextEdit } from './edits.ts';
import { joinPieces, type Origin, type Piece } from './pieces.ts';
import { ownMarker } from './text.ts';
import { tokenSpans } from './tokens.ts';

/** The edits of source files that an edit of a deployed text means, or why it cannot be carried there. */
export type Lifted = { readonly edits: readonly TextEdit[] } | Refusal;

/** Why an edit stays where it is: one or two sentences for people, and the line of the edited text, one-based. */
export interface Refusal {
  readonly refused: string;
  readonly line: number;
}

/** `[start, end)` of the deployed text became `text`, which stands at `at` in what the runtime has. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly text: string;
}

/**
 * Carries an edit of a deployed text (`have`, with the line ends of the pieces) into the source: lines that did not change
 * are not touched, and a token whose value is still there stays a token. The caller must make sure that the edited source
 * deploys as `have`: it does not where what Syncline takes away is put in, such as blank lines at the end of a block.
 */
export function liftText(pieces: readonly Piece[], have: string): Lifted {
  const old = joinPieces(pieces);
  if (old === have) return { edits: [] };
  const placed = placePieces(pieces);
  const edits: (TextEdit & { readonly line: number })[] = [];
  for (const change of changesOf(placed, old, have)) {
    const line = have.slice(0, change.at).split('\n').length;
    const made = editsOf(change, placed, old);
    if (typeof made === 'string') return { refused: made, line };
    edits.push(...made.map((edit) => ({ ...edit, line })));
  }
  const sorted = edits.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
  return misread(pieces, sorted) ?? { edits: sorted.map(({ line: _, ...edit }) => edit) };
}

function changesOf(placed: readonly Placed[], old: string, have: string): Change[] {
  const gaps = gapsOf(alignTexts(placed, old, have), old.length, have.length);
  const changes: Change[] = [];
  for (const [index, [start, end, at, to]] of gaps.entries()) {
    const last = changes.at(-1);
    const room = { old, have, low: last?.end ?? 0, high: gaps[index + 1]?.[0] ?? old.length };
    const moved = slide({ start, end, at, text: have.slice(at, to) }, placed, room);
    if (last?.end === moved.start)
      changes[changes.length - 1] = { ...moved, ...last, end: moved.end, text: last.text + moved.text };
    else changes.push(moved);
  }
  return changes;
}

interface Room {
  readonly old: string;
  readonly have: string;
  /** The change may not reach beyond. */
  readonly low: number;
  readonly high: number;
}

/** "b" put after "ab" is "b" put between "a" and "b": of places that mean the same, the nearest that can be carried. */
function slide(change: Change, placed: readonly Placed[], { old, have, low, high }: Room): Change {
  const { start, end, at, text } = change;
  if (start < end && text !== '') return change;
  const [whole, from, length] = start < end ? [old, start, end - start] : [have, at, text.length];
  const isSame = (by: number) => whole[from + by] === whole[from + by + length];
  const places = [0];
  for (let by = -1; start + by >= low && isSame(by); by -= 1) places.push(by);
  for (let by = 1; end + by <= high && isSame(by - 1); by += 1) places.push(by);
  const moved = (by: number): Change => {
    const now = text === '' ? '' : have.slice(at + by, at + by + length);
    return { start: start + by, end: end + by, at: at + by, text: now };
  };
  const best = start === end ? places.find((by) => hostOf(start + by, moved(by).text, placed)?.isBefore) : undefined;
  return moved(best ?? places.find((by) => fits(moved(by), placed)) ?? 0);
}

function fits(change: Change, placed: readonly Placed[]): boolean {
  const { start, end } = change;
  if (start === end) return hostOf(start, change.text, placed) !== undefined;
  const touched = placed.filter((each) => isFirm(each.piece) && each.start < end && each.end > start);
  return touched.every((each) => each.piece.from && each.start >= start && each.end <= end);
}

/** Where in the source goes what is put at an offset of the deployed text: to the piece before it, else to the one after. */
function hostOf(at: number, text: string, placed: readonly Placed[]): { from: Origin; isBefore: boolean } | undefined {
  const hosts = placed.filter(({ piece, start, end }) => piece.from && start <= at && at <= end);
  const before = hosts.filter(({ end }) => end === at);
  // A token without a value stays in its line.
  const host = (text.endsWith('\n') ? before[0] : before.at(-1)) ?? hosts[0];
  if (!host?.piece.from) return undefined;
  const { from } = host.piece;
  const isCut = host.start < at && at < host.end;
  if (isCut && from.spelled !== undefined) return undefined;
  const isStart = host.start === at && (host.end > at || text.endsWith('\n'));
  const place = isStart ? from.start : host.end === at ? from.end : from.start + at - host.start;
  return { from: { ...from, start: place, end: place }, isBefore: isCut || host.end === at };
}

/** The edits that a change means, or why there are none. */
function editsOf(change: Change, placed: readonly Placed[], old: string): TextEdit[] | string {
  const { start, end, text } = change;
  if (start === end) {
    const host = hostOf(start, text, placed);
    return host
      ? [editAt(host.from, text)]
      : refusal(placed.find(({ piece, ...each }) => !piece.from && each.start <= start && start <= each.end));
  }
  if (!fits(change, placed)) {
    const touched = placed.filter((each) => each.start < end && each.end > start);
    return refusal(touched.find(({ piece }) => !piece.from));
  }
  const goes = placed.filter((each) => (each.piece.text === '' ? isLost(each.start, change, old) : overlaps(each)));
  return joined(goes.flatMap((each) => originWithin(each, start, end))).map((from, index) =>
    editAt(from, index === 0 ? text : ''),
  );

  function overlaps(each: Placed): boolean {
    return each.start < end && each.end > start;
  }
}

/** A token without a value goes when what stands on both its sides goes, or when its line does. */
function isLost(at: number, { start, end, text }: Change, old: string): boolean {
  if (start < at && at < end) return true;
  if (text !== '') return false;
  const [isLineStart, isLineEnd] = [old[start - 1] ?? '\n', old[end] ?? '\n'].map((beside) => beside === '\n');
  return (at === start && isLineStart === true) || (at === end && isLineEnd === true && old[start] === '\n');
}

function originWithin({ piece, start, end }: Placed, from: number, to: number): Origin[] {
  const origin = piece.from;
  if (!origin || origin.spelled !== undefined) return origin ? [origin] : [];
  const first = origin.start + Math.max(from - start, 0);
  return [{ ...origin, start: first, end: origin.end - Math.max(end - to, 0) }];
}

/** What stands side by side in the source as one. */
function joined(origins: readonly Origin[]): Origin[] {
  const runs: Origin[] = [];
  for (const origin of origins) {
    const last = runs.at(-1);
    if (last?.path === origin.path && last.end === origin.start) runs[runs.length - 1] = { ...last, end: origin.end };
    else runs.push(origin);
  }
  return runs;
}

function editAt({ path, start, end, lineEnd }: Origin, text: string): TextEdit {
  return { path, start, end, text: lineEnd ? text.replaceAll(/\r?\n/g, lineEnd) : text };
}

function refusal(touched: Placed | undefined): string {
  const instead = touched?.piece.instead ?? 'Put it back as it was, and make your change beside it.';
  return `Syncline writes this text itself. ${instead}`;
}

/** Refuses edits after which the source would be read in another way than its text is meant. */
function misread(
  pieces: readonly Piece[],
  edits: readonly (TextEdit & { readonly line: number })[],
): Refusal | undefined {
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const own = edits.filter((edit) => edit.path === path);
    const twice = own.find((edit, index) => edit.start < (own[index - 1]?.end ?? 0));
    if (twice) return { refused: `This text stands in "${path}" once, but was edited in two ways.`, line: twice.line };
    const old = sourceOf(pieces, path);
    const now = applyEdits(old, own);
    const stray = strayToken(old, now, own) ?? strayMarker(old, now);
    if (stray) {
      const { line } =
        own.findLast((edit) => edit.start + grown(own, edit.start) <= stray.at) ?? (own[0] as { line: number });
      return { refused: `${stray.message} Change it, or make the change in "${path}" itself.`, line };
    }
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
  const kept = tokenSpans(old).filter(([start, end]) => !edits.some((edit) => edit.start < end && start < edit.end));
  const wanted = new Set(kept.map(([start]) => start + grown(edits, start)));
  const found = new Set(tokenSpans(now).map(([start]) => start));
  const extra = [...found].find((start) => !wanted.has(start));
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
