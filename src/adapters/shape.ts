import * as z from 'zod/mini';
import { once } from '../model/memo/once.ts';
import type { KeyPath, Value } from '../model/value.ts';
import { claudeServerRows } from './claude/server-rows.ts';
import { claudeSettingTypes, type SettingTypes } from './claude/setting-types.ts';
import type { FragmentProblem } from './client.ts';
import { codexServerRows } from './codex/server-rows.ts';
import { codexEvents } from './hooks/hook-events.ts';
import type { ServerRow, ServerValue } from './servers/server-rows.ts';
import { aOrAn, unknownKey, wrongShape } from './shape-problems.ts';

/**
 * Gives a description of what a fragment may hold. A run needs few of them and each takes time to build, so each is built
 * when it is first asked for. The schema library is used in this file only.
 */
export type Shape = () => z.ZodMiniType;

const text = z.string();
const filled = z.string().check(z.minLength(1, 'must not be empty'));
/** Not blank. */
const worded = z.string().check(z.regex(/\S/, 'must not be empty'));
const texts = z.array(text);
const textTable = z.record(text, text);
const whole = z.union([z.bigint(), z.number()], 'must be a number');
const flag = z.boolean();
const anyTable = z.record(text, z.unknown());

const optional = <T extends Record<string, z.ZodMiniType>>(keys: T) => z.partial(z.strictObject(keys));

const valueShapes: Readonly<Record<ServerValue, z.ZodMiniType>> = {
  any: z.unknown(),
  'filled text': filled,
  flag,
  number: whole,
  table: anyTable,
  text,
  texts,
  'texts by name': textTable,
  transport: z.enum(['stdio', 'http', 'streamable-http', 'sse', 'ws'], 'must be "stdio", "http", "sse" or "ws"'),
  variables: z.array(z.union([text, anyTable])),
};

/** A client's MCP server; a key within a table of a key is the client's to judge. */
function serverShape(rows: readonly ServerRow[]): z.ZodMiniType {
  const own = rows.filter(({ key }) => !key.includes('.'));
  return optional(Object.fromEntries(own.map(({ key, type }) => [key, valueShapes[type]])));
}

const codexServer = once(() => serverShape(codexServerRows));

/** Its name and wire_api are judged with the rest of what Codex refuses. */
const codexProvider = once(() =>
  z.looseObject({
    name: z.optional(text),
    base_url: z.optional(text),
    wire_api: z.optional(text),
    env_key: z.optional(text),
  }),
);

/** `clients/codex/config-fragment.toml`. Keys that are not described here are Codex's to judge. */
export const codexConfigShape: Shape = once(() =>
  z.looseObject({
    model: z.optional(text),
    model_provider: z.optional(text),
    mcp_servers: z.optional(z.record(text, codexServer())),
    model_providers: z.optional(z.record(text, codexProvider())),
    features: z.optional(anyTable),
  }),
);

const hookGroup = once(() =>
  z.looseObject({
    matcher: z.optional(text),
    hooks: z.array(z.looseObject({ type: filled })),
  }),
);

const typeShapes = {
  flag,
  text,
  texts,
  whole,
  tables: z.array(anyTable),
  table: anyTable,
  'flag or table': z.union([flag, anyTable], 'must be true, false or a table'),
};

/** The shapes of the keys of a table in which every key may be left out. */
function shapesOf(types: SettingTypes): Record<string, z.ZodMiniType> {
  const keys = Object.entries(types).map(([key, type]) => {
    if (typeof type === 'string') return [key, z.optional(typeShapes[type])] as const;
    if (!Array.isArray(type)) return [key, z.optional(z.looseObject(shapesOf(type as SettingTypes)))] as const;
    const choices = type.map((one) => JSON.stringify(one)).join(' or ');
    return [key, z.optional(z.enum(type as [string, ...string[]], `must be ${choices}`))] as const;
  });
  return Object.fromEntries(keys);
}

/**
 * `clients/claude/settings-fragment.json`. Where one of these has the wrong type, Claude ignores the whole file, with every permission
 * that the user denies in it.
 */
export const claudeSettingsShape: Shape = once(() =>
  z.looseObject({
    ...shapesOf(claudeSettingTypes),
    hooks: z.optional(z.record(text, z.array(hookGroup()))),
    env: z.optional(textTable),
  }),
);

/** `clients/claude/keybindings.json`: Claude Code 2.1 passes over the whole file when one block is wrong. */
export const claudeKeybindingsShape: Shape = once(() =>
  z.strictObject({
    $schema: z.optional(text),
    $docs: z.optional(text),
    bindings: z.array(z.looseObject({ context: filled, bindings: z.record(text, z.nullable(text)) })),
  }),
);

const claudeServer = once(() => serverShape(claudeServerRows));

/** `clients/claude/mcp-fragment.json`. */
export const claudeServersShape: Shape = once(() => z.strictObject({ mcpServers: z.record(text, claudeServer()) }));

/** Codex refuses the whole file for a fraction, Claude Code for zero. */
const seconds = z
  .union([z.bigint(), z.int()], 'must be a whole number of seconds')
  .check(z.refine((value) => value > 0, 'must be more than 0'));
const hookHandler = once(() =>
  z.looseObject({
    type: filled,
    command: z.optional(filled),
    timeout: z.optional(seconds),
    async: z.optional(flag),
    statusMessage: z.optional(text),
  }),
);
const hookGroups = once(() =>
  z.array(
    z.strictObject({
      matcher: z.optional(text),
      hooks: z.array(hookHandler()).check(z.minLength(1, 'must not be empty')),
    }),
  ),
);

