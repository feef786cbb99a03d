import { lineOfKey } from '../content/frontmatter.ts';
import type { TextProblem } from './client.ts';
import { type MarkdownSource, readMarkdown } from './markdown-source.ts';

/** What keeps Claude Code 2.1 from loading `agents/*.md`: it skips such a file without a word. */
export function claudeAgentProblems(text: string, relative: string): TextProblem[] {
  const source = readMarkdown(text);
  const add = (code: string, line: number, message: string, remedy: string): TextProblem[] => [
    { code, line, message: `The agent "${relative}" ${message}.`, remedy },
  ];
  if (!source.hasFrontmatter) {
    const remedy = 'Start it with a line "---", then "name: …" and "description: …", then "---".';
    return add('agent-frontmatter', 1, 'has no frontmatter', remedy);
  }
  if (source.error) {
    const { reason, line } = source.error;
    return add(
      'agent-frontmatter',
      line,
      `has frontmatter that does not parse: ${reason}`,
      'Write "key: value" lines.',
    );
  }
  return agentFaults(source).flatMap(([key, message, remedy]) =>
    add(`agent-${key}`, lineOfKey(key, text), message, remedy),
  );
}

type Fault = readonly [key: string, message: string, remedy: string];

function agentFaults({ data: { name, description, hooks } }: MarkdownSource): Fault[] {
  const faults: Fault[] = [];
  if (!hasWords(name)) faults.push(['name', 'has no name that is text', 'Add "name: …" to its frontmatter.']);
  else if (name.includes(':')) faults.push(['name', 'has a name with a colon', 'Take the colon out.']);
  if (!hasWords(description)) {
    const remedy = 'Add "description: …" to its frontmatter: it tells the agent that calls it when to do so.';
    faults.push(['description', 'has no description that is text', remedy]);
  }
  if (hooks !== undefined && (typeof hooks !== 'object' || Array.isArray(hooks))) {
    faults.push(['hooks', 'has hooks that are no table', 'Write them as in settings.json, or take them out.']);
  }
  return faults;
}

/** The name of an agent, if it has one. */
export function claudeAgentName(text: string): string | undefined {
  const { name } = readMarkdown(text).data;
  return hasWords(name) ? name : undefined;
}

/** True for a text that is not blank. */
export function hasWords(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** What Claude Code 2.1 drops of `commands/*.md`: everything in frontmatter that does not parse. */
export function claudeCommandProblems(text: string, relative: string): TextProblem[] {
  const { error } = readMarkdown(text);
  if (!error) return [];
  const message = `The command "${relative}" has frontmatter that does not parse: ${error.reason}.`;
  return [{ code: 'command-frontmatter', line: error.line, message, remedy: 'Write "key: value" lines.' }];
}
