import { visible, visibleLine } from '../../model/texts/visible.ts';
import type { ReportCase } from './ci-report-cases.ts';

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Workflow commands of GitHub Actions, one a line: annotations at file and line. Then the text for the log, in which
 * commands are switched off, since it shows what others wrote; `token` is a word that nobody can know, and switches them
 * on again.
 */
export function githubText(cases: readonly ReportCase[], text: string, token: string): string {
  const annotations = cases.map(annotationText).join('');
  if (text === '') return annotations;
  return `${annotations}::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`;
}

function annotationText({ level, title, message, path, line, column }: ReportCase): string {
  if (level === undefined) return '';
  const places = [
    ...(path === undefined ? [] : [`file=${property(path)}`]),
    ...(path === undefined || line === undefined ? [] : [`line=${line}`]),
    ...(path === undefined || column === undefined ? [] : [`col=${column}`]),
  ];
  const lines = message.split('\n').map(visibleLine).join('\n');
  return `::${levels[level]} ${[...places, `title=${property(`syncline: ${title}`)}`].join(',')}::${data(lines)}\n`;
}

/** As the runner reads the text after `::`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As the runner reads the value of a property: colons and commas would end it. */
function property(text: string): string {
  return data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
