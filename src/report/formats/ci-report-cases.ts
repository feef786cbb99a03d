import type { Finding } from '../../model/finding.ts';
import { isDrift, type PlannedUnit } from '../../model/plan.ts';
import { shownText } from '../powers-text.ts';
import type { Outcome } from './json.ts';

/** One thing that a report for a CI system tells: a unit or a finding. The texts hold no secrets any more. */
export interface ReportCase {
  /** The client, or `source` for findings. */
  readonly group: string;
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** How loudly it is said; undefined where there is nothing to say. */
  readonly level: 'error' | 'warning' | 'note' | undefined;
  readonly title: string;
  readonly message: string;
  /** The file it is about, relative to the root of the git repository, with `/`; absent for one that is not in it. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** How texts and paths of an outcome become those of a report. */
export interface ReportTexts {
  /** Takes secrets out. */
  mask(text: string): string;
  /** The path as the CI system knows it, or undefined for a file that is not in the repository. */
  pathOf(path: string): string | undefined;
}

const couldNot = 2;

/** A document without a case looks like a mistake. */
const soundSource: ReportCase = {
  ...{ group: 'source', name: 'the source is sound', result: 'passed', level: undefined, title: '', message: '' },
};

/** Everything an outcome tells, what is worst first. */
export function reportCases({ exitCode, units, findings, against }: Outcome, texts: ReportTexts): ReportCase[] {
  const tell = against ? changeTold : driftTold;
  const managed = units.filter(({ verdict }) => verdict !== 'unmanaged');
  const told = [
    ...(exitCode === couldNot ? [] : [soundSource]),
    ...managed.map((unit) => unitCase(unit, tell(unit), texts)),
    ...findings.map((one) => findingCase(one, texts)),
  ];
  const loudness = ['error', 'warning', 'note', undefined];
  return told.sort((a, b) => loudness.indexOf(a.level) - loudness.indexOf(b.level));
}

function unitCase(unit: PlannedUnit, { level, title, message }: Told, texts: ReportTexts): ReportCase {
  const { client, id, source } = unit;
  const name = texts.mask(unit.layer === undefined ? id : `${id} (with the layer ${unit.layer})`);
  const place = source ? placed({ ...source, line: source.line ?? 1 }, texts) : {};
  const skipped = unit.leftOut !== undefined && !isDrift(unit);
  const result = skipped ? 'skipped' : level === 'error' ? 'failed' : 'passed';
  return { group: client, name, result, level, title, message: message === '' ? '' : `${name} ${message}`, ...place };
}

type Told = Pick<ReportCase, 'title' | 'message' | 'level'>;

/** What `--against` says of a unit: no fault, but powers and lost guards are to be seen. */
function changeTold({ action, powers, guards }: PlannedUnit): Told {
  const verb = action === 'create' ? 'is new' : action === 'remove' ? 'goes' : 'changes';
  const [power, guard] = [powers?.[0], guards?.[0]];
  const first = power ?? guard;
  if (first === undefined) return { level: 'note', title: `a unit ${verb}`, message: verb };
  const title = `${power ? 'new power' : 'a guard goes'}: ${first.what}`;
  const told = [
    ...(powers ?? []).map(({ what, does }) => `gives "${what}": ${shownText(does)}`),
    ...(guards ?? []).map(({ what, does }) => `takes away "${what}": ${shownText(does)}`),
  ];
  return { level: 'warning', title, message: `${verb}: a push of this change ${told.join('; ')}` };
}

/** What a comparison with the runtime says of a unit. */
function driftTold(unit: PlannedUnit): Told {
  const { verdict, source } = unit;
  if (!isDrift(unit)) return { level: undefined, title: verdict, message: '' };
  const message =
    verdict === 'conflict'
      ? 'has another value in the runtime; push-runtime stops until you choose --overwrite or --keep'
      : verdict === 'runtime-ahead'
        ? 'was edited or removed in the runtime since the last push; --overwrite takes the source, pull-runtime --adopt the edit'
        : source
          ? 'moved in the source since the last push; push-runtime writes it'
          : 'is gone from the source; push-runtime removes it from the runtime';
  return { level: 'error', title: verdict, message };
}

function findingCase(finding: Finding, texts: ReportTexts): ReportCase {
  const { code, severity, message, remedy, path } = finding;
  const place = path === undefined ? {} : placed(finding as Finding & { readonly path: string }, texts);
  const where = path === undefined ? '' : [path, finding.line].filter((part) => part !== undefined).join(':');
  const outside = path !== undefined && !('path' in place) ? `${where}: ` : '';
  const [name, text] = [texts.mask(`${code}${where === '' ? '' : ` ${where}`}`), texts.mask(`${outside}${message}`)];
  const result = severity === 'error' ? 'failed' : 'passed';
  return {
    group: 'source',
    name,
    result,
    level: severity,
    title: code,
    message: `${text}\n${texts.mask(remedy)}`,
    ...place,
  };
}

function placed(
  at: { readonly path: string; readonly line?: number; readonly column?: number },
  { mask, pathOf }: ReportTexts,
): Pick<ReportCase, 'path' | 'line' | 'column'> {
  const path = pathOf(at.path);
  if (path === undefined) return {};
  const { line, column } = at;
  return {
    path: mask(path),
    ...(line === undefined ? {} : { line }),
    ...(line === undefined || column === undefined ? {} : { column }),
  };
}
