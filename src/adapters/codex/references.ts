import { pathText } from '../../model/unit.ts';
import type { KeyPath } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';
import { expandedByProgram, variablesOfProgram } from '../servers/mcp-remote.ts';
import { type Reference, referencesIn, soleReference } from '../servers/references.ts';
import { joined, leaf, type Part } from '../servers/server-rows.ts';
import type { SharedEntry } from '../servers/shared-server.ts';

/** A text that Codex takes as it stands. The text is kept where it is wrong, so that nothing else seems missing. */
export function text(entry: SharedEntry, key: 'command' | 'cwd' | 'url'): Part {
  const value = entry.server[key];
  const [reference] = referencesIn(value ?? '');
  const problems = reference ? [notExpanded(entry, entry.at(key), reference, key)] : [];
  return { ...leaf([key], value), problems };
}

/** The arguments of a command; what the program itself expands stays as it is. */
export function argumentsPart(entry: SharedEntry): Part {
  const expanded = expandedByProgram(entry.server);
  const problems = (entry.server.args ?? []).flatMap((word, index) => {
    const [reference] = expanded.has(index) ? [] : referencesIn(word);
    return reference ? [notExpanded(entry, entry.at('args', String(index)), reference, 'args')] : [];
  });
  return { ...leaf(['args'], entry.server.args), problems };
}

function notExpanded(entry: SharedEntry, path: KeyPath, { name }: Reference, key: string): FragmentProblem {
  return {
    code: 'reference-not-expanded',
    path,
    message: `Codex does not expand "\${${name}}" in the ${key} of server "${entry.name}"`,
    remedy: `${instead(entry, key)}; where the value is no secret, write a token such as "{{var.NAME}}".`,
    solvedBy: clientKey(entry, key),
  };
}

/** Where a key stands in Codex's file. */
export function clientKey({ name }: SharedEntry, ...keys: string[]): KeyPath {
  return ['mcp_servers', name, ...keys];
}

/** What to do about a key that has no Codex spelling. */
export function instead(entry: SharedEntry, ...keys: string[]): string {
  const key = pathText(clientKey(entry, ...keys));
  return `Set ${key} in clients/codex/config-fragment.toml, or give the entry "clients": ["claude"]`;
}

/** Codex passes on a variable under its own name (`env_vars`), and only that; a server gets no others of the environment. */
export function environment(entry: SharedEntry): Part {
  const [literal, passed, problems]: [Part['leaves'][number][], string[], FragmentProblem[]] = [[], [], []];
  const env = entry.server.env ?? {};
  for (const name of variablesOfProgram(entry.server)) if (!Object.hasOwn(env, name)) passed.push(name);
  for (const [name, value] of Object.entries(env)) {
    const sole = soleReference(value);
    if (referencesIn(value).length === 0) literal.push([['env', name], value]);
    else if (sole?.name === name && sole.fallback === undefined) passed.push(name);
    else problems.push(inexpressible(entry, entry.at('env', name), value, ['env', name]));
  }
  return { leaves: passed.length > 0 ? [...literal, [['env_vars'], passed]] : literal, problems };
}

/** Codex makes a header of a variable, or of a variable after `Bearer`, and only that. */
export function headers(entry: SharedEntry): Part {
  return joined(Object.entries(entry.server.headers ?? {}).map(([header, value]) => headerPart(entry, header, value)));
}

function headerPart(entry: SharedEntry, header: string, value: string): Part {
  if (referencesIn(value).length === 0) return leaf(['http_headers', header], value);
  const isBearer = header.toLowerCase() === 'authorization' && value.startsWith('Bearer ');
  const sole = soleReference(value, isBearer ? 'Bearer ' : '');
  const key = isBearer ? ['bearer_token_env_var'] : ['env_http_headers', header];
  if (sole?.fallback === undefined && sole) return leaf(key, sole.name);
  return { leaves: [], problems: [inexpressible(entry, entry.at('headers', header), value, key)] };
}

/** Why a text with references has no Codex spelling. */
function inexpressible(entry: SharedEntry, path: KeyPath, value: string, keys: string[]): FragmentProblem {
  const sole = soleReference(value, keys[0] === 'bearer_token_env_var' ? 'Bearer ' : '');
  const [code, why] = !sole
    ? ['reference-in-text', 'as a part of a text']
    : sole.fallback !== undefined
      ? ['reference-default', 'with a default']
      : ['reference-renamed', 'under another name'];
  const { name } = referencesIn(value)[0] as Reference;
  const key = path.at(-1);
  const itself = `, or write "$\{${key}}" and set ${key} where you start the clients`;
  return {
    code,
    path,
    message: `Codex cannot take "\${${name}}" ${why} in "${path.slice(2).join('.')}" of server "${entry.name}"`,
    remedy: `${instead(entry, ...keys)}${code === 'reference-renamed' ? itself : ''}.`,
    solvedBy: clientKey(entry, ...keys),
  };
}
