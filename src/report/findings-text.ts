import type { Finding } from '../model/finding.ts';
import { visible, visibleLine } from '../model/texts/visible.ts';
import type { Paint } from './colour.ts';

const marks = { error: 'error', warning: 'warning', note: 'note' } as const;

/** How many warnings or notes of one code a report shows when it is to be short. */
export const fewOfOneCode = 3;

/**
 * Findings for people: where, what, and what to do now; errors first. Of warnings and notes at most `most` of one code are shown,
 * and the rest of them is counted; every error is shown.
 */
export function findingsText(findings: readonly Finding[], paint: Paint, most = Number.POSITIVE_INFINITY): string {
  const order = ['error', 'warning', 'note'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const seen = new Map<string, number>();
  const rows = sorted.map((finding) => {
    if (finding.severity === 'error') return findingText(finding, paint);
    const count = (seen.get(finding.code) ?? 0) + 1;
    seen.set(finding.code, count);
    return count <= most ? findingText(finding, paint) : '';
  });
  const more = [...seen].flatMap(([code, count]) => (count > most ? [moreText(code, count - most, paint)] : []));
  return [...rows, ...more].join('');
}

function moreText(code: string, count: number, paint: Paint): string {
  return `${count} more of the same kind ${paint.faint(`[${code}]`)}; --verbose lists ${count === 1 ? 'it' : 'them'}.\n`;
}

function findingText(finding: Finding, paint: Paint): string {
  const tone = { error: paint.bad, warning: paint.warn, note: paint.faint }[finding.severity];
  const place = placeText(finding);
  const head = `${tone(marks[finding.severity])}: ${place === '' ? '' : `${visible(place)}: `}${messageText(finding)}`;
  return `${head}\n  ${visible(finding.remedy)} ${paint.faint(`[${finding.code}]`)}\n`;
}

/** Only the stack of a crash has lines of its own; anywhere else a line end is part of a name. */
function messageText({ code, message }: Finding): string {
  return code === 'crash' ? message.split('\n').map(visibleLine).join('\n') : visible(message);
}

/** A path of more characters would fill a screen; with `--json` it is whole. */
const longestPath = 400;

function shortened(path: string): string {
  if (path.length <= longestPath) return path;
  const half = longestPath / 2;
  return `${path.slice(0, half)}…${path.slice(-half)} (${path.length} characters)`;
}

/** `path:line:column`, as far as known. */
function placeText({ path, line, column }: Finding): string {
  return [path && shortened(path), line, column].filter((part) => part !== undefined).join(':');
}
