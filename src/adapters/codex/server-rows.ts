import { isTable, type Value } from '../../model/value.ts';
import type { HeadersHelper } from '../client.ts';
import { variablesOfLine } from '../servers/references.ts';
import { byOtherRow, helperLeaves, leaf, type Part, type ServerRow, type SharedLeaf } from '../servers/server-rows.ts';
import { isEmpty, type SharedEntry } from '../servers/shared-server.ts';
import { shellLine } from '../shell-line.ts';
import { argumentsPart, clientKey, environment, headers, instead, text } from './references.ts';

/**
 * The keys of a server of `config.toml`, as Codex 0.169 takes them under `--strict-config`; what its own writer leaves out is a
 * default. Rows without `shared` are Codex's alone.
 */
export const codexServerRows: readonly ServerRow[] = [
  { key: 'command', type: 'filled text', shared: ['command'], to: (entry) => text(entry, 'command') },
  { key: 'args', type: 'texts', shared: ['args', '*'], to: argumentsPart, isDefault: isEmpty },
  { key: 'env', type: 'texts by name', shared: ['env', '*'], to: environment, isDefault: isEmpty },
  { key: 'env_vars', type: 'variables', shared: ['env'], to: byOtherRow, back: passedOn, isDefault: isEmpty },
  { key: 'cwd', type: 'text', shared: ['cwd'], to: (entry) => text(entry, 'cwd') },
  { key: 'url', type: 'filled text', shared: ['url'], to: (entry) => text(entry, 'url') },
  { key: 'http_headers', type: 'texts by name', shared: ['headers', '*'], to: headers, isDefault: isEmpty },
  {
    ...{ key: 'env_http_headers', type: 'texts by name', shared: ['headers', '*'], to: byOtherRow },
    ...{ back: headersOfVariables, isDefault: isEmpty },
  },
  {
    ...{ key: 'bearer_token_env_var', type: 'text', shared: ['headers', 'Authorization'], to: byOtherRow },
    back: (name) => [[['headers', 'Authorization'], `Bearer \${${String(name)}}`]],
  },
  { key: 'http_headers_helper', type: 'any', shared: ['headersHelper'], to: helperPart, back: helperLeaves },
  { key: 'oauth', type: 'table', shared: ['oauth'], to: byOtherRow, isDefault: isEmpty },
  { key: 'oauth.client_id', type: 'text', shared: ['oauth', 'clientId'] },
  {
    ...{ key: 'oauth.callback_port', type: 'number', shared: ['oauth', 'callbackPort'] },
    to: ({ server: { oauth } }) => leaf(['oauth', 'callback_port'], wholeNumber(oauth?.callbackPort)),
  },
  { key: 'scopes', type: 'texts', shared: ['oauth', 'scopes'], to: scopes, back: scopesInOne, isDefault: isEmpty },
  {
    ...{ key: 'startup_timeout_sec', type: 'number', shared: ['startupTimeout'] },
    to: ({ server }) => leaf(['startup_timeout_sec'], seconds(server.startupTimeout)),
    back: (value) => [[['startupTimeout'], milliseconds(value)]],
  },
  {
    ...{ key: 'tool_timeout_sec', type: 'number', shared: ['timeout'] },
    to: ({ server }) => leaf(['tool_timeout_sec'], seconds(server.timeout)),
    back: (value) => [[['timeout'], milliseconds(value)]],
  },
  {
    ...{ key: 'enabled', type: 'flag', shared: ['enabled'], isDefault: (value) => value === true },
    to: ({ server }) => leaf(['enabled'], server.enabled === false ? false : undefined),
  },
  {
    ...{ key: 'required', type: 'flag', shared: ['required'], isDefault: (value) => value === false },
    to: ({ server }) => leaf(['required'], server.required === true ? true : undefined),
  },
  { key: 'enabled_tools', type: 'texts', shared: ['enabledTools', '*'] },
  { key: 'disabled_tools', type: 'texts', shared: ['disabledTools', '*'], isDefault: isEmpty },
  { key: 'oauth_resource', type: 'text' },
  { key: 'startup_timeout_ms', type: 'number' },
  { key: 'default_tools_approval_mode', type: 'text' },
  { key: 'supports_parallel_tool_calls', type: 'flag' },
  { key: 'tools', type: 'table' },
];

/** Of a variable that comes from elsewhere the shared spelling knows nothing. */
function passedOn(names: Value): SharedLeaf[] | undefined {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return names.map((name) => [['env', name], `\${${name}}`]);
}

function headersOfVariables(value: Value): SharedLeaf[] | undefined {
  if (!isTable(value)) return undefined;
  return Object.entries(value).map(([header, name]) => [['headers', header], `\${${String(name)}}`]);
}

function scopes({ server: { oauth } }: SharedEntry): Part {
  return leaf(
    ['scopes'],
    oauth?.scopes?.split(/\s+/).filter((scope) => scope !== ''),
  );
}

function scopesInOne(value: Value): SharedLeaf[] | undefined {
  return Array.isArray(value) ? [[['oauth', 'scopes'], value.join(' ')]] : undefined;
}

function wholeNumber(value: bigint | number | undefined): Value | undefined {
  return value === undefined ? undefined : BigInt(value);
}

function seconds(milliseconds: bigint | number | undefined): Value | undefined {
  if (milliseconds === undefined) return undefined;
  const exact = BigInt(milliseconds);
  return exact % 1000n === 0n ? exact / 1000n : Number(exact) / 1000;
}

function milliseconds(seconds: Value): Value {
  return typeof seconds === 'number' || typeof seconds === 'bigint' ? Math.round(Number(seconds) * 1000) : seconds;
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
