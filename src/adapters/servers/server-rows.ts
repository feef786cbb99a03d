import { isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { FragmentProblem, HeadersHelper } from '../client.ts';
import { tokenOfLine } from '../shell-line.ts';
import type { SharedEntry } from './shared-server.ts';

/** What a key of a client's server may hold. */
export type ServerValue =
  | 'any'
  | 'filled text'
  | 'flag'
  | 'number'
  | 'table'
  | 'text'
  | 'texts'
  | 'texts by name'
  | 'transport'
  | 'variables';

/** One key of a client's server: how it goes there, and back to the shared spelling. */
export interface ServerRow {
  /** Where it stands in the client's entry, with `.` between the keys. */
  readonly key: string;
  readonly type: ServerValue;
  /** Where that stands in a shared entry; `*` is what follows the key. Absent: the shared file has nothing for it. */
  readonly shared?: KeyPath;
  /** What the client gets of a shared entry. Absent: the same value. */
  to?(entry: SharedEntry, helper: HeadersHelper): Part;
  /** What a value is in the shared spelling; undefined where that has nothing for it. Absent: the value as it is. */
  back?(value: Value, helper: HeadersHelper): readonly SharedLeaf[] | undefined;
  /** Whether a value means the same as its absence. */
  isDefault?(value: Value): boolean;
}

/** Leaves of a client's server, and what could not become one. */
export interface Part {
  readonly leaves: readonly (readonly [KeyPath, Value])[];
  readonly problems: readonly FragmentProblem[];
}

/** A key of a shared entry, or one in it, with its value. */
export type SharedLeaf = readonly [path: KeyPath, value: Value];

/** Parts put together. */
export function joined(parts: readonly Part[]): Part {
  return {
    leaves: parts.flatMap(({ leaves }) => leaves),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** One key and its value, if there is one. */
export function leaf(path: KeyPath, value: Value | undefined): Part {
  return { leaves: value === undefined ? [] : [[path, value]], problems: [] };
}

/** `to` of a key whose value another row writes. */
export function byOtherRow(): Part {
  return { leaves: [], problems: [] };
}

/** What a client gets of a shared entry, in the order of the rows. */
export function serverPart(rows: readonly ServerRow[], entry: SharedEntry, helper: HeadersHelper): Part {
  return joined(
    rows.map((row) => {
      if (row.to) return row.to(entry, helper);
      return row.shared ? leaf(row.key.split('.'), valueAt(entry.server as Table, plain(row.shared))) : byOtherRow();
    }),
  );
}

/** The leaves of a shared entry for a client's server, or the key for which the shared spelling has nothing. */
export function sharedLeaves(
  rows: readonly ServerRow[],
  server: Table,
  helper: HeadersHelper,
): { readonly leaves: readonly SharedLeaf[] } | { readonly foreign: string } {
  const leaves: SharedLeaf[] = [];
  for (const [key, value] of Object.entries(server)) {
    const found = leavesOfKey(rows, key, value, helper);
    if (!found) return { foreign: key };
    leaves.push(...found);
  }
  return { leaves };
}

function leavesOfKey(
  rows: readonly ServerRow[],
  key: string,
  value: Value,
  helper: HeadersHelper,
): readonly SharedLeaf[] | undefined {
  const isDivided = isTable(value) && rows.some((row) => row.key.startsWith(`${key}.`));
  if (isDivided) {
    const members = Object.entries(value).map(([name, member]) => leavesOfKey(rows, `${key}.${name}`, member, helper));
    return members.every((found) => found !== undefined) ? members.flat() : undefined;
  }
  const row = rowOf(rows, key);
  if (row?.back) return row.back(value, helper);
  if (!row?.shared) return undefined;
  const [place, open] = [plain(row.shared), row.shared.at(-1) === '*'];
  return open && isTable(value)
    ? Object.entries(value).map(([name, member]) => [[...place, name], member])
    : [[place, value]];
}

/** A server without the values that mean the same as their absence. */
export function withoutServerDefaults(rows: readonly ServerRow[], server: Table): Table {
  return Object.fromEntries(Object.entries(server).filter(([key, value]) => !rowOf(rows, key)?.isDefault?.(value)));
}

/** The place in the shared file of what stands at `path` in a client's file, as deep as it is known. */
export function sharedPlace(path: KeyPath, root: string, rows: readonly ServerRow[]): KeyPath {
  const [first, name, key, ...rest] = path;
  if (first !== root) return [];
  if (name === undefined) return ['mcpServers'];
  const row = key === undefined ? undefined : (rowOf(rows, [key, ...rest].join('.')) ?? rowOf(rows, key));
  return ['mcpServers', name, ...(row?.shared ?? []).flatMap((part) => (part === '*' ? rest : [part]))];
}

/** The key for a line that prints headers: a token where the line is that of our helper. */
export function helperLeaves(line: Value, helper: HeadersHelper): SharedLeaf[] {
  const token = typeof line === 'string' ? tokenOfLine(line, helper) : undefined;
  if (!token) return [[['headersHelper'], line]];
  const { name, header } = token;
  return [[['token'], header === undefined ? name : { name, header }]];
}

function rowOf(rows: readonly ServerRow[], key: string): ServerRow | undefined {
  return rows.find((row) => row.key === key);
}

function plain(shared: KeyPath): KeyPath {
  return shared.filter((part) => part !== '*');
}
