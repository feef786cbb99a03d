import { readYaml } from '../../content/frontmatter.ts';
import type { Power } from '../../model/power.ts';
import { isTable, leavesOf, type Value } from '../../model/value.ts';
import { valueText } from './power-rules.ts';

/** Keys that say how a skill looks, and whether its agent may use it by itself. */
const harmless = ['interface', 'policy'];

/**
 * The powers of `agents/openai.yaml` in a skill: the tools that Codex 0.171 offers to install for it, such as an MCP server at an address
 * or with a command, and whatever else is no description.
 */
export function openaiYamlPowers(text: string): Power[] {
  const { data } = readYaml(text);
  if (!data) return [{ what: 'skill setting', does: 'openai.yaml cannot be read', wholeFile: true }];
  return Object.entries(data as Record<string, Value>)
    .filter(([key]) => !harmless.includes(key))
    .flatMap(([key, value]) => settingRows(key, value));
}

function settingRows(key: string, value: Value): Power[] {
  const tools = key === 'dependencies' && isTable(value) && Array.isArray(value.tools) ? value.tools : undefined;
  if (!tools) return leavesOf(value, [key]).map(([path, each]) => row(`${path.join('.')} = ${valueText(each)}`));
  const others = Object.entries(value as Record<string, Value>).filter(([name]) => name !== 'tools');
  return [
    ...(tools as readonly Value[]).map((tool) => ({ what: 'tool that a skill asks for', does: valueText(tool) })),
    ...others.map(([name, each]) => row(`${key}.${name} = ${valueText(each)}`)),
  ];
}

function row(does: string): Power {
  return { what: 'skill setting', does };
}
