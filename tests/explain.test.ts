import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll } from './support/git.ts';
import { makeWorld, repo } from './support/memory-world.ts';
import type { Sandbox } from './support/sandbox.ts';
import { edit, team, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// `explain`: where a unit comes from, which run wrote it, who changed it since, what a push would do.

interface Row {
  readonly id: string;
  readonly verdict: string;
  readonly action: string;
  readonly leftOut?: string;
  readonly sources: readonly {
    readonly path: string;
    readonly line?: number;
    readonly layer: string;
    readonly role: string;
    readonly change: { readonly commit?: { readonly id: string; readonly author: string }; readonly without?: string };
  }[];
  readonly origin: string | null;
  readonly run: { readonly name: string; readonly command: string; readonly time: string } | null;
  readonly since: string;
  readonly otherRepository?: string;
  readonly nextPush: string;
}

const server = 'codex:config.toml#mcp_servers.team';
const memory = 'claude:memories/global.md';

describe('explain, for a unit in a git repository', () => {
  it('names the line, the commit of it, the run that wrote it, and what the next push does', () => {
    const sandbox = team();
    const first = commitAll(sandbox.repo, 'First');
    sandbox.run(['push-runtime']);
    const { code, out } = sandbox.run(['explain', server]);
    const { run } = explained(sandbox, server);
    expect(code).toBe(0);
    expect(out.replaceAll(sandbox.root, '').replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, 'WHEN')).toBe(
      `${server}
  in        /home/.codex/config.toml
  source    clients/codex/config-fragment.toml:12
              lines 12 to 15 last changed by ${first.slice(0, 7)} WHEN Ana: First
  layers    clients
  now       same, placed by Syncline
  written   WHEN by push-runtime, run ${run?.name}
  since     as we left it
  next push has nothing to do
`,
    );
  });

  it('the commit is that of the lines of the unit, not of the file, and an open change is told', () => {
    const sandbox = team();
    const first = commitAll(sandbox.repo, 'First');
    sandbox.run(['push-runtime']);
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
    const second = commitAll(sandbox.repo, 'Second');
    const commitOf = (id: string) => explained(sandbox, id).sources[0]?.change;
    expect(commitOf(server)?.commit).toMatchObject({ id: first, author: 'Ana' });
    expect(commitOf('codex:config.toml#model_verbosity')?.commit?.id).toBe(second);
    expect(commitOf(memory)?.commit?.id).toBe(first);
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"team-server"', '"other-server"');
    edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
    expect([commitOf(server), commitOf(memory)]).toEqual([{ without: 'uncommitted' }, { without: 'uncommitted' }]);
    expect(sandbox.run(['explain', memory]).out).toContain('file changed since the last commit, or new');
  });

  it('names the run that brought the value, not one that only wrote the file', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    const first = explained(sandbox, server).run;
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
    sandbox.run(['push-runtime']);
    expect(explained(sandbox, server).run).toEqual(first);
    const second = explained(sandbox, 'codex:config.toml#model_verbosity').run;
    expect(second).toMatchObject({ command: 'push-runtime' });
    expect(second?.name).not.toBe(first?.name);
  });

  it('without git says that nobody knows who changed it', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    const { sources } = explained(sandbox, server);
    expect(sources).toMatchObject([
      { path: 'clients/codex/config-fragment.toml', line: 12, change: { without: 'no-git' } },
    ]);
    expect(sandbox.run(['explain', server]).out).toContain('this is no git');
  });
});

