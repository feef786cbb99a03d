import { json } from '../formats/json/json.ts';
import { type Table, tableOf, type Value } from '../model/value.ts';
import type { HeadersHelper, SharedFragment, Translation } from './client.ts';
import {
  argumentsPart,
  clientKey,
  environment,
  headers,
  instead,
  joined,
  leaf,
  type Part,
  text,
} from './codex-references.ts';
import { codexServerBack } from './codex-servers-back.ts';
import { variablesOfLine } from './references.ts';
import { saysNothing } from './server-contradictions.ts';
import { type ServerPlaces, sharedPlace } from './server-places.ts';
import type { SharedEntry } from './shared-server.ts';
import { sharedProblems } from './shared-server-problems.ts';
import { sharedEntries } from './shared-servers.ts';
import { shellLine } from './shell-line.ts';
import { changesTransport } from './transport.ts';

const places: ServerPlaces = {
  command: ['command'],
  args: ['args', '*'],
  env: ['env', '*'],
  env_vars: ['env'],
  cwd: ['cwd'],
  url: ['url'],
  http_headers: ['headers', '*'],
  env_http_headers: ['headers', '*'],
  bearer_token_env_var: ['headers', 'Authorization'],
  http_headers_helper: ['headersHelper'],
  oauth: ['oauth'],
  'oauth.client_id': ['oauth', 'clientId'],
  'oauth.callback_port': ['oauth', 'callbackPort'],
  scopes: ['oauth', 'scopes'],
  startup_timeout_sec: ['startupTimeout'],
  tool_timeout_sec: ['timeout'],
  enabled: ['enabled'],
  required: ['required'],
  enabled_tools: ['enabledTools', '*'],
  disabled_tools: ['disabledTools', '*'],
};

/** `clients/shared/mcp.json` as Codex 0.169 has it: the `mcp_servers` of `config.toml`. Codex expands nothing. */
export const codexServers: SharedFragment = {
  isSet: () => false,
  replaces: changesTransport,
  source: 'mcp.json',
  format: json,
  problems: sharedProblems,
  translate,
  placeOf: (path) => sharedPlace(path, 'mcp_servers', places),
  untranslate: (path, value, helper) => codexServerBack(path, value, helper, translate),
};

function translate(values: Table, helper: HeadersHelper): Translation {
  const { entries, problems } = sharedEntries(values, 'codex');
  const servers = entries.map((entry) => {
    const { leaves, problems: found } = unsupported(entry) ?? serverParts(entry, helper);
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

function serverParts(entry: SharedEntry, helper: HeadersHelper): Part {
  const { server } = entry;
  return joined([
    text(entry, 'command'),
    argumentsPart(entry),
    environment(entry),
    text(entry, 'cwd'),
    text(entry, 'url'),
    headers(entry),
    helperPart(entry, helper),
    leaf(['oauth', 'client_id'], server.oauth?.clientId),
    leaf(
      ['oauth', 'callback_port'],
      server.oauth?.callbackPort === undefined ? undefined : BigInt(server.oauth.callbackPort),
    ),
    leaf(
      ['scopes'],
      server.oauth?.scopes?.split(/\s+/).filter((scope) => scope !== ''),
    ),
    leaf(['startup_timeout_sec'], seconds(server.startupTimeout)),
    leaf(['tool_timeout_sec'], seconds(server.timeout)),
    leaf(['enabled'], server.enabled === false ? false : undefined),
    leaf(['required'], server.required === true ? true : undefined),
    leaf(['enabled_tools'], server.enabledTools),
    leaf(['disabled_tools'], server.disabledTools),
  ]);
}

function seconds(milliseconds: bigint | number | undefined): Value | undefined {
  if (milliseconds === undefined) return undefined;
  const exact = BigInt(milliseconds);
  return exact % 1000n === 0n ? exact / 1000n : Number(exact) / 1000;
}

/** What the shell of a helper finds in its environment; Codex 0.169 clears all else. */
const helperVariables = 'HOME LANG LC_ALL LOGNAME PATH PWD SHELL TERM TMPDIR TZ USER'.split(' ');

function helperPart(entry: SharedEntry, helper: HeadersHelper): Part {
  const { token, headersHelper } = entry.server;
  const ours = token ? shellLine(helper(token.name, token.header)) : undefined;
  const missing = variablesOfLine(headersHelper ?? '').filter((name) => !helperVariables.includes(name));
  const problems = missing.map((name) => ({
    code: 'helper-environment',
    severity: 'warning' as const,
    path: entry.at('headersHelper'),
    message: `Codex runs the headers helper of server "${entry.name}" without the variable "${name}"`,
    remedy: `Let the helper read a file, or use "token". ${instead(entry, 'http_headers_helper')}.`,
    solvedBy: clientKey(entry, 'http_headers_helper'),
  }));
  return { ...leaf(['http_headers_helper'], headersHelper ?? ours), problems };
}
