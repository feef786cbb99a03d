import { commonLines, type Gap, gapsOf, type Run } from './differences.ts';
import type { Piece } from './pieces.ts';

/** A piece and where it stands in the deployed text. */
export interface Placed {
  readonly piece: Piece;
  readonly start: number;
  readonly end: number;
}

/** The pieces with their places. */
export function placePieces(pieces: readonly Piece[]): Placed[] {
  let at = 0;
  return pieces.map((piece) => {
    const start = at;
    at += piece.text.length;
    return { piece, start, end: at };
  });
}

/** True for what can be kept or lost as a whole only: a token's value, or what Syncline wrote. */
export function isFirm({ from }: Piece): boolean {
  return from === undefined || isToken(from.spelled);
}

function isToken(spelled: string | undefined): boolean {
  return spelled?.startsWith('{{') === true;
}

/**
 * What two versions of a deployed text have in common, in runs of characters: whole lines first; where lines differ and
 * tokens or text of Syncline's stand in them, as many of those as can be, then words.
 */
export function alignTexts(placed: readonly Placed[], old: string, now: string): Run[] {
  const firm = placed.filter(({ piece }) => isFirm(piece) && piece.text !== '');
  const whole = commonLines(old, now).flatMap((run) => withoutCutTokens(run, firm));
  const within = gapsOf(whole, old.length, now.length).flatMap((gap) => alignGap(placed, old, now, gap));
  return [...whole, ...within].sort((a, b) => a.old - b.old);
}

/** A value can have several lines; a run must not end within one. */
function withoutCutTokens({ old, now, length }: Run, firm: readonly Placed[]): Run[] {
  const cuts = (at: number) => firm.find(({ piece, start, end }) => piece.from && start < at && at < end);
  const start = cuts(old)?.end ?? old;
  const end = cuts(old + length)?.start ?? old + length;
  return start < end ? [{ old: start, now: now + start - old, length: end - start }] : [];
}

/** True for a piece that has characters in the range; for one without any, when it stands in it or beside it. */
export function isWithin(each: Placed, start: number, end: number): boolean {
  return each.start === each.end ? start <= each.start && each.end <= end : each.start < end && each.end > start;
}

interface Item {
  readonly text: string;
  readonly at: number;
  readonly weight: number;
}

/** A text of Syncline's own weighs more than all tokens, a token more than all words. */
const [ofOurs, ofToken] = [2 ** 40, 2 ** 24];
/** Larger tables take too much memory. */
const largestTable = 2 ** 21;

function alignGap(placed: readonly Placed[], old: string, now: string, [start, end, from, to]: Gap): Run[] {
  const inside = placed.filter((each) => isWithin(each, start, end));
  if (start === end || !inside.some(({ piece }) => isFirm(piece))) return [];
  const text = now.slice(from, to);
  const all = inside.flatMap((each) => itemsOf(each, old, start, end));
  const fits = (items: readonly Item[]) => (items.length + 1) * (text.length + 1) <= largestTable;
  const items = fits(all) ? all : all.filter(({ weight }) => weight >= ofToken);
  if (!fits(items)) return [];
  return keptItems(items, text).map((run) => ({ ...run, now: run.now + from }));
}

function itemsOf({ piece, ...place }: Placed, old: string, from: number, to: number): Item[] {
  const start = Math.max(place.start, from);
  const text = old.slice(start, Math.min(place.end, to));
  if (text === '') return [];
  if (isFirm(piece)) return [{ text, at: start, weight: piece.from ? ofToken + text.length : ofOurs }];
  const words = [...text.matchAll(/[\p{L}\p{N}_]+|./gsu)];
  return words.map(({ 0: word, index }) => ({ text: word, at: start + index, weight: word.length }));
}

/** The heaviest items that stand in the text in the same order, each where it can stand first. */
function keptItems(items: readonly Item[], text: string): Run[] {
  const width = text.length + 1;
  const best = heaviest(items, text, width);
  const kept: Run[] = [];
  for (let [index, at] = [0, 0]; index < items.length && at < text.length; ) {
    const item = items[index] as Item;
    const here = best[index * width + at] as number;
    const after = (best[(index + 1) * width + at + item.text.length] ?? 0) + item.weight;
    if (text.startsWith(item.text, at) && here === after) {
      kept.push({ old: item.at, now: at, length: item.text.length });
      at += item.text.length;
      index += 1;
    } else if (here === best[(index + 1) * width + at]) index += 1;
    else at += 1;
  }
  return kept;
}

/** The greatest weight of the items from `index` on in the text from `at` on, at `index * width + at`. */
function heaviest(items: readonly Item[], text: string, width: number): Float64Array {
  const best = new Float64Array((items.length + 1) * width);
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const { text: word, weight } = items[index] as Item;
    const [row, next] = [index * width, (index + 1) * width];
    for (let at = text.length - 1; at >= 0; at -= 1) {
      const without = Math.max(best[row + at + 1] as number, best[next + at] as number);
      const found = text.startsWith(word, at) ? weight + (best[next + at + word.length] as number) : 0;
      best[row + at] = Math.max(without, found);
    }
  }
  return best;
}
