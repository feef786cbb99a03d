import { lintSource } from '@secretlint/core';
import { rules as preset } from '@secretlint/secretlint-rule-preset-recommend';
import { isExample } from '../content/secret-texts.ts';
import type { SecretHit } from '../content/secrets.ts';
import { placeCounter } from '../content/text.ts';

/** A text to look through, and what it is called. */
export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** A secret that the scanner found, and the text it stands in. */
export interface ScanHit extends SecretHit {
  readonly path: string;
}

const idOf = (rule: string) => `@secretlint/secretlint-rule-${rule}`;
/**
 * A comment in a text must not switch off what guards it: the list of allowed files does that, with a reason. (To disable a
 * rule inside the preset has no effect in this version.) The rule for Google's key files opens files by itself.
 */
const left = [idOf('filter-comments'), idOf('gcp')];
const rules = preset
  .filter(({ meta }) => !left.includes(meta.id))
  .map((rule) => ({
    ...{ id: rule.meta.id, rule, options: rule.meta.id === idOf('aws') ? { enableIDScanRule: true } : {} },
    // The number of an account opens nothing.
    allowMessageIds: ['AWSAccountID'],
  }));
const options = { config: { rules }, noPhysicFilePath: true };

// No pattern of the scanner goes across it, so that one call does for all texts: each call costs as much as a long text.
const between = '\n\u0000\n';

/** Looks through texts with the scanner. What stands in examples where a secret would stand is left out. */
export async function scanTexts(texts: readonly NamedText[]): Promise<ScanHit[]> {
  const content = texts.map(({ text }) => text).join(between);
  // With a path the scanner would read that file.
  const { messages } = await lintSource({
    source: { content, filePath: '', ext: '.txt', contentType: 'text' },
    options,
  });
  const found = messages.flatMap(({ data, range, ruleId }) => {
    const secret = secretIn(data);
    const start = secret === undefined ? -1 : content.indexOf(secret, range[0]);
    return secret === undefined || start === -1 || isExample(secret) ? [] : [{ start, secret, kind: kindOf(ruleId) }];
  });
  // Two rules may find the same.
  const distinct = [...new Map(found.map((one) => [`${one.start} ${one.secret}`, one])).values()];
  distinct.sort((a, b) => a.start - b.start);
  return placed(texts, distinct);
}

interface Found {
  readonly start: number;
  readonly secret: string;
  readonly kind: string;
}

/** The scanner names what it matched in its own way for each kind; of a URL only the password is secret. */
function secretIn(data: object | undefined): string | undefined {
  const matched = Object.values(data ?? {}).find((value) => typeof value === 'string') as string | undefined;
  if (matched === undefined) return undefined;
  const [, user, password] = /^[a-z+]+:\/\/([^\s/:@]*):([^\s@]+)@/i.exec(matched) ?? [];
  return (password === 'x-oauth-basic' ? user : password) ?? matched;
}

function kindOf(rule: string): string {
  return rule.slice(idOf('').length);
}

function placed(texts: readonly NamedText[], found: readonly Found[]): ScanHit[] {
  let offset = 0;
  let next = 0;
  return texts.flatMap(({ path, text }) => {
    const placeOf = placeCounter(text);
    const [start, end] = [offset, offset + text.length];
    offset = end + between.length;
    const hits: ScanHit[] = [];
    for (let one = found[next]; one && one.start < end; one = found[++next]) {
      hits.push({ path, ...placeOf(one.start - start), kind: one.kind, secret: one.secret });
    }
    return hits;
  });
}
