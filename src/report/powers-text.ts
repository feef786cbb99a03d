import type { PlannedUnit } from '../model/plan.ts';
import { visible } from '../model/texts/visible.ts';
import type { Paint } from './colour.ts';
import { unmistakable } from './look-alikes.ts';

type WithPowers = Pick<PlannedUnit, 'id' | 'powers'>;

/** What lets agents do more, a row for each power and unit; what waits until the user names it stands apart, and first. */
export function powersText(units: readonly WithPowers[], paint: Paint, head: string): string {
  const rows = units.flatMap(({ id, powers = [] }) => powers.map((power) => ({ id, ...power })));
  const [now, waiting] = [rows.filter(({ waits }) => !waits), rows.filter(({ waits }) => waits)];
  return list(waiting, paint, 'Used only when you name it:') + list(now, paint, head);
}

/** What held agents back and goes, or gets weaker. */
export function guardsText(units: readonly Pick<PlannedUnit, 'id' | 'guards'>[], paint: Paint): string {
  const rows = units.flatMap(({ id, guards = [] }) => guards.map((guard) => ({ id, ...guard })));
  return list(rows, paint, 'What held agents back, and goes:');
}

/**
 * What a power does, as one row shows it: what is very long is cut, and a run of blanks cannot push the rest out of sight. All of it
 * stands in the diff and in `--json`.
 */
export function shownText(text: string): string {
  const packed = text.replace(/\s{5,}/g, (blanks) => ` [${blanks.length} blanks] `);
  return packed.length <= longest
    ? packed
    : `${packed.slice(0, longest)} [and ${packed.length - longest} characters more]`;
}

const longest = 1000;
/** So many rows are looked through; of more, the kinds are counted at the end, and rare ones stand there, too. */
const many = 20;

interface Row {
  readonly id: string;
  readonly what: string;
  readonly does: string;
}

function list(rows: readonly Row[], paint: Paint, head: string): string {
  if (rows.length === 0) return '';
  const counts = countsOf(rows);
  const sorted =
    rows.length > many ? rows.toSorted((a, b) => (counts.get(b.what) ?? 0) - (counts.get(a.what) ?? 0)) : rows;
  const lines = sorted.map(
    ({ what, does, id }) => `  ${paint.warn(visible(what))}  ${unmistakable(id)}  ${unmistakable(shownText(does))}\n`,
  );
  return `${paint.strong(head)}\n${lines.join('')}${rows.length > many ? sumText(counts, rows.length) : ''}\n`;
}

function countsOf(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { what } of rows) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}

function sumText(counts: ReadonlyMap<string, number>, all: number): string {
  const kinds = [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${count} ${visible(what)}`);
  return `  ${all} in all: ${kinds.join(', ')}\n`;
}
