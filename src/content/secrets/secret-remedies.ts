import type { KeyPath } from '../../model/value.ts';

/** Where a secret stands: the file, and in a structured file its key and the table around it. */
interface Spot {
  readonly file: string;
  readonly key: string;
  readonly table: string;
  readonly isProvider: boolean;
}

const entries = /^(?:mcpServers|mcp_servers|model_providers)$/;

/**
 * What to write instead of a literal secret, by the file it stands in and, in a structured file, by its key path. Claude
 * Code expands `${NAME}` in servers, Codex nothing: it takes names of variables in keys of their own.
 */
export function secretRemedy(file: string, at: KeyPath | undefined): string {
  return `Take it out of the repository and its history. ${insteadOf(file, at)}`;
}

function insteadOf(file: string, at: KeyPath | undefined): string {
  if (!at) return 'Name an environment variable in the text instead, such as $API_TOKEN.';
  if (at.includes('hooks')) return 'Let the command read an environment variable, such as $API_TOKEN.';
  if (!entries.test(at[0] ?? '')) return 'Set an environment variable where the client is started instead.';
  const spot = { file, key: at.at(-1) ?? '', table: at.at(-2) ?? '', isProvider: at[0] === 'model_providers' };
  return file.endsWith('.toml') ? inToml(spot) : inJson(spot);
}

/** The shape that Claude Code expands, and that is translated for Codex. */
function inJson({ key, table }: Spot): string {
  if (table === 'env') return `Write ${member(key, reference(variableFor(key)))} instead.`;
  const header = isAuthorization(key) ? `Bearer ${reference('API_TOKEN')}` : reference(variableFor(key));
  if (table === 'headers') return `Write ${member(key, header)} instead.`;
  if (key === 'url')
    return `Take it out of the URL and write "headers": { "Authorization": "Bearer ${reference('API_TOKEN')}" }.`;
  return `Write ${reference('API_TOKEN')} in its place.`;
}

function inToml({ key, table, isProvider }: Spot): string {
  if (table === 'env') return `Write env_vars = [${JSON.stringify(key)}] in the server instead.`;
  const isBearer = table === 'http_headers' ? isAuthorization(key) : /token$/i.test(key) || key === 'url';
  if (table === 'http_headers' && (isProvider || !isBearer))
    return `Write env_http_headers = { ${JSON.stringify(key)} = ${JSON.stringify(variableFor(key))} } instead.`;
  if (isProvider) return 'Write env_key = "API_KEY" instead.';
  if (isBearer) return 'Write bearer_token_env_var = "API_TOKEN" in the server instead.';
  return 'Let the server read an environment variable, and write env_vars = ["API_TOKEN"] in the server.';
}

function isAuthorization(key: string): boolean {
  return key.toLowerCase() === 'authorization';
}

function member(key: string, value: string): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

/** A reference to the environment. */
function reference(name: string): string {
  return `$\{${name}}`;
}

/** `X-Api-Key` is kept in `X_API_KEY`. */
function variableFor(key: string): string {
  return /^\w+$/.test(key) ? key : key.replace(/\W+/g, '_').toUpperCase();
}
