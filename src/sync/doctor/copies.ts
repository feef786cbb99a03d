import type { CopiedFile } from '../../adapters/checkup.ts';
import { maskSecrets, secretsIn } from '../../content/secrets.ts';
import { Unplaceable } from '../../formats/format.ts';
import { isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';
import type { ClientState, Document } from '../client-state.ts';

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
  for (const { file, only } of files) {
    const document = documents.get(file);
    if (!document?.exists) continue;
    const copy = copyOf(document, only, secrets);
    if (copy === undefined) return undefined;
    copies.set(file, copy);
  }
  return copies;
}

function copyOf({ target, text, values }: Document, only: string | undefined, secrets: 'kept' | 'replaced') {
  if (target.kind !== 'fragment') return undefined;
  const wanted: Table =
    only === undefined
      ? values
      : isTable(values) && Object.hasOwn(values, only)
        ? { [only]: values[only] as Value }
        : {};
  const known = secrets === 'kept' ? [] : secretsIn(wanted);
  const hide = (value: Value) => (secrets === 'kept' ? value : hidden(value, known));
  if (only !== undefined) return JSON.stringify(hide(wanted), bigintsToo, 1);
  if (secrets === 'kept') return text;
  try {
    const amended = target.format.amend(text, { set: changedTexts(wanted, hide), append: [], remove: [] });
    // A comment may hold one, too.
    return maskSecrets(amended, []);
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
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

function bigintsToo(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
