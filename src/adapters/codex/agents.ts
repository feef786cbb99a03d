import { Malformed } from '../../formats/format.ts';
import { valueText } from '../../formats/toml/render.ts';
import { toml } from '../../formats/toml/toml.ts';
import type { Table } from '../../model/value.ts';
import type { Converted, ConvertedPiece, FragmentProblem, SharedFiles } from '../client.ts';
import { claudeAgentProblems, hasWords } from '../markdown-problems.ts';
import {
  bodyPiece,
  type LostKey,
  lostKeys,
  type MarkdownSource,
  quotedPieces,
  readMarkdown,
} from '../markdown-source.ts';
import { codexServerNames, serverNameProblems } from '../servers/server-names.ts';
import { codexAgentShape, shapeProblems } from '../shape.ts';
import { codexRefusals } from './rules.ts';

/** `clients/shared/agents/*.md`, Claude's Markdown agents, as Codex's TOML agents. */
export const codexAgentFiles: SharedFiles = {
  extension: '.md',
  file: (relative) => `agents/${relative.replace(/\.md$/, '.toml')}`,
  convert,
};

const everyTool = 'in Codex the agent may use every tool of the session';
const lost: Readonly<Record<string, LostKey>> = {
  tools: { code: 'agent-tools-lost', severity: 'warning', effect: everyTool },
  disallowedTools: { code: 'agent-tools-lost', severity: 'warning', effect: everyTool },
  permissionMode: {
    ...{ code: 'agent-permission-lost', severity: 'warning' },
    effect: 'in Codex the agent has the permissions of the session',
  },
  hooks: { code: 'agent-hooks-lost', severity: 'warning', effect: 'Codex has no hooks of one agent' },
  mcpServers: {
    code: 'agent-servers-lost',
    severity: 'warning',
    effect: 'in Codex the agent has the servers of the session',
  },
  skills: {
    code: 'agent-skills-lost',
    severity: 'warning',
    effect: 'in Codex the agent has the skills of the session',
  },
  model: { code: 'agent-model-lost', severity: 'note', effect: 'in Codex the agent runs on the model of the session' },
  color: { code: 'agent-color-lost', severity: 'note', effect: 'Codex has no colours for agents' },
};
const other = { code: 'agent-key-lost', effect: 'it has nothing like it for an agent' };

function convert(text: string, relative: string): Converted {
  const source = readMarkdown(text);
  const problems = claudeAgentProblems(text, relative);
  const { name, description } = source.data;
  if (problems.length > 0 || !hasWords(name) || !hasWords(description)) return { pieces: [], problems };
  if (!hasWords(source.body)) {
    const message = `The agent "${relative}" says nothing: Codex ignores an agent without instructions.`;
    const remedy = 'Write below the frontmatter what the agent should do.';
    return { pieces: [], problems: [{ code: 'agent-empty', line: source.bodyLine, message, remedy }] };
  }
  const pieces: ConvertedPiece[] = [
    { text: 'name = ' },
    ...quotedPieces(source, 'name', name),
    { text: '\ndescription = ' },
    ...quotedPieces(source, 'description', description),
    { text: '\n' },
    ...instructions(source),
  ];
  return { pieces, problems: lostKeys(source, ['name', 'description'], lost, other) };
}

/** What a literal string of TOML cannot hold as it stands. */
const notLiteral = /'''|'$|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;

function instructions(source: MarkdownSource): ConvertedPiece[] {
  if (notLiteral.test(source.body)) return [{ text: `developer_instructions = ${valueText(source.body)}\n` }];
  return [{ text: "developer_instructions = '''\n" }, bodyPiece(source), { text: "'''\n" }];
}

/** What is wrong with a file of `clients/codex/agents/`: Codex 0.169 ignores such a file with a warning at its start. */
export function codexAgentProblems(content: Table): FragmentProblem[] {
  const foreign = Object.keys(content).filter((key) => keysOfClaude.includes(key));
  return [
    ...shapeProblems(codexAgentShape, content),
    ...foreign.map((key): FragmentProblem => {
      const message = `"${key}" is a key of Claude's agents: Codex ignores an agent that has it`;
      return { code: 'client-refuses', path: [key], message, remedy: 'Remove it.' };
    }),
    ...codexRefusals(content),
    ...serverNameProblems(codexServerNames, content),
  ];
}

/** The name of an agent; undefined for a file that does not parse or has none, which is told by other means. */
export function codexAgentName(text: string): string | undefined {
  try {
    const { name } = toml.read(text);
    return hasWords(name) ? name : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const keysOfClaude = [
  ...['color', 'permissionMode', 'disallowedTools', 'mcpServers', 'maxTurns', 'initialPrompt', 'isolation', 'effort'],
  ...['background', 'prompt'],
];
