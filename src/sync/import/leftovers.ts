import type { Leftover } from '../../adapters/leftovers.ts';
import type { Finding } from '../../model/finding.ts';
import { unitId } from '../../model/unit.ts';
import { type ClientState, runtimePath } from '../plan/client-state.ts';

/** A home, the names at its top, and the files below the folders that are reported file by file. */
export interface NamedHome {
  readonly state: ClientState;
  readonly names: readonly string[];
}

/** What is left of a client's home and told of, with the reason and what to do instead. */
export function leftoverFindings({ state: { client, home, documents }, names }: NamedHome): Finding[] {
  const { leftovers } = client;
  if (!leftovers) return [];
  const files = names.flatMap((name) => {
    const left = leftovers.of(name);
    return left ? [finding(unitId(client.name, name), left, { path: runtimePath(home, name) })] : [];
  });
  const keys = [...documents.values()].flatMap(({ target, values, text, path }) =>
    leftovers.keys(target.file, values).map((left) => {
      const line = target.format.lineOf(text, left.path);
      const place = { path, ...(line === undefined ? {} : { line }) };
      return finding(unitId(client.name, target.file, { path: left.path }), left, place);
    }),
  );
  return [...files, ...keys];
}

function finding(id: string, { reason, remedy }: Leftover, place: Pick<Finding, 'path' | 'line'>): Finding {
  return { code: 'not-taken', severity: 'note', message: `"${id}" is not imported: ${reason}`, remedy, ...place };
}
