import { likelySecrets, openTexts } from '../content/secrets/likely-secrets.ts';
import { maskSecrets } from '../content/secrets/secrets.ts';
import { decodeText } from '../content/text.ts';
import type { WantedUnit } from '../model/unit.ts';
import type { ClientState } from './plan/client-state.ts';
import { valuesOf } from './source/source-problems.ts';

/** What the users' own files hold that must not be shown. */
export function runtimeSecrets(states: readonly ClientState[]): string[] {
  return states.flatMap(({ documents }) => [...documents.values()].flatMap(({ values }) => likelySecrets(values)));
}

/** What a file of a structured format holds that must not be shown; nothing of another file. */
export function secretsOfFile(path: string, text: string | undefined): string[] {
  const values = text === undefined ? undefined : valuesOf(path, text);
  return values ? likelySecrets(values) : [];
}

/**
 * Of texts that look like secrets those that the source does not show anyway: a command, a URL or a permission that comes
 * from the source is never hidden because somebody has the same text under the name of a secret.
 */
export function unlessOpen(secrets: readonly string[], wanted: readonly WantedUnit[]): string[] {
  const distinct = [...new Set(secrets)];
  if (distinct.length === 0) return distinct;
  const open = wanted.flatMap(openTextsOf);
  return distinct.filter((secret) => !open.some((text) => text.includes(secret)));
}

function openTextsOf({ file, address, value, content }: WantedUnit): string[] {
  if (value !== undefined) return openTexts(value, address?.path ?? []);
  const text = content && decodeText(content);
  if (text === undefined) return [];
  const values = valuesOf(file, text);
  return values ? openTexts(values) : [maskSecrets(text, [])];
}
