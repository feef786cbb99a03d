import { isSecretName } from '../../content/secrets/secret-names.ts';
import { withoutReferences } from '../../content/secrets/secret-texts.ts';
import { findSecrets, suspectLiteral } from '../../content/secrets/secrets.ts';
import { isTable, type KeyPath, leavesOf, type Table, tableOf, type Value } from '../../model/value.ts';

/** A shared server in which each secret is a reference to the environment, and the variables that are named so. */
export interface Referenced {
  readonly value: Table;
  readonly variables: readonly string[];
}

/** Writes `${NAME}` for the secrets under `env` and `headers`. In other places no client could expand it. */
export function withReferences(name: string, server: Table): Referenced {
  const variables: string[] = [];
  const leaves = leavesOf(server).map(([path, value]): [KeyPath, Value] => {
    const found = typeof value === 'string' ? referenceFor(name, path, value) : undefined;
    if (!found) return [path, value];
    const variable = untaken(variables, found.variable);
    variables.push(variable);
    return [path, found.text.replace(`\${${found.variable}}`, () => `\${${variable}}`)];
  });
  return { value: variables.length > 0 ? tableOf(leaves) : server, variables };
}

/** Two headers may come to one name. */
function untaken(taken: readonly string[], name: string, count = 2): string {
  if (!taken.includes(name)) return name;
  const next = `${name}_${count}`;
  return taken.includes(next) ? untaken(taken, name, count + 1) : next;
}

function referenceFor(
  name: string,
  path: KeyPath,
  text: string,
): { readonly variable: string; readonly text: string } | undefined {
  const [table, key] = path;
  if (key === undefined || path.length !== 2 || !mayBeSecret(['mcpServers', name, ...path], text)) return undefined;
  if (table === 'env') return /^[A-Za-z_]\w*$/.test(key) ? { variable: key, text: `\${${key}}` } : undefined;
  if (table !== 'headers') return undefined;
  const isBearer = key.toLowerCase() === 'authorization' && text.startsWith('Bearer ');
  const variable = variableName(name, isBearer ? 'TOKEN' : key);
  return { variable, text: `${isBearer ? 'Bearer ' : ''}\${${variable}}` };
}

/** The words of the server and of the header, each once: `context7` and `CONTEXT7_API_KEY` have one in common. */
function variableName(server: string, what: string): string {
  const [first, second] = [wordsOf(server), wordsOf(what)];
  const fresh = second.filter((word) => !first.includes(word));
  const isPlain = fresh.length === second.length;
  const words = [...first, ...(isPlain ? fresh : fresh.filter((word) => word !== 'X'))].join('_');
  return /^\d/.test(words) ? `_${words}` : words;
}

function wordsOf(name: string): string[] {
  const words = name.toUpperCase().split(/[^A-Z0-9]+/);
  return words.filter((word, index) => word !== '' && words.indexOf(word) === index);
}

// Switches and small numbers.
const harmless = /^(?:true|false|on|off|yes|no|\d{0,2})$/i;

/** Whether a literal could be a secret: what is taken from a home is judged more strictly than what a person wrote to share. */
function mayBeSecret(path: KeyPath, text: string): boolean {
  const literal = withoutReferences(text).trim();
  if (harmless.test(literal) || /^Bearer$/i.test(literal)) return false;
  return findSecrets(text).length > 0 || suspectLiteral(path, text) !== undefined || isSecretName(path.at(-1) ?? '');
}

/** Whether a value holds a text that could be a secret. */
export function holdsSecret(value: Value, at: KeyPath): boolean {
  if (typeof value === 'string') return mayBeSecret(at, value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item as Value, at));
  return isTable(value) && Object.entries(value).some(([key, member]) => holdsSecret(member, [...at, key]));
}
