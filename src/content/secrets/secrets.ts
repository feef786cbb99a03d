import { isTable, type KeyPath, type Value } from '../../model/value.ts';
import { placeCounter } from '../text.ts';
import { type Span, spansOfSecrets } from './mask.ts';
import { placeAfter, secretAssignments } from './secret-assignments.ts';
import {
  isInSecretTable,
  isPasswordName,
  isSecretName,
  isSecretTable,
  isVariablePath,
  namesVariables,
} from './secret-names.ts';
import { secretSpans } from './secret-spans.ts';
import {
  isExample,
  isPlaceholder,
  isPlain,
  isWord,
  looksMade,
  looksRandom,
  withoutReferences,
} from './secret-texts.ts';

/** A literal secret in a text. Line and column are one-based and those of the secret itself. */
export interface SecretHit {
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly secret: string;
}

/** The secrets in a text that can be told by their shape, in order. Placeholders and references are none. */
export function findSecrets(text: string): SecretHit[] {
  const placeOf = placeCounter(text);
  return secretSpans(text).map(({ start, end, kind }) => ({ ...placeOf(start), kind, secret: text.slice(start, end) }));
}

/**
 * Why a literal in a structured file is likely to be a secret because of the place it stands in, or undefined. A number, a
 * path, a plain URL and the name of an environment variable never are; neither is `${VAR}`, nor a word, but where only
 * a password can stand.
 */
export function suspectLiteral(path: KeyPath, value: string): string | undefined {
  const literal = withoutReferences(value).trim();
  if (isVariablePath(path) || literal === '') return undefined;
  const reason = suspectWhole(path, value);
  if (reason !== undefined || isPlaceholder(literal)) return reason;
  if (userPart(literal) !== undefined) return 'the user part of a URL is written out';
  const assigned = secretAssignments(literal).find((one) => looksSecret(one.value));
  return assigned && `a literal is given to "${assigned.name}"`;
}

/** Why all of a literal, not only a part of it, is likely to be a secret because of its place; or undefined. */
export function suspectWhole(path: KeyPath, value: string): string | undefined {
  const key = path.at(-1) ?? '';
  const literal = withoutReferences(value).trim();
  if (isVariablePath(path) || literal === '') return undefined;
  if (/bearer_?token$/i.test(key)) return 'a bearer token is written out';
  const named = isSecretName(key);
  if (isPlaceholder(literal) || !(named || isInSecretTable(path))) return undefined;
  if (/^(?:Bearer|Basic) +\S/i.test(literal)) return `a literal follows "${literal.slice(0, literal.indexOf(' '))}"`;
  if (named && looksSecret(literal)) return `a literal stands under "${key}"`;
  if (isPasswordName(key) && isPassword(literal)) return `a literal stands under "${key}"`;
  return !isPlain(literal) && (looksRandom(literal) || looksMade(literal))
    ? 'a random value is written out'
    : undefined;
}

/** A literal that is likely to be a secret, and why. */
interface Suspect {
  readonly path: KeyPath;
  readonly reason: string;
}

/**
 * The literals of a fragment that are likely to be secrets because of their places, or by a shape that the text of the
 * file hides: there the quotes of `{"apiKey": "…"}` are escaped. What that text has `told` is left out. A text after a flag
 * such as `--api-key` is judged as if it stood under that name.
 */
export function suspectsIn(value: Value, told: ReadonlySet<string> = new Set()): Suspect[] {
  return placedTexts(value).flatMap(({ path, judged, text }) => {
    const reason = suspectText(judged, text, told);
    return reason === undefined ? [] : [{ path, reason }];
  });
}

/** A text of a structured file: where it stands, and the place it is judged by. */
interface PlacedText {
  readonly path: KeyPath;
  readonly judged: KeyPath;
  readonly text: string;
}

/** Every text below a value. One after a flag such as `--api-key` is judged as if it stood under that name. */
export function placedTexts(value: Value, at: KeyPath = [], judged: KeyPath = at): PlacedText[] {
  if (Array.isArray(value)) {
    const list = value as readonly Value[];
    return list.flatMap((item, index) =>
      placedTexts(item, [...at, String(index)], [...judged, ...placeAfter(list[index - 1])]),
    );
  }
  if (isTable(value))
    return Object.keys(value).flatMap((key) => placedTexts(value[key] as Value, [...at, key], [...judged, key]));
  return typeof value === 'string' ? [{ path: at, judged, text: value }] : [];
}

