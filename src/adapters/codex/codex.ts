import { join, resolve } from 'node:path';
import { markdown } from '../../formats/markdown/markdown.ts';
import { toml } from '../../formats/toml/toml.ts';
import type { ClientHome, Environment } from '../../model/paths.ts';
import type { Client, TextContent, TextProblem } from '../client.ts';
import { codexSession } from '../every-session.ts';
import { codexServerNames, serverNameProblems } from '../servers/server-names.ts';
import { codexConfigShape, shapeProblems } from '../shape.ts';
import { codexAgentFiles, codexAgentName, codexAgentProblems } from './agents.ts';
import { codexCheckup } from './checkup.ts';
import { codexCommandFiles } from './commands.ts';
import { codexConfig } from './config.ts';
import { codexHomeFiles } from './home.ts';
import { codexHooksTarget } from './hooks.ts';
import { codexLearned } from './learned.ts';
import { codexLeftovers } from './leftovers.ts';
import { ownCommandProblems } from './own-commands.ts';
import { codexPowers } from './powers.ts';
import { codexRefusals } from './rules.ts';

const codexMemoryFiles = ['MEMORY.md', 'memory_summary.md', 'raw_memories.md', 'phase2_workspace_diff.md'];
const codexMemoryFolders = ['rollout_summaries', 'extensions', 'skills', '.git'];

/** A text that Codex never refuses. */
const plainText: TextContent = { kind: 'text', problems: () => [] };

/** Codex CLI 0.169: `$CODEX_HOME`, by default `~/.codex`. */
export const codex: Client = {
  name: 'codex',
  title: 'Codex',
  locate,
  powers: codexPowers,
  targets: [
    codexConfig,
    {
      kind: 'files',
      source: 'profiles',
      extension: '.toml',
      file: (relative) => relative.replace(/\.toml$/, '.config.toml'),
      relative: (file) => /^([^/]+)\.config\.toml$/.exec(file)?.[1]?.concat('.toml'),
      content: {
        kind: 'structured',
        format: toml,
        problems: (content) => [
          ...shapeProblems(codexConfigShape, content),
          ...codexRefusals(content),
          ...serverNameProblems(codexServerNames, content),
        ],
      },
    },
    codexHooksTarget,
    {
      kind: 'files',
      source: 'agents',
      extension: '.toml',
      file: (relative) => `agents/${relative}`,
      folder: 'agents',
      nameOf: codexAgentName,
      shared: codexAgentFiles,
      content: { kind: 'structured', format: toml, problems: codexAgentProblems },
    },
    {
      kind: 'files',
      source: 'commands',
      extension: '.md',
      file: codexCommandFiles.file,
      shared: codexCommandFiles,
      content: { ...plainText, problems: ownCommandProblems },
    },
    {
      kind: 'files',
      source: 'rules',
      extension: '.rules',
      file: (relative) => `rules/${relative}`,
      folder: 'rules',
      content: { ...plainText, problems: ruleProblems },
    },
    { kind: 'instructions', source: 'instructions.md', file: 'AGENTS.md', format: markdown, memories: 'inline' },
    {
      kind: 'memory',
      folder: 'memories',
      reserved: reservedMemory,
      owned: [...codexMemoryFiles, ...codexMemoryFolders],
    },
    {
      kind: 'skills',
      folder: 'skills',
      owned: ['.system'],
      alsoRead: ({ home }) => [join(home, '.agents/skills')],
    },
    codexHomeFiles,
  ],
  everySession: codexSession,
  learned: codexLearned,
  leftovers: codexLeftovers,
  checkup: codexCheckup,
};

/** Codex 0.169 reads the files in `rules/` itself. */
function ruleProblems(_text: string, relative: string): TextProblem[] {
  if (!relative.includes('/')) return [];
  const message = `Codex does not read rules in a folder below "rules": "${relative}".`;
  return [{ code: 'rule-in-folder', line: 1, message, remedy: 'Move the file up into "rules".' }];
}

function locate({ home, workingDirectory, variables }: Environment): ClientHome {
  const moved = variables.CODEX_HOME;
  return { root: moved ? resolve(workingDirectory, moved) : join(home, '.codex'), elsewhere: {} };
}

/** Codex's memory pipeline rewrites or deletes these below `memories/`. */
function reservedMemory(relative: string): string | undefined {
  const first = (relative.split('/')[0] as string).toLowerCase();
  const owned = [...codexMemoryFiles.filter((name) => name.toLowerCase() === relative.toLowerCase())];
  if (relative.includes('/')) owned.push(...codexMemoryFolders.filter((name) => name === first));
  return owned.length > 0 ? `Codex owns "${owned[0]}" in its memories folder and rewrites or deletes it` : undefined;
}
