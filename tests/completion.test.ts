import { describe, expect, it } from 'vitest';
import { commandRows } from '../src/cli/commands.ts';
import { placeOf, takesOf } from '../src/cli/completion/complete-place.ts';
import { valuesByName } from '../src/cli/completion/complete-values.ts';
import { quotedRest, splitLine } from '../src/cli/completion/shell-words.ts';
import { home, makeWorld, repo, stateFolder, type World } from './support/memory-world.ts';

/** What can stand after these words; the last one is being typed. */
async function wordsAfter(words: readonly string[], world = makeWorld()): Promise<string[]> {
  const { code, out, err } = await world.run(['__complete', 'zsh', ...words]);
  expect([code, err]).toEqual([0, '']);
  return out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] as string]));
}

/** What bash puts in the place of the last `region` characters of a line. */
async function inBash(line: string, region: string, world = makeWorld()): Promise<string[]> {
  const { out } = await world.run(['__complete', 'bash', line, region]);
  return out.split('\n').filter((word) => word !== '');
}

const names = commandRows.map(({ name }) => name);

describe('what can stand at the cursor', () => {
  it('first: every command, and help', async () => {
    expect(await wordsAfter([''])).toEqual([...names, 'help']);
    expect(await wordsAfter(['--v'])).toEqual(['--version']);
    expect(await wordsAfter(['help', 'to'])).toEqual(['token', 'tokens']);
    expect(await wordsAfter(['help', 'token', ''])).toEqual([]);
    expect(await wordsAfter(['nonsense', ''])).toEqual([]);
  });

  it('an option of that command, once', async () => {
    expect(await wordsAfter(['check-sync', '--so'])).toEqual(['--source-only']);
    expect(await wordsAfter(['push-runtime', '--so'])).toEqual([]);
    expect(await wordsAfter(['check-sync', '--json', '--js'])).toEqual([]);
    expect(await wordsAfter(['check-sync', '--json', ''])).toEqual([]);
    expect(await wordsAfter(['check-sync', '--', '--js'])).toEqual([]);
  });

  it('a value of the option before it, or of the one it begins with', async () => {
    expect(await wordsAfter(['check-sync', '--client', ''])).toEqual(['codex', 'claude']);
    expect(await wordsAfter(['check-sync', '--client', 'codex', ''])).toEqual(['codex', 'claude']);
    expect(await wordsAfter(['check-sync', '--client=cl'])).toEqual(['--client=claude']);
    expect(await wordsAfter(['check-sync', '--json=x'])).toEqual([]);
    for (const words of [['--repo', ''], ['--home', 'x'], ['--home=x']])
      expect(await wordsAfter(['push-runtime', ...words])).toEqual([':folders']);
    expect(await wordsAfter(['push-runtime', '--home', 'x', ''])).toEqual([]);
  });

  it('an argument, by its place', async () => {
    expect(await wordsAfter(['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
    expect(await wordsAfter(['completion', 'zsh', ''])).toEqual([]);
    expect(await wordsAfter(['token', 'r'])).toEqual(['remove']);
    const world = makeWorld();
    await world.run(['token', 'new', 'hub']);
    await world.run(['push-runtime']);
    expect(await wordsAfter(['token', 'show', ''], world)).toEqual(['hub']);
    expect(await wordsAfter(['restore', '2026'], world)).toEqual([expect.stringMatching(/^20260105T/)]);
  });

  it('a list that is an argument goes on', () => {
    const row = { ...commandRows[0]!, name: 'x', arguments: [['unit...', 'units']] } as const;
    for (const before of [['x'], ['x', 'a'], ['x', 'a', 'b', '--json', 'c']])
      expect(placeOf(before, '', [row])).toMatchObject({ kind: 'value', name: 'unit...', takes: 'unit' });
  });

  it('every option and argument that takes a value says which', () => {
    const missing = commandRows.flatMap(({ name, options, arguments: given }) => [
      ...options.flatMap(([flags]) => {
        const [takes, option] = [takesOf(flags), /--[\w-]+/.exec(flags)?.[0] ?? ''];
        return takes === undefined || option in valuesByName || takes in valuesByName ? [] : [`${name} ${option}`];
      }),
      ...(given ?? []).flatMap(([argument]) =>
        argument.replace('...', '') in valuesByName ? [] : [`${name} [${argument}]`],
      ),
    ]);
    expect(missing, 'Add a line to valuesByName in src/cli/completion/complete-values.ts.').toEqual([]);
  });
});

describe('units', () => {
  const differing = 'codex:config.toml#model_verbosity';

  it('are those that the option is for; all of them when none of those is typed', async () => {
    const world = await pushed();
    world.memory.write(
      `${home}/.codex/config.toml`,
      world.memory.read(`${home}/.codex/config.toml`).replace('"low"', '"high"'),
    );
    expect(await wordsAfter(['push-runtime', '--overwrite', ''], world)).toEqual([differing]);
    expect(await wordsAfter(['push-runtime', '--overwrite', differing, 'cod'], world)).toEqual([differing]);
    const servers = await wordsAfter(['push-runtime', '--overwrite', 'codex:config.toml#mcp'], world);
    expect(servers).toEqual(['codex:config.toml#mcp_servers.team', 'codex:config.toml#mcp_servers.web']);
    expect(await wordsAfter(['push-runtime', '--keep', '', '--client', 'claude', '--keep', ''], world)).toEqual(
      await wordsAfter(['push-runtime', '--client', 'claude', '--keep', 'claude:'], world),
    );
  });

  it('of adopt are what is yours as well', async () => {
    const world = await pushed();
    world.memory.write(`${home}/.claude/skills/mine/SKILL.md`, '---\nname: mine\ndescription: x\n---\n');
    expect(await wordsAfter(['pull-runtime', '--adopt', 'claude:skills/m'], world)).toEqual(['claude:skills/mine']);
  });

  it('of restore are the files of the newest run', async () => {
    const world = await pushed();
    expect(await wordsAfter(['restore', '--keep', 'codex:conf'], world)).toEqual(['codex:config.toml']);
  });

  it('come from the record when source or runtime cannot be read, and without a repository', async () => {
    const world = await pushed();
    const usual = await wordsAfter(['push-runtime', '--keep', 'codex:config.toml#mcp'], world);
    for (const [path, text] of [
      [`${home}/.codex/config.toml`, 'a ='],
      [`${repo}/clients/shared/mcp.json`, '{'],
    ] as const) {
      const broken = world.copy();
      broken.memory.write(path, text);
      expect(await wordsAfter(['push-runtime', '--keep', 'codex:config.toml#mcp'], broken)).toEqual(usual);
    }
    expect(await wordsAfter(['push-runtime', '--repo', '/nowhere', '--keep', 'codex:config.toml#mcp'], world)).toEqual(
      usual,
    );
  });

  it('are those of the home and repository that the line names', async () => {
    const world = await pushed();
    await world.run(['push-runtime', '--home', '/other', '--client', 'codex', '--yes']);
    const words = ['push-runtime', '--repo', '/nowhere', '--home', '/other', '--keep', ''];
    const found = await wordsAfter(words, world);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((id) => !id.startsWith('codex:'))).toEqual([]);
    expect(await wordsAfter([...words.slice(0, 4), '/third', '--keep', ''], world)).toEqual([]);
  });
});

describe('a completion', () => {
  const lines = [
    [''],
    ['push-runtime', '--keep', ''],
    ['pull-runtime', '--adopt', ''],
    ['restore', ''],
    ['token', 'show', ''],
  ];

  it('changes no file, makes no folder and takes no lock', async () => {
    const world = await pushed();
    const before = world.memory.snapshot('/');
    const changing = [
      'writeNew',
      'makeFolder',
      'makeFolders',
      'rename',
      'unlink',
      'removeFolder',
      'exchange',
      'makeLink',
    ];
    const calls: string[] = [];
    for (const words of lines) await world.run(['__complete', 'zsh', ...words], (_, name) => calls.push(name));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((name) => changing.includes(name))).toEqual([]);
    expect(world.memory.snapshot('/')).toEqual(before);
  });

  it('works beside a run, and after one that was killed', async () => {
    const world = await pushed();
    world.memory.write(`${stateFolder}/journal.json`, '{}');
    world.memory.write(`${stateFolder}/lock`, '{}');
    expect(await wordsAfter(['push-runtime', '--keep', 'codex:config.toml#mcp'], world)).toHaveLength(2);
  });

  it('says nothing and exits 0 whatever goes wrong', async () => {
    const world = await pushed();
    for (const words of [...lines, ['push-runtime', '--home'], ['push-runtime', '--client', 'x', '--keep', ''], []]) {
      for (const shell of ['bash', 'zsh', 'fish', 'nonsense']) {
        const { code, err } = await world.run(['__complete', shell, ...words], () => {
          throw Object.assign(new Error('no disk'), { code: 'EIO' });
        });
        expect([code, err]).toEqual([0, '']);
      }
    }
    expect((await world.run(['__complete'])).code).toBe(0);
  });

  it('offers no name with a secret in it, a line end or what is not seen', async () => {
    const world = makeWorld();
    const secret = ['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_');
    const text = JSON.stringify({ [`x${secret}`]: 1, 'a\nb': 1, fine: 1 });
    world.memory.write(`${home}/.claude/settings.json`, text);
    world.memory.write(
      `${repo}/clients/claude/settings-fragment.json`,
      JSON.stringify({ fine: 2, 'a\nb': 2, 'a\u202eb': 2 }),
    );
    const found = await wordsAfter(['push-runtime', '--keep', 'claude:settings.json#'], world);
    expect(found).toContain('claude:settings.json#fine');
    expect(found.join()).not.toMatch(/\u202e/);
    expect(found.join()).not.toContain(secret);
  });
});

describe('bash', () => {
  it('gets what comes after the last break, quoted like what stands before it', async () => {
    const world = makeWorld();
    world.memory.write(`${repo}/clients/claude/settings-fragment.json`, '{"permissions":{"deny":["Read(./it\'s)"]}}');
    const rule = 'permissions.deny["Read(./it\'s)"]';
    const keep = 'syncline push-runtime --keep';
    const typed = 'settings.json#per';
    expect(await inBash(`${keep} claude:${typed}`, typed, world)).toEqual([
      `settings.json\\#permissions.deny\\[\\"Read\\(./it\\'s\\)\\"\\]`,
    ]);
    expect(await inBash(`${keep} 'claude:${typed}`, `claude:${typed}`, world)).toEqual([
      `claude:settings.json#${rule.replace("'", `'\\''`)}`,
    ]);
    expect(await inBash(`${keep} "claude:${typed}`, `claude:${typed}`, world)).toEqual([
      `claude:settings.json#${rule.replaceAll('"', '\\"')}`,
    ]);
    expect(await inBash('syncline check-sync --client=co', 'co')).toEqual(['codex']);
  });

  it.each(['plain', 'two words', `it's "so"`, '$x `y` \\z', '!a#b[c](d)*?~', 'ä ö', '"!"'])(
    'reads %s back as it was, in every quote',
    (text) => {
      for (const quote of ['', "'", '"'] as const) {
        const line = `syncline ${quote}${quotedRest(text, quote)}${quote}`;
        expect([line, splitLine(line).words]).toEqual([line, ['syncline', text]]);
      }
    },
  );

  it('takes a line that is not finished for what it is so far', () => {
    expect(splitLine('a "b c')).toEqual({ words: ['a', 'b c'], quote: '"' });
    expect(splitLine("a b'")).toEqual({ words: ['a', 'b'], quote: "'" });
    expect(splitLine('a b\\')).toEqual({ words: ['a', 'b'], quote: '' });
    expect(splitLine('a b ')).toEqual({ words: ['a', 'b', ''], quote: '' });
    expect(splitLine(`a ''  b`)).toEqual({ words: ['a', '', 'b'], quote: '' });
  });
});

async function pushed(): Promise<World> {
  const world = makeWorld();
  expect((await world.run(['push-runtime'])).code).toBe(0);
  return world;
}
