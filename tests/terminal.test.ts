import { describe, expect, it } from 'vitest';
import { expectNoneIn, shapedSecret } from './support/canary.ts';
import { sampled } from './support/law-runs.ts';
import {
  type Answer,
  ctrlC,
  ctrlD,
  goOn,
  runOnTerminal,
  terminalTool,
  withoutEscapes,
} from './support/pseudo-terminal.ts';
import type { Sandbox } from './support/sandbox.ts';
import { edit, team, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// What a person meets at a real terminal: questions, colours, keys. Needs util-linux's `script` or python3.

const settle = (id: string) =>
  new RegExp(`${id.replace(/[.#]/g, '\\$&')}: \\[o\\]verwrite, \\[k\\]eep, keep al\\[w\\]ays, .* or \\[q\\]uit\\? `);
const [verbosity, memory] = ['codex:config.toml#model_verbosity', 'claude:memories/global.md'];

if (!terminalTool)
  console.warn('No pseudo-terminal here (neither util-linux script nor python3): tests of it are skipped.');

describe.skipIf(!terminalTool)('the first push into a home', () => {
  it('shows the plan, powers last, and asks; y goes on and tells only what is new', async () => {
    const sandbox = team();
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], [[goOn, 'y\r']]);
    const text = withoutEscapes(screen);
    expect(code).toBe(0);
    const order = [
      '  create    codex: ',
      ' create; nothing else',
      'New powers this run gives:',
      'MCP server  codex:config.toml#mcp_servers.team  team runs team-server',
      'Go on?',
      ' created\n',
      'Restart running agents',
    ];
    expect(
      order.map((part) => text.indexOf(part)).every((at, index, all) => at >= 0 && at > (all[index - 1] ?? -1)),
    ).toBe(true);
    expect(text.split('Go on?')[1]).not.toMatch(/codex:|claude:|New powers/);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it('after a yes --verbose has told everything once, and the diffs; --yes tells what was done', async () => {
    const sandbox = team();
    const asked = await runOnTerminal(sandbox, ['push-runtime', '--verbose'], [[goOn, 'y\r']]);
    const [plan = '', done = ''] = withoutEscapes(asked.screen).split('Go on?');
    expect([plan.split('  create    codex:config.toml#mcp_servers.team\n').length, asked.code]).toEqual([2, 0]);
    expect(done).not.toMatch(/ {2}created? +codex:/);
    expect(done).toMatch(/\+\[mcp_servers\.team\]/);
    const { screen } = await runOnTerminal(team(), ['push-runtime', '--yes']);
    expect(withoutEscapes(screen)).toMatch(
      /\n {2}created {3}codex:config\.toml#mcp_servers\.team\n[\s\S]*\nNew powers:\n/,
    );
  });

  it('--quiet asks as well, and then says nothing', async () => {
    const { code, screen } = await runOnTerminal(team(), ['push-runtime', '--quiet'], [[goOn, 'y\r']]);
    expect([code, withoutEscapes(screen).split(goOn)[1]?.trim()]).toEqual([0, 'y']);
  });

  it.each(
    sampled([
      ['n', 'n\r'],
      ['no', 'no\r'],
      ['N', 'N\r'],
      ['Enter', '\r'],
      ['Ctrl-D', ctrlD],
      ['Ctrl-C', ctrlC],
    ]),
  )('%s writes nothing and exits 1', async (_, keys) => {
    const sandbox = team();
    const before = filesOnly(sandbox);
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], [[goOn, keys]]);
    expect(code).toBe(1);
    expect(screen).toContain('Nothing was written.');
    expect(filesOnly(sandbox)).toEqual(before);
  });

  it('asks again until it understands', async () => {
    const sandbox = team();
    const answers: Answer[] = [
      [goOn, 'what?\r'],
      [goOn, ' YES\r'],
    ];
    expect((await runOnTerminal(sandbox, ['push-runtime'], answers)).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it.each(
    sampled([
      ['--yes', 0],
      // Nobody can be asked about the powers of the source.
      ['--json', 3],
      ['--dry-run', 0],
    ] as const),
  )('%s does not ask', async (word, exit) => {
    const sandbox = team();
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime', word]);
    expect([code, screen.includes('Go on?')]).toEqual([exit, false]);
  });

  it('the second one does not ask, and neither does clean-runtime', async () => {
    const sandbox = team();
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'loudly');
    for (const words of [['push-runtime'], ['clean-runtime'], ['clean-runtime', '--remove-only']]) {
      const { code, screen } = await runOnTerminal(sandbox, words);
      expect([words, code, screen.includes('?')]).toEqual([words, 0, false]);
    }
  });

  it('does not ask when there is nothing to write', async () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    sandbox.remove('home/.local');
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime']);
    expect([code, screen.includes('Go on?')]).toEqual([0, false]);
  });
});

