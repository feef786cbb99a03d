import type { Value } from '../../model/value.ts';
import { valueText } from './render.ts';

/**
 * A new value as text for the place of an old one, in the same kind of quotes where the new value allows it; over several
 * lines where the old one is, so that a diff shows the lines that differ. `newline` is that of the file.
 */
export function respelled(value: Value, old: string, newline: string): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && /^[-+]?[\d_]+$/.test(old)) return String(value);
  if (typeof value !== 'string') return valueText(value);
  const opening = /^(?:"""|'''|'|"|)/.exec(old)?.[0] ?? '';
  const opened = opening.length === 3 ? linesText(value, opening, old.slice(3), newline) : undefined;
  return opened ?? (opening.startsWith("'") && isLiteral(value, "'") ? `'${value}'` : valueText(value));
}

/** A string with the line ends of its file over several lines; undefined where it has none, or others. */
function linesText(value: string, fence: string, old: string, newline: string): string | undefined {
  const others = newline === '\n' ? /\r/ : /\r(?!\n)|(?<!\r)\n/;
  if (!value.includes(newline) || others.test(value)) return undefined;
  const first = /^\r?\n/.test(old) || value.startsWith(newline) ? newline : '';
  if (fence === "'''" && isLiteral(value, fence)) return `${fence}${first}${value}${fence}`;
  const text = value.split(newline).map(unquoted).join(newline);
  return `"""${first}${text.replaceAll(/"(?=""|$)/g, '\\"')}"""`;
}

/** Whether a string can stand between literal quotes. */
function isLiteral(value: string, fence: string): boolean {
  const control =
    fence.length === 1 ? /[\u0000-\u0008\u000a-\u001f\u007f]/ : /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
  return !control.test(value) && !value.includes(fence) && !value.endsWith("'");
}

/** One line as it may stand between triple quotes, but for quotes that would close them. */
function unquoted(line: string): string {
  const basic = valueText(line).slice(1, -1);
  return basic.replaceAll(/\\(.)/g, (spelled, char) => ({ '"': '"', t: '\t' })[char as string] ?? spelled);
}
