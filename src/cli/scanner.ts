import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
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

const preset = '@secretlint/secretlint-rule-preset-recommend';
const rules = [
  // The number of an account opens nothing.
  { id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true }, allowMessageIds: ['AWSAccountID'] },
  // A comment in a text must not switch off what guards it: the list of allowed files does that, with a reason.
  { id: '@secretlint/secretlint-rule-filter-comments', disabled: true },
];
const options = { config: { rules: [{ id: preset, rule: creator, rules }] }, noPhysicFilePath: true };

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
  return placed(
    texts,
    found.sort((a, b) => a.start - b.start),
  );
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
  return rule.replace(/^@secretlint\/secretlint-rule-/, '');
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
