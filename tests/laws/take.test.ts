import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapedSecret } from '../support/canary.ts';
import { lawRuns } from '../support/law-runs.ts';
import { home } from '../support/memory-world.ts';
import { take } from '../support/take-world.ts';

/**
 * The law of taking along, of any servers, rules and texts in two homes: nothing in the homes changes, both sides are equal,
 * a push has nothing to write, letting go changes nothing (all of that `take` expects), and no secret is in the source.
 */
const secrets = [shapedSecret(11), shapedSecret(12)];
const word = fc.constantFrom(
  'a',
  'b c',
  'x"y',
  'é',
  `${home}/.codex/x`,
  `${home}/.claude/x`,
  '/opt/x',
  '{{client.name}}',
  '\\',
  '',
);
const maybeSecret = fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: fc.constantFrom(...secrets) });
const env = fc.dictionary(fc.constantFrom('MODE', 'API_TOKEN', 'DB_PASSWORD', 'a-b'), maybeSecret, { maxKeys: 3 });
const headers = fc.dictionary(
  fc.constantFrom('Authorization', 'X-Api-Key', 'X-Mode'),
  fc.oneof(maybeSecret, fc.constantFrom(...secrets.map((secret) => `Bearer ${secret}`))),
  { maxKeys: 2 },
);

interface Server {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly extra?: boolean;
}

const server: fc.Arbitrary<Server> = fc.oneof(
  fc.record(
    {
      command: fc.constantFrom('run', 'other'),
      args: fc.array(maybeSecret, { maxLength: 2 }),
      env,
      timeout: fc.constantFrom(5, 20),
      extra: fc.boolean(),
    },
    { requiredKeys: ['command'] },
  ),
  fc.record(
    { url: fc.constantFrom('https://a.example.com/mcp', 'https://b.example.com/mcp'), headers, extra: fc.boolean() },
    { requiredKeys: ['url'] },
  ),
);
const servers = fc.dictionary(fc.constantFrom('one', 'two', 'th.ree'), server, { maxKeys: 3 });
const text = fc.constantFrom('', '# Mine\n\nShortly.\n', 'Other.', `Read ${home}/.codex/notes.md.\n`, '\n\n  \n');
const rules = fc.uniqueArray(
  fc.constantFrom('Edit', 'Bash(git:*)', `Read(${home}/.claude/**)`, `Bash(x ${secrets[0]})`),
  {
    maxLength: 3,
  },
);

function inCodex(all: Readonly<Record<string, Server>>): string {
  const table = (values: Readonly<Record<string, string>>) =>
    `{ ${Object.entries(values)
      .map(([key, value]) => `${JSON.stringify(key)} = ${JSON.stringify(value)}`)
      .join(', ')} }`;
  return Object.entries(all)
    .map(([name, one]) =>
      [
        `[mcp_servers.${JSON.stringify(name)}]`,
        ...(one.command ? [`command = ${JSON.stringify(one.command)}`] : []),
        ...(one.url ? [`url = ${JSON.stringify(one.url)}`] : []),
        ...(one.args ? [`args = ${JSON.stringify(one.args)}`] : []),
        ...(one.env ? [`env = ${table(one.env)}`] : []),
        ...(one.headers ? [`http_headers = ${table(one.headers)}`] : []),
        ...(one.timeout ? [`tool_timeout_sec = ${one.timeout}.0`] : []),
        ...(one.extra ? ['supports_parallel_tool_calls = true'] : []),
      ].join('\n'),
    )
    .join('\n\n');
}

function inClaude(all: Readonly<Record<string, Server>>): string {
  const entries = Object.entries(all).map(([name, { timeout, extra, ...one }]) => [
    name,
    {
      ...(one.url ? { type: 'http' } : {}),
      ...one,
      ...(timeout ? { timeout: timeout * 1000 } : {}),
      ...(extra ? { customKey: 1 } : {}),
    },
  ]);
  return JSON.stringify({ numStartups: 1, mcpServers: Object.fromEntries(entries) });
}

describe('the law of taking along', () => {
  it('holds for any servers, rules and instructions', { timeout: 120_000 }, async () => {
    const both = fc.tuple(servers, servers, fc.boolean(), text, text, rules);
    await fc.assert(
      fc.asyncProperty(both, async ([codex, claude, alike, agents, memory, allow]) => {
        const { source, done } = await take({
          '.codex/config.toml': inCodex(codex),
          '.claude.json': inClaude(alike ? codex : claude),
          '.codex/AGENTS.md': agents,
          '.claude/CLAUDE.md': memory,
          '.claude/settings.json': JSON.stringify({ permissions: { allow } }),
        });
        const said = JSON.stringify(source) + done.out;
        expect(secrets.filter((secret) => said.includes(secret.slice(4)))).toEqual([]);
      }),
      { numRuns: lawRuns(60, 6) },
    );
  });
});
