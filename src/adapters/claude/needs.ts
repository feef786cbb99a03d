import type { Environment } from '../../model/paths.ts';
import { isTable, type Table, type Value, valueAt } from '../../model/value.ts';
import { type FileValues, type Need, textOf } from '../checkup.ts';
import { handlersOf } from '../hooks/hook-handlers.ts';
import { referencesIn } from '../servers/references.ts';
import { type LinePlace, needsOfLine, needsOfWords } from '../shell-needs.ts';

const [settings, servers] = ['settings.json', '.claude.json'];

/** What the files of Claude Code 2.1 rely on. It expands `${NAME}` in servers; `env` of its settings sets variables. */
export function claudeNeeds(files: FileValues, environment: Environment): Need[] {
  const own = files(settings).env;
  const set = isTable(own) ? own : {};
  const known = { ...environment, variables: { ...environment.variables, ...textsIn(set) } };
  const members = files(servers).mcpServers;
  const needs = [
    ...Object.entries(isTable(members) ? members : {}).flatMap(([name, server]) =>
      isTable(server) ? serverNeeds(name, server, known) : [],
    ),
    ...hookNeeds(files(settings), known),
    ...commandNeeds(files(settings), known),
  ];
  return needs.filter(({ kind, name }) => kind !== 'variable' || !Object.hasOwn(set, name));
}

function serverNeeds(name: string, server: Table, environment: Environment): Need[] {
  const place = { file: servers, path: ['mcpServers', name], by: `server "${name}"` };
  const at = (key: string) => ({ ...place, path: [...place.path, key] });
  const [command, url] = [expanded(server, 'command', environment), expanded(server, 'url', environment)];
  const [search, helper] = [valueAt(server, ['env', 'PATH']), textOf(server, 'headersHelper')];
  const where = typeof search === 'string' && referencesIn(search).length === 0 ? { search } : {};
  const variables = ['command', 'args', 'env', 'url', 'headers'].flatMap((key) =>
    namesIn(server[key]).map((variable): Need => ({ kind: 'variable', name: variable, ...at(key) })),
  );
  return [
    ...(command ? [{ kind: 'program', name: command, ...at('command'), ...where } as const] : []),
    ...(command ? needsOfWords([command, ...argumentsOf(server, environment)], at('args')) : []),
    ...(url ? [{ kind: 'address', name: url, ...at('url') } as const] : []),
    ...variables,
    ...(helper ? needsOfLine(helper, at('headersHelper'), environment) : []),
  ];
}

/** A text with its references expanded; undefined where one of them has no value, which is a finding by itself. */
function expanded(server: Table, key: string, { variables }: Environment): string | undefined {
  const text = textOf(server, key);
  const references = referencesIn(text ?? '');
  if (references.some(({ name, fallback }) => (variables[name] ?? fallback) === undefined)) return undefined;
  return references.reduce<string | undefined>((done, { name, fallback }) => {
    const spelt = `\${${name}${fallback === undefined ? '' : `:-${fallback}`}}`;
    return done?.replace(spelt, () => variables[name] ?? fallback ?? '');
  }, text);
}

function argumentsOf({ args }: Table, environment: Environment): string[] {
  const list = Array.isArray(args) ? (args as readonly Value[]) : [];
  return list.flatMap((item) => (typeof item === 'string' ? (expanded({ item }, 'item', environment) ?? '$') : []));
}

/** The variables without a default that a text, or the texts below a key, refer to. */
function namesIn(value: Value | undefined): string[] {
  if (typeof value === 'string')
    return referencesIn(value).flatMap(({ name, fallback }) => (fallback === undefined ? [name] : []));
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(namesIn);
  return isTable(value) ? Object.values(value).flatMap(namesIn) : [];
}

function hookNeeds(values: Table, environment: Environment): Need[] {
  if (values.disableAllHooks === true) return [];
  return handlersOf(values).flatMap(({ event, path, handler }) => {
    const place = { file: settings, path: [...path, 'command'], by: `a hook of ${event}` };
    return handler.type === 'command' ? lineNeeds(textOf(handler, 'command'), place, environment) : [];
  });
}

/** Keys that hold a line of shell. */
const helpers = ['apiKeyHelper', 'awsAuthRefresh', 'awsCredentialExport', 'gcpAuthRefresh', 'otelHeadersHelper'];

/** Commands that Claude Code starts by itself. */
function commandNeeds(values: Table, environment: Environment): Need[] {
  const line = isTable(values.statusLine) ? textOf(values.statusLine, 'command') : undefined;
  const place = { file: settings, path: ['statusLine', 'command'], by: 'the status line' };
  return [
    ...lineNeeds(line, place, environment),
    ...helpers.flatMap((key) =>
      lineNeeds(textOf(values, key), { file: settings, path: [key], by: `"${key}"` }, environment),
    ),
  ];
}

function lineNeeds(line: string | undefined, place: LinePlace, environment: Environment): Need[] {
  return line === undefined ? [] : needsOfLine(line, place, environment);
}

function textsIn(table: Table): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
