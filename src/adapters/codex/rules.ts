import { isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';

/** Providers that Codex 0.169 has built in and does not let a file define. */
const reservedProviders = ['openai', 'ollama', 'lmstudio'];
/** Providers that `model_provider` may name without a table in the file. */
const builtInProviders = [...reservedProviders, 'amazon-bedrock'];

/** Keys that Codex 0.169 refuses on a server that has a `command`, and those it refuses on one that has a `url`. */
const keysOfHttp = [
  'bearer_token_env_var',
  'http_headers',
  'env_http_headers',
  'http_headers_helper',
  'oauth_resource',
  'bearer_token',
];
const keysOfStdio = ['args', 'env', 'env_vars', 'cwd', 'bearer_token'];

/** What Codex refuses to load in a config: each of these locks the user out of Codex altogether. */
export function codexRefusals(config: Table): FragmentProblem[] {
  return [
    ...membersOf(config, 'mcp_servers').flatMap(([path, server]) => serverRefusals(path, server)),
    ...membersOf(config, 'model_providers').flatMap(([path, provider]) => providerRefusals(path, provider)),
    ...rootRefusals(config),
  ];
}

/** A `model_provider` that names no provider: an error in a finished file, not in a fragment. */
export function missingProvider(config: Table): FragmentProblem[] {
  const name = valueAt(config, ['model_provider']);
  if (typeof name !== 'string' || builtInProviders.includes(name)) return [];
  if (valueAt(config, ['model_providers', name]) !== undefined) return [];
  return [refusal(['model_provider'], `model_provider names "${name}", which has no [model_providers.${name}] table`)];
}

/** Refusals that only a source can have: what the file could hold, but Syncline's repository should not. */
export function codexSourceProblems(config: Table): FragmentProblem[] {
  if (valueAt(config, ['profiles']) === undefined) return [];
  return [
    {
      ...refusal(['profiles'], 'Codex no longer reads [profiles.*] tables and refuses -p while they are there'),
      remedy: 'Put each profile in clients/codex/profiles/<name>.toml.',
    },
  ];
}

function serverRefusals(path: KeyPath, server: Table): FragmentProblem[] {
  const [stdio, http] = [Object.hasOwn(server, 'command'), Object.hasOwn(server, 'url')];
  const name = path.join('.');
  if (stdio && http) return [refusal(path, `server "${name}" has both command and url`)];
  if (!stdio && !http) return [refusal(path, `server "${name}" has neither command nor url`)];
  return (stdio ? keysOfHttp : keysOfStdio)
    .filter((key) => Object.hasOwn(server, key))
    .map((key) =>
      refusal([...path, key], `"${key}" is not supported for a server with a ${stdio ? 'command' : 'url'}`),
    );
}

function providerRefusals(path: KeyPath, provider: Table): FragmentProblem[] {
  const id = path.at(-1) as string;
  const found: FragmentProblem[] = [];
  if (reservedProviders.includes(id)) found.push(refusal(path, `provider id "${id}" is reserved by Codex`));
  const name = valueAt(provider, ['name']);
  if (typeof name !== 'string' || name === '') found.push(refusal([...path, 'name'], `provider "${id}" has no name`));
  const api = valueAt(provider, ['wire_api']);
  if (api !== undefined && api !== 'responses') {
    found.push(refusal([...path, 'wire_api'], `wire_api = ${JSON.stringify(String(api))} is no longer supported`));
  }
  return found;
}

function rootRefusals(config: Table): FragmentProblem[] {
  const found: FragmentProblem[] = [];
  if (valueAt(config, ['profile']) !== undefined) {
    found.push(refusal(['profile'], 'the root key "profile" is no longer supported'));
  }
  if (valueAt(config, ['approval_policy']) === 'untrusted') {
    found.push(refusal(['approval_policy'], 'approval_policy = "untrusted" is no longer supported'));
  }
  return found;
}

function membersOf(config: Table, key: string): [KeyPath, Table][] {
  const table = valueAt(config, [key]);
  if (!isTable(table)) return [];
  return Object.entries(table)
    .filter((member): member is [string, Table] => isTable(member[1] as Value))
    .map(([name, value]) => [[key, name], value]);
}

function refusal(path: KeyPath, message: string): FragmentProblem {
  return { code: 'client-refuses', path, message, remedy: 'Correct it: Codex refuses to start with such a file.' };
}
