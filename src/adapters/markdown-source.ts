import { lineOfKey, readFrontmatter } from '../content/frontmatter.ts';
import { withoutBom } from '../content/text.ts';
import type { ConvertedPiece, TextProblem } from './client.ts';

/** A Markdown file with frontmatter, read so that pieces of it can be named by where they stand. */
export interface MarkdownSource {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Where the body stands in `text`. */
  readonly bodyStart: number;
  readonly bodyLine: number;
  /** False where the file has no frontmatter at all. */
  readonly hasFrontmatter: boolean;
  /** Why the frontmatter does not parse, and where. */
  readonly error?: { readonly reason: string; readonly line: number };
}

/** Reads a Markdown file; without frontmatter all of it is body. */
export function readMarkdown(text: string): MarkdownSource {
  const plain = withoutBom(text);
  const read = readFrontmatter(plain);
  const body = read?.body ?? plain;
  return {
    ...{ text, body, data: read?.data ?? {}, hasFrontmatter: read !== undefined },
    bodyStart: text.length - body.length,
    bodyLine: read?.bodyLine ?? 1,
    ...(read?.error === undefined ? {} : { error: { reason: read.error, line: read.errorLine ?? 1 } }),
  };
}

/** The body, taken over as it stands. */
export function bodyPiece({ text, bodyStart }: MarkdownSource): ConvertedPiece {
  return { start: bodyStart, end: text.length };
}

/** Characters that stand for themselves between double quotes in YAML and in TOML. */
const plainWords = /^[^"\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+$/;

/**
 * `value` between double quotes, for YAML and TOML alike. Where the frontmatter has the same characters on the line of
 * `key`, they are taken over from there.
 */
export function quotedPieces({ text, bodyStart }: MarkdownSource, key: string, value: string): ConvertedPiece[] {
  const line = new RegExp(`^${key}:[ \\t]+(["']?)(.+?)\\1[ \\t]*(?:[ \\t]#.*)?$`, 'm').exec(text.slice(0, bodyStart));
  if (line?.[2] !== value || !plainWords.test(value)) return [{ text: quoted(value) }];
  const start = line.index + line[0].indexOf(value, key.length + 1);
  return [{ text: '"' }, { start, end: start + value.length, quoted: true }, { text: '"' }];
}

/** A text as both YAML and TOML quote it. */
export function quoted(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What a conversion says of a key that has no counterpart. */
export interface LostKey {
  readonly code: string;
  readonly severity: 'warning' | 'note';
  /** What happens without it. */
  readonly effect: string;
}

/** The findings for keys of the frontmatter that a client gets nothing of: those of the table, and others as `code`. */
export function lostKeys(
  { data, text }: MarkdownSource,
  kept: readonly string[],
  known: Readonly<Record<string, LostKey>>,
  other: Omit<LostKey, 'severity'>,
): TextProblem[] {
  const lost = Object.keys(data).filter((key) => !kept.includes(key) && data[key] !== null && data[key] !== '');
  return lost.map((key) => {
    const { code, severity, effect } = (Object.hasOwn(known, key) && known[key]) || { ...other, severity: 'note' };
    const message = `The key "${key}" does not reach Codex: ${effect}.`;
    const remedy = 'Nothing, if that is fine; otherwise give Codex a file of its own, which goes before this one.';
    return { code, severity, line: lineOfKey(key, text), message, remedy };
  });
}
