import { isScript } from '../../content/files/scripts.ts';
import { readFrontmatter } from '../../content/frontmatter.ts';
import { encodeText, withoutBom } from '../../content/text.ts';
import { type Power, powerKey } from '../../model/power.ts';
import type { Value } from '../../model/value.ts';
import { hooksTablePowers } from '../hooks/hook-powers.ts';
import { serverPowers } from '../servers/server-powers.ts';
import { valueText } from './power-rules.ts';

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
  const powers = readingsOf(text).flatMap(({ data, body, unread }) => [
    ...(unread === undefined ? [] : [{ what: 'frontmatter', does: `cannot be read: ${unread}` }]),
    ...Object.entries(data).flatMap(([key, value]) => keyPowers(key, value)),
    ...inlineCommands(body).map((command) => ({ what: 'runs a command', does: command })),
  ]);
  return [...new Map(powers.map((power) => [powerKey(power), power])).values()];
}

/** What stands in the frontmatter of a text, and what follows it. */
export interface Reading {
  readonly data: Record<string, Value>;
  readonly body: string;
  /** The frontmatter, where it cannot be read. */
  readonly unread?: string;
}

/**
 * A text as its clients read it. Claude Code 2.1 ends the frontmatter at the first `---`, in the middle of a line, too, so that the rest
 * of that line is body, and a line that a stricter reader takes for text may be a key.
 */
export function readingsOf(text: string): Reading[] {
  const plain = withoutBom(text);
  // Without an end the pattern would look for one from each blank line on.
  const loose = plain.includes('---', 3) ? /^---\s*\n([\s\S]*?)---\s*\n?/.exec(plain) : null;
  const strict = readingOf(plain);
  if (!loose) return [strict];
  const body = plain.slice(loose[0].length);
  if (body === strict.body) return [strict];
  return [strict, { ...readingOf(`---\n${loose[1]}\n---\n`), body }];
}

function readingOf(text: string): Reading {
  const read = readFrontmatter(text);
  if (!read) return { data: {}, body: text };
  const data = read.data as Record<string, Value>;
  const { body } = read;
  return read.error === undefined ? { data, body } : { data, body, unread: text.slice(0, text.length - body.length) };
}

/**
 * The powers of a file that may be run: by its exec bit or its first line, and outside of skills, whose files agents read as well, by
 * its name.
 */
export function scriptPowers(file: string, text: string | undefined, executable: boolean): Power[] {
  const bytes = encodeText(text?.slice(0, 2) ?? '');
  const name = file.startsWith('skills/') || file.endsWith('.rules') ? 'x.md' : file;
  return isScript(name, { executable, bytes }) ? [{ what: 'script', does: `${file} may be run`, wholeFile: true }] : [];
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

/** What Claude Code fills in before it looks for commands: with nothing, where nothing is given. */
const filledIn = String.raw`(?:\$\{[^}\s]*\}|\$\w+(?:\[\d+\])?)*`;
// Looked ahead, so that no command is taken for the end of another one.
const tick = '`';
const fence = tick.repeat(3);
const inline = new RegExp(`!${filledIn}${tick}(?=([^${tick}]+)${tick})`, 'g');
const fenced = new RegExp(String.raw`${fence}${filledIn}!\s*(?=([\s\S]*?)${fence})`, 'g');

/** Commands that Claude Code runs before the model sees the text: `` !`command` `` and what stands between ```! and ```, anywhere. */
function inlineCommands(body: string): string[] {
  return [...body.matchAll(inline), ...body.matchAll(fenced)]
    .map(([, command]) => (command as string).trim())
    .filter((command) => command !== '');
}
