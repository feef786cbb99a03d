import { describe, expect, it } from 'vitest';
import type { ReportCase } from '../src/report/formats/ci-report-cases.ts';
import { githubText } from '../src/report/formats/github-text.ts';
import { junitText } from '../src/report/formats/junit-text.ts';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';
import { readLog } from './support/read-annotations.ts';
import { readXml, type XmlElement } from './support/read-xml.ts';

// `check-sync --report`: what CI systems read. The log is read as a runner of GitHub would, the XML strictly.

async function pushedWorld(): Promise<World> {
  const world = makeWorld();
  expect((await world.run(['push-runtime'])).code).toBe(0);
  return world;
}

/** A world with one unit of each verdict that is drift, and a source file in which a line moved. */
async function driftedWorld(): Promise<World> {
  const world = await pushedWorld();
  edit(world, `${home}/.claude/settings.json`, '"on"', '"off"');
  edit(world, `${repo}/clients/shared/memory/global.md`, 'plainly', 'up');
  edit(world, `${repo}/clients/codex/profiles/fast.toml`, 'small', 'large');
  edit(world, `${home}/.codex/fast.config.toml`, 'small', 'tiny');
  world.memory.remove(`${repo}/clients/shared/memory/projects/site.md`);
  return world;
}

function edit({ memory }: World, path: string, from: string, to: string): void {
  const text = memory.read(path);
  expect(text).toContain(from);
  memory.write(path, text.replace(from, to));
}

async function annotations(world: World, words: readonly string[] = []) {
  const { code, out, err } = await world.run(['check-sync', '--report', 'github', ...words]);
  return { code, err, ...readLog(out) };
}

async function junit(world: World, words: readonly string[] = []) {
  const { code, out, err } = await world.run(['check-sync', '--report', 'junit', ...words]);
  const root = readXml(out);
  const suites = root.children.map(({ attributes, children }) => ({ attributes, cases: children }));
  for (const { attributes, cases } of suites) expectCounts(attributes, cases);
  expectCounts(
    root.attributes,
    suites.flatMap(({ cases }) => cases),
  );
  return { code, err, root, cases: suites.flatMap(({ cases }) => cases) };
}

function expectCounts(attributes: XmlElement['attributes'], cases: readonly XmlElement[]): void {
  const count = (name: string) => String(cases.filter(({ children }) => children[0]?.name === name).length);
  const counts = { tests: String(cases.length), failures: count('failure'), errors: '0', skipped: count('skipped') };
  expect(attributes).toMatchObject(counts);
}

describe('for GitHub', () => {
  it('drift is an error at the line of the source, by verdict; the log tells the rest', async () => {
    const { code, err, annotations: found, lines } = await annotations(await driftedWorld());
    expect([code, err]).toEqual([3, '']);
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(['error']));
    const at = (title: string) => found.filter(({ properties }) => properties.title === `syncline: ${title}`);
    expect(at('runtime-ahead')).toMatchObject([
      {
        message: expect.stringMatching(/^claude:settings\.json#env\.TEAM_MODE was edited or removed in the runtime/),
        properties: { file: 'clients/claude/settings-fragment.json', line: '4' },
      },
    ]);
    expect(at('conflict')).toMatchObject([{ properties: { file: 'clients/codex/profiles/fast.toml', line: '1' } }]);
    const files = at('source-ahead').map(({ properties }) => properties.file);
    expect(files).toContain('clients/shared/memory/global.md');
    // What is gone from the source has no line in it.
    expect(files).toContain(undefined);
    expect(lines.join('\n')).toMatch(/\d of \d+ units differ\./);
  });

  it('nothing differs: nothing is annotated', async () => {
    const { code, annotations: found, lines } = await annotations(await pushedWorld());
    expect([code, found]).toEqual([0, []]);
    expect(lines.join('\n')).toMatch(/^In sync: \d+ units are equal/);
  });

  it('paths are relative to the root of the git repository, also when clients/ stands below it', async () => {
    const world = await driftedWorld();
    world.memory.write('/.git/HEAD', 'ref: refs/heads/main\n');
    const { annotations: found } = await annotations(world);
    const files = found.flatMap(({ properties }) => properties.file ?? []);
    expect(files).toContain('repo/clients/codex/profiles/fast.toml');
    expect(files.filter((file) => !file.startsWith('repo/clients/'))).toEqual([]);
  });

  it.each([[['--source-only']], [[]]])('a source that does not parse is annotated at its line (%j)', async (words) => {
    const world = await pushedWorld();
    world.memory.write(`${repo}/clients/codex/config-fragment.toml`, 'a = 1\nb = [1,\n');
    world.memory.write(`${repo}/clients/shared/instructions.md`, 'Hello {{path.nowhere}}.\n');
    const { code, err, annotations: found } = await annotations(world, words);
    expect([code, err]).toEqual([2, '']);
    const places = found.map(({ level, properties: { file, line, title } }) => [level, title, file, line]);
    expect(places).toContainEqual([
      ...['error', 'syncline: malformed-source', 'clients/codex/config-fragment.toml', expect.stringMatching(/^[23]$/)],
    ]);
    expect(places).toContainEqual(['error', 'syncline: unknown-token', 'clients/shared/instructions.md', '1']);
  });

  it('a runtime file that does not parse has no place in the repository: its path is in the message', async () => {
    const world = await pushedWorld();
    world.memory.write(`${home}/.codex/config.toml`, 'a = 1\nb =\n');
    const { code, annotations: found } = await annotations(world);
    expect([code, found]).toMatchObject([2, [{ level: 'error', properties: { title: 'syncline: malformed-target' } }]]);
    expect(found[0]?.properties).not.toHaveProperty('file');
    expect(found[0]?.message).toMatch(new RegExp(`^${home}/.codex/config.toml:2: the file does not parse`));
  });

  it('warnings and notes are said as such', async () => {
    const world = makeWorld();
    world.memory.write(`${repo}/clients/shared/notes.txt`, 'Read by nobody.\n');
    const { code, annotations: found, lines } = await annotations(world, ['--source-only']);
    expect(code).toBe(0);
    expect(found.map(({ level, properties }) => [level, properties.file])).toEqual([
      ['warning', 'clients/shared/notes.txt'],
    ]);
    expect(lines.join('\n')).toContain('The source is sound');
  });

  it('what stands in the source gives the runner no commands', async () => {
    const world = await pushedWorld();
    edit(
      world,
      `${repo}/clients/shared/memory/global.md`,
      'Speak',
      '::set-env name=A::b\n ::error::x\n##[error]y\nSpeak',
    );
    const { annotations: found, lines } = await annotations(world, ['--verbose']);
    expect(found.filter(({ level }) => level !== 'error')).toEqual([]);
    expect(found.filter(({ message }) => message === 'x')).toEqual([]);
    expect(lines.join('\n')).toContain('##[error]y');
  });

  it('escapes what would end a property or a message', () => {
    const odd: ReportCase = {
      ...{ group: 'source', name: 'n', result: 'failed', level: 'error', title: 'a: b, 100%\n::c' },
      ...{ message: '50%: a,b\nnext ::error::x\r\u001b[31m', path: 'clients/a,b: 1%.md', line: 3, column: 7 },
    };
    const text = githubText([odd], '', 'token');
    expect(text.split('\n')).toHaveLength(2);
    const shown = { title: 'syncline: a: b, 100%\\n::c', file: 'clients/a,b: 1%.md', line: '3', col: '7' };
    expect(readLog(text).annotations).toEqual([
      { level: 'error', properties: shown, message: '50%: a,b\nnext ::error::x\\r\\u001b[31m' },
    ]);
  });
});

