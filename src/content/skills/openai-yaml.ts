import { type Finding, problem } from '../../model/finding.ts';
import { readYaml } from '../frontmatter.ts';
import { withoutBom } from '../text.ts';

/** Texts of the interface, each with the characters it may have. */
const texts: Readonly<Record<string, number>> = { display_name: 64, short_description: 1024, default_prompt: 1024 };
const ignored = 'Codex ignores the whole file without a word';

/**
 * Warnings for what Codex would not take of a skill's `agents/openai.yaml` (0.169, measured): it says nothing, and the
 * skill goes without the name and the tools that stand there. Keys that Codex does not know do no harm.
 */
export function openaiYamlProblems(text: string, path: string, skill: string): Finding[] {
  const warn = (what: string, remedy: string, line = 1): Finding => ({
    ...problem('skill-openai-yaml', `"agents/openai.yaml" of the skill "${skill}" ${what}.`, remedy, { path, line }),
    severity: 'warning',
  });
  const plain = withoutBom(text);
  const { data, error, line } = readYaml(plain);
  if (!data) return [warn(`does not parse, and ${ignored}: ${error}`, 'Write "key: value" lines of YAML.', line)];
  const at = (key: string) =>
    Math.max(1, plain.split('\n').findIndex((each) => each.trimStart().startsWith(`${key}:`)) + 1);
  const wrong = faults(data).map(([key, what]) => warn(`has ${what} at "${key}": ${ignored}`, 'Correct it.', at(key)));
  if (wrong.length > 0) return wrong;
  const without = toolsOf(data).filter((tool) => !isText(tool.type) || !isText(tool.value));
  const lost = 'names a tool without "type" or "value", which Codex leaves out';
  return [
    ...tooLong(data).map((key) => warn(`has a longer "${key}" than Codex takes`, shorten(key), at(key))),
    ...(without.length === 0 ? [] : [warn(lost, 'Give every tool both.', at('tools'))]),
  ];
}

function shorten(key: string): string {
  return `Codex leaves it out; shorten it to ${texts[key]} characters.`;
}

function tooLong({ interface: look = null }: Readonly<Record<string, unknown>>): string[] {
  if (!isMapOrAbsent(look)) return [];
  return Object.entries(texts).flatMap(([key, most]) => ([...String(look?.[key] ?? '')].length > most ? [key] : []));
}

/** What has the wrong type, as `[key, what it is]`. */
function faults(data: Readonly<Record<string, unknown>>): [key: string, what: string][] {
  const { interface: look = null, dependencies = null } = data;
  if (!isMapOrAbsent(look)) return [['interface', 'something else than a map']];
  if (!isMapOrAbsent(dependencies)) return [['dependencies', 'something else than a map']];
  const wrong = Object.keys(texts).filter((key) => !isText(look?.[key] ?? ''));
  const tools = dependencies?.tools ?? [];
  const noList: [string, string] = ['tools', 'something else than a list of maps'];
  const isList = Array.isArray(tools) && tools.every((tool) => tool !== null && isMapOrAbsent(tool));
  return [...wrong.map((key): [string, string] => [key, 'something else than a text']), ...(isList ? [] : [noList])];
}

function toolsOf({ dependencies = null }: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const tools = isMapOrAbsent(dependencies) ? dependencies?.tools : undefined;
  return Array.isArray(tools) ? tools : [];
}

function isMapOrAbsent(value: unknown): value is Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && !Array.isArray(value);
}

// Codex takes a number for a text.
function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
