import type { Finding } from '../model/finding.ts';
import type { Paint } from './colour.ts';
import { visible, visibleLine } from './visible.ts';

const marks = { error: 'error', warning: 'warning', note: 'note' } as const;

/** Findings for people: where, what, and what to do now; errors first. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const order = ['error', 'warning', 'note'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return sorted.map((finding) => findingText(finding, paint)).join('');
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

/** `path:line:column`, as far as known. */
function placeText({ path, line, column }: Finding): string {
  return [path, line, column].filter((part) => part !== undefined).join(':');
}
