import type { Difference, DifferenceRow } from '../model/difference.ts';
import { visible } from '../model/texts/visible.ts';
import { type Paint, paintFor } from './colour.ts';
import { type DiffSides, diffText } from './diff-text.ts';
import { plural } from './plan-text.ts';

/** Every difference, one below the other; a conflict in three ways where what was deployed last is known. */
export function differencesText(differences: readonly Difference[], paint: Paint): string {
  return differences.map((difference) => `${differenceText(difference, paint)}\n`).join('');
}

/** One difference: its verdict in words, then what differs. */
function differenceText(difference: Difference, paint: Paint): string {
  const { unit } = difference;
  const tone = unit.verdict === 'conflict' ? paint.bad : unit.verdict === 'runtime-ahead' ? paint.warn : paint.good;
  const left = unit.leftOut === undefined ? '' : `; left as it is here by ${visible(unit.leftOut)}`;
  const head = `${tone(unit.verdict)} ${paint.strong(visible(unit.id))}\n  ${reasonOf(difference)}${left}\n`;
  return head + patchesText(difference, paint);
}

/** A difference for `--json`. */
export function differenceRow(difference: Difference): DifferenceRow {
  const { unit, base, noBase } = difference;
  const known = base ? { base: base.from } : noBase ? { base: null, noBase } : {};
  return { id: unit.id, verdict: unit.verdict, ...known, patch: patchesText(difference, paintFor(false)) };
}

function patchesText(difference: Difference, paint: Paint): string {
  // The secrets are out already.
  return patchesOf(difference)
    .map((patch) => ended(diffText(patch, (text) => text, paint)))
    .join('');
}

function patchesOf({ unit: { id: name }, want, have, base }: Difference): DiffSides[] {
  if (!base) return [{ name, old: have, new: want, labels: ['runtime', 'source'] }];
  return [
    { name, old: base.text, new: want, labels: ['deployed last', 'source'] },
    { name, old: base.text, new: have, labels: ['deployed last', 'runtime'] },
  ];
}

function reasonOf({ unit: { verdict }, want, have, base, noBase }: Difference): string {
  if (verdict === 'source-ahead') return have === undefined ? 'the source has it, the runtime does not' : movedOn(want);
  if (verdict === 'runtime-ahead')
    return have === undefined ? 'removed in the runtime since our deploy' : 'edited in the runtime since our deploy';
  if (base) return `both sides changed what was deployed last (found in ${visible(base.from)})`;
  if (noBase === 'never') return 'the runtime had a value of its own before the first deploy';
  return 'both sides changed since our deploy; what was deployed is found nowhere any more';
}

function movedOn(want: string | undefined): string {
  return want === undefined
    ? 'gone from the source; the runtime is as we left it'
    : 'the source moved; the runtime is as we left it';
}

/** What was found, in one line. */
export function differencesSummary(shown: readonly Difference[], equal: readonly string[]): string {
  const same = equal.map((name) => `${visible(name)}: no difference.\n`).join('');
  const conflicts = shown.filter(({ unit }) => unit.verdict === 'conflict').length;
  if (shown.length === 0) return equal.length > 0 ? same : 'No differences.\n';
  const of = conflicts > 0 ? `, ${conflicts} of them ${conflicts === 1 ? 'a conflict' : 'conflicts'}` : '';
  return `${same}${shown.length} ${plural('unit', shown.length)} ${shown.length === 1 ? 'differs' : 'differ'}${of}.\n`;
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
