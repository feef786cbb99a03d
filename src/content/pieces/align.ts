import { commonLines, type Gap, gapsOf, type Run } from './differences.ts';
import { isFirm, isWithin, type Placed, piecesAt } from './placed-pieces.ts';

/**
 * What two versions of a deployed text have in common, in runs of characters: whole lines first; where lines differ and
 * tokens or text of Syncline's stand in them, as many of those as can be, then words.
 */
export function alignTexts(placed: readonly Placed[], old: string, now: string): Run[] {
  const whole = commonLines(old, now).flatMap((run) => withoutCutTokens(run, placed));
  const texts = { placed, old, now };
  const within = gapsOf(whole, old.length, now.length).flatMap((gap) => alignGap(texts, gap));
  return [...whole, ...within].sort((a, b) => a.old - b.old);
}

/** A value can have several lines; a run must not end within one. */
function withoutCutTokens({ old, now, length }: Run, placed: readonly Placed[]): Run[] {
  const cuts = (at: number) =>
    piecesAt(placed, at, at).find(({ piece, start, end }) => piece.from && isFirm(piece) && start < at && at < end);
  const start = cuts(old)?.end ?? old;
  const end = cuts(old + length)?.start ?? old + length;
  return start < end ? [{ old: start, now: now + start - old, length: end - start }] : [];
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

interface Texts {
  readonly placed: readonly Placed[];
  readonly old: string;
  readonly now: string;
}

function alignGap(texts: Texts, gap: Gap): Run[] {
  const [start, end, from, to] = gap;
  const inside = piecesAt(texts.placed, start, end).filter((each) => isWithin(each, start, end));
  if (start === end || !inside.some(({ piece }) => isFirm(piece))) return [];
  const text = texts.now.slice(from, to);
  const all = inside.flatMap((each) => itemsOf(each, texts.old, start, end));
  const fits = (items: readonly Item[]) => (items.length + 1) * (text.length + 1) <= largestTable;
  if (!fits(all)) {
    const lines = linePairs(texts, gap);
    if (lines.length > 1) return lines.flatMap((pair) => alignGap(texts, pair));
  }
  const items = fits(all) ? all : all.filter(({ weight }) => weight >= ofToken);
  if (!fits(items)) return [];
  return keptItems(items, text).map((run) => ({ ...run, now: run.now + from }));
}

/** Of a long gap with as many lines as before, as a search and replace leaves it, each line is a gap of its own. */
function linePairs({ old, now }: Texts, [start, end, from, to]: Gap): Gap[] {
  const [before, after] = [old.slice(start, end).split(/(?<=\n)/), now.slice(from, to).split(/(?<=\n)/)];
  if (before.length !== after.length) return [];
  let [at, place] = [start, from];
  return before.map((line, index): Gap => {
    const gap: Gap = [at, at + line.length, place, place + (after[index] as string).length];
    [, at, , place] = gap;
    return gap;
  });
}

function itemsOf({ piece, ...place }: Placed, old: string, from: number, to: number): Item[] {
  const start = Math.max(place.start, from);
  const text = old.slice(start, Math.min(place.end, to));
  const isCut = piece.from && isFirm(piece) && text !== piece.text;
  if (text === '' || isCut) return [];
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
