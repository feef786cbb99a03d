import type { Power } from '../../model/power.ts';
import { isTable, type Value } from '../../model/value.ts';
import { commandText, valueText } from '../powers/power-rules.ts';

/** The powers of one group of hooks, as both clients have them: a row for each handler. */
export function hookPowers(event: string, group: Value): Power[] {
  const handlers = isTable(group) && Array.isArray(group.hooks) ? (group.hooks as readonly Value[]) : [group];
  const matcher =
    isTable(group) && typeof group.matcher === 'string' && group.matcher !== '' ? ` (${group.matcher})` : '';
  return handlers.map((handler) => ({ what: 'hook', does: `${event}${matcher}: ${handlerText(handler)}` }));
}

/** What a handler runs or calls. All of it is shown where that is not known. */
function handlerText(handler: Value): string {
  if (!isTable(handler)) return valueText(handler);
  const { type, command, commandWindows, args, timeout: _, statusMessage: __, ...rest } = handler;
  const known = [
    ...(typeof command === 'string' ? [Array.isArray(args) ? commandText([command, ...args]) : command] : []),
    ...(typeof commandWindows === 'string' ? [`on Windows: ${commandWindows}`] : []),
  ];
  const others =
    Object.keys(rest).length > 0 || known.length === 0
      ? [valueText({ ...(known.length === 0 ? { type } : {}), ...rest } as Value)]
      : [];
  return [...known, ...others].join(' ');
}

/** The powers of a table of hooks by event, as it stands in frontmatter. */
export function hooksTablePowers(hooks: Value): Power[] {
  if (!isTable(hooks)) return [{ what: 'hook', does: valueText(hooks) }];
  return Object.entries(hooks).flatMap(([event, groups]) =>
    (Array.isArray(groups) ? (groups as readonly Value[]) : [groups as Value]).flatMap((group) =>
      hookPowers(event, group),
    ),
  );
}
