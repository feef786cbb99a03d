import type { Guard, Power } from '../../model/power.ts';
import { isTable, type KeyPath, leavesOf, type Value } from '../../model/value.ts';
import { hookPowers } from '../hooks/hook-powers.ts';
import { importPowers } from '../import-powers.ts';
import { frontmatterGuards, serverGuards } from '../powers/file-guards.ts';
import {
  anyValue,
  matches,
  type NamedPaths,
  nameOf,
  type PathRule,
  type PowerRules,
  settingPower,
  valueText,
} from '../powers/power-rules.ts';
import { restrainsByName } from '../powers/restraint-names.ts';
import { scriptPowers, textPowers } from '../powers/text-powers.ts';
import { serverPowers } from '../servers/server-powers.ts';

const isFalse = (value: Value) => value === false;
const isTrue = (value: Value) => value === true;

/** Lists that take something from an agent. */
const denials = anyValue(
  ...['permissions.deny', 'permissions.ask', 'disabledMcpjsonServers', 'deniedMcpServers', 'blockedMarketplaces'],
  ...['deniedModels', 'availableModels', 'sandbox.filesystem.denyRead', 'sandbox.filesystem.denyWrite'],
  'sandbox.network.deniedDomains',
);

/** Switches, at their stricter end. */
const restraints: readonly PathRule[] = [
  ['permissions.disableBypassPermissionsMode', (value) => value === 'disable'],
  ['permissions.disableAutoMode', (value) => value === 'disable'],
  ['permissions.defaultMode', (value) => value === 'default' || value === 'plan'],
  ['disableSkillShellExecution', isTrue],
  ['sandbox.enabled', isTrue],
  ['sandbox.failIfUnavailable', isTrue],
  ['sandbox.allowUnsandboxedCommands', isFalse],
  ['sandbox.autoAllowBashIfSandboxed', isFalse],
  ['enabledPlugins.*', isFalse],
];

/**
 * Settings that name no program, address, environment or credential, and trust, allow or loosen nothing. The list follows the schema
 * of `settings.json` in Claude Code 2.1.332; a key that is not on it is a power.
 */
const harmlessAlone: readonly PathRule[] = [
  ...anyValue(
    ...['$schema', 'model', 'fallbackModel', 'fallbackModel.*', 'enforceAvailableModels', 'availableModelsMatch'],
    ...[
      'effortLevel',
      'alwaysThinkingEnabled',
      'outputStyle',
      'language',
      'theme',
      'verbose',
      'viewMode',
      'editorMode',
    ],
    ...[
      'vimMode',
      'hideVimModeIndicator',
      'maxProseWidth',
      'spinnerVerbs.**',
      'spinnerTipsEnabled',
      'showTurnDuration',
    ],
    ...['terminalProgressBarEnabled', 'prefersReducedMotion', 'breakReminder.**', 'quietHours.**', 'cleanupPeriodDays'],
    ...['includeCoAuthoredBy', 'includeGitInstructions', 'attribution.**', 'respectGitignore', 'autoCompactEnabled'],
    ...['autoUpdatesChannel', 'preferredNotifChannel', 'bashOutputMaxChars', 'bashEditDiffEnabled'],
    ...['respondToBashCommands', 'companyAnnouncements', 'skillListingMaxDescChars', 'skillListingBudgetFraction'],
    ...['workflowSizeGuideline', 'feedbackSurveyRate', 'minimumVersion', 'statusLine.type', 'statusLine.padding'],
    ...['statusLine.refreshInterval', 'todoFeatureEnabled', 'fileCheckpointingEnabled'],
  ),
  ['sandbox.enableWeakerNestedSandbox', isFalse],
  ['sandbox.network.allowAllUnixSockets', isFalse],
  ['sandbox.network.allowLocalBinding', isFalse],
  ['enableAllProjectMcpServers', isFalse],
  ['disableAllHooks', isFalse],
  ['skipDangerousModePermissionPrompt', isFalse],
  ['skipAutoPermissionPrompt', isFalse],
  ['skipWebFetchPreflight', isFalse],
];

const harmless: readonly PathRule[] = [...denials, ...restraints, ...harmlessAlone];

