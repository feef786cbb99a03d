/**
 * What the real Claude Code (2.1.329 and 2.1.332) writes into `.claude.json` and `settings.json`, as pure functions from text to text:
 * the whole file is parsed and printed anew each time. A text must be one that Claude can read.
 */
export type ClaudeWrite =
  /** Any command: it only brings the file up to date. */
  | { readonly kind: 'start' }
  /** `claude mcp add-json -s user NAME JSON` */
  | { readonly kind: 'mcp add-json'; readonly name: string; readonly server: Json }
  /** `claude mcp add -s user NAME -e K=V -- COMMAND ARGS…` */
  | {
      readonly kind: 'mcp add';
      readonly name: string;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  /** `claude mcp remove -s user NAME` */
  | { readonly kind: 'mcp remove'; readonly name: string };

/** What a dialog or a command changes in `settings.json`. */
export type SettingsWrite =
  | { readonly kind: 'set'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'allow' | 'deny' | 'ask'; readonly rule: string }
  | { readonly kind: 'plugin'; readonly name: string; readonly enabled: boolean };

export type Json = { readonly [key: string]: unknown };

/** What differs from machine to machine and from run to run. */
export interface Machine {
  readonly now: string;
  readonly machineID: string;
  /** Claude Code's own. */
  readonly version: string;
}

const someMachine: Machine = {
  ...{ now: '2026-11-20T10:00:00.000Z', machineID: '0123456789abcdef'.repeat(4), version: '2.1.332' },
};

/** The `.claude.json` after a write; the same text where Claude finds nothing to change, but for the file’s layout. */
export function claudeWrite(text: string | undefined, write: ClaudeWrite, machine = someMachine): string {
  const old = parsed(text);
  const started = { ...old, ...missing(old, startKeys(old, machine)) };
  const after = apply(started, write);
  const isSame = text !== undefined && after === started && Object.keys(started).length === Object.keys(old).length;
  return isSame ? text : printed(saved(after));
}

function parsed(text: string | undefined): Json {
  return JSON.parse(text?.replace(/^\uFEFF/, '') || '{}') as Json;
}

function printed(json: Json): string {
  return JSON.stringify(json, null, 2);
}

/** The first start of a version leaves these, if they are not there. */
function startKeys(old: Json, { now, machineID, version }: Machine): Json {
  const first = old.firstStartTime === undefined ? { firstStartTime: now, firstStartVersion: version } : {};
  const migrated = {
    opusProMigrationComplete: true,
    seenNotifications: {},
    hasResetAutoModeOptInForDefaultOffer: true,
    migrationVersion: 15,
  };
  return { ...first, machineID, ...migrated };
}

function missing(old: Json, keys: Json): Json {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => old[key] === undefined));
}

function apply(json: Json, write: ClaudeWrite): Json {
  const servers = (json.mcpServers ?? {}) as Json;
  switch (write.kind) {
    case 'start':
      return json;
    case 'mcp add-json':
      return { ...json, mcpServers: { ...servers, [write.name]: knownServer(write.server) } };
    case 'mcp add': {
      const { command, args, env } = write;
      return { ...json, mcpServers: { ...servers, [write.name]: { type: 'stdio', command, args, env } } };
    }
    case 'mcp remove': {
      const { [write.name]: gone, ...rest } = servers;
      return gone === undefined ? json : { ...json, mcpServers: rest };
    }
  }
}

/** A server in the order of Claude's schema; a key it does not know is lost. */
function knownServer(server: Json): Json {
  const known = server.url === undefined ? ['type', 'command', 'args', 'env'] : ['type', 'url', 'headers'];
  const full: Json = server.url === undefined ? { args: [], ...server } : server;
  return Object.fromEntries(known.filter((key) => full[key] !== undefined).map((key) => [key, full[key]]));
}

/** What Claude holds for default is not written; what is left of the known keys comes first, in this order. */
const defaults: Json = {
  ...{ numStartups: 0, installMethod: undefined, autoUpdates: undefined, theme: 'dark', preferredNotifChannel: 'auto' },
  ...{
    verbose: false,
    editorMode: 'normal',
    autoCompactEnabled: true,
    autoScrollEnabled: true,
    showTurnDuration: true,
  },
  ...{ externalEditorContext: false, showMessageTimestamps: false, hasSeenTasksHint: false, hasUsedStash: false },
  ...{ hasUsedBackgroundTask: false, queuedCommandUpHintCount: 0, diffTool: 'auto' },
  ...{ customApiKeyResponses: { approved: [], rejected: [] }, env: {}, tipsHistory: {}, memoryUsageCount: 0 },
  ...{ promptQueueUseCount: 0, btwUseCount: 0, todoFeatureEnabled: true, showExpandedTodos: false },
  ...{ briefTranscript: false, messageIdleNotifThresholdMs: 60000, autoConnectIde: false },
  ...{ autoInstallIdeExtension: true, fileCheckpointingEnabled: true, terminalProgressBarEnabled: true },
  ...{ cachedDynamicConfigs: {}, cachedFeatureFlags: {}, respectGitignore: true, copyFullResponse: false },
};

