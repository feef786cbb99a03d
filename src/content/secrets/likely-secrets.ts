import type { KeyPath, Value } from '../../model/value.ts';
import { secretAssignments } from './secret-assignments.ts';
import { isInSecretTable, isPasswordName, isSecretName, isVariablePath } from './secret-names.ts';
import { isPlaceholder, isPlain, isWord, withoutReferences } from './secret-texts.ts';
import { findSecrets, maskSecrets, placedTexts, suspectWhole, userPart } from './secrets.ts';

const credentialTable = /^(?:tokens|secrets|credentials|oauth.*)$/i;
const switches = /^(?:true|false|on|off|yes|no|none|null|disabled|\d{0,2})$/i;

/**
 * The texts of a parsed file that a reader must not see, by place and shape: what the scan of the source would call a
 * secret, and what a person may have put under the name of one. A value is none only for standing under `env`: words,
 * paths, plain URLs and commands stay legible.
 */
export function likelySecrets(value: Value, at: KeyPath = []): string[] {
  return [...new Set(placedTexts(value, at).flatMap(({ judged, text }) => secretsOfText(judged, text)))];
}

function secretsOfText(path: KeyPath, text: string): string[] {
  return isLikely(path, withoutReferences(text).trim()) || suspectWhole(path, text) !== undefined
    ? [text, ...credentialOf(text), ...secretParts(text)]
    : secretParts(text);
}

/** `Bearer x` holds `x`, which may stand elsewhere without that word. */
function credentialOf(text: string): string[] {
  const credential = /^(?:Bearer|Basic|Token) +(\S.*)$/i.exec(text)?.[1];
  return credential === undefined || withoutReferences(credential) === '' ? [] : [credential];
}

/** What stands in a longer text: a password in a URL, what is given to `--api-key`, what its shape gives away. */
function secretParts(text: string): string[] {
  const assigned = secretAssignments(text).map((one) => one.value);
  const user = userPart(text);
  return [
    ...findSecrets(text).map(({ secret }) => secret),
    ...assigned.filter((one) => !isPlaceholder(one) && !isPlain(one)),
    ...(user === undefined ? [] : [user]),
  ];
}

/** What a person's own file may hold under a name that says so is judged more strictly than what was written to be shared. */
function isLikely(path: KeyPath, literal: string): boolean {
  if (isVariablePath(path) || switches.test(literal)) return false;
  const key = path.at(-1) ?? '';
  if (path.slice(0, -1).some((table) => credentialTable.test(table))) return !isPlain(literal);
  if (isPasswordName(key) && isWord(literal)) return literal.length >= 6;
  if (isSecretName(key)) return !isPlain(literal);
  if (!isInSecretTable(path)) return false;
  if (isHeader(path)) return /^(?=.*\d)(?=.*[A-Za-z])[\w!@#%^*+=.~-]{8,}$/.test(literal);
  // Under any other name only what nobody writes as a word: a version or the name of a model has no such part.
  return literal.split(/[^A-Za-z0-9]/).some((part) => /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$/.test(part));
}

function isHeader(path: KeyPath): boolean {
  return path.some((key) => /headers$/i.test(key));
}

/**
 * What of a file of the source anybody may read: its texts without what the scan calls a secret in them. A secret of the
 * runtime that stands there, too, is none: whoever has the repository knows it.
 */
export function openTexts(value: Value, at: KeyPath = []): string[] {
  return placedTexts(value, at).map(({ judged, text }) =>
    suspectWhole(judged, text) === undefined ? maskSecrets(text, secretParts(text)) : '',
  );
}