const names: NamedPaths = [
  ['permissions.allow', 'allowed permission'],
  ['permissions.additionalDirectories', 'directory the agent may use'],
  ['permissions.**', 'permission mode'],
  ['env.**', 'environment variable'],
  ['apiKeyHelper', 'runs a program'],
  ['proxyAuthHelper', 'runs a program'],
  ['awsAuthRefresh', 'runs a program'],
  ['awsCredentialExport', 'runs a program'],
  ['gcpAuthRefresh', 'runs a program'],
  ['otelHeadersHelper', 'runs a program'],
  ['processWrapper', 'runs a program'],
  ['policyHelper.**', 'runs a program'],
  ['policyHelpers.**', 'runs a program'],
  ['fileSuggestion.**', 'runs a program'],
  ['statusLine.**', 'runs a program'],
  ['subagentStatusLine.**', 'runs a program'],
  ['defaultShell', 'runs a program'],
  ['enabledPlugins.**', 'plugin'],
  ['extraKnownMarketplaces.**', 'plugin marketplace'],
  ['additionalMarketplaces.**', 'plugin marketplace'],
  ['pluginSuggestionMarketplaces.**', 'plugin marketplace'],
  ['sandbox.**', 'sandbox'],
  ['enableAllProjectMcpServers', "trust in projects' servers"],
  ['enabledMcpjsonServers', "trust in projects' servers"],
  ['autoMode.**', 'approval without asking'],
  ['skipDangerousModePermissionPrompt', 'approval without asking'],
  ['skipAutoPermissionPrompt', 'approval without asking'],
  ['disableAllHooks', 'turns hooks off'],
  ['forceLoginMethod', 'credentials'],
  ['forceLoginOrgUUID', 'credentials'],
  ['forceLoginGatewayUrl', 'gets traffic'],
  ['modelCatalogUrl', 'gets traffic'],
  ['xaaIdp.**', 'gets traffic'],
];

/** What holds an agent back: when it goes, or its value is another one that does not, a person should see that. */
const guards: readonly PathRule[] = [
  ...denials,
  ...restraints,
  ...anyValue(
    'allowedHttpHookUrls',
    'httpHookAllowedEnvVars',
    'allowedMcpServers',
    'strictKnownMarketplaces',
    'hooks.*',
    ...['allowedProviders', 'forceLoginMethod', 'forceLoginOrgUUID', 'claudeMdExcludes', 'sandbox.credentials.**'],
    ...['autoMode.soft_deny', 'autoMode.hard_deny'],
  ),
  ['permissions.denyInsteadOfPrompting', isTrue],
  ['skillOverrides.*', (value) => value !== 'on'],
  ['crossSessionInbound', (value) => value === 'hold' || value === 'refuse'],

  ['disableRemoteControl', isTrue],
  ['disableCommandPluginSources', isTrue],
];

const guardNames: NamedPaths = [
  ['permissions.deny', 'denied permission'],
  ['permissions.ask', 'permission that asks'],
  ['hooks.*', 'hook'],
  ['sandbox.**', 'sandbox'],
  ['permissions.**', 'permission mode'],
];

/** What Claude Code lets an agent do, and what holds one back there. */
export const claudePowers: PowerRules = {
  ofValue: (file, path, value) => (values[file] ?? ofSetting)(path, value),
  ofFile,
  ofText: importPowers,
  marker: (file) => /^skills\/[^/]+\//.exec(file)?.[0].concat('.claude-plugin/plugin.json'),
  lostAt,
  lostIn: (file, old, now) => (file.endsWith('.md') && now !== undefined ? frontmatterGuards(old, now) : []),
};

const values: Readonly<Record<string, (path: KeyPath, value: Value) => Power[]>> = {
  '.claude.json': ofServer,
  'keybindings.json': ofKeys,
};

function ofServer(path: KeyPath, value: Value): Power[] {
  return path[0] === 'mcpServers' && path.length === 2
    ? serverPowers(path[1] as string, value)
    : [settingPower([], path, value)];
}

function ofSetting(path: KeyPath, value: Value): Power[] {
  const [first, second] = path;
  if (first === 'hooks' && second !== undefined) return hookPowers(second, value);
  return leavesOf(value, path).flatMap(([at, each]): Power[] => {
    if (matches(harmless, at, each)) return [];
    if (at[0] === 'permissions' && at[1] === 'allow' && at.length === 2)
      return [{ what: 'allowed permission', does: valueText(each) }];
    return [settingPower(names, at, each)];
  });
}