describe.skipIf(!terminalTool)('a conflict', () => {
  it('is asked about with its diff, one after the other: o overwrites, k keeps', async () => {
    const sandbox = conflicting();
    const answers: Answer[] = [
      [settle(verbosity), 'o\r'],
      [settle(memory), 'k\r'],
      [goOn, 'y\r'],
    ];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    const text = withoutEscapes(screen);
    expect(text).toMatch(/-model_verbosity = "high"\n\+model_verbosity = "low"\n/);
    expect(text).toMatch(/-theirs\n\+# Global\n/);
    expect(code).toBe(1);
    expect(sandbox.read('home/.codex/config.toml')).toContain('model_verbosity = "low"');
    expect(sandbox.read('home/.claude/memories/global.md')).toBe('theirs\n');
    expect(sandbox.exists('home/.codex/skills/greet/SKILL.md')).toBe(true);
  });

  it('w keeps from now on: what was kept is no difference any more, and is not asked about again', async () => {
    const sandbox = conflicting();
    const answers: Answer[] = [
      [settle(verbosity), 'w\r'],
      [settle(memory), 'o\r'],
      [goOn, 'y\r'],
    ];
    const { code } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect(code).toBe(0);
    expect(sandbox.read('home/.config/syncline/config.toml')).toContain('codex:config.toml#model_verbosity');
    expect(sandbox.read('home/.codex/config.toml')).toContain('model_verbosity = "high"');
    expect(sandbox.run(['check-sync'])).toMatchObject({
      ...{ code: 0, out: expect.stringContaining('1 unit is kept as it is on this machine.') },
    });
    const again = await runOnTerminal(sandbox, ['push-runtime']);
    expect([again.code, again.screen.includes('[q]uit')]).toEqual([0, false]);
  });

  it('its diff says which side is the client and which the repository', async () => {
    const { screen } = await runOnTerminal(conflicting(), ['push-runtime'], [[settle(verbosity), 'q\r']]);
    expect(withoutEscapes(screen)).toMatch(/--- codex:\S+\s+client\n\+\+\+ codex:\S+\s+repository\n/);
  });

  it.each([
    ['vim', (path: string, line: number) => `+${line} ${path}`],
    ['hx', (path: string, line: number) => `${path}:${line}`],
    ['code --wait', (path: string, line: number) => `--goto ${path}:${line}`],
    ['unknown', (path: string) => path],
  ] as const)('e opens %s at the line of the source', async (editor, words) => {
    const sandbox = conflicting();
    const fragment = 'repo/clients/codex/config-fragment.toml';
    sandbox.write(fragment, `# one\n# two\n${sandbox.read(fragment)}`);
    const line =
      sandbox
        .read(fragment)
        .split('\n')
        .findIndex((text) => text.startsWith('model_verbosity')) + 1;
    const [program = ''] = editor.split(' ');
    sandbox.write(`bin/${program}`, `#!/bin/sh\necho "$@" > '${sandbox.root}/seen'\n`, 0o755);
    const answers: Answer[] = [
      [settle(verbosity), 'e\r'],
      [settle(verbosity), 'q\r'],
    ];
    await runOnTerminal(sandbox, ['push-runtime'], answers, { EDITOR: `${sandbox.root}/bin/${editor}` });
    const start = editor.includes('--wait') ? '--wait ' : '';
    const opened = `${words(`${sandbox.root}/${fragment}`, line)} ${sandbox.root}/home/.codex/config.toml`;
    expect(sandbox.read('seen')).toBe(`${start}${opened}\n`);
  });

  it('all overwritten: both sides are equal', async () => {
    const sandbox = conflicting();
    const answers: Answer[] = [
      [settle(verbosity), 'o\r'],
      [settle(memory), 'overwrite\r'],
      [goOn, 'y\r'],
    ];
    expect((await runOnTerminal(sandbox, ['push-runtime'], answers)).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it.each(
    sampled([
      ['q at once', [[settle(verbosity), 'q\r']]],
      [
        'q after an answer',
        [
          [settle(verbosity), 'o\r'],
          [settle(memory), 'q\r'],
        ],
      ],
      ['Ctrl-D', [[settle(verbosity), ctrlD]]],
      ['Ctrl-C', [[settle(verbosity), ctrlC]]],
      [
        'Ctrl-C after an adoption',
        [
          [settle(verbosity), 'a\r'],
          [settle(memory), ctrlC],
        ],
      ],
    ] as readonly (readonly [string, readonly Answer[]])[]),
  )('%s: exits 3 and nothing is written', async (_, answers) => {
    const sandbox = conflicting();
    const before = filesOnly(sandbox);
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect(code).toBe(3);
    expect(screen).toContain('nothing was written');
    expect(filesOnly(sandbox)).toEqual(before);
  });

  it.each(
    sampled(
      [
        [['--dry-run'], 3],
        [['--json'], 3],
        [['--keep'], 1],
        [['--overwrite'], 0],
      ] as const,
      1,
    ),
  )('%s does not ask', async (words, exit) => {
    const sandbox = conflicting();
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime', ...words]);
    expect([code, screen.includes('[q]uit')]).toEqual([exit, false]);
  });

  it.each(
    sampled([
      ['n', 'n\r'],
      ['Ctrl-C', ctrlC],
      ['Ctrl-D', ctrlD],
    ]),
  )('once settled, the whole is shown and asked about: %s writes nothing', async (_, keys) => {
    const sandbox = conflicting();
    const before = filesOnly(sandbox);
    const answers: Answer[] = [
      [settle(verbosity), 'a\r'],
      [settle(memory), 'o\r'],
      [goOn, keys],
    ];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    const summary = withoutEscapes(screen).split('[q]uit? ').at(-1);
    expect(code).toBe(1);
    expect(summary).toMatch(/update +claude:memories\/global\.md/);
    expect(summary).toMatch(/adopt +codex:config\.toml#model_verbosity into clients\/codex\/config-fragment\.toml/);
    expect(filesOnly(sandbox)).toEqual(before);
  });

  it('a adopts: the value goes into the source, and from there to the other client, all in one run', async () => {
    const sandbox = conflicting();
    const answers: Answer[] = [
      [settle(verbosity), 'a\r'],
      [settle(memory), 'a\r'],
      [goOn, 'y\r'],
    ];
    const fragment = sandbox.read('repo/clients/codex/config-fragment.toml');
    const before = filesOnly(sandbox);
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect([code, withoutEscapes(screen)]).toEqual([
      0,
      expect.stringContaining('adopt     claude:memories/global.md into'),
    ]);
    expect(sandbox.read('repo/clients/codex/config-fragment.toml')).toBe(fragment.replace('"low"', '"high"'));
    expect(sandbox.read('repo/clients/shared/memory/global.md')).toBe('theirs\n');
    expect(sandbox.read('home/.codex/memories/global.md')).toBe('theirs\n');
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['restore']).code).toBe(0);
    expect(Object.keys(filesOnly(sandbox)).filter((path) => path.startsWith('repo'))).toEqual(
      Object.keys(before).filter((path) => path.startsWith('repo')),
    );
    expect(sandbox.read('repo/clients/codex/config-fragment.toml')).toBe(fragment);
  });

  it('that cannot be adopted says why and is asked about again', async () => {
    const sandbox = conflicting();
    const secret = shapedSecret(2);
    sandbox.write('home/.claude/memories/global.md', `The key is ${secret}\n`);
    const answers: Answer[] = [
      [settle(verbosity), 'o\r'],
      [settle(memory), 'a\r'],
      [settle(memory), 'q\r'],
    ];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect(code).toBe(3);
    expect(withoutEscapes(screen)).toMatch(/error: .*adopting/);
    expectNoneIn(screen, [secret]);
  });

  it('e opens the source and the runtime in the editor; what agrees after it is asked about no more', async () => {
    const sandbox = conflicting();
    const editor = `sh -c 'cat "$1" > "$2"' edit`;
    const answers: Answer[] = [
      [settle(verbosity), 'e\r'],
      [settle(memory), 'k\r'],
      [goOn, 'y\r'],
    ];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers, { EDITOR: editor });
    expect([code, screen.match(/model_verbosity: \[o\]/g)?.length]).toEqual([1, 1]);
    expect(sandbox.read('home/.codex/config.toml')).toMatch(/^model_verbosity = "low"\n/);
  });

  it('e with an editor that breaks the source: says where, and goes on with the editor or not at all', async () => {
    const sandbox = conflicting();
    const editor = `sh -c 'echo = >> "$1"' edit`;
    const answers: Answer[] = [
      [settle(verbosity), 'e\r'],
      [/\[e\]dit again or \[q\]uit\? /, 'q\r'],
    ];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers, { VISUAL: editor });
    expect(code).toBe(3);
    expect(screen).toMatch(/config-fragment\.toml:\d+:\d+: /);
  });

  it('e without an editor that starts is one clear error', async () => {
    const answers: Answer[] = [[settle(verbosity), 'e\r']];
    const { code, screen } = await runOnTerminal(conflicting(), ['push-runtime'], answers, { EDITOR: '/nowhere/ed' });
    expect([code, screen]).toEqual([2, expect.stringContaining('Set EDITOR')]);
  });

  it('of a first push, once settled, is followed by the plan and its question', async () => {
    const sandbox = team();
    sandbox.write('home/.codex/config.toml', 'model_verbosity = "high"\n');
    const answers: Answer[] = [
      [settle(verbosity), 'o\r'],
      [goOn, 'n\r'],
    ];
    const { code } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect(code).toBe(1);
    expect(sandbox.read('home/.codex/config.toml')).toBe('model_verbosity = "high"\n');
  });

  it('shows no secret of the user in its diff', async () => {
    const sandbox = team();
    const secret = shapedSecret(1);
    const env = `env = { PASS = "quiet-garden-word", KEY = "${secret}" }`;
    sandbox.write('home/.codex/config.toml', `[mcp_servers.team]\ncommand = "theirs"\n${env}\n`);
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], [[/\[q\]uit\? /, 'q\r']]);
    expect(code).toBe(3);
    expect(screen).toContain('theirs');
    expectNoneIn(screen, [secret, 'quiet-garden-word']);
  });
});

