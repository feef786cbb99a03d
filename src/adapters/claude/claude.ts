import { join, resolve } from 'node:path';
import { json } from '../../formats/json/json.ts';
import { markdown } from '../../formats/markdown/markdown.ts';
import type { ClientHome, Environment } from '../../model/paths.ts';
import { isTable, type KeyPath, type Table, type Value, valueAt } from '../../model/value.ts';
import type { Client, FragmentProblem, FragmentTarget, TextContent, WholeFilesTarget } from '../client.ts';
import { claudeSession } from '../every-session.ts';
import { claudeAgentName, claudeAgentProblems, claudeCommandProblems } from '../markdown-problems.ts';
import { claudeServerNames, serverNameProblems } from '../servers/server-names.ts';
import { changesTransport } from '../servers/transport.ts';
import { claudeServersShape, claudeSettingsShape, shapeProblems } from '../shape.ts';
import { claudeCheckup } from './checkup.ts';
import { claudeHomeFiles, claudeKeybindings, claudeThemes, claudeWorkflows } from './home.ts';
import { claudeLearned } from './learned.ts';
import { claudeLeftovers } from './leftovers.ts';
import { claudePowers } from './powers.ts';
import { refused, serverProblems, settingsRefusals } from './refusals.ts';
import { claudeServers } from './servers.ts';
import { claudeHooks } from './shared-hooks.ts';

/** `settings.json`: Claude moves known keys to the front when it writes, and ignores the file if one type is wrong. */
const settings: FragmentTarget = {
  kind: 'fragment',
  shared: claudeHooks,
  source: 'settings-fragment.json',
  file: 'settings.json',
  format: json,
  unitKind: settingsUnitKind,
  replaces: changesTransport,
  renamed: (_path, value) => value,
  withoutDefaults: (_path, value) => value,
  problems: (fragment) => [...shapeProblems(claudeSettingsShape, fragment), ...markerProblems(fragment)],
  problemsTogether: () => [],
  refusals: settingsRefusals,
  isLocal: ([root = '']) => localSettings.test(root),
};

/** What was confirmed or seen on this machine, and what an editor wants of the file. */
const localSettings =
  /^(?:\$schema|_syncline|forceLogin.*|feedbackSurvey.*|skip.*Prompt|.*(?:Seen|Acknowledged|Count))$/;

/** `.claude.json`: any Claude command may rewrite it whole, under its own lock. */
const servers: FragmentTarget = {
  kind: 'fragment',
  shared: claudeServers,
  source: 'mcp-fragment.json',
  file: '.claude.json',
  format: json,
  lockSuffix: '.lock',
  unitKind: serversUnitKind,
  replaces: changesTransport,
  renamed: (_path, value) => value,
  withoutDefaults: (_path, value) => value,
  writtenInUse: ['type'],
  problems: (fragment) => shapeProblems(claudeServersShape, fragment),
  problemsTogether: (values) => [...serverProblems(values), ...serverNameProblems(claudeServerNames, values)],
  serverNames: claudeServerNames,
  refusals: (values) => serverProblems(values).map((problem) => problem.message),
  isLocal: ([root]) => root !== 'mcpServers',
  judgedBy: ['mcpServers', '_syncline'],
};

/** Claude Code 2.1: `$CLAUDE_CONFIG_DIR`, by default `~/.claude` with `~/.claude.json` beside it. */
export const claude: Client = {
  name: 'claude',
  title: 'Claude Code',
  locate,
  powers: claudePowers,
  targets: [
    settings,
    servers,
    textFiles('commands', { shared: true, problems: claudeCommandProblems }),
    textFiles('agents', { shared: true, problems: claudeAgentProblems, nameOf: claudeAgentName }),
    textFiles('rules', {}),
    textFiles('output-styles', {}),
    claudeKeybindings,
    claudeThemes,
    claudeWorkflows,
    { kind: 'instructions', source: 'instructions.md', file: 'CLAUDE.md', format: markdown, memories: 'import' },
    { kind: 'memory', folder: 'memories', reserved: () => undefined },
    { kind: 'skills', folder: 'skills', owned: [] },
    claudeHomeFiles,
  ],
  everySession: claudeSession,
  learned: claudeLearned,
  leftovers: claudeLeftovers,
  checkup: claudeCheckup,
};

interface TextOptions extends Pick<WholeFilesTarget, 'nameOf'> {
  readonly shared?: true;
  readonly problems?: TextContent['problems'];
}

/** Markdown files that stand in a folder of the same name in the source and in the home. */
function textFiles(source: string, { shared, problems, nameOf }: TextOptions): WholeFilesTarget {
  const file = (relative: string) => `${source}/${relative}`;
  return {
    ...{ kind: 'files', source, extension: '.md', file, folder: source },
    ...(shared ? { shared: { extension: '.md', file } } : {}),
    ...(nameOf ? { nameOf } : {}),
    content: { kind: 'text', problems: problems ?? (() => []) },
  };
}

/** `CLAUDE_CONFIG_DIR` moves `.claude.json` inside it. */
function locate({ home, workingDirectory, variables }: Environment): ClientHome {
  const moved = variables.CLAUDE_CONFIG_DIR;
  if (moved) return { root: resolve(workingDirectory, moved), elsewhere: {} };
  return { root: join(home, '.claude'), elsewhere: { '.claude.json': join(home, '.claude.json') } };
}

/** Of `.claude.json` only the servers are managed; all else in it is Claude Code's own. */
function serversUnitKind(path: KeyPath, value: Value): 'leaf' | 'entry' | 'table' {
  if (!isTable(value)) return 'leaf';
  return path[0] === 'mcpServers' && path.length === 2 ? 'entry' : path.length < 2 ? 'table' : 'leaf';
}

/** Lists of Claude Code 2.1.332 that it joins itself when several settings files have one, so that their order says nothing. */
const sets = [
  /^permissions\.(?:allow|deny|ask|additionalDirectories)$/,
  /^hooks\.[^.]+$/,
  /^sandbox\.(?:excludedCommands|credentials\.\w+)$/,
  /^sandbox\.network\.(?:allowedDomains|deniedDomains|allowUnixSockets|allowMachLookup)$/,
  /^sandbox\.filesystem\.(?:allowWrite|denyWrite|allowRead|denyRead)$/,
  /^(?:enabled|disabled)McpjsonServers$/,
  /^(?:allowed|denied)McpServers$/,
  /^(?:availableModels|deniedModels|allowedHttpHookUrls|httpHookAllowedEnvVars|claudeMdExcludes|companyAnnouncements)$/,
  /^(?:strictKnownMarketplaces|blockedMarketplaces|allowedChannelPlugins|pluginSuggestionMarketplaces)$/,
  /^worktree\.(?:symlinkDirectories|sparsePaths)$/,
  /^(?:spinnerVerbs\.verbs|spinnerTipsOverride\.tips)$/,
];

function settingsUnitKind(path: KeyPath, value: Value): 'leaf' | 'table' | 'set' {
  if (Array.isArray(value)) return sets.some((set) => set.test(path.join('.'))) ? 'set' : 'leaf';
  return isTable(value) ? 'table' : 'leaf';
}

function markerProblems(fragment: Table): FragmentProblem[] {
  if (valueAt(fragment, ['_syncline']) === undefined) return [];
  return [refused(['_syncline'], 'the key "_syncline" is the marker that Syncline writes itself')];
}
