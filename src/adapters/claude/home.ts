import { json } from '../../formats/json/json.ts';
import { isTable, type KeyPath, type Value } from '../../model/value.ts';
import type { FragmentTarget, HomeFilesTarget, TextProblem, WholeFilesTarget } from '../client.ts';
import { claudeKeybindingsShape, shapeProblems } from '../shape.ts';

/**
 * `keybindings.json`: Claude Code 2.1 reads the list `bindings` of it, each block a context with its keys, and no other key.
 * Blocks of one context add to each other, so the user's stay beside the team's.
 */
export const claudeKeybindings: FragmentTarget = {
  kind: 'fragment',
  source: 'keybindings.json',
  file: 'keybindings.json',
  format: json,
  unitKind: (path: KeyPath, value: Value) =>
    path.length === 1 && path[0] === 'bindings' && Array.isArray(value) ? 'set' : isTable(value) ? 'table' : 'leaf',
  replaces: () => false,
  renamed: (_path, value) => value,
  withoutDefaults: (_path, value) => value,
  problems: (fragment) => shapeProblems(claudeKeybindingsShape, fragment),
  problemsTogether: () => [],
  refusals: () => [],
  isLocal: ([root = '']) => root.startsWith('$') || root === '_syncline',
};

/** Colours by name; Claude Code 2.1 passes over what it does not know. */
export const claudeThemes: WholeFilesTarget = {
  ...{ kind: 'files', source: 'themes', extension: '.json', folder: 'themes' },
  file: (relative) => `themes/${relative}`,
  content: { kind: 'structured', format: json, problems: () => [] },
};

/** Scripts that Claude Code 2.1 runs as workflows: those at the top of the folder that end in `.js`. */
export const claudeWorkflows: WholeFilesTarget = {
  ...{ kind: 'files', source: 'workflows', extension: '.js', folder: 'workflows' },
  file: (relative) => `workflows/${relative}`,
  content: { kind: 'text', problems: workflowProblems },
};

function workflowProblems(_text: string, relative: string): TextProblem[] {
  if (!relative.includes('/')) return [];
  const message = `Claude Code does not read workflows in a folder below "workflows": "${relative}".`;
  return [{ code: 'workflow-in-folder', line: 1, message, remedy: 'Move the file up into "workflows".' }];
}

/** What Claude Code 2.1.332 itself keeps in its home, and what it reads there as configuration, as its bundle names it. */
export const claudeHomeFiles: HomeFilesTarget = {
  kind: 'home-files',
  owned: {
    names: [
      ...[
        'settings.local.json',
        'managed-settings.json',
        'managed-settings.d',
        'managed-mcp.json',
        'remote-settings.json',
      ],
      ...[
        'cowork_settings.json',
        'claude.local.md',
        'policy-limits.json',
        'hfi-auth.json',
        'daemon.json',
        'launch.json',
      ],
      ...[
        'scheduled_tasks.json',
        'scheduled_tasks.lock',
        'routines',
        'memory',
        'agent-memory',
        'plugins',
        'cowork_plugins',
      ],
      ...[
        'projects',
        'sessions',
        'session-env',
        'shell-snapshots',
        'todos',
        'tasks',
        'teams',
        'plans',
        'jobs',
        'history.jsonl',
      ],
      ...[
        'cache',
        'state',
        'local',
        'backups',
        'debug',
        'daemon',
        'statsig',
        'telemetry',
        'traces',
        'usage-data',
        'startup-perf',
      ],
      ...[
        'stats-cache.json',
        'mcp-needs-auth-cache.json',
        'mcp-discovery-cache',
        'mcp-skill-archives',
        'gh-pr-status-cache.json',
      ],
      ...['gateway-models.json', 'model-capabilities.json', 'install-counts-cache.json', 'tool-container-runs.json'],
      ...['file-history', 'paste-cache', 'image-cache', 'downloads', 'uploads', 'shares', 'feedback'],
      ...[
        'feedback-bundles',
        'dump-prompts',
        'remote-control',
        'seed-admin',
        'dev-mods',
        'chrome',
        'ide',
        'ccr',
        'logs',
      ],
      ...['daemon.log', 'daemon.status.json', 'daemon.scheduled.status.json', 'mcpb'],
    ],
    endings: ['.lock', '.sock', '.credentials.json'],
  },
};
