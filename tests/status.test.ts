import { describe, expect, it } from 'vitest';
import { estimatedTokens } from '../src/content/estimate.ts';
import { importsIn, withoutComments } from '../src/content/instructions/imports.ts';
import { commitAll } from './support/git.ts';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { edit, team, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// `status`: one screen that says how things stand, and what every session costs.

interface Client {
  readonly client: string;
  readonly inSync: boolean;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly leftOut: number;
  readonly kept: number;
  readonly lastPush: {
    readonly time: string;
    readonly commit: string | null;
    readonly ahead: number | null;
    readonly otherRepository?: string;
  } | null;
  readonly session: {
    readonly tokens: number;
    readonly budget: number;
    readonly files: readonly {
      readonly name: string;
      readonly tokens: number;
      readonly parts?: readonly { readonly name: string; readonly tokens: number }[];
    }[];
  };
}

interface Status {
  readonly clients: readonly Client[];
  readonly repository: { readonly git: boolean; readonly uncommitted: number | null };
  readonly layers: readonly string[];
  readonly runs: { readonly count: number; readonly last: { readonly command: string; readonly files: number } | null };
}

describe('status', () => {
  it('after init from a used home: nothing was pushed yet, and what init imported is said', async () => {
    const sandbox = makeSandbox();
    sandbox.write('home/.claude/settings.json', '{"model": "opus"}\n');
    expect(sandbox.run(['init', `${sandbox.root}/own`, '--from-runtime', '--yes']).code).toBe(0);
    const words = ['status', '--repo', `${sandbox.root}/own`];
    expect(sandbox.run(words).out).toMatch(/none yet; imported by init \d{4}-/);
    sandbox.write('own/clients/claude/settings-fragment.json', '{"model": "sonnet"}\n');
    expect(sandbox.run(['push-runtime', '--yes', '--repo', `${sandbox.root}/own`]).code).toBe(0);
    expect(sandbox.run(words).out).not.toContain('imported by init');
  });

  it('before the first push, after it, and with differences: always exit 0, inSync says which', () => {
    const sandbox = team();
    const first = sandbox.run(['status']);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/^Last push +never$/m);
    expect(first.out).toMatch(/^Backups +no run yet that can be restored$/m);
    sandbox.run(['push-runtime']);
    const second = sandbox.run(['status', '--json']);
    expect([second.code, second.json.inSync]).toEqual([0, true]);
    expect(sandbox.run(['status']).out).toMatch(/^Codex +in sync +~\/\.codex\n +\d+ same$/m);
    sandbox.write('home/.claude/memories/global.md', 'mine\n');
    const third = sandbox.run(['status']);
    expect(third.code).toBe(0);
    expect(third.out).toMatch(
      /^Claude Code +differs +~\/\.claude and ~\/\.claude\.json\n +\d+ same, 1 runtime-ahead$/m,
    );
    expect(third.out).toMatch(/^Codex +in sync/m);
    expect(sandbox.run(['status', '--json']).json.inSync).toBe(false);
  });

  it('counts units by verdict as check-sync does, what is left out and kept apart', () => {
    const sandbox = team();
    sandbox.write('repo/clients/people/ana/layer.toml', 'leave-out = ["codex:skills/greet"]\n');
    sandbox.write(
      'home/.config/syncline/config.toml',
      'layers = ["people/ana"]\nkeep = ["claude:memories/global.md"]\n',
    );
    sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
    sandbox.run(['push-runtime']);
    sandbox.write('home/.claude/memories/global.md', 'mine\n');
    sandbox.write('home/.claude/memories/conventions.md', 'mine\n');
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
    const { units } = sandbox.run(['check-sync', '--json', '--verbose']).json;
    const [codex, claude] = statusOf(sandbox).clients as [Client, Client];
    const count = (client: string, verdict: string) =>
      units.filter((unit) => unit.client === client && unit.verdict === verdict && !('leftOut' in unit)).length;
    for (const { client, verdicts } of [codex, claude])
      for (const verdict of ['same', 'source-ahead', 'runtime-ahead', 'unmanaged'])
        expect([client, verdict, verdicts[verdict] ?? 0]).toEqual([client, verdict, count(client, verdict)]);
    expect(codex).toMatchObject({ leftOut: 2, kept: 0, verdicts: { 'source-ahead': 1, unmanaged: 1 } });
    expect(claude).toMatchObject({ leftOut: 0, kept: 1, verdicts: { 'runtime-ahead': 1 } });
    const { out } = sandbox.run(['status']);
    expect(out).toMatch(/1 source-ahead; 2 left out, 1 yours$/m);
    expect(out).toMatch(/^Layers +clients, clients\/people\/ana$/m);
  });

  it('tells the last push with its commit, how far the repository is ahead, and what is not committed', () => {
    const sandbox = team();
    const commit = commitAll(sandbox.repo, 'Add the team server');
    sandbox.run(['push-runtime']);
    sandbox.write('repo/README.md', '# Team\n');
    commitAll(sandbox.repo, 'Second');
    sandbox.write('repo/README.md', '# The team\n');
    commitAll(sandbox.repo, 'Third');
    edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
    sandbox.write('repo/clients/shared/memory/new.md', '# New\n');
    sandbox.write('repo/other.txt', 'not of clients/\n');
    const { clients, repository } = statusOf(sandbox);
    expect(clients.map(({ lastPush }) => [lastPush?.commit, lastPush?.ahead])).toEqual([
      [commit, 2],
      [commit, 2],
    ]);
    expect(repository).toMatchObject({ git: true, uncommitted: 2 });
    const { out } = sandbox.run(['status']);
    expect(out).toMatch(new RegExp(`^Last push +20\\d\\d-.* UTC at ${commit.slice(0, 7)} Add the team server$`, 'm'));
    expect(out).toMatch(
      /^Repository .*\/repo at \w{7}\n {13}2 commits ahead of the last push, 2 files of clients\/ not committed$/m,
    );
  });

  it('a push that only noted a new commit is the last one; a restore is none', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    const timeOf = async () => (await statusIn(world)).clients[0]?.lastPush?.time;
    const first = await timeOf();
    expect(first).toMatch(/^2026-01-05T08:00:/);
    world.wait(3_600_000);
    world.memory.write(`${repo}/clients/syncline.toml`, 'id = "team"\n');
    await world.run(['push-runtime']);
    const second = await timeOf();
    expect(second).toMatch(/^2026-01-05T09:00:/);
    world.memory.write(`${repo}/clients/shared/memory/global.md`, '# Global\n');
    world.wait(3_600_000);
    await world.run(['push-runtime']);
    const third = await timeOf();
    expect(third).toMatch(/^2026-01-05T10:00:/);
    world.wait(3_600_000);
    expect((await world.run(['restore'])).code).toBe(0);
    expect(await timeOf()).toBeNull();
    const { out } = await world.run(['status']);
    expect(out).toMatch(/^Last push +taken back by restore 2026-01-05 11:00 UTC, now without a commit$/m);
  });

  it('clients that were not pushed to together have a row each', () => {
    const sandbox = team();
    sandbox.run(['push-runtime', '--client', 'codex']);
    const { out } = sandbox.run(['status']);
    expect(out).toMatch(/^Last push +Codex: 20\d\d.*, without a commit\n +Claude Code: never$/m);
  });

  it('tells the runs that can be restored', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    sandbox.run(['restore']);
    expect(statusOf(sandbox).runs).toMatchObject({ count: 2, last: { command: 'restore' } });
    expect(sandbox.run(['status']).out).toMatch(/^Backups +of 2 runs; the last: 20.* UTC restore, \d+ files$/m);
  });

  it('of another repository that deployed here, says so and goes on', () => {
    const sandbox = team();
    writeTeamSource(sandbox, 'other');
    sandbox.run(['push-runtime', '--repo', `${sandbox.root}/other`]);
    const { code, json } = sandbox.run(['status', '--json']);
    expect([code, json.findings.map((finding) => finding.code)]).toEqual([0, ['other-repository', 'other-repository']]);
    expect(json.findings.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  it('exits 2 for what it could not look at, and writes nothing', () => {
    const sandbox = team();
    sandbox.run(['push-runtime']);
    const before = snapshotWithTimes(sandbox.root);
    expect(sandbox.run(['status']).code).toBe(0);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
    sandbox.write('home/.codex/config.toml', 'a =\n');
    expect(sandbox.run(['status']).code).toBe(2);
  });
});

describe('one screen', () => {
  it('in a rich home stays within 80 columns and 24 lines, and says nothing by colour alone', async () => {
    const world = rich();
    const { code, out } = await world.run(['status'], undefined, {
      variables: { CODEX_HOME: `/mnt/${'deep/'.repeat(30)}codex` },
    });
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(out).toContain('…');
    expect(out).toMatch(/over the budget|differs|never/);
  });

  it('of the shipped content fits as well', () => {
    const sandbox = makeSandbox(`${import.meta.dirname}/..`);
    sandbox.run(['push-runtime']);
    const { out } = sandbox.run(['status']);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
  });
});

describe('what a session costs', () => {
  it("Codex: AGENTS.md whole with what is the user's, its parts, and the names and descriptions of all skills", async () => {
    const world = makeWorld();
    world.memory.write(`${home}/.codex/AGENTS.md`, `# Mine\n\n${'word '.repeat(400)}\n`);
    world.memory.write(
      `${home}/.codex/skills/own/deep/SKILL.md`,
      '---\nname: own\ndescription: Does own things.\n---\nLong body.\n',
    );
    await world.run(['push-runtime', '--yes']);
    const [codex] = (await statusIn(world)).clients as [Client];
    const [agents, skills] = codex.session.files;
    const text = world.memory.read(`${home}/.codex/AGENTS.md`);
    expect(agents).toMatchObject({ name: 'AGENTS.md', tokens: estimatedTokens(text) });
    expect(agents?.parts?.map(({ name }) => name)).toEqual([
      'instructions and list of memories',
      'memory global.md',
      'memory conventions.md',
    ]);
    const lines = [
      `- greet: Greets people. (file: ${home}/.codex/skills/greet/SKILL.md)`,
      `- own: Does own things. (file: ${home}/.codex/skills/own/deep/SKILL.md)`,
    ];
    expect(skills).toEqual({ name: '2 skills: names and descriptions', tokens: estimatedTokens(lines.join('\n')) });
    expect(codex.session.tokens).toBe((agents?.tokens ?? 0) + (skills?.tokens ?? 0));
  });

  it('Codex reads AGENTS.override.md instead, unless it is empty', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    world.memory.write(`${home}/.codex/AGENTS.override.md`, ' \n');
    const names = async () => (await statusIn(world)).clients[0]?.session.files.map(({ name }) => name);
    expect(await names()).toContain('AGENTS.md');
    world.memory.write(`${home}/.codex/AGENTS.override.md`, 'Only this.\n');
    expect(await names()).toEqual(expect.arrayContaining(['AGENTS.override.md']));
    expect(await names()).not.toContain('AGENTS.md');
  });

  it('Claude Code: CLAUDE.md without comments, what it imports and those import, once each, and rules for all paths', async () => {
    const world = makeWorld();
    const imports = 'See @notes.md and @~/more.md and `@code.md` and @missing.md.\n\n```\n@fenced.md\n```\n';
    world.memory.write(`${home}/.claude/CLAUDE.md`, `${imports}<!-- ${'comment '.repeat(500)}-->\n`);
    for (const name of ['code', 'fenced']) world.memory.write(`${home}/.claude/${name}.md`, 'no\n');
    world.memory.write(`${home}/.claude/notes.md`, 'Notes. @deep/er.md @../more.md\n');
    world.memory.write(`${home}/.claude/deep/er.md`, 'Deeper. @../notes.md\n');
    world.memory.write(`${home}/more.md`, 'More.\n');
    world.memory.write(`${home}/.claude/rules/all.md`, 'Always.\n');
    world.memory.write(`${home}/.claude/rules/some.md`, '---\npaths: src/**\n---\nSometimes.\n');
    world.memory.write(
      `${home}/.claude/skills/shy/SKILL.md`,
      '---\ndescription: Hidden.\ndisable-model-invocation: true\n---\n',
    );
    await world.run(['push-runtime', '--yes']);
    const claude = (await statusIn(world)).clients[1] as Client;
    expect(claude.session.files.map(({ name }) => name).sort()).toEqual(
      [
        ...['CLAUDE.md', 'memories/global.md', 'memories/conventions.md', 'notes.md', 'deep/er.md', '~/more.md'],
        ...['rules/all.md', '1 skill: name and description'],
      ].sort(),
    );
    const own = claude.session.files.find(({ name }) => name === 'CLAUDE.md');
    expect(own?.tokens).toBeLessThan(200);
  });

  it("over the budget warns, with the dearest file; the budget is the repository's", () => {
    const sandbox = team();
    sandbox.write('repo/clients/shared/memory/global.md', `# Global\n\n${'word '.repeat(400)}\n`);
    sandbox.run(['push-runtime']);
    expect(sandbox.run(['status', '--json']).json.findings).toEqual([]);
    sandbox.write('repo/clients/syncline.toml', 'session-budget = 300\n');
    const { code, out } = sandbox.run(['status']);
    const { json } = sandbox.run(['status', '--json']);
    expect(code).toBe(0);
    expect(json.findings.map((finding) => [finding.code, finding.severity])).toEqual([
      ['session-budget', 'warning'],
      ['session-budget', 'warning'],
    ]);
    expect(json.findings[0]?.remedy).toBe('Shorten AGENTS.md, or raise session-budget in clients/syncline.toml.');
    expect(out).toContain('the budget is 300 for each client');
    expect(out).toMatch(/^Codex +\d+ {2}over the budget by \d+; shorten what costs most$/m);
  });

  it.each(['0', '-5', '1.5', '"many"', 'true', '9007199254740993'])(
    'session-budget = %s is an error with its line',
    (value) => {
      const sandbox = team();
      sandbox.write('repo/clients/syncline.toml', `id = "team"\nsession-budget = ${value}\n`);
      for (const words of [['status'], ['check-sync', '--source-only'], ['push-runtime']]) {
        const { code, json } = sandbox.run([...words, '--json']);
        expect([words, code]).toEqual([words, 2]);
        expect(json.findings).toMatchObject([{ code: 'session-budget', path: 'clients/syncline.toml', line: 2 }]);
      }
    },
  );

  it('a budget alone leaves the repository its own name; a misspelt id is still refused', () => {
    const sandbox = team();
    sandbox.write('repo/clients/syncline.toml', 'session-budget = 9000\n');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    sandbox.write('repo/clients/syncline.toml', 'idd = "x"\nsession-budget = 9000\n');
    expect(sandbox.run(['push-runtime']).code).toBe(2);
  });
});

