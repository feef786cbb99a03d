import { nearest } from '../../content/suggest-name.ts';
import { json } from '../../formats/json/json.ts';
import { emptyTable, isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { FragmentProblem, SharedFragment } from '../client.ts';
import { shapeProblems, sharedHooksShape } from '../shape.ts';
import { eventsWithoutMatcher, isSharedEvent, onlyClientOf, sharedEvents } from './hook-events.ts';
import {
  groupsOf,
  type HookGroup,
  type HookHandler,
  handlersOf,
  matcherProblems,
  missingCommand,
  unknownHandlerKeys,
} from './hook-handlers.ts';
import { sharedHandlerKeys } from './hook-losses.ts';

/** `clients/shared/hooks.json`: the hooks of both clients, in the shape that both read. */
export const sharedHooks: Omit<SharedFragment, 'translate'> = {
  source: 'hooks.json',
  format: json,
  problems: sharedHooksProblems,
  isSet: (path) => path.length === 2 && path[0] === 'hooks',
  replaces: () => false,
  placeOf: (path) => path,
  untranslate,
};

function sharedHooksProblems(values: Table): FragmentProblem[] {
  const hooks = valueAt(values, ['hooks']);
  return [
    ...shapeProblems(sharedHooksShape, values),
    ...(isTable(hooks) ? Object.keys(hooks).flatMap(eventProblems) : []),
    ...groupsOf(values).flatMap((found) => [...matcherProblems(found), ...idleMatcher(found)]),
    ...handlersOf(values).flatMap(handlerProblems),
  ];
}

function eventProblems(event: string): FragmentProblem[] {
  if (isSharedEvent(event)) return [];
  const path = ['hooks', event];
  const only = onlyClientOf(event);
  if (only) {
    const message = `only ${only.title} has the event "${event}"`;
    return [{ code: 'hook-event', path, message, remedy: `Move its hooks to ${only.file}.` }];
  }
  const meant = nearest(event, sharedEvents);
  const remedy = meant ? `Did you mean "${meant}"?` : `Use one of these: ${sharedEvents.join(', ')}.`;
  return [{ code: 'hook-event', path, message: `neither client has an event "${event}"`, remedy }];
}

function idleMatcher({ event, path, group }: HookGroup): FragmentProblem[] {
  if (!eventsWithoutMatcher.includes(event) || !group.matcher || group.matcher === '*') return [];
  const message = `neither client looks at a matcher of ${event}: the hook always runs`;
  const at = [...path, 'matcher'];
  return [{ code: 'hook-matcher-idle', severity: 'warning', path: at, message, remedy: 'Remove the matcher.' }];
}

const ownFragments = 'clients/codex/hooks-fragment.json and clients/claude/settings-fragment.json';

function handlerProblems(found: HookHandler): FragmentProblem[] {
  const { path, handler } = found;
  const { type } = handler;
  if (typeof type === 'string' && type !== 'command') {
    const message = `a hook of the type "${type}" cannot be shared: the clients differ in which of them they take`;
    const remedy = `Put it into the own fragment of the client that takes it (${ownFragments}).`;
    return [{ code: 'hook-type', path: [...path, 'type'], message, remedy }];
  }
  return [
    ...missingCommand(found),
    ...unknownHandlerKeys(found, [...sharedHandlerKeys, 'args']),
    ...(Object.hasOwn(handler, 'args') ? [argumentsApart(path)] : []),
  ];
}

function argumentsApart(path: KeyPath): FragmentProblem {
  const message = 'Codex would run the command without its "args"';
  const remedy = 'Write the arguments into "command", quoted as the shell needs it.';
  return { code: 'hook-args', path: [...path, 'args'], message, remedy };
}

/** The hooks with every matcher changed. */
export function withMatchers(values: Table, change: (matcher: string) => string): Table {
  const hooks = valueAt(values, ['hooks']);
  if (!isTable(hooks)) return values;
  const changed = emptyTable();
  for (const [event, groups] of Object.entries(hooks)) {
    changed[event] = Array.isArray(groups) ? groups.map((group: Value) => withMatcher(group, change)) : groups;
  }
  return { ...values, hooks: changed };
}

function withMatcher(group: Value, change: (matcher: string) => string): Value {
  if (!isTable(group) || typeof group.matcher !== 'string') return group;
  return { ...group, matcher: change(group.matcher) };
}

function untranslate(path: KeyPath, value: Value): ReturnType<SharedFragment['untranslate']> {
  const [root, event] = path;
  if (root !== 'hooks' || event === undefined) return { reason: 'the shared file holds hooks only' };
  if (isSharedEvent(event)) return { path, value };
  const only = onlyClientOf(event);
  return { reason: only ? `only ${only.title} has the event "${event}"` : `"${event}" is no event of both clients` };
}
