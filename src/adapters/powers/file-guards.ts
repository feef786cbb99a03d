import type { Guard } from '../../model/power.ts';
import { samePower } from '../../model/power.ts';
import { isTable, type Value } from '../../model/value.ts';
import { hooksTablePowers } from '../hooks/hook-powers.ts';
import { valueText } from './power-rules.ts';
import { readingsOf } from './text-powers.ts';

/** Switches and modes in frontmatter, at their stricter end. */
const strict: Readonly<Record<string, readonly string[]>> = {
  permissionMode: ['plan', 'default', 'dontAsk'],
  'disable-model-invocation': ['true'],
  isolation: ['worktree'],
};

/** What held the agent, skill or command of a Markdown text back by its frontmatter, and does not any more. */
export function frontmatterGuards(old: string, now: string): Guard[] {
  const [before = {}, after = {}] = [old, now].map((text) => readingsOf(text)[0]?.data);
  return [
    ...Object.keys(strict)
      .filter((key) => strict[key]?.includes(String(before[key])) && String(before[key]) !== String(after[key]))
      .map((key) => restriction(key, before[key] as Value)),
    ...['disallowedTools', 'disallowed-tools'].flatMap((key) => lostNames(key, before[key], after[key])),
    ...(isNarrower(before.tools, after.tools) ? [restriction('tools', before.tools as Value)] : []),
    ...lostHooks(before.hooks, after.hooks),
  ];
}

function restriction(key: string, value: Value): Guard {
  return { what: 'restriction', does: `${key}: ${valueText(value)}` };
}

function lostNames(key: string, before: Value | undefined, after: Value | undefined): Guard[] {
  const kept = namesOf(after);
  return namesOf(before)
    .filter((name) => !kept.includes(name))
    .map((name) => restriction(key, name));
}

/** A list of the only tools that an agent has; without one it has all. */
function isNarrower(before: Value | undefined, after: Value | undefined): boolean {
  const [had, has] = [namesOf(before), namesOf(after)];
  if (had.length === 0 || had.includes('*')) return false;
  return has.length === 0 || has.some((name) => !had.includes(name));
}

/** Names in a list, or with commas between them. */
function namesOf(value: Value | undefined): string[] {
  const list = Array.isArray(value) ? (value as readonly Value[]).map(valueText) : [];
  return typeof value === 'string' ? value.split(/,(?![^(]*\))/).map((name) => name.trim()) : list;
}

function lostHooks(before: Value | undefined, after: Value | undefined): Guard[] {
  const kept = after === undefined ? [] : hooksTablePowers(after);
  const had = isTable(before) ? hooksTablePowers(before) : [];
  return had.filter((hook) => !kept.some((other) => samePower(hook, other)));
}

/** What held an agent back in an MCP server that stays: a tool that is left out, an approval, the switch. */
export function serverGuards(name: string, old: Value, now: Value | undefined): Guard[] {
  if (!isTable(old) || !isTable(now)) return [];
  const row = (does: string) => ({ what: 'restriction', does: `${name}: ${does}` });
  const asks = (server: typeof old) => approvalsOf(server).filter(([, mode]) => mode === 'prompt');
  const kept = asks(now).map(([key]) => key);
  return [
    ...(old.enabled === false && now.enabled !== false ? [row('enabled = false')] : []),
    ...lostNames('disabled_tools', old.disabled_tools as Value, now.disabled_tools as Value).map(({ does }) =>
      row(does),
    ),
    ...(isNarrower(old.enabled_tools as Value, now.enabled_tools as Value)
      ? [row(`enabled_tools = ${valueText(old.enabled_tools as Value)}`)]
      : []),
    ...asks(old).flatMap(([key]) => (kept.includes(key) ? [] : [row(`${key} = prompt`)])),
  ];
}

/** How the tools of a server are approved, by the key that says so. */
function approvalsOf(server: Value): (readonly [key: string, mode: Value | undefined])[] {
  if (!isTable(server)) return [];
  const { tools, default_tools_approval_mode: mode } = server;
  const each = isTable(tools as Value) ? Object.entries(tools as Record<string, Value>) : [];
  return [
    ['default_tools_approval_mode', mode as Value],
    ...each.map(
      ([tool, value]) =>
        [`tools.${tool}.approval_mode`, isTable(value) ? (value.approval_mode as Value) : undefined] as const,
    ),
  ];
}
