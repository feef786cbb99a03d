import { skillText } from './skills.ts';
import { prose } from './words.ts';

/** A source that is large in one way; paths begin below `clients/`. */
export interface LargeSource {
  readonly name: string;
  readonly path: string;
  readonly text: () => string;
  /** What stands beside the large file. */
  readonly beside?: readonly (readonly [path: string, text: string])[];
}

/** One for each way; a `share` of the numbers in their names. */
export function largeSources(share: number): readonly LargeSource[] {
  const part = (whole: number) => Math.ceil(whole * share);
  const list = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: part(count) }, (_, at) => make(at));
  const object = (count: number, make: (index: number) => readonly [string, unknown]) =>
    Object.fromEntries(list(count, make));
  const settings = 'claude/settings-fragment.json';
  const skill = [['shared/skills/large/SKILL.md', skillText('large', 1, 500)]] as const;
  return [
    {
      ...{ name: '60,000 small TOML tables', path: 'codex/config-fragment.toml' },
      text: () => list(60_000, (index) => `[a.b${index}]\nx = ${index}\n`).join(''),
    },
    {
      ...{ name: '20,000 permissions', path: settings },
      text: () => jsonOf({ permissions: { allow: list(20_000, (index) => `Bash(command${index}:*)`) } }),
    },
    {
      ...{ name: '20,000 variables', path: settings },
      text: () => jsonOf({ env: object(20_000, (index) => [`NAME_${index}`, `value ${index}`]) }),
    },
    {
      ...{ name: '3,000 servers', path: 'shared/mcp.json' },
      text: () => jsonOf({ mcpServers: object(3_000, (index) => [`server-${index}`, server(index)]) }),
    },
    {
      ...{ name: '900 nested folders', path: `shared/skills/large/${list(900, () => 'd/').join('')}notes.md` },
      ...{ text: () => 'Notes.\n', beside: skill },
    },
    {
      ...{ name: 'a file of 100 MB', path: 'shared/skills/large/notes.md', beside: skill },
      text: () => prose(1, 100_000).repeat(part(1_000)),
    },
  ];
}

function server(index: number) {
  return { command: 'npx', args: ['-y', `server-${index}@1.0.0`] };
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