/** Actions that answer no question and change no mode, by the bundle of Claude Code 2.1.332. */
const harmlessActions =
  /^(?:(?:app|history|autocomplete|tabs|transcript|historySearch|theme|help|attachments|footer|messageSelector|diff|scroll|selection|voice|task|settings|feedbackSurvey|abovePrompt):\w+|chat:(?!cycleMode$)\w+)$/;

/** An action `command:NAME` runs a slash command at a keystroke, and `confirm:yes` at another key than people expect agrees to anything. */
function ofKeys(_path: KeyPath, block: Value): Power[] {
  const { context, bindings } = isTable(block) ? block : {};
  const keys = isTable(bindings as Value) ? Object.entries(bindings as Record<string, Value>) : [];
  return keys
    .filter(([, action]) => context === 'Confirmation' || !(action === null || harmlessActions.test(String(action))))
    .map(([key, action]) => ({
      what: String(action).startsWith('command:') ? 'key that runs a command' : 'key that answers or allows',
      does: `${key}: ${String(action)}`,
    }));
}

/** A skill folder that is also a plugin loads its hooks and servers without a trust step. */
function ofFile(file: string, text: string | undefined, executable: boolean): Power[] {
  const inPlugin =
    /(?:^|\/)(?:\.claude-plugin\/.*|\.mcp\.json|\.lsp\.json|hooks\/hooks\.json|monitors\/.*\.json)$/.test(file);
  const plugin = inPlugin && file.startsWith('skills/') ? [pluginPower(file, text)] : [];
  const workflow = file.startsWith('workflows/')
    ? [{ what: 'workflow', does: `${file} may be run`, wholeFile: true as const }]
    : [];
  const isText = file.endsWith('.md') && text !== undefined && !file.startsWith('memories/');
  return [
    ...plugin,
    ...workflow,
    ...(isText ? textPowers(text) : []),
    ...(file.endsWith('.md') && text !== undefined ? importPowers(text) : []),
    ...(workflow.length > 0 ? [] : scriptPowers(file, text, executable)),
  ];
}

/** A part of a plugin, with what stands in it: it may name programs, servers and other files with hooks. */
function pluginPower(file: string, text: string | undefined): Power {
  const content = text === undefined ? '' : `: ${text.replace(/\s+/g, ' ').trim()}`;
  return { what: 'plugin inside a skill', does: file + content, wholeFile: true };
}

/** From the strictest on, as far as the modes can be compared. */
const modes = ['dontAsk', 'plan', 'default', 'acceptEdits', 'auto', 'bypassPermissions'];

function isWeakerMode(path: KeyPath, old: Value, now: Value | undefined): boolean {
  const rank = (mode: Value) => modes.indexOf(mode === 'manual' ? 'default' : String(mode));
  if (path.join('.') !== 'permissions.defaultMode' || rank(old) < 0) return false;
  return rank(now ?? 'default') > rank(old);
}

function isGuard(path: KeyPath, value: Value): boolean {
  return matches(guards, path, value) || (restrainsByName(path, value) && !matches(harmlessAlone, path, value));
}

function lostAt(file: string, path: KeyPath, old: Value, now: Value | undefined): Guard[] {
  if (file === '.claude.json' && path.length === 2) return serverGuards(path[1] as string, old, now);
  const weaker = isWeakerMode(path, old, now);
  if (file !== 'settings.json' || !(weaker || isGuard(path, old))) return [];
  if (path[0] === 'hooks' && now === undefined) return hookPowers(path[1] ?? '', old);
  const what = nameOf(guardNames, path) ?? 'restriction';
  if (Array.isArray(old) && Array.isArray(now))
    return lostMembers(what, path, old as readonly Value[], now as readonly Value[]);
  if (!weaker && now !== undefined && (isTable(now) || matches(guards, path, now))) return [];
  const isRule = path[0] === 'permissions' && now === undefined && !Array.isArray(old);
  return [{ what, does: isRule ? valueText(old) : `${path.join('.')} = ${valueText(old)}` }];
}

function lostMembers(what: string, path: KeyPath, old: readonly Value[], now: readonly Value[]): Guard[] {
  const kept = new Set(now.map(valueText));
  return old
    .filter((one) => !kept.has(valueText(one)))
    .map((one) => ({ what, does: `${path.join('.')}: ${valueText(one)}` }));
}
