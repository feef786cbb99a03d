import type { HeadersHelper } from '../../adapters/client.ts';
import { isTable, type KeyPath, type Table, tableOf, type Value, valueAt } from '../../model/value.ts';
import type { FoundEntry } from './find-values.ts';
import { valueWithHomeToken } from './home-token.ts';
import { withReferences } from './secrets-as-variables.ts';

/** An entry in the spelling that all clients share, and what only its client can say. */
export interface Spelled {
  readonly found: FoundEntry;
  readonly path: KeyPath;
  /** Secrets are references. */
  readonly common: Table;
  readonly rest: Table;
  readonly variables: readonly string[];
  /** Whether the client's file still holds what is a reference here. */
  readonly waits: boolean;
}

/** An entry in the shared spelling, as far as that can say it; undefined where it cannot at all. */
export function spell(found: FoundEntry, helper: HeadersHelper): Spelled | undefined {
  const { target, path, state } = found;
  const value = valueWithHomeToken(found.value, state.home.root);
  const { shared } = target;
  if (!shared || !isTable(value)) return undefined;
  const back = (side: Table) => {
    const common = shared.untranslate(path, side, helper);
    return 'value' in common && isTable(common.value) ? { path: common.path, value: common.value } : undefined;
  };
  const sayable = sayablePart(value, back);
  const common = sayable && back(sayable);
  if (!sayable || !common) return undefined;
  const rest = tableOf(
    Object.keys(value).flatMap((key) => (Object.hasOwn(sayable, key) ? [] : [[[key], value[key] as Value]])),
  );
  const referenced = withReferences(path.at(-1) ?? '', common.value);
  const { variables } = referenced;
  return { found, path: common.path, common: referenced.value, rest, variables, waits: variables.length > 0 };
}

/** The keys of an entry that the shared spelling has words for: all, or what tells how to reach it and each that goes with it. */
function sayablePart(value: Table, back: (side: Table) => unknown): Table | undefined {
  if (back(value)) return value;
  const only = (keys: readonly string[]) =>
    tableOf(keys.flatMap((key) => (Object.hasOwn(value, key) ? [[[key], value[key] as Value]] : [])));
  const reach = ['type', 'command', 'url'].filter((key) => Object.hasOwn(value, key));
  if (!back(only(reach))) return undefined;
  const keys = Object.keys(value).filter((key) => reach.includes(key) || back(only([...reach, key])));
  return back(only(keys)) ? only(keys) : undefined;
}

/** What the client gets of a shared entry. */
export function translated({ found, path }: Spelled, entry: Table, helper: HeadersHelper): Value | undefined {
  const values = tableOf([[path, entry]]);
  const translation = found.target.shared?.translate(values, helper);
  const isWrong = translation?.problems.some(({ severity }) => severity === undefined);
  const value = translation && !isWrong ? valueAt(translation.values, found.path) : undefined;
  return value === undefined
    ? undefined
    : found.target.withoutDefaults(found.path, found.target.renamed(found.path, value));
}
