import type { Commit, LastChange } from '../../model/commit.ts';
import type { Contribution, Explanation, ExplanationRow, Since } from '../../model/explanation.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';
import { plural } from '../plan-text.ts';
import { wrapped } from '../shorten.ts';
import { timeText } from './time-text.ts';

/** Everything there is to tell of units, a paragraph each. */
export function explanationsText(explanations: readonly Explanation[], paint: Paint): string {
  return explanations.map((each) => explanationText(each, paint)).join('\n');
}

/** Many units: a row each, and how to see more of one. */
export function briefText(units: readonly PlannedUnit[], paint: Paint): string {
  const rows = units.map(({ id, verdict, source, leftOut }) => {
    const word = leftOut !== undefined && verdict !== 'same' ? 'left-out' : verdict;
    return `${word.padEnd(14)} ${paint.strong(visible(id))}${source ? `  (${visible(placeText(source))})` : ''}\n`;
  });
  return `${rows.join('')}${units.length} ${plural('unit', units.length)}. Name one of them, or say --verbose, to see all of it.\n`;
}

/** An explanation for `--json`. */
export function explanationRow({ unit, origin, run, ...rest }: Explanation): ExplanationRow {
  const { id, path, verdict, action, leftOut } = unit;
  const known = { id, path, verdict, action, ...(leftOut === undefined ? {} : { leftOut }) };
  return { ...known, ...rest, origin: origin ?? null, run: run ?? null, nextPush: nextPushText(unit) };
}

function explanationText(explanation: Explanation, paint: Paint): string {
  const { unit } = explanation;
  const rows: [label: string, lines: readonly string[]][] = [
    ['in', [visible(unit.path)]],
    ['source', sourceLines(explanation)],
    ['layers', layerLines(explanation)],
    ['now', [standingText(explanation)]],
    ['written', writtenLines(explanation)],
    ['since', [sinceText(explanation)]],
    ['next push', [nextPushText(unit)]],
  ];
  const filled = rows.filter(([, lines]) => lines.some((line) => line !== ''));
  const text = filled.map(
    ([label, lines]) =>
      `  ${paint.faint(label.padEnd(10))}${lines.flatMap((line) => wrapped(line, 80 - indent.length)).join(`\n${indent}`)}\n`,
  );
  return `${paint.strong(visible(unit.id))}\n${text.join('')}`;
}

const indent = ' '.repeat(12);

function sourceLines({ unit, sources }: Explanation): string[] {
  if (sources.length === 0) return unit.verdict === 'unmanaged' ? [] : ['the source has no such unit any more'];
  // What has the last word comes first.
  return [...sources].reverse().flatMap((source) => {
    const over = source.role === 'below' ? 'instead of ' : source.role === 'adds' && sources.length > 1 ? 'with ' : '';
    return [
      `${over}${visible(placeText(source))}`,
      ...(source.change ? [`  ${changeText(source.change, source)}`] : []),
    ];
  });
}

function layerLines({ sources }: Explanation): string[] {
  const layers = [...new Set(sources.map(({ layer }) => layer))];
  if (layers.length === 0) return [];
  const [wins] = [...sources].reverse().filter(({ role }) => role === 'wins');
  const named = layers.map((layer) => visible(layer)).join(', ');
  return [layers.length > 1 && wins ? `${named}; ${visible(wins.layer)} wins` : named];
}

function changeText(change: LastChange, { line, lastLine }: Contribution): string {
  const what = line === undefined ? 'file' : lastLine === undefined ? 'line' : `lines ${line} to ${lastLine}`;
  if ('commit' in change) return `${what} last changed by ${commitText(change.commit)}`;
  return change.without === 'no-git'
    ? 'who changed it is not known: this is no git repository, or git is not installed'
    : `${what} changed since the last commit, or new`;
}

/** A commit in one line: its short name, day, author, subject. */
function commitText({ id, time, author, subject }: Commit): string {
  return visible(`${id.slice(0, 7)} ${time.slice(0, 10)} ${author}: ${subject}`);
}

function placeText({ path, line }: { readonly path: string; readonly line?: number }): string {
  return line === undefined ? path : `${path}:${line}`;
}

function standingText({ unit, origin }: Explanation): string {
  if (unit.leftOut !== undefined && isAbsent(unit)) return `left out here by ${visible(unit.leftOut)}`;
  if (unit.verdict === 'unmanaged') return 'yours; Syncline never touches it';
  const how =
    origin === 'found' ? ', was there before us and equal' : origin === 'placed' ? ', placed by Syncline' : '';
  const left = unit.leftOut === undefined ? '' : `; left as it is here by ${visible(unit.leftOut)}`;
  return `${unit.verdict}${how}${left}`;
}

function writtenLines({ unit, origin, run, otherRepository }: Explanation): string[] {
  const other = otherRepository === undefined ? [] : [`by another repository: ${visible(otherRepository)}`];
  if (run) return [...other, `${timeText(run.time)} by ${visible(run.command)}, run ${visible(run.name)}`];
  if (unit.verdict === 'unmanaged') return other;
  if (origin === 'found') return [...other, 'by no run: it was there already'];
  if (origin === 'placed') return [...other, 'by a run whose backups are kept no more'];
  return other;
}

/** Of what is left out: nothing of ours is there. */
function isAbsent({ verdict }: Pick<PlannedUnit, 'verdict'>): boolean {
  return verdict === 'same' || verdict === 'unmanaged';
}

const whatBecame: Readonly<Record<Since, (file: string) => string>> = {
  untouched: () => 'as we left it',
  rewritten: (file) => `as we left it; the file was written again by a client or a person${file}`,
  edited: (file) => `changed in the runtime by a client or a person; the file was written last${file}`,
  removed: () => 'gone from the runtime: a client or a person took it out',
  adopted: (file) => `edited in the runtime${file}, and the source has adopted the edit`,
  moved: (file) => `both sides hold the same new value; the file was written last${file}`,
  never: () => '',
};

function sinceText({ since, fileTime }: Explanation): string {
  return whatBecame[since](fileTime === undefined ? '' : ` (${timeText(fileTime)})`);
}

/** What the next push would do about a unit. */
function nextPushText({ verdict, action, leftOut, source }: PlannedUnit): string {
  if (leftOut !== undefined && isAbsent({ verdict })) return 'does nothing: this machine does without it';
  if (verdict === 'unmanaged') return '';
  if (leftOut !== undefined && action === 'leave') return 'leaves it as it is';
  switch (action) {
    case 'none':
      return 'has nothing to do';
    case 'record':
      return source ? 'only notes that both sides are equal' : 'only forgets it: it is gone on both sides';
    case 'create':
      return 'writes it';
    case 'update':
      return "replaces it by the source's";
    case 'remove':
      return 'removes it; it is gone from the source';
    case 'restore':
      return 'puts back what was there before us; it is gone from the source';
    case 'release':
      return 'lets go of it: it was there before us, so it stays';
    case 'leave':
      return 'leaves the edit; --overwrite takes the source, pull-runtime --adopt takes the edit home';
    case 'stop':
      return 'stops here and writes nothing: say --overwrite or --keep; syncline diff shows both sides';
  }
}
