import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from 'diff';
import { describe, expect, it } from 'vitest';
import { canonical, type KeyPath, leavesOf, type Table } from '../src/model/value.ts';
import { isAbsent } from './support/clients.ts';
import { expectLoads, run, valuesOf } from './support/codex-cases.ts';
import { peculiarConfigs, richAgents, richConfig } from './support/codex-home.ts';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { teamSource, writeTeamSource } from './support/team-source.ts';
import { keepsEveryByte, snapshotWithTimes } from './support/watch.ts';

/**
 * Codex's two shared files, as people have them: a push adds and changes nothing else, a second one writes nothing, and
 * `clean-runtime --remove-only` gives the first bytes back. Where the real Codex is installed, it loads each result.
 */
const config = 'home/.codex/config.toml';
const agents = 'home/.codex/AGENTS.md';
const shared = [config, agents];
const fragment = valuesOf(teamSource['codex/config-fragment.toml'] as string);

interface Home {
  readonly name: string;
  arrange(sandbox: Sandbox): void;
}

const rich = [richConfig, richAgents] as const;

function write([toml, markdown]: readonly [string, string], mode?: number) {
  return (sandbox: Sandbox) => {
    sandbox.write(config, toml, mode);
    sandbox.write(agents, markdown, mode);
  };
}

function changed(change: (text: string) => string, mode?: number) {
  return write([change(rich[0]), change(rich[1])], mode);
}

