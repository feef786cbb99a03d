import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claudeServers } from '../../src/adapters/claude/servers.ts';
import type { FragmentProblem, HeadersHelper, SharedFragment, Translation } from '../../src/adapters/client.ts';
import { codexServers } from '../../src/adapters/codex/servers.ts';
import { json } from '../../src/formats/json/json.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import type { Table } from '../../src/model/value.ts';

export const goldenFolder = join(import.meta.dirname, '../golden/servers');

/** A helper as a home with a space in its path would have it. */
export const exampleHelper: HeadersHelper = (token, header) => [
  '/home/ana/my tools/syncline',
  'token-headers',
  token,
  ...(header === undefined ? [] : ['--header', header]),
];

/** The values of a golden kind's shared file. */
export function goldenValues(kind: string): Table {
  return json.read(readFileSync(join(goldenFolder, kind, 'mcp.json'), 'utf8'));
}

/** What stands beside the shared file of a kind. */
export function outputsOf(kind: string): Record<string, string> {
  const values = goldenValues(kind);
  const [codex, claude] = [codexServers, claudeServers].map((shared) => shared.translate(values, exampleHelper));
  return {
    'codex.toml': codexText(codex as Translation),
    'claude.json': `${JSON.stringify((claude as Translation).values, plainNumber, 2)}\n`,
    'findings.txt': findingsText(values, codex as Translation, claude as Translation),
  };
}

/** Servers by name. */
export function serversIn(values: Table, root: string): [string, Table][] {
  return Object.entries(values[root] as Table) as [string, Table][];
}

/** The entries of a file in the file's own text, one after the other. */
function codexText({ values }: Translation): string {
  const servers = serversIn(values, 'mcp_servers');
  return servers.map(([name, server]) => toml.render({ path: ['mcp_servers', name] }, server)).join('\n');
}

function plainNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** What is said of the file first, then what is said for one client, or for both. */
function findingsText(values: Table, codex: Translation, claude: Translation): string {
  const ofFile = codexServers.problems(values).map(findingText);
  const [ofCodex, ofClaude] = [codex, claude].map(({ problems }) => problems.map(findingText));
  const all = [...new Set([...ofFile, ...(ofCodex ?? []), ...(ofClaude ?? [])])];
  const about = (text: string) => {
    if (ofFile.includes(text)) return 'file';
    return [ofCodex?.includes(text) ? 'codex' : [], ofClaude?.includes(text) ? 'claude' : []].flat().join(' and ');
  };
  return all.map((text) => `${about(text)}: ${text}`).join('\n');
}

function findingText({ code, severity, path, message, remedy, solvedBy }: FragmentProblem): string {
  const solved = solvedBy ? `  solved by ${solvedBy.join('.')}\n` : '';
  return `${severity ?? 'error'} ${code} at ${path.join('.')}\n  ${message}\n  ${remedy}\n${solved}`;
}

/** True when a client gets all of a file without an error. */
export function isWithoutErrors(shared: SharedFragment, values: Table): boolean {
  const problems = [...shared.problems(values), ...shared.translate(values, exampleHelper).problems];
  return problems.every(({ severity }) => severity !== undefined);
}