describe('the estimate', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['four', 1],
    ['plain words of English', 6],
    ['a  \n\n\t b', 1],
    ['слово', 3],
    ['日本語', 3],
    ['한국어 텍스트', 7],
    ['\u{1f600}', 1],
  ])('%j costs %i', (text, tokens) => {
    expect(estimatedTokens(text)).toBe(tokens);
  });

  it('of imports and comments goes by where they stand', () => {
    expect(importsIn('@a.md b@c.md\n@with\\ space.md `@no` <!-- @hidden.md -->')).toEqual(['a.md', 'with space.md']);
    expect(withoutComments('a <!-- x\ny --> b `<!-- c -->`\n```\n<!-- d -->\n```\n')).toBe(
      'a  b `<!-- c -->`\n```\n<!-- d -->\n```\n',
    );
  });
});

/** A home with much of everything: long names, wide signs, many skills, rules and imports. */
function rich(): World {
  const world = makeWorld();
  const { memory } = world;
  const long = 'a-very-long-name-of-a-person-or-machine-that-nobody-would-want-to-read-whole';
  memory.write(`${home}/.config/syncline/config.toml`, `machine = "${long}"\nlayers = ["people/${long}"]\n`);
  for (const layer of ['machines', 'people'])
    memory.write(`${repo}/clients/${layer}/${long}/shared/memory/projects/${layer}.md`, '# x\n');
  memory.write(`${repo}/clients/syncline.toml`, 'session-budget = 100\n');
  for (let index = 0; index < 40; index += 1) {
    memory.write(
      `${home}/.claude/skills/s${index}/SKILL.md`,
      `---\nname: s${index}\ndescription: 日本語${index}\n---\n`,
    );
    memory.write(
      `${home}/.claude/rules/${long}-${index}-規則規則規則規則規則規則.md`,
      `Rule ${'x'.repeat(index * 50)}\n`,
    );
  }
  memory.write(`${home}/.claude/CLAUDE.md`, `# Mine\n${'word '.repeat(3000)}\n`);
  memory.write(`${home}/.codex/AGENTS.md`, '# Mine\n');
  return world;
}

/** East Asian signs take two columns. */
function columnsOf(line: string): number {
  return [...line].reduce((sum, sign) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3]/.test(sign) ? 2 : 1), 0);
}

function statusOf(sandbox: Sandbox): Status {
  return (sandbox.run(['status', '--json']).json as unknown as { status: Status }).status;
}

async function statusIn(world: World): Promise<Status> {
  return ((await world.run(['status', '--json'])).json as unknown as { status: Status }).status;
}