/** Why a text is likely to be a secret, by its shape if that is not `told` yet, else by its place; or undefined. */
export function suspectText(path: KeyPath, text: string, told: ReadonlySet<string>): string | undefined {
  const shaped = findSecrets(text);
  if (shaped.length === 0) return suspectLiteral(path, text);
  return shaped.find(({ secret }) => !told.has(secret))?.kind;
}

// Enough only where the name of the place already says that a secret belongs there.
function looksSecret(literal: string): boolean {
  return literal.length >= 8 && !isPlain(literal) && !isExample(literal);
}

/** True for a literal from a secret place that is no word that may stand anywhere: it is as secret in any other text. */
export function isTelling(literal: string): boolean {
  return looksSecret(literal) && !/\s/.test(literal);
}

// `disabled`, `optional` and `keychain` are no passwords.
function isPassword(literal: string): boolean {
  return literal.length >= 10 && isWord(literal) && !isExample(literal);
}

/** The secret in the user part of a URL. A name to log in with is fine (`git@`, `ana@`), a password or a token is not. */
export function userPart(literal: string): string | undefined {
  const [, user = '', password] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#@:\s]*)(?::([^/?#@\s]*))?@/i.exec(literal) ?? [];
  const secret = password || (looksSecret(user) ? user : '');
  return secret === '' || isExample(secret) ? undefined : secret;
}

/**
 * Every string in a parsed runtime file that must never be shown: what stands under `env`, headers, tokens and the
 * like, what is given to such a flag or query, and what looks like a secret anywhere.
 */
export function secretsIn(value: Value): string[] {
  const found = new Set<string>();
  collect(value, 'plain', found);
  return [...found];
}

/** names: what stands here are the names of environment variables, whatever their keys. */
type Surroundings = 'secret' | 'names' | 'plain';

function collect(value: Value, within: Surroundings, found: Set<string>): void {
  if (Array.isArray(value)) collectList(value as readonly Value[], within, found);
  else if (isTable(value)) {
    for (const key of Object.keys(value)) collect(value[key] as Value, surroundingsOf(key, value[key], within), found);
  } else if (typeof value === 'string') collectText(value, within, found);
  else if (within === 'secret' && (typeof value === 'number' || typeof value === 'bigint')) found.add(String(value));
}

function surroundingsOf(key: string, value: Value | undefined, within: Surroundings): Surroundings {
  if (within === 'names' || namesVariables(key)) return 'names';
  // A table is secret by its known name only: a server may be called `my-token`.
  return within === 'secret' || isSecretTable(key) || (!isTable(value) && isSecretName(key)) ? 'secret' : 'plain';
}

function collectList(list: readonly Value[], within: Surroundings, found: Set<string>): void {
  for (const [index, item] of list.entries()) {
    collect(item, isGivenAway(placeAfter(list[index - 1]), item) ? 'secret' : within, found);
  }
}

/** After `--api-key` all is secret; after `-e` and `--header` most is not. */
function isGivenAway(place: KeyPath, item: Value): boolean {
  return (
    place.length === 1 || (typeof item === 'string' && place.length > 1 && suspectLiteral(place, item) !== undefined)
  );
}

// Switches: to hide each `"1"` and `"true"` of a file would hide the file.
const harmless = /^(?:true|false|on|off|yes|no|\d{0,2})$/i;

function collectText(text: string, within: Surroundings, found: Set<string>): void {
  if (within === 'secret' && !harmless.test(withoutReferences(text).trim())) {
    found.add(text);
    const credential = /^(?:Bearer|Basic|Token) +(\S.*)$/i.exec(text)?.[1];
    if (credential !== undefined && withoutReferences(credential) !== '') found.add(credential);
  }
  for (const hit of findSecrets(text)) found.add(hit.secret);
  for (const { value } of secretAssignments(text)) if (!isPlaceholder(value)) found.add(value);
  const user = userPart(text);
  if (user !== undefined) found.add(user);
}

/** What stands for a secret in a text that is shown. */
export type Mark = (secret: string) => string;

/**
 * A text with `<redacted>`, or the given marks, for the given secrets, in any JSON or TOML spelling, and for what looks like a secret itself.
 * A secret of fewer than six characters is replaced only where it stands as a whole string in quotes.
 */
export function maskSecrets(text: string, secrets: readonly string[], mark: Mark = () => '<redacted>'): string {
  let masked = '';
  let from = 0;
  for (const { start, end } of merged(spansOfSecrets(text, secrets))) {
    masked += text.slice(from, start) + mark(text.slice(start, end));
    from = end;
  }
  return masked + text.slice(from);
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}

/** A name, too, may hold a secret: of a file, of a server. */
export function withoutSecrets(text: string): string {
  return maskSecrets(text, []);
}
