import { type Table, tableOf } from '../../model/value.ts';
import type { HeadersHelper, SharedFragment, Translation } from '../client.ts';
import { saysNothing } from '../servers/server-contradictions.ts';
import { type Part, serverPart, sharedPlace } from '../servers/server-rows.ts';
import type { SharedEntry } from '../servers/shared-server.ts';
import { sharedEntries, sharedServers } from '../servers/shared-servers.ts';
import { clientKey } from './references.ts';
import { codexServerRows } from './server-rows.ts';
import { codexServerBack } from './servers-back.ts';

/** `clients/shared/mcp.json` as Codex 0.169 has it: the `mcp_servers` of `config.toml`. Codex expands nothing. */
export const codexServers: SharedFragment = {
  ...sharedServers,
  translate,
  placeOf: (path) => sharedPlace(path, 'mcp_servers', codexServerRows),
  untranslate: (path, value, helper) => codexServerBack(path, value, helper, translate),
};

function translate(values: Table, helper: HeadersHelper): Translation {
  const { entries, problems } = sharedEntries(values, 'codex');
  const servers = entries.map((entry) => {
    const { leaves, problems: found } = unsupported(entry) ?? serverPart(codexServerRows, entry, helper);
    const silent = leaves.length === 0 && found.length === 0;
    return { name: entry.name, leaves, problems: silent ? [saysNothing(entry, 'mcp_servers')] : found };
  });
  return {
    values: { mcp_servers: Object.fromEntries(servers.flatMap(({ name, leaves }) => serverOf(name, leaves))) },
    problems: [...problems, ...servers.flatMap((server) => server.problems)],
  };
}

function serverOf(name: string, leaves: Part['leaves']): [string, Table][] {
  return leaves.length > 0 ? [[name, tableOf(leaves)]] : [];
}

/** A server that Codex cannot reach, or undefined. */
function unsupported(entry: SharedEntry): Part | undefined {
  const { type } = entry.server;
  if (type !== 'sse' && type !== 'ws') return undefined;
  const problem = {
    code: 'transport-not-supported',
    severity: 'warning',
    path: entry.at('type'),
    message: `Codex does not get server "${entry.name}": it cannot connect by "${type}"`,
    remedy: 'Give the entry "clients": ["claude"], or the "http" address of the server if it has one.',
    solvedBy: clientKey(entry, 'url'),
  } as const;
  return { leaves: [], problems: [problem] };
}
