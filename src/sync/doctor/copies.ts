import type { CopiedFile } from '../../adapters/checkup.ts';
import { maskSecrets, secretsIn } from '../../content/secrets/secrets.ts';
import { Unplaceable } from '../../formats/format.ts';
import { isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';
import type { ClientState, Document } from '../plan/client-state.ts';

/** What stands for a secret in a copy: a text that can stand in a header, an address, an argument. */
const stand = 'redacted';

/**
 * The copies of a client's files that it is asked about, by their names: every line where it was, with other words for
 * the secrets; with `secrets: 'kept'`, with them. A file that is not there has no copy. Undefined when one cannot be made.
 */
export function copiesFor(
  { documents }: ClientState,
  files: readonly CopiedFile[],
  secrets: 'kept' | 'replaced',
): Map<string, string> | undefined {
  const copies = new Map<string, string>();
  for (const file of files) {
    const document = documents.get(file.file);
    if (!document?.exists) continue;
    const copy = secrets === 'kept' ? wholeCopy(document, file) : copyWithoutSecrets(document, file);
    if (copy === undefined) return undefined;
    copies.set(file.file, copy);
  }
  return copies;
}

function wholeCopy({ text, values }: Document, { only }: CopiedFile): string {
  return only === undefined ? text : printed(memberOf(values, only));
}

function copyWithoutSecrets({ target, text, values }: Document, { only, without }: CopiedFile): string | undefined {
  if (target.kind !== 'fragment') return undefined;
  if (only !== undefined) {
    const member = memberOf(values, only);
    return printed(hidden(member, secretsIn(member)));
  }
  const known = secretsIn(values);
  const others = changedTexts(values, (value) => hidden(value, known));
  const remove = without === undefined ? [] : textsBelow(values, without);
  const set = others.filter(({ path }) => without === undefined || path[0] !== without || path.length !== 2);
  try {
    // A comment may hold a secret, too.
    return maskSecrets(target.format.amend(text, { set, append: [], remove }), []);
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
}

function memberOf(values: Table, key: string): Table {
  return Object.hasOwn(values, key) ? { [key]: values[key] as Value } : {};
}

function textsBelow(values: Table, key: string): KeyPath[] {
  const table = values[key];
  return Object.entries(isTable(table) ? table : {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[key, name]] : [],
  );
}

function printed(value: Value): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? Number(item) : item), 1);
}

function hidden(value: Value, known: readonly string[]): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => hidden(item, known));
  if (isTable(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item, known)]));
  if (typeof value !== 'string') return value;
  return known.includes(value)
    ? stand
    : maskSecrets(
        value,
        known.filter((secret) => secret.length > 5),
      ).replaceAll('<redacted>', stand);
}

/** The texts that differ once they are hidden, wherever they stand. */
function changedTexts(
  value: Value,
  hide: (value: Value) => Value,
  at: KeyPath = [],
): { path: KeyPath; value: Value }[] {
  if (typeof value === 'string') {
    const other = hide(value);
    return other === value ? [] : [{ path: at, value: other }];
  }
  const members: readonly [string, Value][] = Array.isArray(value)
    ? (value as readonly Value[]).map((item, index) => [String(index), item])
    : isTable(value)
      ? Object.entries(value)
      : [];
  return members.flatMap(([key, item]) => changedTexts(item, hide, [...at, key]));
}
