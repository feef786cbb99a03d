import { isTable, type Table } from '../../model/value.ts';
import { type Leftover, type LeftoverKey, type Leftovers, leftoverMembers } from '../leftovers.ts';

/** What an import leaves of Claude Code's home. */
export const claudeLeftovers: Leftovers = {
  folders: ['routines'],
  of: (name) => fixed[name.split('/')[0]?.toLowerCase() ?? ''],
  keys: (file, values) => (file === '.claude.json' ? localServers(values) : []),
};

const fixed: Readonly<Record<string, Leftover>> = {
  'settings.local.json': {
    reason: 'it is for one machine, and Claude Code does not read it in its home',
    remedy: 'Put what others should have into clients/claude/settings-fragment.json.',
  },
  'claude.local.md': {
    reason: 'it is for one machine',
    remedy: 'Put what others should have into clients/claude/instructions.md.',
  },
  plugins: {
    reason: 'Claude Code installs plugins by itself, and keeps copies of them there',
    remedy: 'enabledPlugins and extraKnownMarketplaces of the settings name them on other machines too.',
  },
  'agent-memory': {
    reason: 'the agents wrote it down by themselves',
    remedy: 'Put what both clients should know into clients/shared/memory/.',
  },
  routines: { reason: 'Claude Code runs them for this machine', remedy: 'Make them again on the other machine.' },
  'scheduled_tasks.json': {
    reason: 'Claude Code runs them for this machine',
    remedy: 'Make them again on the other machine.',
  },
};

/** Servers that were added for one project only. */
function localServers({ projects }: Table): LeftoverKey[] {
  return Object.entries(isTable(projects) ? projects : {}).flatMap(([folder, project]) =>
    isTable(project)
      ? leftoverMembers(project, 'mcpServers', (name) => ({
          reason: `it is of local scope: only in ${folder}, and only for you`,
          remedy: `For every project: claude mcp add --scope user ${name} …, or write it to clients/shared/mcp.json.`,
        })).map((left) => ({ ...left, path: ['projects', folder, ...left.path] }))
      : [],
  );
}
