import { isTable, type KeyPath, type Table, tableOf, type Value } from '../../model/value.ts';
import type { HeadersHelper, SharedFragment, SharedValue, Translation } from '../client.ts';
import { exactly, onlyOfClient } from '../servers/server-back.ts';
import { saysNothing } from '../servers/server-contradictions.ts';
import { serverPart, sharedLeaves, sharedPlace, withoutServerDefaults } from '../servers/server-rows.ts';
import type { SharedEntry } from '../servers/shared-server.ts';
import { sharedEntries, sharedServers } from '../servers/shared-servers.ts';
import { losses, notDeployed } from './losses.ts';
import { claudeServerRows } from './server-rows.ts';

/** `clients/shared/mcp.json` as Claude Code 2.1 has it: the `mcpServers` of `.claude.json`, references and all. */
export const claudeServers: SharedFragment = {
  ...sharedServers,
  translate,
  placeOf: (path) => sharedPlace(path, 'mcpServers', claudeServerRows),
  untranslate,
};

function translate(values: Table, helper: HeadersHelper): Translation {
  const { entries, problems } = sharedEntries(values, 'claude');
  const [off, on] = [entries.filter(isOff), entries.filter((entry) => !isOff(entry))];
  const servers = on.map((entry) => ({ entry, server: tableOf(serverPart(claudeServerRows, entry, helper).leaves) }));
  const isSilent = ({ server }: { server: Table }) => Object.keys(server).length === 0;
  const silent = servers.filter(isSilent).map(({ entry }) => saysNothing(entry, 'mcpServers'));
  const saying = servers.filter((one) => !isSilent(one));
  return {
    values: { mcpServers: Object.fromEntries(saying.map(({ entry, server }) => [entry.name, server])) },
    problems: [...problems, ...silent, ...off.map(notDeployed), ...on.flatMap(losses)],
  };
}

function isOff({ server }: SharedEntry): boolean {
  return server.enabled === false;
}

function untranslate(path: KeyPath, value: Value, helper: HeadersHelper): SharedValue | { readonly reason: string } {
  const [root, name] = path;
  if (root !== 'mcpServers' || name === undefined || path.length !== 2 || !isTable(value))
    return onlyOfClient('Claude Code', path);
  const server = canonicalServer(value);
  const found = sharedLeaves(claudeServerRows, server, helper);
  if ('foreign' in found) return onlyOfClient('Claude Code', [...path, found.foreign]);
  return exactly({ root, name, server, leaves: found.leaves, translate, helper });
}

/** A server without Claude's other spelling of a type, and its defaults. */
function canonicalServer(server: Table): Table {
  const spelt = server.type === 'streamable-http' ? { ...server, type: 'http' } : server;
  return withoutServerDefaults(claudeServerRows, spelt);
}