const homes: Home[] = [
  { name: 'no .codex folder', arrange: () => undefined },
  { name: 'an empty .codex folder', arrange: ({ home }) => mkdirSync(join(home, '.codex')) },
  { name: 'a .codex folder of mode 0700', arrange: ({ home }) => mkdirSync(join(home, '.codex'), { mode: 0o700 }) },
  { name: 'rich files', arrange: write(rich) },
  { name: 'CRLF', arrange: changed((text) => text.replaceAll('\n', '\r\n')) },
  { name: 'a byte order mark', arrange: changed((text) => `\uFEFF${text}`) },
  { name: 'a byte order mark and CRLF', arrange: changed((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`) },
  { name: 'line ends of both kinds', arrange: changed((text) => text.replace(/\n(?=\[)/g, '\r\n')) },
  { name: 'no final newline', arrange: changed((text) => text.trimEnd()) },
  { name: 'no final newline and CRLF', arrange: changed((text) => text.trimEnd().replaceAll('\n', '\r\n')) },
  { name: 'many final newlines', arrange: changed((text) => `${text}\n\n\n`) },
  { name: 'mode 0600', arrange: changed((text) => text, 0o600) },
  { name: 'mode 0444', arrange: changed((text) => text, 0o444) },
  {
    name: 'symlinked files',
    arrange: (sandbox) => {
      sandbox.write('home/dotfiles/codex.toml', richConfig, 0o640);
      sandbox.write('home/dotfiles/agents', richAgents);
      sandbox.link('home/dotfiles/link', 'codex.toml');
      sandbox.link(config, '../dotfiles/link');
      sandbox.link(agents, join(sandbox.home, 'dotfiles/agents'));
    },
  },
  {
    name: 'links to nothing yet',
    arrange: (sandbox) => {
      sandbox.write('home/dotfiles/readme', 'x');
      sandbox.link(config, '../dotfiles/codex.toml');
      sandbox.link(agents, '../dotfiles/agents');
    },
  },
  {
    name: 'a symlinked .codex folder',
    arrange: (sandbox) => {
      sandbox.write('home/dotfiles/codex/config.toml', richConfig);
      sandbox.link('home/.codex', 'dotfiles/codex');
    },
  },
  {
    name: 'memories, skills and profiles of the user’s',
    arrange: (sandbox) => {
      write(rich)(sandbox);
      sandbox.write('home/.codex/memories/own.md', 'mine');
      sandbox.write('home/.codex/mine.config.toml', 'model = "gpt-5"\n');
      sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
      sandbox.write('home/.codex/skills/.system/x/SKILL.md', '---\nname: x\ndescription: Codex’s.\n---\n');
    },
  },
  ...Object.entries(peculiarConfigs).map(([name, text]): Home => ({ name, arrange: write([text, '']) })),
  ...[
    'inline tables over many lines',
    'multi-line strings',
    'dotted keys in a table',
    'arrays of tables at the end',
  ].map(
    (name): Home => ({
      name: `${name}, CRLF`,
      arrange: write([(peculiarConfigs[name] as string).replaceAll('\n', '\r\n'), '\r\n']),
    }),
  ),
];

function arranged({ arrange }: Home): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  arrange(sandbox);
  return sandbox;
}

/** The old text, or '' where there is no file, or a link to none. */
function textOf(sandbox: Sandbox, path: string): string {
  return sandbox.exists(path) ? sandbox.read(path) : '';
}

/** What both files say, the fragment's part last: no key is in both. */
function together(old: Table, added: Table): string[] {
  return [...leavesOf(old), ...leavesOf(added)]
    .filter(([path]) => !isParent(path, old) && !isParent(path, added))
    .map(([path, value]) => `${JSON.stringify(path)} = ${canonical(value)}`)
    .sort();
}

function isParent(path: KeyPath, table: Table): boolean {
  return leavesOf(table).some(([other]) => other.length > path.length && path.every((key, at) => key === other[at]));
}

function expectAdded(before: readonly string[], sandbox: Sandbox): void {
  const after = shared.map((path) => sandbox.read(path));
  for (const [index, text] of after.entries()) {
    expect([shared[index], keepsEveryByte(before[index] as string, text)]).toEqual([shared[index], true]);
  }
  const [toml, markdown] = after as [string, string];
  expect(together(valuesOf(toml), {})).toEqual(together(valuesOf(before[0] as string), fragment));
  expect(markdown.startsWith(before[1] as string)).toBe(true);
  expect(markdown).toContain('Ask before you publish.');
  if (!isAbsent('codex')) expectLoads(sandbox.home);
}

describe('first push, second push, check-sync, clean --remove-only', () => {
  it.each(sampled(homes))('$name', (home) => {
    const sandbox = arranged(home);
    const [first, before] = [snapshot(sandbox.home), shared.map((path) => textOf(sandbox, path))];
    run(sandbox, ['push-runtime']);
    expectAdded(before, sandbox);
    const pushed = snapshotWithTimes(sandbox.home);
    expect(run(sandbox, ['push-runtime']).out).toContain('Nothing had to be written.');
    expect(snapshotWithTimes(sandbox.home)).toEqual(pushed);
    run(sandbox, ['check-sync']);
    expect(snapshotWithTimes(sandbox.home)).toEqual(pushed);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(snapshot(sandbox.home)).toEqual(first);
  });

  it('no line of a file without inline tables is touched', () => {
    for (const text of [richConfig, richConfig.replaceAll('\n', '\r\n')]) {
      const sandbox = arranged({ name: '', arrange: write([text, richAgents]) });
      run(sandbox, ['push-runtime']);
      expect(diffLines(text, sandbox.read(config)).filter(({ removed }) => removed)).toEqual([]);
    }
  });

  it('a new file is for its owner alone', () => {
    const sandbox = arranged({ name: '', arrange: () => undefined });
    run(sandbox, ['push-runtime']);
    expect(snapshot(sandbox.home)['.codex/config.toml']).toMatch(/^file 600 /);
  });
});

/** The source a week later: units gone, changed, new, and a table of ours where there was none. */
function moveSource(sandbox: Sandbox): void {
  const text = `model_verbosity = "high"
hide_agent_reasoning = true

[model_providers.acme]
name = "Acme"
base_url = "https://models.example/v2"

[model_providers.second]
name = "Second"

[mcp_servers.team]
command = "team-server-2"
env = { A = "1" }
`;
  sandbox.write('repo/clients/codex/config-fragment.toml', text);
  sandbox.write('repo/clients/codex/instructions.md', 'New words.\n');
  sandbox.remove('repo/clients/codex/profiles/fast.toml');
  sandbox.remove('repo/clients/shared/memory/global.md');
  sandbox.remove('repo/clients/shared/skills/greet/scripts');
}

const movable =
  /^(rich files|no .codex folder|CRLF|symlinked files|(empty )?inline tables|empty tables|dotted keys|root keys only)$/;

describe('after the source has moved on', () => {
  it.each(
    sampled(
      homes.filter(({ name }) => movable.test(name)),
      1,
    ),
  )('$name: the first bytes come back, too', (home) => {
    const sandbox = arranged(home);
    const [first, old] = [snapshot(sandbox.home), valuesOf(textOf(sandbox, config))];
    run(sandbox, ['push-runtime']);
    moveSource(sandbox);
    run(sandbox, ['push-runtime']);
    const moved = valuesOf(sandbox.read('repo/clients/codex/config-fragment.toml'));
    expect(together(valuesOf(sandbox.read(config)), {})).toEqual(together(old, moved));
    if (!isAbsent('codex')) expectLoads(sandbox.home);
    run(sandbox, ['check-sync']);
    run(sandbox, ['clean-runtime']);
    run(sandbox, ['check-sync']);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

describe('edits between push and clean --remove-only', () => {
  const edits: readonly [name: string, path: string, from: string, to: string][] = [
    ['a value', config, 'model   =   "gpt-5"', 'model   =   "gpt-6"'],
    ['a new root key', config, 'file_opener = "none"', 'file_opener = "none"\nhide_agent_reasoning = true'],
    ['a comment at the top', config, '# mine, do not touch', '# mine\n# do not touch'],
    ['a key in a table', config, 'apps=false', 'apps=false\ngoals = true'],
    ['a new table', config, '[features]', '[tui.keymap]\n\n[features]'],
    ['a table gone', config, '[projects."/home/u/p"]\ntrust_level = "trusted"\n', ''],
    ['a server changed', config, 'args = [ "-y",   "mine" ]', 'args = [ "-y" ]'],
    ['a table at the end', config, '# the end\n', '# the end\n[marketplaces.m]\nsource = "/x"\n'],
    ['a line of instructions', agents, '- Short answers.  ', '- Long answers.'],
    ['a line of instructions more', agents, 'The end.\n', 'The end.\nReally.\n'],
  ];
  const edited = (chosen: typeof edits, path: string, text: string) =>
    chosen.filter((edit) => edit[1] === path).reduce((all, [, , from, to]) => all.replace(from, to), text);

  const alone = edits.filter(([name]) => name.startsWith('a new table') || name.endsWith('at the end'));

  it.each([...alone.map((edit) => [edit[0], [edit]] as const), ['all kinds of things', edits] as const])(
    '%s outside our units stays, to the byte',
    (_, chosen) => {
      const sandbox = arranged({ name: '', arrange: write(rich) });
      run(sandbox, ['push-runtime']);
      for (const path of shared) sandbox.write(path, edited(chosen, path, sandbox.read(path)));
      run(sandbox, ['check-sync']);
      run(sandbox, ['clean-runtime', '--remove-only']);
      expect(sandbox.read(config)).toBe(edited(chosen, config, richConfig));
      expect(sandbox.read(agents)).toBe(edited(chosen, agents, richAgents));
    },
  );

  it('of ours are named and backed up before they go', () => {
    const sandbox = arranged({ name: '', arrange: write(rich) });
    const first = snapshot(sandbox.home);
    run(sandbox, ['push-runtime']);
    const ours: readonly [id: string, path: string, from: string, to: string][] = [
      ['config.toml#mcp_servers.team', config, '"team-server"', '"edited-server"'],
      ['config.toml#model_verbosity', config, 'model_verbosity = "low"', 'model_verbosity = "medium" # edited'],
      ['config.toml#tui.notifications', config, 'notifications = true', 'notifications = false'],
      ['config.toml#model_providers.acme', config, 'models.example/v1', 'edited.example/v1'],
      ['fast.config.toml', 'home/.codex/fast.config.toml', 'acme-small', 'acme-edited'],
      ['AGENTS.md#block', agents, 'Ask before you publish.', 'Edited words.'],
      ['AGENTS.md#memory', agents, 'Speak plainly.', 'Speak edited.'],
      ['memories/global.md', 'home/.codex/memories/global.md', 'plainly', 'edited'],
      ['skills/greet/SKILL.md', 'home/.codex/skills/greet/SKILL.md', 'Run', 'Edited: run'],
    ];
    for (const [, path, from, to] of ours) {
      expect(sandbox.read(path)).toContain(from);
      sandbox.write(path, sandbox.read(path).replace(from, to));
    }
    const { out } = run(sandbox, ['clean-runtime', '--remove-only']);
    for (const [id, , , to] of ours) {
      const line = out.split('\n').find((row) => row.includes(` codex:${id}`));
      expect([id, line]).toEqual([id, expect.stringContaining('an edit in the runtime goes')]);
      expect([to, backupsNamedIn(out).some((text) => text.includes(to))]).toEqual([to, true]);
    }
    expect(valuesOf(sandbox.read(config))).toEqual(valuesOf(richConfig));
    const { '.codex/config.toml': _, ...others } = snapshot(sandbox.home);
    expect(first).toMatchObject(others);
  });

  it('a rewrite of the whole file leaves the exact values', () => {
    const sandbox = arranged({ name: '', arrange: write([richConfig.replaceAll('\n', '\r\n'), richAgents]) });
    run(sandbox, ['push-runtime']);
    const lines = sandbox.read(config).split('\r\n');
    const isLoose = (line: string) => line.trim() === '' || /^#/.test(line);
    sandbox.write(config, `${lines.filter((line) => !isLoose(line)).join('\n')}\n`);
    run(sandbox, ['check-sync']);
    const theirs = valuesOf(lines.filter((line) => !isLoose(line)).join('\n'));
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(together(valuesOf(sandbox.read(config)), fragment)).toEqual(together(theirs, {}));
  });

  it('an empty file that was there stays, one that we made goes', () => {
    const sandbox = arranged({ name: '', arrange: ({ write: put }) => put(config, '', 0o640) });
    const first = snapshot(sandbox.home);
    run(sandbox, ['push-runtime']);
    chmodSync(join(sandbox.home, '.codex/AGENTS.md'), 0o600);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

/** The texts of the backups in the folder that a report names. */
function backupsNamedIn(out: string): string[] {
  const folder = /as they were before this run: (.+)/.exec(out)?.[1] as string;
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}
