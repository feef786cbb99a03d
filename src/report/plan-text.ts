import type { Action, PlannedUnit, Verdict } from '../model/plan.ts';
import { shellWord, visible } from '../model/texts/visible.ts';
import type { Paint } from './colour.ts';

/** Whether a report tells what will happen or what has happened. */
export type Tense = 'will' | 'did';

const verbs: Readonly<Record<Action, { will: string; did: string }>> = {
  none: { will: 'same', did: 'same' },
  record: { will: 'agree', did: 'agreed' },
  create: { will: 'create', did: 'created' },
  update: { will: 'update', did: 'updated' },
  remove: { will: 'remove', did: 'removed' },
  release: { will: 'release', did: 'released' },
  restore: { will: 'restore', did: 'restored' },
  leave: { will: 'keep', did: 'kept' },
  stop: { will: 'conflict', did: 'conflict' },
};

const reasons: Readonly<Partial<Record<`${Verdict}/${Action}`, string>>> = {
  'runtime-ahead/leave': 'edited or removed in the runtime since our deploy',
  'conflict/leave': "the runtime's value stays",
  'source-ahead/leave': "the runtime's value stays",
  'conflict/stop': 'the runtime holds another value',
  'agreed/record': 'equal already',
  'source-ahead/restore': 'no longer managed; what you had there comes back',
  'conflict/release': 'no longer managed; somebody wrote it since, so it stays',
  'runtime-ahead/release': 'no longer managed; somebody wrote it since, so it stays',
  // Said by uninstall as well, which looks at no source.
  'source-ahead/release': 'no longer managed; it was there before the first push, so it stays',
};

/** One row for each unit that is not the same; with `all`, for those as well. */
export function unitsText(units: readonly PlannedUnit[], tense: Tense, paint: Paint, all = false): string {
  const rows = units.filter((unit) => all || unit.verdict !== 'same' || unit.action !== 'none');
  return rows
    .filter((unit) => unit.verdict !== 'unmanaged' && (all || !asideWord(unit)))
    .map((unit) => unitRow(unit, tense, paint))
    .join('');
}

/** The verdicts, as check-sync tells them: where the sides differ; with `all`, of every unit. */
export function verdictsText(units: readonly PlannedUnit[], paint: Paint, all = false): string {
  const rows = units.filter((unit) => all || (!['same', 'agreed'].includes(unit.verdict) && !asideWord(unit)));
  return rows
    .map(
      (unit) =>
        `${toneOf(unit, paint)((asideWord(unit)?.replace(' ', '-') ?? unit.verdict).padEnd(14))} ${visible(unit.id)}${sourceText(unit)}\n`,
    )
    .join('');
}

/** How to settle each conflict: with the same command, and one of the words for what it may take. */
export function conflictsText(
  units: readonly PlannedUnit[],
  paint: Paint,
  command = 'push-runtime',
  wanted = "the repository's",
): string {
  const conflicts = units.filter((unit) => unit.action === 'stop');
  if (conflicts.length === 0) return '';
  const keepsAlways = command.startsWith('push-runtime');
  const rows = conflicts.map(
    ({ id, path }) =>
      `  ${paint.strong(visible(id))}  in ${visible(path)}\n` +
      `    ${`take ${wanted}:`.padEnd(24)}syncline ${command} --overwrite ${shellWord(id)}\n` +
      `    leave the runtime's:    syncline ${command} --keep ${shellWord(id)}\n` +
      (keepsAlways ? `    from now on:            syncline ${command} --keep-always ${shellWord(id)}\n` : ''),
  );
  return `\n${paint.bad(`${conflicts.length} ${plural('conflict', conflicts.length)}; nothing was written.`)}\n${rows.join('')}`;
}

/** `3 created, 1 kept`. */
export function countsText(units: readonly PlannedUnit[], tense: Tense): string {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const { action, verdict } = unit;
    const word = asideWord(unit) ?? (verdict === 'unmanaged' ? 'unmanaged' : verbs[action][tense]);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

/**
 * The word for a unit that is only named because of what was said for this machine, about which nothing is done: `kept` where its
 * value in the runtime stays, `left out` where the machine does without it. Undefined for every other unit.
 */
export function asideWord({ leftOut, verdict, action }: PlannedUnit): 'kept' | 'left out' | undefined {
  if (leftOut === undefined || !(action === 'leave' || verdict === 'same' || verdict === 'unmanaged')) return undefined;
  return action === 'leave' && verdict !== 'unmanaged' ? 'kept' : 'left out';
}

/** The word for one or for many. */
export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** `2 memories`; what is a plural by itself stays. */
export function pluralKind(kind: string, count: number): string {
  if (kind.endsWith('s')) return kind;
  return kind.endsWith('y') && count !== 1 ? `${kind.slice(0, -1)}ies` : plural(kind, count);
}

function unitRow(unit: PlannedUnit, tense: Tense, paint: Paint): string {
  const reason = unit.leftOut ? `${asideWord(unit) ?? 'left out'} by ${visible(unit.leftOut)}` : reasonOf(unit);
  const edit = unit.losesEdit ? ' (an edit in the runtime goes; it is in the backup)' : '';
  const verb = toneOf(unit, paint)(verbs[unit.action][tense].padEnd(9));
  return `  ${verb} ${visible(unit.id)}${reason ? paint.faint(` - ${reason}`) : ''}${edit}\n`;
}

function reasonOf({ verdict, action, source }: PlannedUnit): string | undefined {
  return verdict === 'agreed' && !source ? 'gone on both sides' : reasons[`${verdict}/${action}`];
}

function sourceText(unit: PlannedUnit): string {
  const { source, leftOut } = unit;
  if (leftOut !== undefined) return `  (${asideWord(unit) ?? 'left out'} by ${visible(leftOut)})`;
  if (!source) return '';
  return `  (${visible(source.path)}${source.line === undefined ? '' : `:${source.line}`})`;
}

function toneOf({ verdict, action }: PlannedUnit, paint: Paint): (text: string) => string {
  if (verdict === 'conflict') return paint.bad;
  if (verdict === 'runtime-ahead') return paint.warn;
  return verdict === 'unmanaged' || action === 'record' ? paint.faint : paint.good;
}
