import { digestOfValue } from '../../model/digest.ts';
import { isTable, type Table, type Value, valueAt } from '../../model/value.ts';
import { eventsWithoutMatcher } from '../hooks/hook-events.ts';
import { type HookHandler, handlersOf } from '../hooks/hook-handlers.ts';

/** The seconds that Codex 0.169 gives a hook which says none, and the most it gives at the end of a session. */
const usualTimeout = 600;
const sessionEndTimeout = { usual: 1, longest: 3 };

/**
 * The hooks of a file that Codex does not run, since nobody trusts them as they stand. Codex knows each by its place,
 * and trusts a digest; `state` is the table `hooks.state` of `config.toml`, `paths` are those of the file, with links and
 * without: Codex may name it by either.
 */
export function untrustedHooks(values: Table, paths: readonly string[], state: Value | undefined): HookHandler[] {
  return handlersOf(values).filter((hook) => {
    const key = paths.map((path) => keyOf(hook, path)).find((each) => valueAt(state, [each]) !== undefined);
    const known = key === undefined ? undefined : valueAt(state, [key]);
    if (valueAt(known, ['enabled']) === false) return false;
    const trusted = valueAt(known, ['trusted_hash']);
    const now = trustedHash(values, hook);
    return trusted === undefined || (now !== undefined && trusted !== now);
  });
}

function keyOf({ event, path }: HookHandler, file: string): string {
  const [, , group, , handler] = path;
  return `${file}:${snakeCase(event)}:${group}:${handler}`;
}

/** The digest that Codex 0.169 makes of a command hook; undefined for other types, of which only Codex knows it. */
export function trustedHash(values: Table, { event, path, handler }: HookHandler): string | undefined {
  if (handler.type !== 'command' || Object.hasOwn(handler, 'commandWindows')) return undefined;
  const list = valueAt(values, path.slice(0, 2));
  const group = (Array.isArray(list) ? (list as readonly Value[])[Number(path[2])] : undefined) ?? {};
  const matcher = isTable(group) && !eventsWithoutMatcher.includes(event) ? group.matcher : undefined;
  const one = { ...handler, async: handler.async ?? false, timeout: timeoutOf(event, handler.timeout) };
  const identity = { event_name: snakeCase(event), ...(matcher === undefined ? {} : { matcher }), hooks: [one] };
  return `sha256:${digestOfValue(identity)}`;
}

function timeoutOf(event: string, said: Value | undefined): number {
  const isEnd = event === 'SessionEnd';
  const seconds = Math.max(1, Number(said ?? (isEnd ? sessionEndTimeout.usual : usualTimeout)));
  return isEnd ? Math.min(seconds, sessionEndTimeout.longest) : seconds;
}

function snakeCase(event: string): string {
  return event.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
