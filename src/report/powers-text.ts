import type { PlannedUnit } from '../model/plan.ts';
import type { Paint } from './colour.ts';
import { visible } from './visible.ts';

type WithPowers = Pick<PlannedUnit, 'id' | 'powers'>;

/** What lets agents do more, a row for each power and unit; what waits until the user names it stands apart. */
export function powersText(units: readonly WithPowers[], paint: Paint, head: string): string {
  const rows = units.flatMap(({ id, powers = [] }) => powers.map((power) => ({ id, ...power })));
  const [now, waiting] = [rows.filter(({ waits }) => !waits), rows.filter(({ waits }) => waits)];
  return list(now, paint, head) + list(waiting, paint, 'Used only when you name it:');
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

const longest = 400;

function list(
  rows: readonly { readonly id: string; readonly what: string; readonly does: string }[],
  paint: Paint,
  head: string,
): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    ({ what, does, id }) => `  ${paint.warn(visible(what))}  ${visible(id)}  ${visible(shownText(does))}\n`,
  );
  return `${paint.strong(head)}\n${lines.join('')}\n`;
}
