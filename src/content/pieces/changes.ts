import { alignTexts } from './align.ts';
import { gapsOf } from './differences.ts';
import type { Origin } from './pieces.ts';
import { isFirm, type Placed, piecesAt } from './placed-pieces.ts';

/** `[start, end)` of the deployed text became `text`, which stands at `at` in what the runtime has. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly text: string;
}

/** What was changed in a deployed text, each change where it can be carried into the source, if it can. */
export function changesOf(placed: readonly Placed[], old: string, have: string): Change[] {
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

/** True when a change can be carried: it has a place to go, and takes nothing of Syncline's and no token in part. */
export function fits(change: Change, placed: readonly Placed[]): boolean {
  const { start, end } = change;
  if (start === end) return hostOf(start, change.text, placed) !== undefined;
  const touched = piecesAt(placed, start, end).filter(
    (each) => isFirm(each.piece) && each.start < end && each.end > start,
  );
  return touched.every((each) => each.piece.from && each.start >= start && each.end <= end);
}

/** Where in the source goes what is put at an offset of the deployed text: to the piece before it, else to the one after. */
export function hostOf(
  at: number,
  text: string,
  placed: readonly Placed[],
): { from: Origin; isBefore: boolean } | undefined {
  const leaves = text.includes('\n');
  const hosts = piecesAt(placed, at, at).filter(({ piece: { from } }) => from && !(from.quoted && leaves));
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
