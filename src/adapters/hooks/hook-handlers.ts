import { nearest } from '../../content/suggest-name.ts';
import { isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';

/** One group of hooks, and where it stands: `["hooks", "Stop", "0"]`. */
export interface HookGroup {
  readonly event: string;
  readonly path: KeyPath;
  readonly group: Table;
}

/** One handler of a group, and where it stands: `["hooks", "Stop", "0", "hooks", "0"]`. */
export interface HookHandler {
  readonly event: string;
  readonly path: KeyPath;
  readonly handler: Table;
}

/** The groups of hooks in a file; what has another shape is passed over. */
export function groupsOf(values: Table): HookGroup[] {
  const hooks = valueAt(values, ['hooks']);
  if (!isTable(hooks)) return [];
  return Object.keys(hooks).flatMap((event) =>
    tablesOf(hooks[event]).map(([index, group]) => ({ event, path: ['hooks', event, index], group })),
  );
}

/** The handlers in all groups of a file. */
export function handlersOf(values: Table): HookHandler[] {
  return groupsOf(values).flatMap(({ event, path, group }) =>
    tablesOf(group.hooks).map(([index, handler]) => ({ event, path: [...path, 'hooks', index], handler })),
  );
}

function tablesOf(list: Value | undefined): [index: string, table: Table][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Value, index): [string, Table][] => (isTable(item) ? [[String(index), item]] : []));
}

/** A command hook without its command: both clients ignore the whole file then. */
export function missingCommand({ path, handler }: HookHandler): FragmentProblem[] {
  if (handler.type !== 'command' || Object.hasOwn(handler, 'command')) return [];
  const at = [...path, 'command'];
  return [
    { code: 'wrong-shape', path: at, message: `"${at.join('.')}" is missing`, remedy: 'Add the command to run.' },
  ];
}

/** Keys of a handler that are not in the list: a client would ignore them without a word. */
export function unknownHandlerKeys({ path, handler }: HookHandler, known: readonly string[]): FragmentProblem[] {
  const unknown = Object.keys(handler).filter((key) => !known.includes(key));
  return unknown.map((key) => {
    const meant = nearest(key, known);
    const remedy = meant ? `Did you mean "${meant}"? Otherwise remove it.` : 'Remove it.';
    return { code: 'unknown-key', path: [...path, key], message: `a hook has no key "${key}"`, remedy };
  });
}

const lookAround = /(?:^|[^\\])(?:\\\\)*\(\?(?:[=!]|<[=!])/;
const backReference = /(?:^|[^\\])(?:\\\\)*\\[1-9k]/;

/** Why a matcher is no regular expression that Codex and Claude Code both take, or undefined. */
function matcherFault(matcher: string): string | undefined {
  if (matcher === '*') return undefined;
  if (lookAround.test(matcher)) return 'Codex knows no look-ahead and no look-behind';
  if (backReference.test(matcher)) return 'Codex knows no back-references';
  try {
    new RegExp(matcher);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Matchers that are no regular expression: the client skips such a group. */
export function matcherProblems({ path, group: { matcher } }: HookGroup): FragmentProblem[] {
  const fault = typeof matcher === 'string' ? matcherFault(matcher) : undefined;
  if (fault === undefined) return [];
  const message = `the matcher ${JSON.stringify(matcher)} is not allowed: ${fault}`;
  const remedy = 'Write names with "|" between them, or a simpler regular expression.';
  return [{ code: 'hook-matcher', path: [...path, 'matcher'], message, remedy }];
}
