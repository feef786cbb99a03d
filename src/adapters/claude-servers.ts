import { json } from '../formats/json/json.ts';
import { isTable, type KeyPath, type Table, tableOf, type Value } from '../model/value.ts';
import { losses, notDeployed } from './claude-losses.ts';
import type { HeadersHelper, SharedFragment, SharedValue, Translation } from './client.ts';
import { exactly, helperLeaves, onlyOfClient, type SharedLeaf } from './server-back.ts';
import { saysNothing } from './server-contradictions.ts';
import { type ServerPlaces, sharedPlace } from './server-places.ts';
import { kindOf, type SharedEntry, type SharedServer } from './shared-server.ts';
import { sharedProblems } from './shared-server-problems.ts';
import { sharedEntries } from './shared-servers.ts';
import { shellLine } from './shell-line.ts';
import { changesTransport } from './transport.ts';

/** The keys that an entry of `.claude.json` and a shared one have in common. */
const places: ServerPlaces = {
  type: ['type'],
  command: ['command'],
  args: ['args', '*'],
  env: ['env', '*'],
  url: ['url'],
  headers: ['headers', '*'],
  headersHelper: ['headersHelper'],
  oauth: ['oauth', '*'],
  timeout: ['timeout'],
};

/** `clients/shared/mcp.json` as Claude Code 2.1 has it: the `mcpServers` of `.claude.json`, references and all. */
export const claudeServers: SharedFragment = {
  isSet: () => false,
  replaces: changesTransport,
  source: 'mcp.json',
  format: json,
  problems: sharedProblems,
  translate,
  placeOf: (path) => sharedPlace(path, 'mcpServers', places),
  untranslate,
};

function translate(values: Table, helper: HeadersHelper): Translation {
  const { entries, problems } = sharedEntries(values, 'claude');
  const [off, on] = [entries.filter(isOff), entries.filter((entry) => !isOff(entry))];
  const servers = on.map((entry) => ({ entry, server: serverOf(entry.server, helper) }));
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

function serverOf(server: SharedServer, helper: HeadersHelper): Table {
  const { command, args, env, url, headers, token, oauth, timeout } = server;
  const headersHelper = server.headersHelper ?? (token && shellLine(helper(token.name, token.header)));
  const type = kindOf(server) === 'remote' ? (server.type ?? 'http') : undefined;
  const keys: Record<string, Value | undefined> = {
    type,
    command,
    args,
    env,
    url,
    headers,
    headersHelper,
    oauth,
    timeout,
  };
  return Object.fromEntries(Object.entries(keys).filter((key): key is [string, Value] => key[1] !== undefined));
}

function untranslate(path: KeyPath, value: Value, helper: HeadersHelper): SharedValue | { readonly reason: string } {
  const [root, name] = path;
  if (root !== 'mcpServers' || name === undefined || path.length !== 2 || !isTable(value))
    return onlyOfClient('Claude Code', path);
  const server = normal(value);
  const foreign = Object.keys(server).find((key) => !Object.hasOwn(places, key));
  if (foreign !== undefined) return onlyOfClient('Claude Code', [...path, foreign]);
  const leaves = Object.entries(server).flatMap(([key, member]): SharedLeaf[] =>
    key === 'headersHelper' ? helperLeaves(member, helper) : [[[key], member]],
  );
  return exactly({ root, name, server, leaves, translate, helper });
}

/** Claude's own other spellings, and its defaults, are gone. */
function normal(server: Table): Table {
  const members = Object.entries(server).filter(
    ([key, value]) =>
      !(key === 'type' && value === 'stdio') &&
      !(['args', 'env', 'headers', 'oauth'].includes(key) && Object.keys(value ?? {}).length === 0),
  );
  const streamable = server.type === 'streamable-http';
  return tableOf(members.map(([key, value]) => [[key], key === 'type' && streamable ? 'http' : value]));
}
