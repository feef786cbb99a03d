import { readFrontmatter } from '../content/frontmatter.ts';
import { isScript } from '../content/scripts.ts';
import { encodeText, withoutBom } from '../content/text.ts';
import type { Power } from '../model/power.ts';
import type { Value } from '../model/value.ts';
import { hooksTablePowers } from './hook-powers.ts';
import { valueText } from './power-rules.ts';
import { serverPowers } from './server-powers.ts';

/**
 * Keys of frontmatter that describe a skill, a command, an agent, a rule or an output style, choose its model, or take tools away.
 * From the Agent Skills standard and what Claude Code 2.1.332 reads; the last row is what people add for themselves.
 */
const harmless = new Set([
  ...[
    'name',
    'description',
    'license',
    'compatibility',
    'metadata',
    'model',
    'effort',
    'color',
    'version',
    'when_to_use',
  ],
  ...[
    'argument-hint',
    'arguments',
    'disable-model-invocation',
    'user-invocable',
    'disallowed-tools',
    'disallowedTools',
  ],
  ...[
    'maxTurns',
    'skills',
    'agent',
    'context',
    'paths',
    'globs',
    'keep-coding-instructions',
    'tools',
    'nickname_candidates',
  ],
  ...[
    'author',
    'authors',
    'category',
    'created',
    'date',
    'homepage',
    'keywords',
    'repository',
    'source',
    'tags',
    'title',
    'updated',
    'url',
  ],
]);

/** The powers of a Markdown text that a client takes as a skill, a command, an agent, a rule or an output style. */
export function textPowers(text: string): Power[] {
  const { data = {}, body = text, error } = readFrontmatter(withoutBom(text)) ?? {};
  const keys = Object.entries(data as Record<string, Value>);
  return [
    ...(error === undefined ? [] : [{ what: 'frontmatter', does: 'what stands there cannot be read' }]),
    ...keys.flatMap(([key, value]) => keyPowers(key, value)),
    ...inlineCommands(body).map((command) => ({ what: 'runs a command', does: command })),
  ];
}

/**
 * The powers of a file that may be run: by its exec bit or its first line, and outside of skills, whose files agents read as well, by
 * its name.
 */
export function scriptPowers(file: string, text: string | undefined, executable: boolean): Power[] {
  const bytes = encodeText(text?.slice(0, 2) ?? '');
  const name = file.startsWith('skills/') || file.endsWith('.rules') ? 'x.md' : file;
  return isScript(name, { executable, bytes }) ? [{ what: 'script', does: `${file} may be run` }] : [];
}

function keyPowers(key: string, value: Value): Power[] {
  if (key === 'hooks') return hooksTablePowers(value);
  if (key === 'mcpServers') return agentServers(value);
  if (key === 'allowed-tools' || key === 'allowedTools')
    return [{ what: 'allowed permission', does: `${key}: ${valueText(value)}` }];
  if (key === 'permissionMode') {
    return value === 'default' || value === 'plan'
      ? []
      : [{ what: 'permission mode', does: `${key}: ${valueText(value)}` }];
  }
  return harmless.has(key) ? [] : [{ what: 'frontmatter', does: `${key}: ${valueText(value)}` }];
}

/** A list of names, or of tables with a server by its name; names are of servers that have rows of their own. */
function agentServers(value: Value): Power[] {
  const list = Array.isArray(value) ? (value as readonly Value[]) : [value];
  return list.flatMap((each) =>
    typeof each === 'object' && each !== null
      ? Object.entries(each).flatMap(([name, server]) => serverPowers(name, server as Value))
      : [{ what: 'MCP server', does: `uses ${valueText(each)}` }],
  );
}

/** Commands that Claude Code runs before the model sees the text: `` !`command` `` and blocks fenced as ```!. */
function inlineCommands(body: string): string[] {
  const inline = [...body.matchAll(/!`([^`]+)`/g)].map(([, command]) => command as string);
  const fenced = [...body.matchAll(/^[ \t]*(`{3,}|~{3,})[ \t]*!([^\n]*\n[\s\S]*?)(?:^[ \t]*\1|$(?![\s\S]))/gm)];
  return [...inline, ...fenced.map(([, , command]) => (command as string).trim())];
}
