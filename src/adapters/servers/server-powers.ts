import { destinationOf } from '../../content/origins.ts';
import type { Power, SentToken } from '../../model/power.ts';
import { isTable, leavesOf, type Table, type Value } from '../../model/value.ts';
import { commandText, matches, type PathRule, valueText } from '../powers/power-rules.ts';

/** Keys of a server that say how long, how much and whether; those that name a program or an address have rows of their own. */
const harmless: readonly PathRule[] = [
  ['type'],
  ['timeout'],
  ['startup_timeout_sec'],
  ['startup_timeout_ms'],
  ['tool_timeout_sec'],
  ['enabled'],
  ['required'],
  ['enabled_tools'],
  ['disabled_tools'],
  ['supports_parallel_tool_calls'],
  ['oauth.clientId'],
  ['oauth.client_id'],
  ['oauth.callbackPort'],
  ['oauth.callback_port'],
  ['default_tools_approval_mode', (value) => value === 'prompt'],
  ['tools.*.approval_mode', (value) => value === 'prompt'],
];

const shown = ['command', 'args', 'cwd', 'url', 'env', 'env_vars', 'headers', 'http_headers', 'env_http_headers'];
const sent = ['bearer_token_env_var', 'headersHelper', 'http_headers_helper'];

/** The powers of an MCP server, in the keys of either client: what it runs or reaches, what it gets, what it is sent. */
export function serverPowers(name: string, value: Value): Power[] {
  if (!isTable(value)) return [{ what: 'MCP server', does: `${name}: ${valueText(value)}` }];
  const target = targetOf(value);
  const others = Object.keys(value).filter((key) => ![...shown, ...sent].includes(key));
  return [
    { what: 'MCP server', does: `${name} ${target}` },
    ...variablePowers(name, value),
    ...sentPowers(value, typeof value.url === 'string' ? addressText(value.url) : name),
    ...others.flatMap((key) => unknownPowers(name, key, value[key] as Value)),
  ];
}

function targetOf({ command, args, cwd, url }: Table): string {
  const runs =
    command === undefined
      ? []
      : [`runs ${commandText([command as Value, ...(Array.isArray(args) ? (args as readonly Value[]) : [])])}`];
  const where = cwd === undefined ? [] : [`in ${valueText(cwd as Value)}`];
  return (
    [...runs, ...where, ...(url === undefined ? [] : [`connects to ${valueText(url as Value)}`])].join(' ') || 'changes'
  );
}

/** The address as it is reached: what stands before `@` in a URL is no part of its host. */
function addressText(url: string): string {
  const host = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#\\]*@)?([^/?#\\]*)/i.exec(url);
  return host ? `${host[1]}://${host[2]}` : url;
}

/** The environment that a program gets: what it is set to, and what is passed on from this machine. */
function variablePowers(name: string, { env, env_vars: passed, args, command }: Table): Power[] {
  const set = isTable(env) ? Object.entries(env) : [];
  const listed = Array.isArray(passed)
    ? (passed as readonly Value[]).map((one) => (isTable(one) ? one.name : one))
    : [];
  const named = [
    ...listed.map((one) => `$${valueText(one as Value)}`),
    ...referencesIn([env, args, command] as Value[]),
  ];
  return [
    ...set.map(([key, value]) => ({
      what: 'environment variable',
      does: `${name} gets ${key}=${valueText(value as Value)}`,
    })),
    ...[...new Set(named)].map((one) => ({ what: 'variable of this machine', does: `${name} gets ${one}` })),
  ];
}

function sentPowers(server: Table, where: string): Power[] {
  const { headers, http_headers: own, env_http_headers: fromVariables, bearer_token_env_var: bearer, url } = server;
  const literal = [headers, own].flatMap((table) => (isTable(table) ? Object.entries(table) : []));
  const variables = isTable(fromVariables) ? Object.values(fromVariables) : [];
  const references = [...(bearer === undefined ? [] : [bearer]), ...variables].map(
    (one) => `$${valueText(one as Value)}`,
  );
  const all = [...references, ...referencesIn([headers, own, url] as Value[])];
  return [
    ...[...new Set(all)].map((one) => ({ what: 'sends', does: `${one} to ${where}` })),
    ...literal
      .filter(([, value]) => referencesIn([value as Value]).length === 0)
      .map(([key, value]) => ({ what: 'sends', does: `header ${key}: ${valueText(value as Value)} to ${where}` })),
    ...helperPowers(server, where),
  ];
}

/** How a line can get at a token of this machine: by our script, by our command, or from its file. */
const waysToToken = [
  /(?<![\w-])token-headers(?:\.cmd)?["']?\s+["']?(\w[\w.-]*)/g,
  /syncline\S*\s+token\s+(?:headers|show)\s+(?:-\S+\s+)*["']?(\w[\w.-]*)/g,
  /syncline[\\/]tokens[\\/](\w[\w.-]*)/g,
];
const ourScriptAlone = /^["']?[^"'$`;&|<>()\n]*[\\/]token-headers(?:\.cmd)?["']?(?: +["']?[\w.-]+["']?){1,2}$/;

/** Whether a text may get at a token of this machine: what says so needs a closer look. */
export function mayReadTokens(text: string): boolean {
  return /token-headers|syncline/.test(text);
}

/** A helper that prints headers: a program, or the token of this machine where it is ours. */
function helperPowers({ headersHelper, http_headers_helper: own, url }: Table, where: string): Power[] {
  return [headersHelper, own].flatMap((helper): Power[] => {
    if (helper === undefined) return [];
    const by = valueText(helper as Value);
    const names = new Set(waysToToken.flatMap((way) => [...by.matchAll(way)].map(([, name]) => name as string)));
    const program = { what: 'runs a program', does: `${by}, for the headers of ${where}` };
    const [to, at] = typeof url === 'string' ? [destinationOf(url), { url }] : [where, {}];
    const sent = [...names].map((name) => tokenPower({ name, by, ...at }, to));
    return [...sent, ...(ourScriptAlone.test(by) ? [] : [program])];
  });
}

/** That a token of this machine is sent to a server; `aside` is what else a person has to know of the token. */
export function tokenPower(token: Omit<SentToken, 'url'> & Partial<SentToken>, where: string, aside = ''): Power {
  const { name, by, url } = token;
  const does = `token ${name}${aside} to ${where} (by ${by})`;
  return { what: 'sends', does, ...(url === undefined ? {} : { token: { name, by, url } }) };
}

function unknownPowers(name: string, key: string, value: Value): Power[] {
  return leavesOf(value, [key])
    .filter(([path, each]) => !matches(harmless, path, each))
    .map(([path, each]) => ({ what: 'server setting', does: `${name}: ${path.join('.')} = ${valueText(each)}` }));
}

/** The variables that texts refer to, as `$NAME`. */
function referencesIn(values: readonly Value[]): string[] {
  return [...valueText(values).matchAll(/\$\{([A-Za-z_]\w*)[^}]*\}/g)].map(([, name]) => `$${name}`);
}
