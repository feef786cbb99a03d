import { nearest } from '../../content/suggest-name.ts';
import { isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';
import {
  shapeProblems,
  sharedServerKeyNames,
  sharedServerShape,
  sharedServersShape,
  sharedTokenShape,
} from '../shape.ts';
import { bareReference, foreignReference, referencesIn } from './references.ts';

/**
 * What is wrong with one shared file by itself: unknown keys, wrong types, references that no client expands. An entry
 * may be a part of one.
 */
export function sharedProblems(values: Table): FragmentProblem[] {
  const around = shapeProblems(sharedServersShape, values).map((problem) =>
    withRemedy(problem, knownKeys(problem.path)),
  );
  const entries = Object.entries(isTable(values.mcpServers) ? values.mcpServers : {});
  const judged = entries.map(([name, entry]) => judgedEntry(name, entry as Value));
  const shapes = judged.map(({ shape }, index) => [
    ...around.filter(({ path }) => path.length === 2 && path[1] === entries[index]?.[0]),
    ...shape,
  ]);
  const rest = around.filter(({ path }) => path.length !== 2);
  return [...shapes.flat(), ...rest, ...judged.flatMap(({ texts }) => texts)];
}

/** What is wrong with one entry of a shared file by itself. */
export function sharedServerProblems(name: string, entry: Table): readonly FragmentProblem[] {
  const { shape, texts } = judgedEntry(name, entry);
  return [...shape, ...texts];
}

interface JudgedEntry {
  readonly shape: readonly FragmentProblem[];
  readonly texts: readonly FragmentProblem[];
}

/** Each client asks about the same entries, which do not change any more. */
const judgedEntries = new WeakMap<Table, JudgedEntry>();

function judgedEntry(name: string, entry: Value): JudgedEntry {
  if (!isTable(entry)) return { shape: [], texts: [] };
  const known = judgedEntries.get(entry);
  if (known) return known;
  const path = ['mcpServers', name];
  const shape = shapeProblems(sharedServerShape, entry, path);
  const judged = {
    shape: shape.map((problem) => withRemedy(problem, knownKeys(problem.path))),
    texts: entryProblems(path, entry),
  };
  judgedEntries.set(entry, judged);
  return judged;
}

/** The problem with what to do about it here: of an unknown key, the known one that is nearest. */
function withRemedy(problem: FragmentProblem, known: readonly string[]): FragmentProblem {
  if (problem.code !== 'unknown-key')
    return { ...problem, remedy: 'Correct the value; docs/mappings.md says what each key may be.' };
  const key = problem.path.at(-1) as string;
  // VS Code's name for the root key is too far from ours to be guessed.
  const near = problem.path.length === 1 && key === 'servers' ? 'mcpServers' : nearest(key, known);
  const instead = near === undefined ? 'Remove it' : `Write "${near}"`;
  return {
    ...problem,
    remedy: `${instead}, or set what only one client knows in that client's own fragment; docs/mappings.md lists the keys.`,
  };
}

function knownKeys(path: KeyPath): readonly string[] {
  if (path.length === 1) return ['mcpServers'];
  return path.length === 3 ? sharedServerKeyNames() : ['clientId', 'callbackPort', 'scopes'];
}

function entryProblems(path: KeyPath, entry: Table): FragmentProblem[] {
  const texts = Object.entries(entry).flatMap(([key, value]) => textsIn(value as Value, [...path, key]));
  return [
    ...texts.flatMap(([at, text]) => textProblems(at, text)),
    ...tokenProblems([...path, 'token'], entry.token),
    ...['timeout', 'startupTimeout'].flatMap((key) => shortTimeout([...path, key], entry[key])),
  ];
}

function textsIn(value: Value, path: KeyPath): [KeyPath, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item as Value, [...path, String(index)]));
  return isTable(value) ? Object.entries(value).flatMap(([key, member]) => textsIn(member, [...path, key])) : [];
}

const expanded = ['command', 'args', 'env', 'cwd', 'url', 'httpUrl', 'serverUrl', 'headers', 'headersHelper'];

function textProblems(path: KeyPath, text: string): FragmentProblem[] {
  const key = path[2] as string;
  const foreign = foreignReference(text, key === 'headersHelper' ? 'shell line' : 'value');
  if (foreign !== undefined) return [unexpanded(path, foreign)];
  const [reference] = expanded.includes(key) ? [] : referencesIn(text);
  if (reference) return [unexpanded(path, `\${${reference.name}}`)];
  const bare = key === 'env' || key === 'headers' ? bareReference(text) : undefined;
  if (bare === undefined) return [];
  return [
    {
      code: 'bare-reference',
      severity: 'warning',
      path,
      message: `"${dotted(path)}" holds "$${bare}", which no client expands`,
      remedy: `Write "\${${bare}}" if the value of the variable is meant.`,
    },
  ];
}

function unexpanded(path: KeyPath, what: string): FragmentProblem {
  return {
    code: 'foreign-reference',
    path,
    message: `"${dotted(path)}" holds "${what.replace(/:.*\}$/, ':…}')}", which neither client expands there`,
    remedy: `Write the value itself, a token such as "{{var.NAME}}", or "\${NAME}" where a variable is read.`,
  };
}

function tokenProblems(path: KeyPath, token: Value | undefined): FragmentProblem[] {
  if (typeof token !== 'string' && !isTable(token)) return [];
  const wrong = shapeProblems(sharedTokenShape, typeof token === 'string' ? { name: token } : token);
  return wrong
    .map((problem) => withRemedy(problem, ['name', 'header', 'variable']))
    .map(({ message, ...rest }) => ({
      ...rest,
      path: typeof token === 'string' ? path : [...path, ...rest.path],
      message: `in "${dotted(path)}": ${message}`,
    }));
}

function shortTimeout(path: KeyPath, value: Value | undefined): FragmentProblem[] {
  if ((typeof value !== 'bigint' && typeof value !== 'number') || value >= 1000 || value < 1) return [];
  return [
    {
      code: 'short-timeout',
      severity: 'warning',
      path,
      message: `"${dotted(path)}" is ${value} milliseconds, less than a second`,
      remedy: 'Write milliseconds; Claude Code takes no notice of a timeout below 1000.',
    },
  ];
}

function dotted(path: KeyPath): string {
  return path.join('.');
}
