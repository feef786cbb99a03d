import { describe, expect, it } from 'vitest';
import { Failure } from '../src/model/failure.ts';
import { readManifest, repositoryName } from '../src/sync/source/syncline-toml.ts';
import { notUtf8, treeOf } from './content/source.ts';
import { deployed, edit, inSource, sourceOf } from './support/adopt-world.ts';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';

/** `clients/syncline.toml`: the name of the repository, its budget, and the memories that the instructions do not name. */
const path = 'clients/syncline.toml';
const read = (text: string | Uint8Array) => readManifest(treeOf({ [path]: text }));

function team(manifest: string): World {
  const world = makeWorld();
  world.memory.write(`${repo}/${path}`, manifest);
  return world;
}

describe('the file', () => {
  it('says nothing where it is not there', () => {
    expect(readManifest(treeOf({}))).toEqual({ budget: 8000, unlisted: [], findings: [] });
    expect(repositoryName(treeOf({}))).toBeUndefined();
  });

  it('is read with a byte order mark, CRLF and a list of several lines', () => {
    const text =
      '\uFEFFid = "team-agents" # ours\r\nsession-budget = 9_000\r\nunlisted-memories = [\r\n  "a.md",\r\n  "b/c.md", # so\r\n]\r\n';
    expect(read(text)).toEqual({
      ...{ id: 'team-agents', budget: 9000, findings: [] },
      unlisted: [
        { name: 'a.md', line: 4 },
        { name: 'b/c.md', line: 5 },
      ],
    });
  });

  it('needs no id', () => {
    expect(repositoryName(treeOf({ [path]: 'unlisted-memories = []\nsession-budget = 1\n' }))).toBeUndefined();
  });

  it.each(['', 'id = 1', 'id = " "', 'id = "x', '[id]\n', notUtf8])('stops where its id is none: %j', (text) => {
    expect(() => repositoryName(treeOf({ [path]: text }))).toThrow(Failure);
  });
});

describe('a mistake stops every command, with its line and what was meant', () => {
  const mistakes: Readonly<Record<string, readonly [text: string, line: number, code: string, says: string]>> = {
    'a misspelt budget': ['id = "x"\nsession-budgett = 9\n', 2, 'unknown-key', 'Did you mean "session-budget"?'],
    'a misspelt list': ['unlisted-memory = ["global.md"]\n', 1, 'unknown-key', 'Did you mean "unlisted-memories"?'],
    'a misspelt id': ['\nidd = "x"\n', 2, 'unknown-key', 'Did you mean "id"?'],
    'a key that is like none': ['id = "x"\n[colours]\n', 2, 'unknown-key', 'It can hold id, session-budget'],
    'a text for the list': ['id = "x"\nunlisted-memories = "global.md"\n', 2, 'unlisted-memories', 'list of texts'],
    'a number in the list': ['unlisted-memories = ["global.md", 1]\n', 1, 'unlisted-memories', 'list of texts'],
    'an empty text in the list': ['unlisted-memories = [""]\n', 1, 'unlisted-memories', 'list of texts'],
    'a table for the list': ['id = "x"\n[unlisted-memories]\na = 1\n', 2, 'unlisted-memories', 'list of texts'],
    'a list that does not end': ['id = "x"\nunlisted-memories = [\n', 3, 'malformed-source', 'does not parse'],
    'a number beyond all numbers': [
      'id = "x"\nsession-budget = 99999999999999999999\n',
      2,
      'malformed-source',
      'does not parse',
    ],
    'a key twice': ['id = "x"\nid = "y"\n', 2, 'malformed-source', 'does not parse'],
  };

  it.each(Object.entries(mistakes))('%s', async (_, [text, line, code, says]) => {
    const world = team(text);
    const before = world.memory.snapshot(home);
    for (const words of [['check-sync', '--source-only'], ['check-sync'], ['push-runtime', '--yes'], ['status']]) {
      const done = await world.run([...words, '--json']);
      expect([words, done.code]).toEqual([words, 2]);
      expect(done.json.findings).toMatchObject([{ code, severity: 'error', path, line }]);
      expect(`${done.json.findings[0]?.message} ${done.json.findings[0]?.remedy}`).toContain(says);
    }
    expect(world.memory.exists(`${home}/.codex`)).toBe(false);
    expect(Object.keys(world.memory.snapshot(home)).filter((name) => !name.startsWith('.local'))).toEqual(
      Object.keys(before),
    );
  });
});

