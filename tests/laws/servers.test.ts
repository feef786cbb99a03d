import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claudeServers } from '../../src/adapters/claude/servers.ts';
import type { SharedFragment, SharedValue } from '../../src/adapters/client.ts';
import { codexServers } from '../../src/adapters/codex/servers.ts';
import { canonical, sameValue, type Table, type Value } from '../../src/model/value.ts';
import { exampleHelper } from '../support/golden-servers.ts';
import { lawRuns } from '../support/law-runs.ts';
import { claudeServer, codexServer, plainEntry, sharedEntry } from './server-cases.ts';

/** What holds for every shared entry, and for every server a client may hold. */
const clients = [
  { client: 'Codex', shared: codexServers, root: 'mcp_servers', servers: codexServer },
  { client: 'Claude Code', shared: claudeServers, root: 'mcpServers', servers: claudeServer },
] as const;

function translated(shared: SharedFragment, root: string, entry: Value): Value | undefined {
  return (shared.translate({ mcpServers: { x: entry } }, exampleHelper).values[root] as Table).x;
}

function back(shared: SharedFragment, root: string, server: Value): SharedValue | { readonly reason: string } {
  return shared.untranslate([root, 'x'], server, exampleHelper);
}

function hasError(shared: SharedFragment, entry: Value): boolean {
  const { problems } = shared.translate({ mcpServers: { x: entry } }, exampleHelper);
  return problems.some(({ severity }) => severity === undefined);
}

describe.each(clients)('shared servers for $client', ({ shared, root, servers }) => {
  it('come back as what becomes the same server again', () => {
    const law = fc.property(sharedEntry, (entry) => {
      const server = translated(shared, root, entry);
      fc.pre(server !== undefined && !hasError(shared, entry));
      const found = back(shared, root, server);
      expect(found).toHaveProperty('value');
      expect(canonical(translated(shared, root, (found as SharedValue).value) as Value)).toBe(canonical(server));
    });
    fc.assert(law, { numRuns: lawRuns(3000, 100) });
  });

  it('say what the client cannot do, whichever key it is', () => {
    const law = fc.property(sharedEntry, fc.nat(), (entry, choice) => {
      const keys = Object.keys(entry).filter((key) => !isDefault(key, entry[key] as Value));
      const key = keys[choice % keys.length] as string;
      const { [key]: _, ...without } = entry;
      const [all, less] = [entry, without].map((each) => shared.translate({ mcpServers: { x: each } }, exampleHelper));
      if (!sameValue(all?.values, less?.values)) return;
      // What is said of a server that the client does not get at all is said of each of its keys.
      const least = translated(shared, root, entry) === undefined ? 1 : (less?.problems.length as number) + 1;
      expect(all?.problems.length, `nothing is said of "${key}"`).toBeGreaterThanOrEqual(least);
    });
    fc.assert(law, { numRuns: lawRuns(3000, 100) });
  });

  it('have a shared spelling only if it becomes the same server', () => {
    const law = fc.property(servers, (server) => {
      const found = back(shared, root, server);
      if ('reason' in found) {
        expect(found.reason).toMatch(/\S/);
        return;
      }
      const again = translated(shared, root, found.value);
      expect(canonical(withoutDefaults(again as Table))).toBe(canonical(withoutDefaults(server)));
    });
    fc.assert(law, { numRuns: lawRuns(3000, 100) });
  });

  it('are read from any JSON without a crash', () => {
    const values = fc.dictionary(fc.constantFrom('mcpServers', '$schema', 'x'), fc.jsonValue()) as fc.Arbitrary<Table>;
    const entries = fc.dictionary(fc.constantFrom(...Object.keys(anyKeys)), fc.jsonValue()) as fc.Arbitrary<Table>;
    const law = fc.property(values, entries, (file, entry) => {
      for (const each of [file, { mcpServers: { x: entry } }]) {
        shared.problems(each);
        shared.translate(each, exampleHelper);
      }
      back(shared, root, entry);
    });
    fc.assert(law, { numRuns: lawRuns(3000, 100) });
  });
});

describe('an entry that both clients can do in full', () => {
  it('comes back the same from both', () => {
    const law = fc.property(plainEntry, (entry) => {
      const [fromCodex, fromClaude] = clients.map(({ shared, root }) =>
        back(shared, root, translated(shared, root, entry) as Value),
      ) as [SharedValue, SharedValue];
      expect(canonical(fromCodex.value)).toBe(canonical(fromClaude.value));
    });
    fc.assert(law, { numRuns: lawRuns(3000, 100) });
  });
});

const anyKeys = {
  command: 0,
  args: 0,
  env: 0,
  url: 0,
  headers: 0,
  token: 0,
  oauth: 0,
  timeout: 0,
  clients: 0,
  type: 0,
};

/** What says the same as its absence. */
function isDefault(key: string, value: Value): boolean {
  if (key === 'required') return value === false;
  if (key === 'enabled') return value === true;
  if (key === 'type') return value === 'http' || value === 'stdio';
  return ['args', 'env', 'headers', 'disabledTools'].includes(key) && Object.keys(value as Table).length === 0;
}

function withoutDefaults({ startup_timeout_ms: ms, ...server }: Table): Table {
  const renamed = ms === undefined ? server : { startup_timeout_sec: Number(ms) / 1000, ...server };
  const empty = [
    'args',
    'env',
    'env_vars',
    'headers',
    'http_headers',
    'env_http_headers',
    'scopes',
    'oauth',
    'disabled_tools',
  ];
  const kept = Object.entries(renamed).filter(
    ([key, value]) =>
      !(empty.includes(key) && Object.keys(value as Table).length === 0) &&
      !(key === 'enabled' && value === true) &&
      !(key === 'required' && value === false) &&
      !(key === 'type' && value === 'stdio'),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, value === 'streamable-http' ? 'http' : value]));
}
