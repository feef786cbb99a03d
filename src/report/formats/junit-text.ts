import { visible, visibleLine } from '../../model/texts/visible.ts';
import type { ReportCase } from './ci-report-cases.ts';

/** What XML 1.0 cannot say, not even escaped; half a surrogate pair included. */
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/**
 * One JUnit document: a suite for each client and one for the source, a case for each unit and finding. What differs, and
 * each error, is a failure; warnings and notes pass, with what they say as their output.
 */
export function junitText(command: string, cases: readonly ReportCase[]): string {
  const groups = [...new Set(cases.map(({ group }) => group))].sort();
  const suites = groups.map((group) =>
    suiteText(
      group,
      cases.filter((each) => each.group === group),
    ),
  );
  const head = `<testsuites name="${escaped(`syncline ${command}`)}" ${counts(cases)}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join('')}</testsuites>\n`;
}

function suiteText(group: string, cases: readonly ReportCase[]): string {
  return `  <testsuite name="${escaped(group)}" ${counts(cases)}>\n${cases.map(caseText).join('')}  </testsuite>\n`;
}

function counts(cases: readonly ReportCase[]): string {
  const count = (result: ReportCase['result']) => cases.filter((each) => each.result === result).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}" time="0"`;
}

function caseText({ group, name, result, title, message, path, line }: ReportCase): string {
  const place = [
    ...(path === undefined ? [] : [` file="${escaped(visible(path))}"`]),
    ...(path === undefined || line === undefined ? [] : [` line="${line}"`]),
  ].join('');
  const head = `    <testcase classname="${escaped(group)}" name="${escaped(visible(name))}"${place} time="0"`;
  const text = escaped(message.split('\n').map(visibleLine).join('\n'));
  if (result === 'skipped') return `${head}>\n      <skipped/>\n    </testcase>\n`;
  if (result === 'passed' && message === '') return `${head}/>\n`;
  const inside =
    result === 'passed'
      ? `<system-out>${text}</system-out>`
      : `<failure type="${escaped(visible(title))}" message="${escaped(visible(message.split('\n')[0] ?? ''))}">${text}</failure>`;
  return `${head}>\n      ${inside}\n    </testcase>\n`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
  return text.replace(illegal, '').replace(/[&<>"']/g, (character) => `&${names[character]};`);
}
