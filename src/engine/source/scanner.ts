import { rules as preset } from '@secretlint/secretlint-rule-preset-recommend';
import { isExample } from '../../content/secrets/secret-texts.ts';
import type { SecretHit } from '../../content/secrets/secrets.ts';
import { placeCounter } from '../../content/text.ts';

/** A text to look through, and what it is called. */
export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** A secret that the scanner found, and the text it stands in. */
export interface ScanHit extends SecretHit {
  readonly path: string;
}

/** A rule of secretlint, as its plug-ins are written. */
interface Rule {
  readonly meta: { readonly id: string };
  create(world: RuleContext, options: object): { file?(source: object): unknown };
}

interface RuleContext {
  createTranslator(): (id: string, data?: object) => Message;
  report(report: { readonly message: Message; readonly range: readonly [start: number, end: number] }): void;
}

interface Message {
  readonly id: string;
  readonly data: object;
}

const prefix = '@secretlint/secretlint-rule-';
/**
 * A comment in a text must not switch off what guards it: the list of allowed files does that, with a reason. The rule for
 * Google's key files opens files by itself.
 */
const left = [`${prefix}filter-comments`, `${prefix}gcp`];
const rules = (preset as readonly Rule[]).filter(({ meta }) => !left.includes(meta.id));
const optionsOf = ({ meta }: Rule) => (meta.id === `${prefix}aws` ? { enableIDScanRule: true } : {});

// No pattern of the scanner goes across it, so that one call does for all texts: each call costs as much as a long text.
const between = '\n\u0000\n';

/** Looks through texts with the scanner. What stands in examples where a secret would stand is left out. */
export async function scanTexts(texts: readonly NamedText[]): Promise<ScanHit[]> {
  const content = texts.map(({ text }) => text).join(between);
  const found = (await Promise.all(rules.map((rule) => findWith(rule, content)))).flat();
  // Two rules may find the same.
  const distinct = [...new Map(found.map((one) => [`${one.start} ${one.secret}`, one])).values()];
  distinct.sort((a, b) => a.start - b.start);
  return placed(texts, distinct);
}

/** secretlint's own core keeps a measurement of each call for ever, and asks for more the more it has. */
async function findWith(rule: Rule, content: string): Promise<Found[]> {
  const found: Found[] = [];
  const world: RuleContext = {
    createTranslator:
      () =>
      (id, data = {}) => ({ id, data }),
    report: ({ message: { id, data }, range }) => {
      const secret = secretIn(data);
      const start = secret === undefined ? -1 : content.indexOf(secret, range[0]);
      // The number of an account opens nothing.
      if (secret === undefined || start === -1 || id === 'AWSAccountID' || isExample(secret)) return;
      found.push({ start, secret, kind: rule.meta.id.slice(prefix.length) });
    },
  };
  await rule.create(world, optionsOf(rule)).file?.({ content, contentType: 'text' });
  return found;
}

interface Found {
  readonly start: number;
  readonly secret: string;
  readonly kind: string;
}

/** The scanner names what it matched in its own way for each kind; of a URL only the password is secret. */
function secretIn(data: object): string | undefined {
  const matched = Object.values(data).find((value) => typeof value === 'string') as string | undefined;
  if (matched === undefined) return undefined;
  const [, user, password] = /^[a-z+]+:\/\/([^\s/:@]*):([^\s@]+)@/i.exec(matched) ?? [];
  return (password === 'x-oauth-basic' ? user : password) ?? matched;
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
