import { secretSpans } from './secret-spans.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text as a reader of it might see it; `offsets[i]` is where its character `i` starts in the text itself. */
interface View {
  readonly text: string;
  readonly offsets?: Uint32Array;
}

const shortest = 6;
const escaped = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(["\\/bfnrte]))/g;
const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', e: '\u001b' };

/** Where secrets stand in a text, plainly or escaped. The spans may overlap and are in no order. */
export function spansOfSecrets(text: string, secrets: readonly string[]): Span[] {
  const needles = needlesOf(secrets);
  return viewsOf(text).flatMap((view) => {
    const spans = [...needlesIn(view.text, needles), ...secretSpans(view.text)];
    const { offsets } = view;
    return offsets
      ? spans.map(({ start, end }) => ({ start: offsets[start] as number, end: offsets[end] as number }))
      : spans;
  });
}

// A diff shows a text line by line, so each line of a secret is one too.
function needlesOf(secrets: readonly string[]): string[] {
  const lines = secrets.flatMap((secret) => (/[\r\n]/.test(secret) ? secret.split(/\r\n|\r|\n/) : []));
  const parts = lines.map((line) => line.trim()).filter((line) => line.length >= shortest);
  return [...new Set([...secrets, ...parts])].filter((needle) => needle !== '');
}

/** Fewer are looked for one after the other, each by the fast search of the engine; more of them all in one pass. */
const few = 16;

function needlesIn(text: string, needles: readonly string[]): Span[] {
  return needles.length < few ? needles.flatMap((needle) => occurrences(text, needle)) : manyIn(text, needles);
}

/** At each place the first characters say which lengths are worth a look: many keys of one provider begin alike. */
function manyIn(text: string, needles: readonly string[]): Span[] {
  const all = new Set(needles);
  const lengths = new Map<string, Set<number>>();
  for (const needle of needles) {
    const first = needle.slice(0, shortest);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(needle.length));
  }
  const inQuotes = Array.from({ length: shortest - 1 }, (_, index) => index + 1);
  const spans: Span[] = [];
  for (let start = 0; start < text.length; start += 1) {
    const isAfterQuote = text[start - 1] === '"' || text[start - 1] === "'";
    for (const length of [
      ...(isAfterQuote ? inQuotes : []),
      ...(lengths.get(text.slice(start, start + shortest)) ?? []),
    ]) {
      const end = start + length;
      if (!all.has(text.slice(start, end))) continue;
      if (length >= shortest || isQuoted(text, start, end)) spans.push({ start, end });
    }
  }
  return spans;
}

function occurrences(text: string, needle: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(needle); start !== -1; start = text.indexOf(needle, start + 1)) {
    const end = start + needle.length;
    if (needle.length >= shortest || isQuoted(text, start, end)) spans.push({ start, end });
  }
  return spans;
}

function isQuoted(text: string, start: number, end: number): boolean {
  const quote = text[start - 1];
  return (quote === '"' || quote === "'") && text[end] === quote;
}

function viewsOf(text: string): View[] {
  return text.includes('\\') ? [{ text }, unescaped(text)] : [{ text }];
}

function unescaped(text: string): View {
  const offsets = new Uint32Array(text.length + 1);
  let view = '';
  let from = 0;
  const plain = (to: number) => {
    for (let at = from; at < to; at += 1) offsets[view.length + at - from] = at;
    view += text.slice(from, to);
  };
  for (const { 0: whole, 1: short, 2: long, 3: byte, 4: letter, index } of text.matchAll(escaped)) {
    plain(index);
    const meant = letter === undefined ? fromCode(short ?? long ?? byte ?? '') : (letters[letter] ?? letter);
    offsets.fill(index, view.length, view.length + meant.length);
    view += meant;
    from = index + whole.length;
  }
  plain(text.length);
  offsets[view.length] = text.length;
  return { text: view, offsets };
}

function fromCode(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