describe('explain, for what became of a unit', () => {
  const cases: readonly (readonly [string, (sandbox: Sandbox) => void, Partial<Row>])[] = [
    [
      'edited',
      (sandbox) => sandbox.write('home/.claude/memories/global.md', 'mine\n'),
      {
        verdict: 'runtime-ahead',
        since: 'edited',
        origin: 'placed',
        nextPush: expect.stringContaining('leaves the edit'),
      },
    ],
    [
      'removed',
      (sandbox) => sandbox.remove('home/.claude/memories/global.md'),
      { verdict: 'runtime-ahead', since: 'removed', nextPush: expect.stringContaining('leaves') },
    ],
    [
      'moved on in the source',
      (sandbox) => edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly'),
      { verdict: 'source-ahead', since: 'untouched', nextPush: expect.stringContaining('replaces it') },
    ],
    [
      'gone from the source',
      (sandbox) => sandbox.remove('repo/clients/shared/memory/global.md'),
      { verdict: 'source-ahead', since: 'untouched', sources: [], nextPush: expect.stringContaining('removes it') },
    ],
    [
      'changed on both sides',
      (sandbox) => {
        sandbox.write('home/.claude/memories/global.md', 'mine\n');
        edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
      },
      { verdict: 'conflict', since: 'edited', nextPush: expect.stringContaining('stops here') },
    ],
    [
      'adopted',
      (sandbox) => {
        sandbox.write('home/.claude/memories/global.md', '# Global\n\nMine.\n');
        expect(sandbox.run(['pull-runtime', '--adopt', memory]).code).toBe(0);
      },
      { verdict: 'same', since: 'adopted' },
    ],
    [
      'kept on this machine',
      (sandbox) => {
        sandbox.write('home/.claude/memories/global.md', 'mine\n');
        sandbox.write('home/.config/syncline/config.toml', `keep = ["${memory}"]\n`);
      },
      { verdict: 'runtime-ahead', leftOut: expect.stringContaining('config.toml'), nextPush: 'leaves it as it is' },
    ],
  ];

  it.each(cases)('%s', (_, change, expected) => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    change(sandbox);
    expect(explained(sandbox, memory)).toMatchObject(expected);
  });

  it('a client that rewrote the file is told from one that changed the unit', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    sandbox.write(
      'home/.codex/config.toml',
      `${sandbox.read('home/.codex/config.toml')}\n[projects."/x"]\ntrust_level = "trusted"\n`,
    );
    expect(explained(sandbox, server)).toMatchObject({ verdict: 'same', since: 'rewritten' });
    expect(sandbox.run(['explain', server]).out).toContain('the file was written again by a client');
  });

  it('what was there before us was written by no run', () => {
    const sandbox = team();
    sandbox.write('home/.claude/memories/global.md', '# Global\n\nSpeak plainly.\n');
    sandbox.run(['push-runtime']);
    expect(explained(sandbox, memory)).toMatchObject({ verdict: 'same', origin: 'found', run: null });
  });

  it('a conflict elsewhere stops the push for all: that is said', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    for (const name of ['global', 'conventions']) {
      edit(sandbox, `repo/clients/shared/memory/${name}.md`, '#', '##');
    }
    sandbox.write('home/.claude/memories/conventions.md', 'mine\n');
    const { code, out } = sandbox.run(['explain', memory]);
    expect([code, out]).toEqual([0, expect.stringContaining('"claude:memories/conventions.md" is a conflict')]);
  });

  it('another repository that deployed here is named', () => {
    const sandbox = team();
    writeTeamSource(sandbox, 'other');
    sandbox.run(['push-runtime', '--repo', join(sandbox.root, 'other')]);
    expect(explained(sandbox, memory)).toMatchObject({ otherRepository: join(sandbox.root, 'other') });
    expect(sandbox.run(['explain', memory]).out).toContain(`by another repository: ${join(sandbox.root, 'other')}`);
  });
});