describe('a name that no memory has', () => {
  it.each([
    ['globl.md', 'Did you mean "global.md"?'],
    ['Global.md', 'Did you mean "global.md"?'],
    ['global', 'Did you mean "global.md"?'],
    ['memory/global.md', 'Did you mean "global.md"?'],
    ['clients/shared/memory/projects/app.md', 'Did you mean "projects/app.md"?'],
    ['recipes/**', 'Correct or remove it'],
  ])('%s is told with its line, and stops nobody', async (name, says) => {
    const world = team(`unlisted-memories = [\n  "projects/app.md",\n  "${name}",\n]\n`);
    world.memory.write(`${repo}/clients/shared/memory/projects/app.md`, '# App\n');
    for (const words of [
      ['check-sync', '--source-only'],
      ['push-runtime', '--yes'],
      ['check-sync', '--verbose'],
    ]) {
      const { code, json } = await world.run([...words, '--json']);
      expect([words, code]).toEqual([words, 0]);
      const told = json.findings.filter((finding) => finding.path === path);
      expect(told).toMatchObject([{ code: 'idle-name', severity: 'warning', line: 3 }]);
      expect(told[0]?.message).toContain(`no memory ${JSON.stringify(name)}`);
      expect(told[0]?.remedy).toContain(says);
    }
  });

  it('is none where a layer or one client has it, in force here or not', async () => {
    const world = team('unlisted-memories = ["ana.md", "mine.md"]\n');
    world.memory.write(`${repo}/clients/people/ana/shared/memory/ana.md`, '# Ana\n');
    world.memory.write(`${repo}/clients/claude/memory/mine.md`, '# Mine\n');
    for (const words of [
      ['check-sync', '--source-only'],
      ['push-runtime', '--yes', '--client', 'codex'],
    ]) {
      const { json } = await world.run([...words, '--json']);
      expect(json.findings.filter((finding) => finding.path === path)).toEqual([]);
    }
  });
});

describe('a memory that is not listed', () => {
  const source = {
    'syncline.toml': 'unlisted-memories = ["global.md", "projects/app.md", "tea.md"]\n',
    'shared/memory/global.md': `# Global\n\n${'word '.repeat(400)}\n`,
    'shared/memory/projects/app.md': '# App\n\nPort 3000.\n',
    'shared/memory/projects/shop.md': '# Shop\n',
    'claude/memory/tea.md': '# Tea\n\nGreen.\n',
  };
  const texts = ({ memory }: World) =>
    ['.codex/AGENTS.md', '.claude/CLAUDE.md'].map((name) => memory.read(`${home}/${name}`));
  const costs = async (world: World) => {
    const { json } = await world.run(['status', '--json']);
    const { status } = json as unknown as { status: { clients: { session: { tokens: number } }[] } };
    return status.clients.map(({ session }) => session.tokens);
  };

  it('is deployed as a file, and costs a session nothing', async () => {
    const world = await deployed(source);
    expect(world.memory.read(`${home}/.codex/memories/global.md`)).toBe(source['shared/memory/global.md']);
    expect(world.memory.read(`${home}/.claude/memories/tea.md`)).toBe(source['claude/memory/tea.md']);
    for (const text of texts(world)) {
      expect(text).toContain('projects/shop.md: Shop');
      expect(text).not.toMatch(/global\.md|app\.md|tea\.md|word/);
    }
    expect(Math.max(...(await costs(world)))).toBeLessThan(100);
    world.memory.write(inSource('syncline.toml'), 'unlisted-memories = ["tea.md"]\n');
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    expect(Math.min(...(await costs(world)))).toBeGreaterThan(400);
    for (const text of texts(world)) for (const name of ['global.md', 'app.md: App']) expect(text).toContain(name);
    world.memory.write(inSource('syncline.toml'), source['syncline.toml']);
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    for (const text of texts(world)) expect(text).not.toMatch(/global\.md|app\.md|word/);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('is edited in a client, and the edit goes home', async () => {
    const world = await deployed(source);
    edit(world, { file: '.codex/memories/projects/app.md', from: '3000', to: '4000' });
    edit(world, { file: '.claude/memories/tea.md', from: 'Green', to: 'Black' });
    expect(await world.run(['pull-runtime', '--adopt'])).toMatchObject({ code: 0, err: '' });
    expect(sourceOf(world)).toEqual({
      ...source,
      'shared/memory/projects/app.md': '# App\n\nPort 4000.\n',
      'claude/memory/tea.md': '# Tea\n\nBlack.\n',
    });
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('is adopted by name where its name waits in the list', async () => {
    const world = await deployed({ ...source, 'syncline.toml': 'unlisted-memories = ["new.md"]\n' });
    const before = texts(world);
    world.memory.write(`${home}/.claude/memories/new.md`, '# New\n');
    expect(await world.run(['pull-runtime', '--adopt', 'claude:memories/new.md'])).toMatchObject({ code: 0, err: '' });
    expect(sourceOf(world)['shared/memory/new.md']).toBe('# New\n');
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    expect(texts(world)).toEqual(before);
  });

  it('is explained', async () => {
    const world = await deployed(source);
    for (const what of ['clients/shared/memory/global.md', `${home}/.codex/memories/global.md`]) {
      const { out, code } = await world.run(['explain', what]);
      expect(code).toBe(0);
      expect(out).toContain('codex:memories/global.md');
      expect(out).toContain('clients/shared/memory/global.md');
      expect(out.match(/note: clients\/syncline\.toml:1: "global\.md" is in unlisted-memories/g)).toHaveLength(1);
    }
    const listed = await world.run(['explain', 'codex:memories/projects/shop.md']);
    expect(listed.out).not.toContain('unlisted');
    expect((await world.run(['explain', 'clients/syncline.toml'])).out).toContain('unlisted-memories');
  });
});