describe('for JUnit', () => {
  it('every managed unit is a case; what differs fails at its place in the source', async () => {
    const { code, err, root, cases } = await junit(await driftedWorld());
    expect([code, root.name]).toEqual([3, 'testsuites']);
    expect(root.children.map(({ attributes }) => attributes.name)).toEqual(['claude', 'codex', 'source']);
    const failed = cases.filter(({ children }) => children[0]?.name === 'failure');
    expect(failed.map(({ children }) => children[0]?.attributes.type).sort()).toEqual(
      expect.arrayContaining(['conflict', 'runtime-ahead', 'source-ahead']),
    );
    const mode = failed.find(({ attributes }) => attributes.name === 'claude:settings.json#env.TEAM_MODE');
    const place = { file: 'clients/claude/settings-fragment.json', line: '4', classname: 'claude' };
    expect(mode?.attributes).toMatchObject(place);
    expect(cases.length).toBeGreaterThan(failed.length);
    // Who looks at the log of the job, not at the document, is told as well.
    expect(err).toMatch(/\d of \d+ units differ\./);
  });

  it('all passes when both sides are equal, and when the source is sound', async () => {
    const world = await pushedWorld();
    for (const words of [[], ['--source-only']]) {
      const { code, cases } = await junit(world, words);
      expect([code, cases.filter(({ children }) => children[0]?.name === 'failure')]).toEqual([0, []]);
      expect(cases.length).toBeGreaterThan(0);
    }
  });

  it('a source that is not sound gives a document too', async () => {
    const world = makeWorld();
    world.memory.write(`${repo}/clients/codex/config-fragment.toml`, 'a = 1\nb =\n');
    const { code, cases, err } = await junit(world, ['--source-only']);
    expect(code).toBe(2);
    expect(cases.map(({ attributes, children }) => [attributes.file, attributes.line, children[0]?.name])).toEqual([
      ['clients/codex/config-fragment.toml', '2', 'failure'],
    ]);
    expect(err).toContain('the file does not parse');
  });

  it('is well formed whatever names and messages hold', () => {
    const odd = '<a> & "b" \'c\' ]]> \u0000\u0008\u001b\ufffe\uffff\ud800 \u{1f600}';
    const cases = (['failed', 'passed', 'skipped'] as const).map(
      (result): ReportCase => ({
        ...{ group: odd, name: odd, result, level: 'error', title: odd, message: `${odd}\n${odd}`, path: odd, line: 1 },
      }),
    );
    const root = readXml(junitText('check-sync', cases));
    const [failed] = root.children[0]?.children ?? [];
    expect(failed?.attributes.name).toMatch(/^<a> & "b" 'c' \]\]> .*\u{1f600}$/u);
    expect(failed?.children[0]?.text).toMatch(/^<a> & .*\n<a> & /s);
  });
});

describe('the option', () => {
  it.each([
    [['--report', 'tap'], 'Name one of: github, junit.'],
    [['--report', 'toString'], 'Name one of: github, junit.'],
    [['--report', 'github', '--json'], 'Leave one of them out.'],
  ])('%j is wrong usage', async (words, remedy) => {
    const { code, out, err } = await makeWorld().run(['check-sync', ...words]);
    expect(code).toBe(2);
    expect(out + err).toContain(remedy);
  });

  it('a folder without clients/ is reported in the format', async () => {
    const world = makeWorld();
    const { code, annotations: found } = await annotations(world, ['--repo', '/nowhere', '--source-only']);
    expect([code, found]).toMatchObject([2, [{ level: 'error', properties: { title: 'syncline: no-source' } }]]);
  });
});
