import type { HeadersHelper } from '../client.ts';
import { helperLeaves, leaf, type Part, type ServerRow } from '../servers/server-rows.ts';
import { isEmpty, kindOf, type SharedEntry } from '../servers/shared-server.ts';
import { shellLine } from '../shell-line.ts';

/** The keys of an entry of `.claude.json`, as Claude Code 2.1 takes them: all of them have a shared spelling. */
export const claudeServerRows: readonly ServerRow[] = [
  { key: 'type', type: 'transport', shared: ['type'], to: transport, isDefault: (value) => value === 'stdio' },
  { key: 'command', type: 'filled text', shared: ['command'] },
  { key: 'args', type: 'texts', shared: ['args', '*'], isDefault: isEmpty },
  { key: 'env', type: 'texts by name', shared: ['env', '*'], isDefault: isEmpty },
  { key: 'url', type: 'filled text', shared: ['url'] },
  { key: 'headers', type: 'texts by name', shared: ['headers', '*'], isDefault: isEmpty },
  { key: 'headersHelper', type: 'text', shared: ['headersHelper'], to: helperPart, back: helperLeaves },
  { key: 'oauth', type: 'table', shared: ['oauth', '*'], isDefault: isEmpty },
  { key: 'timeout', type: 'number', shared: ['timeout'] },
];

function transport({ server }: SharedEntry): Part {
  return leaf(['type'], kindOf(server) === 'remote' ? (server.type ?? 'http') : undefined);
}

function helperPart({ server: { headersHelper, token } }: SharedEntry, helper: HeadersHelper): Part {
  return leaf(['headersHelper'], headersHelper ?? (token && shellLine(helper(token.name, token.header))));
}
