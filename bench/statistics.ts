/** What several runs of one program took. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  /** Nine of ten runs took no longer. */
  readonly ninth: number;
}

/** Sums up some numbers, at least one. */
export function summaryOf(values: readonly number[]): Summary {
  return { median: quantile(values, 0.5), least: Math.min(...values), ninth: quantile(values, 0.9) };
}

/** The value below which that part of the values lies, between two neighbours where it falls between them. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('no values');
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * The ratios of two programs that ran in turns. Each round is compared with itself, so a machine that was slow for a
 * while was so for both.
 */
export function ratiosOf(over: readonly number[], under: readonly number[]): readonly number[] {
  const rounds = Math.min(over.length, under.length);
  return Array.from({ length: rounds }, (_, round) => (over[round] as number) / (under[round] as number));
}

/**
 * How much dearer the last of three amounts is by the piece than the middle one; what the first one costs is taken to
 * be there anyway. 1 is a straight line, 10 a square.
 */
export function growthOf(points: readonly (readonly [pieces: number, cost: number])[]): number {
  const [first, middle, last] = points;
  if (!first || !middle || !last) throw new Error('growth needs three amounts');
  const byThePiece = ([pieces, cost]: readonly [number, number]) => (cost - first[1]) / (pieces - first[0]);
  return byThePiece(last) / byThePiece(middle);
}
