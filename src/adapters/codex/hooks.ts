import { nearest } from '../../content/suggest-name.ts';
import { unmarkedJson } from '../../formats/json/json.ts';
import { isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { FragmentProblem, FragmentTarget, NextStep } from '../client.ts';
import { codexEvents } from '../hooks/hook-events.ts';
import {
  groupsOf,
  type HookHandler,
  handlersOf,
  matcherProblems,
  missingCommand,
  unknownHandlerKeys,
} from '../hooks/hook-handlers.ts';
import { codexHooksFileShape, codexHooksShape, shapeProblems } from '../shape.ts';
import { codexHooks } from './shared-hooks.ts';

/** `hooks.json`: Codex takes `description` and `hooks` there and refuses the file for any other key. */
export const codexHooksTarget: FragmentTarget = {
  kind: 'fragment',
  source: 'hooks-fragment.json',
  file: 'hooks.json',
  format: unmarkedJson,
  shared: codexHooks,
  unitKind,
  replaces: () => false,
  renamed: (_path, value) => value,
  withoutDefaults: (_path, value) => value,
  problems: codexHooksProblems,
  problemsTogether: () => [],
  refusals: (values) => shapeProblems(codexHooksFileShape, values).map((problem) => problem.message),
  afterwards: trustHooks,
};

/**
 * Codex 0.169 runs no hook that nobody has looked at, and knows one by its place in the file. To trust one for its user
 * would be to decide for them.
 */
export function trustHooks(path: KeyPath, done: 'written' | 'removed'): NextStep | undefined {
  if (path[0] !== 'hooks') return undefined;
  const message =
    done === 'written'
      ? 'Codex runs a new or changed hook only after you trust it'
      : 'Codex knows a trusted hook by its place, so it does not run one that stood after a removed one until you trust it anew';
  const remedy = 'Start "codex" and choose "Review hooks", or type /hooks there.';
  return { code: 'hook-trust', message, remedy };
}

function unitKind(path: KeyPath, value: Value): 'leaf' | 'table' | 'set' {
  if (path.length === 2 && path[0] === 'hooks' && Array.isArray(value)) return 'set';
  return isTable(value) ? 'table' : 'leaf';
}

/** What is wrong with `clients/codex/hooks-fragment.json`: what Codex 0.169 refuses, skips or ignores. */
export function codexHooksProblems(fragment: Table): FragmentProblem[] {
  const hooks = valueAt(fragment, ['hooks']);
  return [
    ...shapeProblems(codexHooksShape, fragment),
    ...(isTable(hooks) ? Object.keys(hooks).flatMap(eventProblems) : []),
    ...groupsOf(fragment).flatMap(matcherProblems),
    ...handlersOf(fragment).flatMap(handlerProblems),
  ];
}

function eventProblems(event: string): FragmentProblem[] {
  if (codexEvents.includes(event)) return [];
  const meant = nearest(event, codexEvents);
  const remedy = meant ? `Did you mean "${meant}"?` : `Use one of these: ${codexEvents.join(', ')}.`;
  return [{ code: 'hook-event', path: ['hooks', event], message: `Codex has no event "${event}"`, remedy }];
}

const keysOfTypes: Readonly<Record<string, readonly string[]>> = {
  command: ['type', 'command', 'commandWindows', 'timeout', 'async', 'statusMessage', 'additionalContextLimit'],
  mcp_tool: ['type', 'server', 'tool', 'input', 'timeout', 'statusMessage'],
};

function handlerProblems(found: HookHandler): FragmentProblem[] {
  const { type } = found.handler;
  if (typeof type !== 'string') return [];
  const keys = keysOfTypes[type];
  if (keys) return [...missingCommand(found), ...unknownHandlerKeys(found, keys)];
  const message = `Codex does not run hooks of the type "${type}"`;
  return [{ code: 'hook-type', path: [...found.path, 'type'], message, remedy: 'Use "command" or "mcp_tool".' }];
}
