import type { Environment } from '../../model/paths.ts';
import { isTable, type Table, type Value, valueAt } from '../../model/value.ts';
import { type FileValues, type Need, textOf } from '../checkup.ts';
import { handlersOf } from '../hooks/hook-handlers.ts';
import { type LinePlace, needsOfLine, needsOfWords } from '../shell-needs.ts';

const config = 'config.toml';

/** What the files of Codex 0.169 rely on. It expands nothing: variables are named in keys of their own. */
export function codexNeeds(files: FileValues, environment: Environment): Need[] {
  const values = files(config);
  return [
    ...entriesOf(values.mcp_servers).flatMap(([name, server]) => serverNeeds(name, server, environment)),
    ...providerNeeds(values),
    ...notifyNeeds(values.notify),
    ...[config, 'hooks.json'].flatMap((file) => hookNeeds(file, files(file), environment)),
  ];
}

function serverNeeds(name: string, server: Table, environment: Environment): Need[] {
  if (server.enabled === false) return [];
  const place = { file: config, path: ['mcp_servers', name], by: `server "${name}"` };
  const at = (key: string) => ({ ...place, path: [...place.path, key] });
  const [command, url, folder] = [textOf(server, 'command'), textOf(server, 'url'), textOf(server, 'cwd')];
  const search = valueAt(server, ['env', 'PATH']);
  const where = { ...(folder ? { folder } : {}), ...(typeof search === 'string' ? { search } : {}) };
  const helper = textOf(server, 'http_headers_helper');
  return [
    ...(command ? [{ kind: 'program', name: command, ...at('command'), ...where } as const] : []),
    ...(command ? needsOfWords([command, ...textsOf(server.args)], at('args')) : []),
    ...(url ? [{ kind: 'address', name: url, ...at('url') } as const] : []),
    ...variablesAt(server, place, ['bearer_token_env_var', 'env_http_headers', 'env_vars']),
    ...(helper ? needsOfLine(helper, at('http_headers_helper'), environment) : []),
  ];
}

/** Of the providers only the one that is chosen has to work. */
function providerNeeds(values: Table): Need[] {
  const chosen = textOf(values, 'model_provider');
  const provider = chosen === undefined ? undefined : valueAt(values, ['model_providers', chosen]);
  if (chosen === undefined || !isTable(provider)) return [];
  const place = { file: config, path: ['model_providers', chosen], by: `model provider "${chosen}"` };
  return variablesAt(provider, place, ['env_key', 'env_http_headers']);
}

/** The program that Codex calls after each turn, and its arguments. */
function notifyNeeds(notify: Value | undefined): Need[] {
  const [program = '', ...words] = textsOf(notify);
  const place = { file: config, path: ['notify'], by: '"notify"' };
  if (program === '') return [];
  return [{ kind: 'program', name: program, ...place }, ...needsOfWords([program, ...words], place)];
}

function textsOf(value: Value | undefined): string[] {
  const list = Array.isArray(value) ? (value as readonly Value[]) : [];
  return list.filter((item): item is string => typeof item === 'string');
}

function hookNeeds(file: string, values: Table, environment: Environment): Need[] {
  return handlersOf(values).flatMap(({ event, path, handler }) => {
    const line = handler.type === 'command' ? textOf(handler, 'command') : undefined;
    return line ? needsOfLine(line, { file, path: [...path, 'command'], by: `a hook of ${event}` }, environment) : [];
  });
}

/** The variables that a key names: one, a list of them, or one for each header. */
function variablesAt(table: Table, place: LinePlace, keys: readonly string[]): Need[] {
  return keys.flatMap((key) =>
    namesIn(table[key]).map((name) => ({ kind: 'variable', name, ...place, path: [...place.path, key] }) as const),
  );
}

function namesIn(value: Value | undefined): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value))
    return (value as readonly Value[]).flatMap((item) => (isTable(item) ? namesIn(item.name) : namesIn(item)));
  return isTable(value) ? Object.values(value).flatMap(namesIn) : [];
}

function entriesOf(value: Value | undefined): [string, Table][] {
  return Object.entries(isTable(value) ? value : {}).filter((entry): entry is [string, Table] => isTable(entry[1]));
}