/** `clients/shared/hooks.json`. Events, types and the keys of each type are judged elsewhere. */
export const sharedHooksShape: Shape = once(() => z.strictObject({ hooks: z.record(text, hookGroups()) }));

/** `clients/codex/hooks-fragment.json`; the same is judged elsewhere. */
export const codexHooksShape: Shape = once(() => optional({ description: text, hooks: z.record(text, hookGroups()) }));

const maybe = <T extends z.ZodMiniType>(shape: T) => z.optional(z.nullable(shape));
const wholeSeconds = once(() =>
  maybe(z.union([z.bigint(), z.int()], 'must be a whole number')).check(
    z.refine((value) => (value ?? 0) >= 0, 'must not be less than 0'),
  ),
);
const anyHandler = once(() =>
  z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('command'), command: text, timeout: wholeSeconds() }),
    z.looseObject({ type: z.literal('mcp_tool'), server: text, tool: text, timeout: wholeSeconds() }),
    z.looseObject({ type: z.literal(['prompt', 'agent']) }),
  ]),
);
const anyGroups = once(() =>
  z.optional(z.array(z.looseObject({ matcher: maybe(text), hooks: z.optional(z.array(anyHandler())) }))),
);

/** What Codex 0.169 loads as `hooks.json`: one fault and it runs no hook of the file. It ignores events it does not know. */
export const codexHooksFileShape: Shape = once(() =>
  optional({
    description: z.nullable(text),
    hooks: z.looseObject(Object.fromEntries(codexEvents.map((event) => [event, anyGroups()]))),
  }),
);

/** `clients/codex/agents/*.toml`: Codex takes these three and the keys of a config. */
export const codexAgentShape: Shape = once(() =>
  z.looseObject({
    name: worded,
    description: worded,
    developer_instructions: worded,
    nickname_candidates: z.optional(
      z.array(z.string().check(z.regex(/^[A-Za-z0-9 _-]+$/, 'has a character that is not allowed'))),
    ),
    model: z.optional(text),
    model_reasoning_effort: z.optional(text),
    sandbox_mode: z.optional(z.enum(['read-only', 'workspace-write', 'danger-full-access'], 'is no sandbox mode')),
    mcp_servers: z.optional(z.record(text, codexServer())),
  }),
);

const milliseconds = whole.check(z.refine(isPositiveWhole, 'must be a whole number of milliseconds, 1 or more'));
const named = (pattern: RegExp, message: string) => text.check(z.regex(pattern, message));
const transport = z.enum(
  ['stdio', 'http', 'streamable-http', 'streamableHttp', 'streamable_http', 'sse', 'ws'],
  'must be "stdio", "http", "sse" or "ws"',
);

/** Codex's own writer forgets an empty list, and the server then has every tool. */
const someTools = texts.check(z.minLength(1, 'must name a tool; "enabled": false turns a server off'));

/** Every key that an entry of `clients/shared/mcp.json` may have, the spellings of other programs at the end. */
const sharedServerKeys = once(() => ({
  type: transport,
  command: filled,
  args: texts,
  env: textTable,
  cwd: filled,
  url: filled,
  headers: z.record(named(/^[\w!#$%&'*+.^`|~-]+$/, 'is not the name of a header'), text),
  headersHelper: filled,
  token: z.union([text, anyTable], 'must be a name or a table with "name", "header" and "variable"'),
  oauth: z.strictObject({
    clientId: z.optional(filled),
    callbackPort: z.optional(whole.check(z.refine(isPositiveWhole, 'must be a port'))),
    scopes: z.optional(filled),
  }),
  timeout: milliseconds,
  startupTimeout: milliseconds,
  enabled: flag,
  required: flag,
  enabledTools: someTools,
  disabledTools: texts,
  clients: z
    .array(z.enum(['codex', 'claude'], 'must be "codex" or "claude"'))
    .check(z.minLength(1, 'must name a client')),
  transport,
  transportType: transport,
  httpUrl: filled,
  serverUrl: filled,
  disabled: flag,
  includeTools: someTools,
  excludeTools: texts,
}));

/** The names of those keys. */
export const sharedServerKeyNames: () => readonly string[] = once(() => Object.keys(sharedServerKeys()));

/** `clients/shared/mcp.json`, and an entry of it. */
export const sharedServersShape: Shape = once(() =>
  z.strictObject({ $schema: z.optional(text), mcpServers: z.record(text, anyTable) }),
);
export const sharedServerShape: Shape = once(() => optional(sharedServerKeys()));

/** `token` of a shared server, a name standing for a table with only that; `{{…}}` may become any name. */
export const sharedTokenShape: Shape = once(() =>
  z.strictObject({
    name: named(/^[A-Za-z0-9_][\w.-]*$|\{\{/, 'must be a name of letters, digits, ".", "_" and "-"'),
    header: z.optional(named(/^[A-Za-z0-9][\w-]*$|\{\{/, 'must be the name of a header')),
    variable: z.optional(named(/^[A-Za-z_]\w*$|\{\{/, 'must be the name of an environment variable')),
  }),
);

function isPositiveWhole(value: bigint | number): boolean {
  return value > 0 && (typeof value === 'bigint' || Number.isSafeInteger(value));
}

/** What in a value does not have the shape; the paths are those of the offending keys, below `at` where the value stands. */
export function shapeProblems(shape: Shape, value: Value, at: KeyPath = []): FragmentProblem[] {
  const result = z.safeParse(shape(), value, { error: issueText });
  return (result.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, at));
}

function problemsOfIssue(issue: z.core.$ZodIssue, at: KeyPath): FragmentProblem[] {
  const path: KeyPath = [...at, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
  return [wrongShape(path, (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message)];
}

function issueText(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `must be ${aOrAn(issue.expected)}`;
  return 'has a value that is not allowed';
}
