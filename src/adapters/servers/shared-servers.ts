import { json } from '../../formats/json/json.ts';
import { isTable, type KeyPath, sameValue, type Table, type Value } from '../../model/value.ts';
import type { FragmentProblem, SharedFragment } from '../client.ts';
import { inOneSpelling } from './references.ts';
import { contradictions, saidTwice } from './server-contradictions.ts';
import { isEmpty, type SharedEntry, type SharedServer, wastedKeys } from './shared-server.ts';
import { sharedProblems, sharedServerProblems } from './shared-server-problems.ts';
import { changesTransport } from './transport.ts';

/** `clients/shared/mcp.json`, as far as it is the same for every client. */
export const sharedServers: Pick<SharedFragment, 'source' | 'format' | 'problems' | 'isSet' | 'replaces'> = {
  isSet: () => false,
  replaces: changesTransport,
  source: 'mcp.json',
  format: json,
  problems: sharedProblems,
};

/** What other programs call a key, and what its value means here. */
const aliases: Readonly<Record<string, readonly [key: string, (value: Value) => Value]>> = {
  transport: ['type', (value) => value],
  transportType: ['type', (value) => value],
  httpUrl: ['url', (value) => value],
  serverUrl: ['url', (value) => value],
  disabled: ['enabled', (value) => !value],
  includeTools: ['enabledTools', (value) => value],
  excludeTools: ['disabledTools', (value) => value],
};

/**
 * The entries for a client, put together from all layers, with what is wrong with them whatever the client. Entries
 * that do not have the shape are left out.
 */
export function sharedEntries(values: Table, client: string): { entries: SharedEntry[]; problems: FragmentProblem[] } {
  const members = Object.entries(isTable(values.mcpServers) ? values.mcpServers : {});
  const [entries, problems]: [SharedEntry[], FragmentProblem[]] = [[], []];
  for (const [name, value] of members) {
    const judged = isTable(value)
      ? sharedServerProblems(name, value)
      : sharedProblems({ mcpServers: { [name]: value } });
    const wrong = judged.filter(({ severity }) => severity === undefined);
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    const { entry, problems: twice } = inOneName(name, value as Table);
    if (entry.server.clients?.includes(client) === false) continue;
    problems.push(...twice, ...contradictions(entry));
    entries.push({ ...entry, server: withoutWasted(entry) });
  }
  return { entries, problems };
}

function inOneName(name: string, value: Table): { entry: SharedEntry; problems: FragmentProblem[] } {
  const path: KeyPath = ['mcpServers', name];
  const [server, spelt, problems] = [new Map<string, Value>(), new Map<string, string>(), [] as FragmentProblem[]];
  for (const [key, raw] of Object.entries(value)) {
    const [known, meant] = Object.hasOwn(aliases, key) ? (aliases[key] as (typeof aliases)[string]) : [key, same];
    const [other, wanted] = [spelt.get(known), canonicalValue(known, meant(raw))];
    if (other !== undefined && !sameValue(server.get(known), wanted))
      problems.push(saidTwice([...path, key], `"${other}" and "${key}" of server "${name}" say different things`));
    spelt.set(known, key);
    server.set(known, wanted);
  }
  const at = (key: string, ...deeper: string[]) => [...path, spelt.get(key) ?? key, ...deeper];
  return { entry: { name, path, server: Object.fromEntries(server) as SharedServer, at }, problems };
}

function same(value: Value): Value {
  return value;
}

function canonicalValue(key: string, value: Value): Value {
  if (key === 'type' && typeof value === 'string') return value.startsWith('streamable') ? 'http' : value;
  if (key === 'token' && typeof value === 'string') return { name: value };
  return withOneSpelling(value);
}

function withOneSpelling(value: Value): Value {
  if (typeof value === 'string') return inOneSpelling(value);
  if (Array.isArray(value)) return value.map((item) => withOneSpelling(item as Value));
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withOneSpelling(member)]));
}

/** Without those keys, and without empty lists and tables that mean the same as their absence. */
function withoutWasted(entry: SharedEntry): SharedServer {
  const [wasted, mayBeEmpty]: string[][] = [wastedKeys(entry), ['args', 'env', 'headers', 'oauth', 'disabledTools']];
  const left = Object.entries(entry.server).filter(
    ([key, value]) => !wasted?.includes(key) && !(mayBeEmpty?.includes(key) && isEmpty(value as Value)),
  );
  return Object.fromEntries(left);
}