describe.skipIf(!terminalTool)('colours', () => {
  const coloured = async (words: readonly string[], variables?: Record<string, string>) => {
    const { screen } = await runOnTerminal(conflicting(), words, [], variables);
    // Colours only: other sequences place the cursor.
    return /\u001b\[[0-9;]*m/.test(screen);
  };

  it.each(
    sampled([[['check-sync', '--verbose']], [['push-runtime', '--dry-run']], [['push-runtime', '--client', 'x']]]),
  )('%s has them', async (words) => {
    expect(await coloured(words)).toBe(true);
  });

  it.each(
    sampled([
      ['--no-color', ['check-sync', '--verbose', '--no-color'], {}],
      ['--no-color, for an error', ['push-runtime', '--client', 'x', '--no-color'], {}],
      ['NO_COLOR', ['check-sync', '--verbose'], { NO_COLOR: '1' }],
      ['NO_COLOR, for an error', ['push-runtime', '--client', 'x'], { NO_COLOR: '1' }],
      ['NO_COLOR before FORCE_COLOR', ['check-sync', '--verbose'], { NO_COLOR: '1', FORCE_COLOR: '1' }],
      ['--json', ['check-sync', '--json'], {}],
      ['TERM=dumb', ['check-sync', '--verbose'], { TERM: 'dumb' }],
    ]),
  )('%s: none', async (_, words, variables) => {
    expect(await coloured(words, variables)).toBe(false);
  });
});

describe.skipIf(!terminalTool)('colour', () => {
  it.each(
    sampled([[['check-sync', '--verbose']], [['push-runtime', '--dry-run']], [['push-runtime', '--client', 'x']]]),
  )('of %s says nothing that the words do not say', async (words) => {
    const sandbox = conflicting();
    const [coloured, plain] = [
      await runOnTerminal(sandbox, words),
      await runOnTerminal(sandbox, [...words, '--no-color']),
    ];
    expect(coloured.screen).not.toBe(plain.screen);
    expect(withoutEscapes(coloured.screen)).toBe(plain.screen);
  });
});

/** A home that was pushed to once; since then a value of each client has moved on both sides. */
function conflicting(): Sandbox {
  const sandbox = team();
  edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
  edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  writeTeamSource(sandbox);
  edit(sandbox, 'home/.codex/config.toml', '"medium"', '"high"');
  sandbox.write('home/.claude/memories/global.md', 'theirs\n');
  return sandbox;
}

/** Every file of the sandbox with its time; the run lock comes and goes in a folder. */
function filesOnly({ root }: Sandbox): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshotWithTimes(root)).filter(([, node]) => !node.startsWith('folder')));
}
