import { parseDocument } from 'yaml';

/** The block between the `---` lines at the top of a Markdown file, not yet read. */
export interface SplitText {
  readonly yaml: string;
  readonly body: string;
  /** The line on which the body starts, one-based. */
  readonly bodyLine: number;
}

export interface Frontmatter {
  readonly data: Record<string, unknown>;
  readonly body: string;
  readonly bodyLine: number;
  /** It is no YAML but was read line by line: every value is a text or a list of texts. */
  readonly readAs?: 'lines';
  /** Why it does not parse, even leniently, and on which line of the file. */
  readonly error?: string;
  readonly errorLine?: number;
}

/** Splits the frontmatter off. Undefined when the first line is not `---` (a byte order mark counts) or none closes it. */
export function splitFrontmatter(text: string): SplitText | undefined {
  const open = /^---[ \t]*\r?\n/.exec(text)?.[0];
  if (open === undefined) return undefined;
  const fence = /\n---[ \t]*(?:\r?\n|$)/g;
  fence.lastIndex = open.length - 1;
  const close = fence.exec(text);
  if (!close) return undefined;
  const yaml = text.slice(open.length, close.index + 1);
  const body = text.slice(fence.lastIndex);
  return { yaml, body, bodyLine: 3 + countOf(yaml, '\n') - (close[0].endsWith('\n') ? 0 : 1) };
}

/**
 * Reads the frontmatter. What YAML refuses but agents' files often hold (`description: Use when: …`, `globs: **\/*.ts`)
 * is read line by line. Nothing in it is ever executed.
 */
export function readFrontmatter(text: string): Frontmatter | undefined {
  const split = splitFrontmatter(text);
  if (!split) return undefined;
  const { yaml, body, bodyLine } = split;
  const plain = readPlain(yaml);
  if (plain) return { data: plain, body, bodyLine };
  const { data, error, line } = readYaml(yaml);
  if (data) return { data, body, bodyLine };
  const lenient = readLeniently(yaml);
  if (lenient) return { data: lenient, body, bodyLine, readAs: 'lines' };
  return { data: {}, body, bodyLine, error, errorLine: line + 1 };
}

/** The line of a text on which a key of its frontmatter stands, one-based; 1 where it does not. */
export function lineOfKey(key: string, text: string): number {
  return Math.max(1, text.split('\n').findIndex((line) => line.startsWith(`${key}:`)) + 1);
}

const plainLine = /^([A-Za-z][\w-]*): ([A-Za-z][\x20-\x7e\u00a1-\u1fff\u3000-\ud7ff]*)$/;
const yamlWord = /^(?:true|false|null)\s*$/i;

/** Files with nothing but simple `key: words` lines, read without the YAML parser: of thousands of skills most are such. */
function readPlain(yaml: string): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {};
  for (const line of yaml.split(/\r?\n/)) {
    if (line === '') continue;
    const [, key, value] = plainLine.exec(line) ?? [];
    if (key === undefined || value === undefined || /[:#]/.test(value) || key in data) return undefined;
    if (yamlWord.test(key) || yamlWord.test(value)) return undefined;
    data[key] = value.trimEnd();
  }
  return data;
}

/** A map of YAML; without `data`, why there is none and on which line. */
export interface YamlResult {
  readonly data?: Record<string, unknown>;
  readonly error: string;
  readonly line: number;
}

/** Reads a YAML text that must be a map; a file without anything is an empty one. */
export function readYaml(yaml: string): YamlResult {
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent' });
  const [first] = document.errors;
  if (first) return { error: first.message, line: countOf(yaml.slice(0, first.pos[0]), '\n') + 1 };
  try {
    const data: unknown = document.toJS({ maxAliasCount: 20 }) ?? {};
    if (typeof data === 'object' && !Array.isArray(data))
      return { data: data as Record<string, unknown>, error: '', line: 1 };
    return { error: 'it is not a list of "key: value" lines', line: 1 };
  } catch (error) {
    return { error: (error as Error).message, line: 1 };
  }
}

function readLeniently(yaml: string): Record<string, unknown> | undefined {
  const data = Object.create(null) as Record<string, unknown>;
  let key: string | undefined;
  for (const line of yaml.split(/\r?\n/)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const pair = /^([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?$/.exec(line);
    if (pair) {
      key = pair[1] as string;
      data[key] = unquoted((pair[2] ?? '').trim());
    } else if (key !== undefined && /^(?:[ \t]|- )/.test(line)) data[key] = continued(data[key], line.trim());
    else return undefined;
  }
  return data;
}

function continued(value: unknown, line: string): unknown {
  if (Array.isArray(value)) return line.startsWith('- ') ? [...value, unquoted(line.slice(2).trim())] : value;
  if (value === '' && line.startsWith('- ')) return [unquoted(line.slice(2).trim())];
  const text = String(value);
  return text === '' || /^[>|][+-]?$/.test(text) ? line : `${text} ${line}`;
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}