describe('explain, for layers', () => {
  it('a file of a higher layer wins over the one below', () => {
    const sandbox = layered();
    const { sources } = explained(sandbox, memory);
    expect(sources.map(({ path, role }) => [path, role])).toEqual([
      ['clients/shared/memory/global.md', 'below'],
      ['clients/people/ana/shared/memory/global.md', 'wins'],
    ]);
    const { out } = sandbox.run(['explain', memory]);
    expect(out).toContain('instead of clients/shared/memory/global.md');
    expect(out).toContain('layers    clients, clients/people/ana; clients/people/ana wins');
  });

  it('an entry is put together from both, a key has one place, a text has parts', () => {
    const sandbox = layered();
    const placesOf = (id: string) => explained(sandbox, id).sources.map(({ path, line, role }) => [path, line, role]);
    expect(placesOf('claude:.claude.json#mcpServers.team')).toEqual([
      ['clients/shared/mcp.json', 1, 'adds'],
      ['clients/people/ana/shared/mcp.json', 1, 'adds'],
      ['clients/claude/mcp-fragment.json', 3, 'wins'],
    ]);
    expect(placesOf('codex:config.toml#model_verbosity')).toEqual([
      ['clients/codex/config-fragment.toml', 1, 'below'],
      ['clients/people/ana/codex/config-fragment.toml', 1, 'wins'],
    ]);
    expect(placesOf('claude:CLAUDE.md#block').map(([path, , role]) => [path, role])).toEqual([
      ['clients/claude/instructions.md', 'adds'],
      ['clients/people/ana/shared/instructions.md', 'adds'],
    ]);
  });

  it('what a layer leaves out is explained, too', () => {
    const sandbox = layered();
    const row = explained(sandbox, 'claude:settings.json#cleanupPeriodDays');
    expect(row).toMatchObject({
      leftOut: 'clients/people/ana/layer.toml:1',
      nextPush: 'does nothing: this machine does without it',
    });
    expect(sandbox.run(['explain', 'claude:settings.json#cleanupPeriodDays']).out).toContain(
      'left out here by clients/people/ana',
    );
  });
});

describe('explain, for paths', () => {
  it('a path of the runtime: absolute, from the home, from the working directory, through a link', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    sandbox.link('way', join(sandbox.home, '.claude'));
    const ids = (word: string, cwd = sandbox.repo) => {
      const { json } = sandbox.run(['explain', word, '--json', '--verbose'], { cwd });
      return json.units.map(({ id }) => id);
    };
    for (const word of [
      join(sandbox.home, '.claude/memories/global.md'),
      '~/.claude/memories/global.md',
      '../way/memories/global.md',
    ])
      expect([word, ids(word)]).toEqual([word, [memory]]);
    expect(ids('~/.claude/memories')).toEqual(
      [memory, 'claude:memories/conventions.md', 'claude:memories/projects/site.md'].sort(),
    );
    const whole = sandbox.run(['explain', '~/.codex/config.toml']);
    expect(whole.out).toContain(server);
    expect(whole.out).toContain('everything else in this file is yours');
  });

  it('a path of the source: every unit that has something of it', () => {
    const sandbox = team();
    const ids = (word: string) => sandbox.run(['explain', word, '--json', '--verbose']).json.units.map(({ id }) => id);
    expect(ids('clients/shared/memory/projects/site.md').sort()).toEqual([
      'claude:memories/projects/site.md',
      'codex:memories/projects/site.md',
    ]);
    expect(ids(join(sandbox.repo, 'clients/shared/skills/greet/scripts'))).toEqual([
      'codex:skills/greet/scripts/greet.sh',
      'claude:skills/greet/scripts/greet.sh',
    ]);
    expect(ids('clients/claude/mcp-fragment.json')).toHaveLength(2);
  });

  it('a layer outside the repository, and a repository behind a link', () => {
    const sandbox = team();
    sandbox.write('home/.config/syncline/config.toml', 'layers = ["~/agents"]\n');
    sandbox.write('home/agents/shared/memory/global.md', '# Mine\n');
    sandbox.link('way', sandbox.repo);
    const ids = (word: string) => sandbox.run(['explain', word, '--json']).json.units.map(({ id }) => id);
    expect(ids('~/agents/shared/memory/global.md')).toContain(memory);
    expect(explained(sandbox, memory).sources.map(({ layer, role }) => [layer, role])).toEqual([
      ['clients', 'below'],
      [join(sandbox.home, 'agents'), 'wins'],
    ]);
    expect(ids(join(sandbox.root, 'way/clients/shared/skills/greet/SKILL.md'))).toHaveLength(2);
  });

  it('files of the source that are no unit are told of', () => {
    const sandbox = team();
    sandbox.write('repo/clients/shared/vars.toml', 'mine = "x"\n');
    const { code, out } = sandbox.run(['explain', 'clients/shared/vars.toml']);
    expect([code, out]).toEqual([0, expect.stringContaining('its values stand wherever a text of the source says')]);
  });

  it.each([
    ['a file of yours', '~/.claude/history.jsonl'],
    ['a file in a skill of yours', '~/.codex/skills/own/SKILL.md'],
    ['a skill of yours by its name', 'codex:skills/own'],
    ['a server of yours', 'codex:config.toml#mcp_servers.mine'],
    ['a key of yours', 'codex:config.toml#model'],
    ['a rule of yours', 'claude:settings.json#permissions.deny["Read(./mine)"]'],
  ])('%s is yours: Syncline never touches it', (_, word) => {
    const sandbox = team();
    sandbox.write('home/.claude/history.jsonl', '{}\n');
    sandbox.write('home/.codex/config.toml', 'model = "gpt-6"\n\n[mcp_servers.mine]\ncommand = "mine"\n');
    sandbox.write('home/.claude/settings.json', '{"permissions":{"deny":["Read(./mine)"]}}\n');
    sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
    sandbox.run(['push-runtime']);
    const { code, out } = sandbox.run(['explain', word]);
    expect([code, out]).toEqual([0, expect.stringMatching(/yours.*; Syncline never touches it/)]);
  });

  it.each([
    ['clients/shared/memory/globl.md', 'Did you mean "clients/shared/memory/global.md"?'],
    ['claude:memories/globl.md', `Did you mean "${memory}"?`],
    ['~/.claude/nothing-here', 'check-sync --verbose lists every unit.'],
    ['/etc/hostname', 'check-sync --verbose lists every unit.'],
  ])('%s is nothing: exit 2, with what may be meant', (word, remedy) => {
    const { code, err } = team().run(['explain', word]);
    expect([code, err]).toEqual([2, expect.stringContaining(remedy)]);
  });

  it('without a word says what it needs', () => {
    expect(team().run(['explain'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('explain needs to know what'),
    });
  });
});