function saved(json: Json): Json {
  const all = { ...defaults, ...json };
  const told = Object.entries(all).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key]));
  return Object.fromEntries(told.map(([key, value]) => [key, key === 'projects' ? withoutHistory(value) : value]));
}

/** Old versions kept what was typed with each project; this one takes it out. */
function withoutHistory(projects: unknown): Json {
  const entries = Object.entries(projects as Record<string, Json>);
  return Object.fromEntries(entries.map(([path, { history: _, ...rest }]) => [path, rest]));
}

/** The keys of `settings.json` in the order of Claude's schema, as far as people use them. */
const settingsOrder = [
  ...['$schema', 'apiKeyHelper', 'awsAuthRefresh', 'fileSuggestion', 'respectGitignore', 'cleanupPeriodDays', 'env'],
  ...['attribution', 'includeCoAuthoredBy', 'permissions', 'model', 'availableModels', 'enableAllProjectMcpServers'],
  ...['enabledMcpjsonServers', 'disabledMcpjsonServers', 'hooks', 'disableAllHooks', 'statusLine', 'enabledPlugins'],
  ...['extraKnownMarketplaces', 'forceLoginMethod', 'otelHeadersHelper', 'outputStyle', 'language', 'sandbox'],
  ...['spinnerTipsEnabled', 'alwaysThinkingEnabled', 'effortLevel', 'autoUpdatesChannel', 'plansDirectory'],
  ...['autoMemoryDirectory', 'theme', 'editorMode', 'verbose', 'preferredNotifChannel', 'skipAutoPermissionPrompt'],
];
const permissionsOrder = ['allow', 'deny', 'ask', 'defaultMode', 'additionalDirectories'];

/**
 * The `settings.json` after a write: what was there in the order of the schema, what is new at the end. A rule that is
 * there already leaves the file alone.
 */
export function settingsWrite(text: string | undefined, write: SettingsWrite): string {
  const old = inSchemaOrder(parsed(text));
  if ('rule' in write && rulesIn(old, write.kind).includes(write.rule)) return text ?? '';
  return `${printed({ ...old, ...changeOf(old, write) })}\n`;
}

function rulesIn({ permissions }: Json, kind: string): readonly string[] {
  return ((permissions as Json | undefined)?.[kind] ?? []) as readonly string[];
}

function changeOf(old: Json, write: SettingsWrite): Json {
  if (write.kind === 'set') return { [write.key]: write.value };
  if (write.kind === 'plugin')
    return { enabledPlugins: { ...(old.enabledPlugins as Json), [write.name]: write.enabled } };
  const rules = [...rulesIn(old, write.kind), write.rule];
  return { permissions: { ...(old.permissions as Json), [write.kind]: rules } };
}

function inSchemaOrder(settings: Json): Json {
  const { permissions, hooks, statusLine } = settings as { [key: string]: Json | undefined };
  const inner: Json = {
    ...(permissions ? { permissions: ordered(permissions, permissionsOrder, true) } : {}),
    ...(hooks ? { hooks: hooksOf(hooks as Record<string, Json[]>) } : {}),
    ...(statusLine ? { statusLine: ordered(statusLine, ['type', 'command', 'padding'], false) } : {}),
  };
  return ordered({ ...settings, ...inner }, settingsOrder, true);
}

/** A key that Claude does not know in a hook is lost. */
function hooksOf(hooks: Record<string, Json[]>): Json {
  const group = (one: Json): Json => ({
    ...ordered(one, ['matcher'], false),
    hooks: (one.hooks as Json[]).map((hook) => ordered(hook, ['type', 'command', 'timeout'], false)),
  });
  return Object.fromEntries(Object.entries(hooks).map(([event, groups]) => [event, groups.map(group)]));
}

function ordered(table: Json, order: readonly string[], keepsOthers: boolean): Json {
  const known = order.filter((key) => table[key] !== undefined).map((key) => [key, table[key]]);
  return { ...Object.fromEntries(known), ...(keepsOthers ? missing(Object.fromEntries(known), table) : {}) };
}
