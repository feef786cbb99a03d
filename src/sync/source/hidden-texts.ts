import { lineOfKey, readFrontmatter, readYaml } from '../../content/frontmatter.ts';
import { decodeText, placeCounter } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile } from '../../model/source.ts';
import { hiddenIn } from '../../model/texts/hidden.ts';
import { formatOf, valuesOf } from './source-problems.ts';

/** So many lines of one file are named; then it is clear what kind of file it is. */
const mostLines = 20;
/** So many characters of one line. */
const mostCharacters = 3;

/**
 * An error for each line of the files, and each name of one, in which a reader does not see what an agent reads: raw, or in
 * the escapes of JSON, TOML and YAML. What is no text is not looked at.
 */
export function hiddenTexts(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) => {
    const text = file.bytes.includes(0) ? undefined : decodeText(file.bytes);
    const lines = text === undefined ? new Map<number, string[]>() : hiddenLines(file.path, text);
    const rows = [...lines].sort(([a], [b]) => a - b).map(([line, what]) => hidden(file.path, line, inWords(what)));
    const more = rows.length - mostLines;
    const named = more <= 0 ? rows : [...rows.slice(0, mostLines), rest(file.path, more)];
    return [...inName(file), ...named];
  });
}

function inName({ path }: SourceFile): Finding[] {
  const found = hiddenIn(alone(path)).map(({ what }) => what);
  return found.length === 0 ? [] : [hidden(path, 1, `${inWords(found)} in the name of the file`)];
}

/** A name or a value by itself: nothing at its ends is there for what stands beside it. */
function alone(text: string): string {
  return `\n${text}\n`;
}

function hiddenLines(path: string, text: string): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  const add = (line: number, what: string) => lines.set(line, [...(lines.get(line) ?? []), what]);
  const placeOf = placeCounter(text);
  for (const { start, what } of hiddenIn(text)) add(placeOf(start).line, what);
  if (text.includes('\\')) for (const { line, what } of escapedIn(path, text)) add(line, `${what}, escaped`);
  return lines;
}

/** What is hidden in the values of a structured text and is not seen in the text itself, because it is escaped there. */
function escapedIn(path: string, text: string): { readonly line: number; readonly what: string }[] {
  const found: { line: number; what: string }[] = [];
  for (const { value, line } of valuesWithLines(path, text)) {
    const whole = alone(value);
    const unseen = hiddenIn(whole).filter(({ start, end }) => !text.includes(whole.slice(start, end)));
    if (unseen.length > 0) found.push({ line: line(), what: inWords(unseen.map(({ what }) => what)) });
    if (found.length > mostLines * mostCharacters) break;
  }
  return found;
}

interface LinedText {
  readonly value: string;
  line(): number;
}

function valuesWithLines(path: string, text: string): LinedText[] {
  const format = formatOf(path);
  const values = valuesOf(path, text);
  if (format && values) return textsOf(values, (at) => format.lineOf(text, at) ?? 1);
  if (/\.ya?ml$/.test(path)) return textsOf(readYaml(text).data ?? {}, ([key = '']) => lineOfKey(key, text));
  const data = path.endsWith('.md') ? readFrontmatter(text)?.data : undefined;
  return data ? textsOf(data, ([key = '']) => lineOfKey(key, text)) : [];
}

/** Every text below a value, keys too, with the line it stands on. */
function textsOf(value: unknown, lineOf: (at: readonly string[]) => number, at: readonly string[] = []): LinedText[] {
  if (typeof value === 'string') return [{ value, line: () => lineOf(at) }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, lineOf, [...at, String(index)]));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const below = [...at, key];
    return [{ value: key, line: () => lineOf(below) }, ...textsOf(member, lineOf, below)];
  });
}

function inWords(what: readonly string[]): string {
  const more = what.length - mostCharacters;
  return more <= 0 ? what.join(', ') : `${what.slice(0, mostCharacters).join(', ')} and ${more} more`;
}

function hidden(path: string, line: number, what: string): Finding {
  const message = `a reader does not see all that an agent reads here: ${what}`;
  return problem('hidden-text', message, remedy, { path, line });
}

const remedy = 'Take it out, or name the file with a reason in clients/allowed-hidden-text.toml.';

function rest(path: string, lines: number): Finding {
  return problem('hidden-text', `there is such text on ${lines} more ${lines === 1 ? 'line' : 'lines'}`, remedy, {
    path,
  });
}
