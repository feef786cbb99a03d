const placeholderWord = /example|placeholder|your[_-]?|change[_-]?me|replace|redacted|insert|dummy|x{4}|\*{3}/i;
const longestPlaceholder = 160;
// A line of a quoted text starts with `>`, and a key that is quoted is a key.
const placeholderSign = /\.{3}|…|<|>$|\$\{|\{\{|^\$|^%\w+%$/;
const commonPassword =
  /^(?:pass|passwd|password|pwd|pw|secret|token|key|apikey|user|username|admin|root|guest|test|postgres|mysql|redis|rabbitmq|minio|hunter2|x-oauth-basic)\d{0,3}$/i;

/** True for what stands in examples where a secret would stand. */
export function isPlaceholder(text: string): boolean {
  // In a text as long as a key file a word of four letters stands by chance.
  const worded = text.length <= longestPlaceholder && placeholderWord.test(text);
  return worded || placeholderSign.test(text) || new Set(text.slice(-20)).size <= 3;
}

/** True for what stands in examples where a secret would stand, and for passwords that only local databases have. */
export function isExample(text: string): boolean {
  return isPlaceholder(text) || commonPassword.test(text);
}

/** A value without its references to the environment (`${VAR}`, `$VAR`, `%VAR%`, `{env:VAR}`); defaults in them stay. */
export function withoutReferences(value: string): string {
  return value
    .replace(/\$\{(?:env:)?\w+(?::?[-=]([^{}]*))?\}/g, (_, fallback: string | undefined) => fallback ?? '')
    .replace(/\{\{[^{}]*\}\}|\{(?:env|file):[^{}]*\}|\$env:\w+|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%/g, '');
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** True when some run of letters and digits is long and mixed as no word is. */
export function looksRandom(text: string): boolean {
  return (text.match(/[A-Za-z0-9+/]{16,}/g) ?? []).some(isMixed);
}

/** True for one word in which capitals and digits stand as in no name. Enough only where a secret may stand. */
export function looksMade(text: string): boolean {
  if (/\s/.test(text)) return false;
  return (text.match(/[A-Za-z0-9+/]{12,}/g) ?? []).some((run) => {
    const switches = run.match(/(?<=[a-z])[A-Z]|(?<=[A-Za-z])\d|(?<=\d)[A-Za-z]/g)?.length ?? 0;
    return switches >= Math.max(4, run.length / 3);
  });
}

function isMixed(run: string): boolean {
  if (entropy(run) < 3) return false;
  const switches = run.match(/[a-z][A-Z]|[A-Z][a-z]|[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
  return switches >= Math.max(4, run.length / 6);
}

const plain =
  /^(?:[A-Z]+|[\d.,:]+|(?:~|\.{1,2})?[/\\].*|[A-Za-z]:[/\\].*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+:\/\/[^?#@]*|op:\/\/.*|arn:aws[a-z-]*:\S*)$/;

const word = /^[A-Z]?[a-z]+(?:[-_ ][a-z]+)*$/;
const humps = /^[a-z]*(?:[A-Z][a-z]+)+(?:V?\d{1,2})?$/;

/** True for a word of letters, or several with `-`, `_` or spaces between or a capital at the start of each. */
export function isWord(text: string): boolean {
  return word.test(text) || humps.test(text);
}

/** True for a word, a number, a path, a URL without a query, the name of a variable or of a thing at AWS: nothing that is secret by itself. */
export function isPlain(text: string): boolean {
  return plain.test(text) || isWord(text);
}
