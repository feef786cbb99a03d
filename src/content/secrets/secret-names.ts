import type { KeyPath } from '../../model/value.ts';

/** Tables whose values are secrets as a rule; `set` is the one of Codex's `shell_environment_policy`. */
const secretTables = new Set(['env', 'set', 'headers', 'http_headers', 'tokens', 'secrets', 'credentials']);
/** Keys whose values name environment variables. */
const namesOfVariables = /^(?:env_key|env_vars|env_http_headers)$|_env_vars?$/;
const secretWord =
  /^(?:tokens?|keys?|apikeys?|secrets?|passwords?|passwd|passphrase|pass|pwd|credentials?|authorization|cookie|pat)$/;
/** What such a word does not make a secret: `token_limit`, `secret_file`, `api_key_helper`. */
const harmlessEnd =
  /^(?:file|path|dir|name|id|helper|command|url|uri|limit|count|type|policy|manager|instructions|env|var|vars)$/;

const known = new Map<string, string>();
const mostKnown = 4096;

/** A key in snake case: `apiKey`, `X-Api-Key` and `API_KEY` are all `…api_key`. The same few are asked for again and again. */
function snakeCase(key: string): string {
  const before = known.get(key);
  if (before !== undefined) return before;
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
  if (known.size < mostKnown) known.set(key, name);
  return name;
}

/** True for a key whose value is a token, key, secret or password. */
export function isSecretName(key: string): boolean {
  const name = snakeCase(key);
  if (namesOfVariables.test(name)) return false;
  const words = name.split('_').filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (words.includes('public') || words.includes('max') || harmlessEnd.test(last)) return false;
  if (words.some((word) => /^(?:secrets?|\w*(?:passwords?|passwd|passphrase)|authorization)$/.test(word))) return true;
  // A bare `key` is a key of the keyboard or of a map, a bare `PWD` the working directory.
  return secretWord.test(last) && !/^(?:keys?|pwd)$/.test(name);
}

/** True for a key whose value is a password or a token for certain, so that even a word under it is one. */
export function isPasswordName(key: string): boolean {
  return /(?:password|passwd|passphrase|(?:^|_)pass|_pwd|(?:^|_)(?:secret|token|authorization|(?:api|access|secret|private)_?key))$/.test(
    snakeCase(key),
  );
}

/** True for a table whose values are secrets as a rule: `env`, `headers`, `oauthAccount`. */
export function isSecretTable(key: string): boolean {
  const name = snakeCase(key);
  return secretTables.has(name) || name.startsWith('oauth');
}

/** True for a key whose value is the name of an environment variable, or a table or list of such names. */
export function namesVariables(key: string): boolean {
  return namesOfVariables.test(snakeCase(key));
}

/** True where a path ends in or goes through a key that names variables. */
export function isVariablePath(path: KeyPath): boolean {
  return path.some(namesVariables);
}

/** True when a value under this path stands in a table of secrets. */
export function isInSecretTable(path: KeyPath): boolean {
  return path.slice(0, -1).some(isSecretTable);
}
