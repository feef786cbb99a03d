import { type SecretPattern, secretPatterns } from './secret-patterns.ts';
import { isExample, looksRandom } from './secret-texts.ts';

/** A stretch of a text that is secret. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** A keyword and the pattern that may match where it stands. */
interface Candidate {
  readonly keyword: string;
  readonly pattern: SecretPattern;
}

// One pass over the text instead of one per keyword: the first two characters of all keywords, as a table.
const candidates: Candidate[][] = [];
for (const pattern of secretPatterns) {
  for (const keyword of pattern.keywords) {
    const pair = (keyword.charCodeAt(0) << 8) | keyword.charCodeAt(1);
    candidates[pair] = [...(candidates[pair] ?? []), { keyword, pattern }];
  }
}
const mayStart = Uint8Array.from({ length: 0x10000 }, (_, pair) => (candidates[pair] ? 1 : 0));

/** Where the secrets of a text stand that can be told by their shape, in order; no two overlap. */
export function secretSpans(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  const resume = new Map<SecretPattern, number>();
  let pair = 0;
  for (let at = 0; at < text.length; at += 1) {
    pair = ((pair & 0xff) << 8) | (text.charCodeAt(at) & 0xff);
    if (mayStart[pair] === 0) continue;
    for (const { keyword, pattern } of candidates[pair] as Candidate[]) {
      if (text.startsWith(keyword, at - 1)) spans.push(...spansAt(text, at - 1, pattern, resume));
    }
  }
  return withoutOverlaps(spans);
}

function spansAt(text: string, at: number, pattern: SecretPattern, resume: Map<SecretPattern, number>): SecretSpan[] {
  if (at < (resume.get(pattern) ?? 0)) return [];
  pattern.pattern.lastIndex = at;
  const match = pattern.pattern.exec(text);
  if (!match) return [];
  resume.set(pattern, at + match[0].length);
  const secret = match[1] ?? match[0];
  const start = at + match[0].lastIndexOf(secret);
  return isSecret(secret, pattern) ? [{ start, end: start + secret.length, kind: pattern.kind }] : [];
}

function isSecret(secret: string, { random }: SecretPattern): boolean {
  return !isExample(secret) && (random !== true || looksRandom(secret));
}

function withoutOverlaps(spans: readonly SecretSpan[]): SecretSpan[] {
  const kept: SecretSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || rankOf(a) - rankOf(b))) {
    const last = kept.at(-1);
    if (!last || span.start >= last.end) kept.push(span);
    else if (span.end > last.end) kept[kept.length - 1] = { ...last, end: span.end };
  }
  return kept;
}

// `Authorization: Bearer ghp_…` is a GitHub token first of all.
function rankOf({ kind }: SecretSpan): number {
  return secretPatterns.findIndex((pattern) => pattern.kind === kind);
}
