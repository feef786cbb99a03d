import { type KeyPath, sameValue, type Table, tableOf } from '../../model/value.ts';
import type { HeadersHelper, SharedFragment, SharedValue } from '../client.ts';
import { sharedServerKeyNames } from '../shape.ts';
import type { SharedLeaf } from './server-rows.ts';

/** A client's server on its way back to the shared spelling. */
export interface ServerBack {
  /** The root key of the client's file. */
  readonly root: string;
  readonly name: string;
  /** The server, without what means the same as its absence. */
  readonly server: Table;
  readonly leaves: readonly SharedLeaf[];
  readonly translate: SharedFragment['translate'];
  readonly helper: HeadersHelper;
}

/** The shared entry with those leaves, if the client gets its server of it again to the last value; else why not. */
export function exactly(back: ServerBack): SharedValue | { readonly reason: string } {
  const { root, name, server, translate, helper } = back;
  const entry = tableOf([...back.leaves].sort(byKey));
  const { values, problems } = translate({ mcpServers: { [name]: entry } }, helper);
  const wrong = problems.find(({ severity }) => severity === undefined);
  if (wrong) return { reason: wrong.message };
  const again = (values[root] as Table)[name] as Table | undefined;
  if (!again) return { reason: `server "${name}" says nothing` };
  const other = Object.keys({ ...server, ...again }).find((key) => !sameValue(server[key], again[key]));
  if (other !== undefined)
    return { reason: `"${other}" of server "${name}" has a value that no shared entry stands for` };
  return { path: ['mcpServers', name], value: entry };
}

function byKey([[a]]: SharedLeaf, [[b]]: SharedLeaf): number {
  return sharedServerKeyNames().indexOf(a as string) - sharedServerKeyNames().indexOf(b as string);
}

/** Why there is no shared spelling at all. */
export function onlyOfClient(client: string, path: KeyPath): { readonly reason: string } {
  return { reason: `the shared file has nothing for "${path.join('.')}" of ${client}` };
}