describe('explain, for many units', () => {
  it('gives each a row, and all of it with --verbose; nothing is written', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    const before = snapshotWithTimes(sandbox.root);
    const brief = sandbox.run(['explain', 'codex']);
    expect(brief.code).toBe(0);
    expect(brief.out).toMatch(
      /^same {11}codex:config\.toml#model_verbosity {2}\(clients\/codex\/config-fragment\.toml:1\)$/m,
    );
    expect(brief.out).toContain('Name one of them, or say --verbose');
    expect(brief.out).not.toContain('next push');
    expect(sandbox.run(['explain', 'codex', '--verbose']).out.match(/^ {2}next push/gm)?.length).toBeGreaterThan(10);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });
});

describe('explain, on a machine without git', () => {
  it('needs no program', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    world.memory.write(`${repo}/.git/HEAD`, 'ref: refs/heads/main\n');
    const { code, out } = await world.run(['explain', server]);
    expect(code).toBe(0);
    expect(out).toContain('written   2026-01-05 08:00 UTC by push-runtime, run 20260105T080001000-');
    expect(out).toMatch(/git is\s+not installed/);
  });
});

/** A team's source with a person's layer over it, pushed. */
function layered(): Sandbox {
  const sandbox = team();
  const own = 'repo/clients/people/ana';
  sandbox.write('home/.config/syncline/config.toml', 'layers = ["people/ana"]\n');
  sandbox.write(`${own}/shared/memory/global.md`, '# Mine\n');
  sandbox.write(`${own}/shared/instructions.md`, 'Answer shortly.\n');
  sandbox.write(`${own}/codex/config-fragment.toml`, 'model_verbosity = "high"\n');
  sandbox.write(`${own}/layer.toml`, 'leave-out = ["claude:settings.json#cleanupPeriodDays"]\n');
  sandbox.write('repo/clients/shared/mcp.json', '{ "mcpServers": { "team": { "command": "a", "args": ["x"] } } }\n');
  sandbox.write(`${own}/shared/mcp.json`, '{ "mcpServers": { "team": { "args": ["y"] } } }\n');
  const { code, err } = sandbox.run(['push-runtime']);
  expect([code, err]).toEqual([0, '']);
  return sandbox;
}

function explained(sandbox: Sandbox, word: string): Row {
  const { code, json } = sandbox.run(['explain', word, '--json']);
  expect([word, code]).toEqual([word, 0]);
  const [row] = (json as unknown as { explanations: readonly Row[] }).explanations;
  return row as Row;
}
