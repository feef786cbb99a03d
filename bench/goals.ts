import type { Goal, Measured } from './group.ts';
import { growthOf, ratiosOf, summaryOf } from './statistics.ts';

/** A goal that was looked at. */
export interface Judged {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly ninth: number;
  readonly limit: number;
  readonly unit: '×' | 'ms';
  readonly met: boolean;
}

/** One program takes at most so many times what another does. */
export function atMost(limit: number, over: string, under: string): Goal {
  return {
    name: `${over} ÷ ${under}`,
    rows: [over, under],
    limit,
    unit: '×',
    values: ([one, other]) => ratiosOf(one?.times ?? [], other?.times ?? []),
  };
}

/** A program takes at most so many milliseconds. */
export function within(limit: number, name: string): Goal {
  return { name, rows: [name], limit, unit: 'ms', values: ([row]) => row?.times ?? [] };
}

/** By the piece, the largest of three amounts takes at most so many times what the middle one does. */
export function straight(
  limit: number,
  what: 'time' | 'memory',
  rows: readonly string[],
  pieces: readonly number[],
): Goal {
  const cost = (row: Measured) => (what === 'time' ? summaryOf(row.times).median : (row.memory ?? Number.NaN));
  return {
    name: `${what} by the file: ${rows.at(-1)} ÷ ${rows.at(-2)}`,
    rows,
    limit,
    unit: '×',
    values: (measured) => [growthOf(measured.map((row, index) => [pieces[index] as number, cost(row)]))],
  };
}

/** Judges the goals for which all rows were measured. */
export function judge(goals: readonly Goal[], measured: readonly Measured[]): readonly Judged[] {
  return goals.flatMap(({ name, rows, limit, unit, values }) => {
    const found = rows.flatMap((row) => measured.find((each) => each.name === row) ?? []);
    if (found.length < rows.length) return [];
    const all = values(found);
    if (all.some(Number.isNaN)) return [];
    const { median, least, ninth } = summaryOf(all);
    return [{ name, value: median, least, ninth, limit, unit, met: median <= limit }];
  });
}
