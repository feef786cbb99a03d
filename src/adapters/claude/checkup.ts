import { join } from 'node:path';
import { json } from '../../formats/json/json.ts';
import type { Finding } from '../../model/finding.ts';
import { isTable } from '../../model/value.ts';
import { type Answer, type Checkup, type Complaint, type Seen, textOf, warning } from '../checkup.ts';
import { hiddenKeys, managedNote, valuesOf } from '../managed-files.ts';
import { claudeNeeds } from './needs.ts';

/**
 * Claude Code 2.1.329. Its `doctor` starts no server, no hook and no helper, but writes `.claude.json`, backups and npm's
 * logs; in 2.1.197 it waits for a terminal. `mcp list` starts every server.
 */
export const claudeCheckup: Checkup = {
  program: 'claude',
  install: 'npm install -g @anthropic-ai/claude-code',
  oracle: {
    homeVariable: 'CLAUDE_CONFIG_DIR',
    variables: { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
    files: [
      { file: 'settings.json', without: 'env' },
      { file: '.claude.json', only: 'mcpServers' },
    ],
    questions: [['doctor']],
    read: ([answer]) => (answer ? readDoctor(answer) : undefined),
  },
  startServers: { words: ['mcp', 'list'], read: ({ out }) => failedServers(out) },
  needs: claudeNeeds,
  secretFiles: ['.credentials.json'],
  looksAt: (_home, platform) => managedFiles(platform),
  hides: (seen) => [...managed(seen), ...hooksOff(seen), ...rewrittenMemories(seen)],
};

function managedFolder(platform: string): string {
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode';
  return platform === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code';
}

function managedFiles(platform: string): string[] {
  return ['managed-settings.json', 'managed-settings.d', 'managed-mcp.json'].map((name) =>
    join(managedFolder(platform), name),
  );
}

/** The list below "Invalid settings"; undefined where the whole report is not one that we know. */
function readDoctor({ out }: Answer): readonly Complaint[] | undefined {
  if (!out.includes('Claude Code doctor')) return undefined;
  const list = /^Invalid settings\n((?:(?:- | {2}).*\n)*)/m.exec(out)?.[1] ?? '';
  const rows = [...list.matchAll(/^- (.+?) › (.+?): (.*)\n(?: {2}Suggested fix: (.*)\n)?/gm)];
  return rows.flatMap(([, path, key, says, fix]) =>
    complaintOf(path as string, key as string, { says: says as string, fix }),
  );
}

/** Unset variables are left out: it is asked without the user's environment, and we look for them ourselves. */
function complaintOf(path: string, key: string, { says, fix }: { says: string; fix: string | undefined }): Complaint[] {
  if (says.startsWith('Missing environment variables')) return [];
  const isIgnored = /ignored|^Skipped/.test(says);
  const short = says.replace(/\. Valid events: .*/, '');
  return [{ severity: isIgnored ? 'warning' : 'error', path, key, says: `${key}: ${short}${fix ? `. ${fix}` : ''}` }];
}

/** `name: how it is reached - ✗ Failed to connect`. */
function failedServers(out: string): { server: string; says: string }[] {
  return [...out.matchAll(/^([^:\n]+): .* - ([✗✘!⚠].*)$/gm)].map(([, server, says]) => {
    return { server: server as string, says: (says as string).replace(/^\W+/, '') };
  });
}

/** Switches of an administrator that leave only the administrator's own. */
const switches: readonly (readonly [key: string, what: string, file: string])[] = [
  ['allowManagedHooksOnly', 'hooks', 'settings.json'],
  ['disableAllHooks', 'hooks', 'settings.json'],
  ['allowManagedPermissionRulesOnly', 'permission rules', 'settings.json'],
  ['allowManagedMcpServersOnly', 'MCP servers', '.claude.json'],
];

function managed({ files, texts, deploys, platform }: Seen): Finding[] {
  return [...texts].flatMap(([path, text]) => {
    if (!path.startsWith(managedFolder(platform)) || !path.endsWith('.json')) return [];
    if (path.endsWith('managed-mcp.json'))
      return deploys('.claude.json') ? [onlyManagedServers(path)] : [managedNote('Claude Code', path)];
    const values = valuesOf(text, json);
    const off = switches.filter(([key, , file]) => values[key] === true && deploys(file));
    const hidden = [...off.map(([key, what]) => `${what} (${key})`), ...hiddenKeys(text, json, files('settings.json'))];
    if (hidden.length === 0) return [managedNote('Claude Code', path)];
    const message = `this file of the machine's administrator goes over yours: ${hidden.join(', ')}`;
    return [warning('managed-settings', message, 'Ask the administrator, or take these out of your source.', path)];
  });
}

function onlyManagedServers(path: string): Finding {
  const message = 'Claude Code takes MCP servers from this file of the administrator only, and none of ours';
  return warning('managed-settings', message, 'Ask the administrator to add them.', path);
}

function hooksOff({ home, files, deploys }: Seen): Finding[] {
  const values = files('settings.json');
  if (values.disableAllHooks !== true || !isTable(values.hooks) || !deploys('settings.json')) return [];
  const message = '"disableAllHooks" is true, so Claude Code runs none of our hooks';
  return [warning('hooks-off', message, 'Take "disableAllHooks" out of this file.', join(home.root, 'settings.json'))];
}

/** Claude's own memory, moved into the folder of ours, would change what we deployed. */
function rewrittenMemories({ home, environment, files, deploys }: Seen): Finding[] {
  const moved = textOf(files('settings.json'), 'autoMemoryDirectory')?.replace(/^~(?=[/\\])/, () => environment.home);
  const ours = join(home.root, 'memories');
  if (moved === undefined || !deploys('memories') || !`${join(moved)}/`.startsWith(`${ours}/`)) return [];
  const message = '"autoMemoryDirectory" lets Claude Code itself write in the folder that holds our memories';
  const remedy = 'Take "autoMemoryDirectory" out of settings.json, or name another folder in it.';
  return [warning('memories-rewritten', message, remedy, ours)];
}
