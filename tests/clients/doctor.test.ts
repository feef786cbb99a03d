import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trustedHash, untrustedHooks } from '../../src/adapters/codex/hook-trust.ts';
import { handlersOf } from '../../src/adapters/hooks/hook-handlers.ts';
import type { Table } from '../../src/model/value.ts';
import { askAppServer, isAbsent } from '../support/clients.ts';
import { clientsOnPath } from '../support/doctor-clients.ts';
import { type JsonOutcome, makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { snapshotWithTimes } from '../support/watch.ts';

/** What the real clients have against their files, as doctor hands it on; and that it leaves no trace in the home. */
function examined(sandbox: Sandbox, ...words: string[]): JsonOutcome {
  clientsOnPath(join(sandbox.root, 'bin'));
  const before = snapshotWithTimes(sandbox.home);
  const env = { PATH: `${sandbox.root}/bin:/usr/bin:/bin` };
  const { json } = sandbox.run(['doctor', '--json', ...words], { env, cwd: sandbox.home });
  if (!words.includes('--start-servers')) expect(snapshotWithTimes(sandbox.home)).toEqual(before);
  return json;
}

const problems = ({ findings }: JsonOutcome) =>
  findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ message, path, line, column }) => [
      [path, line, column].filter((part) => part !== undefined).join(':'),
      message,
    ]);

describe.skipIf(isAbsent('codex'))('the real Codex, asked by doctor', () => {
  const only = ['--client', 'codex'];

  it.each([
    ['model = 5\n', '1:9', 'does not load this: invalid type: integer `5`, expected a string'],
    ['\n[mcp_servers.a]\nurl = "https://a.example/"\ncommand = "true"\n', '2:1', 'url is not supported for stdio'],
    [
      'model = "m"\n[mcp_servers.a]\ncommand = "true"\nfoo = 1\n',
      '4:1',
      'ignores this: unknown configuration field `mcp_servers.a.foo`',
    ],
  ])('what it has against %j comes in its words, with file and line', (text, place, says) => {
    const sandbox = makeSandbox();
    sandbox.write('home/.codex/config.toml', text, 0o600);
    const [[where, message], ...others] = problems(examined(sandbox, ...only)) as [[string, string]];
    expect(others).toEqual([]);
    expect(where).toBe(`${sandbox.home}/.codex/config.toml:${place}`);
    expect(message).toContain(says);
  });

  it('takes files that are sound, secrets and all, and is asked about copies only', () => {
    const sandbox = makeSandbox();
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const text = `model = "m"\n[mcp_servers.a]\ncommand = "true"\nargs = ["--token", "${secret}"]\nenv = { K = """\n${secret}""" }\n`;
    sandbox.write('home/.codex/config.toml', text, 0o600);
    expect(problems(examined(sandbox, ...only))).toEqual([]);
  });

  it('a file that it names relative to its home is not held against it', () => {
    const sandbox = makeSandbox();
    sandbox.write('home/.codex/config.toml', 'model_instructions_file = "mine.md"\n', 0o600);
    sandbox.write('home/.codex/mine.md', 'Mine.\n');
    const json = examined(sandbox, ...only);
    expect(problems(json)).toEqual([]);
    expect(json.findings.map(({ code }) => code)).toContain('client-silent');
  });

  it('makes the digests of hooks that we make, and knows hooks by the same keys', async () => {
    const command = (more: Table = {}) => ({ type: 'command', command: 'true', ...more });
    const hooks = {
      Stop: [{ matcher: 'x', hooks: [command({ timeout: 5 })] }],
      PreToolUse: [
        { matcher: 'Bash', hooks: [command({ statusMessage: 'hi' }), command({ async: true })] },
        { hooks: [command({ command: 'echo "é"', additionalContextLimit: 7 })] },
        { matcher: '', hooks: [command({ timeout: 0 })] },
      ],
      UserPromptSubmit: [{ matcher: 'q', hooks: [command()] }],
      SessionStart: [{ matcher: 'startup', hooks: [command()] }],
      SessionEnd: [{ hooks: [command(), command({ timeout: 2 }), command({ timeout: 9 })] }],
    };
    const sandbox = makeSandbox();
    sandbox.write('home/.codex/hooks.json', JSON.stringify({ hooks }));
    const request = { method: 'hooks/list', params: { cwds: [sandbox.home] } };
    const [answer] = (await askAppServer(sandbox.home, [request])) as [
      { data: { hooks: { key: string; currentHash: string }[] }[] },
    ];
    const listed = answer.data[0]?.hooks ?? [];
    const ours = handlersOf({ hooks }).map((hook) => trustedHash({ hooks }, hook));
    expect(ours.sort()).toEqual(listed.map(({ currentHash }) => currentHash).sort());
    const state = Object.fromEntries(listed.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
    const file = [`${sandbox.home}/.codex/hooks.json`];
    expect(untrustedHooks({ hooks }, file, state)).toEqual([]);
    expect(untrustedHooks({ hooks }, file, {})).toHaveLength(listed.length);
  });
});

describe.skipIf(isAbsent('claude'))('the real Claude Code, asked by doctor', () => {
  const only = ['--client', 'claude'];
  const servers = (entries: object) => JSON.stringify({ mcpServers: entries }, null, 2);

  it('what it has against settings and servers comes in its words, with file and line; nothing is started', () => {
    const sandbox = makeSandbox();
    const started = join(sandbox.root, 'started');
    const run = { type: 'command', command: `touch ${started}` };
    const settings = {
      model: 5,
      apiKeyHelper: `touch ${started}`,
      statusLine: run,
      hooks: { SessionStart: [{ hooks: [run] }] },
    };
    sandbox.write('home/.claude/settings.json', JSON.stringify(settings, null, 2), 0o600);
    const entries = { 'b.c': { url: 'https://b.example/' }, run: { command: 'touch', args: [started] } };
    sandbox.write('home/.claude.json', servers(entries), 0o600);
    expect(problems(examined(sandbox, ...only)).sort()).toEqual([
      [
        `${sandbox.home}/.claude.json:3`,
        expect.stringContaining('mcpServers.b.c: Skipped — MCP server "b.c" has a "url" but no "type"'),
      ],
      [
        `${sandbox.home}/.claude/settings.json:2`,
        expect.stringContaining('does not load this: model: Expected string, but received number'),
      ],
    ]);
    expect(existsSync(started)).toBe(false);
  });

  it('takes files that are sound; starts its servers only when told to, and says which do not work', () => {
    const sandbox = makeSandbox();
    const started = join(sandbox.root, 'started');
    sandbox.write('home/.claude/settings.json', '{"model": "opus", "env": {"A": "b"}}', 0o600);
    const run = { command: 'touch', args: [started], env: { K: `sk-${'x1Y2'.repeat(9)}` } };
    sandbox.write('home/.claude.json', servers({ run }), 0o600);
    expect(problems(examined(sandbox, ...only))).toEqual([]);
    expect(existsSync(started)).toBe(false);
    const before = sandbox.read('home/.claude.json');
    const [[, message]] = problems(examined(sandbox, ...only, '--start-servers')) as [[string, string]];
    expect(message).toContain('started the server "run", and it does not work');
    expect([existsSync(started), sandbox.read('home/.claude.json')]).toEqual([true, before]);
  });
});
