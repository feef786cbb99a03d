import { describe, expect, it, onTestFailed } from 'vitest';
import { leakedSecrets, mistakes, placeOf, writeBrokenSource } from './support/broken-source.ts';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { type JsonOutcome, makeSandbox, shippedRepository } from './support/sandbox.ts';
import { snapshotWithTimes } from './support/watch.ts';

// Every mistake of a source is found before anything is written, all in one run, each with its file and line.

/** Each command that reads the source, as it is called. */
const commands: readonly (readonly string[])[] = [
  ['push-runtime'],
  ['push-runtime', '--dry-run'],
  ['pull-runtime'],
  ['clean-runtime'],
  ['clean-runtime', '--dry-run'],
  ['check-sync'],
  ['check-sync', '--source-only'],
];

describe('a source with every mistake at once', () => {
  it.each(commands.map((words) => [words.join(' '), words] as const))(
    '%s finds them all and writes nothing',
    (_, words) => {
      const sandbox = makeSandbox();
      writeBrokenSource(sandbox);
      // With the state folder there already: the run lock may come and go in it, and nothing else.
      sandbox.write('home/.local/state/syncline/keep', '');
      const before = snapshotWithTimes(sandbox.root);
      const [text, json] = [sandbox.run(words), sandbox.run([...words, '--json'])];
      expect([text.code, json.code, json.json.exitCode, text.out, json.err]).toEqual([2, 2, 2, '', '']);
      expect(text.err).toMatch(/\nNothing was written\.\n$/);
      expect(missing(json.json)).toEqual([]);
      const places = mistakes.map((mistake) => placeOf(mistake).split(' ')[1] as string);
      expect(places.filter((place) => !new RegExp(`^error: ${escaped(place)}:`, 'm').test(text.err))).toEqual([]);
      for (const ran of [text, json]) expectNoneIn(ran, leakedSecrets);
      expect(snapshotWithTimes(sandbox.root)).toEqual(before);
    },
  );

  it('names no place where nothing is wrong, and none without a line', () => {
    const sandbox = makeSandbox();
    writeBrokenSource(sandbox);
    const known = new Set(mistakes.map((mistake) => placeOf(mistake).split(' ')[1]));
    const { findings } = sandbox.run(['check-sync', '--source-only', '--json']).json;
    expect(findings.map(({ path, line }) => `${path}:${line}`).filter((place) => !known.has(place))).toEqual([]);
  });

  it('says what to do about each, and says nothing twice', () => {
    const sandbox = makeSandbox();
    writeBrokenSource(sandbox);
    const { findings } = sandbox.run(['check-sync', '--source-only', '--json']).json;
    expect(findings.filter(({ severity }) => severity !== 'error')).toEqual([]);
    expect(findings.filter(({ remedy }) => !/^[A-Z].*\.$/.test(remedy))).toEqual([]);
    const said = findings.map(({ code, path, line, message }) => JSON.stringify([code, path, line, message]));
    expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([]);
  });

  it('leaves a home as it is that has something in it', () => {
    const sandbox = makeSandbox(shippedRepository);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    writeBrokenSource(sandbox);
    const before = snapshotWithTimes(sandbox.root);
    for (const words of commands) expect([words, sandbox.run(words).code]).toEqual([words, 2]);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });
});

/** Where a mistake is: its code, its file below `clients/`, its line. */
type Place = readonly [code: string, path: string, line: number];

/** A repository with one mistake, by name. */
interface Alone {
  readonly name: string;
  /** Texts by their paths below `clients/`. */
  readonly files: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
}

const codex = 'codex/config-fragment.toml';
const [settings, servers] = ['claude/settings-fragment.json', 'claude/mcp-fragment.json'];
const mcp = 'shared/mcp.json';
const secret = shapedSecret(20);
const plainSecret = made(24, 21);
const skill = (body: string) => `---\ndescription: Does it.\n---\n${body}`;
const agent = (name: string) => `---\nname: ${name}\ndescription: Reads.\n---\nRead.\n`;
const one = (name: string, files: Alone['files'], ...places: Place[]): Alone => ({ name, files, places });

/** Mistakes that others would hide, or whose line is easily got wrong: each in a repository of its own. */
const alone: readonly Alone[] = [
  one('a TOML fragment that does not parse', { [codex]: 'model = "a"\n[tui\n' }, ['malformed-source', codex, 2]),
  one('a TOML key twice', { [codex]: 'model = "a"\n\nmodel = "b"\n' }, ['malformed-source', codex, 3]),
  one('a TOML table twice', { [codex]: '[tui]\na = 1\n[tui]\nb = 1\n' }, ['malformed-source', codex, 3]),
  one('settings that do not parse', { [settings]: '{\n  "model": "a"\n  "env": {}\n}\n' }, [
    'malformed-source',
    settings,
    3,
  ]),
  one('settings with a comment', { [settings]: '{\n  // no\n  "model": "a"\n}\n' }, ['malformed-source', settings, 2]),
  one('servers that do not parse', { [servers]: '{\n  "mcpServers": {\n}\n' }, ['malformed-source', servers, 4]),
  one('an empty JSON file', { [servers]: '' }, ['malformed-source', servers, 1]),
  one('a JSON fragment that is a list', { [settings]: '[]\n' }, ['malformed-source', settings, 1]),
  one(
    'a JSON key twice',
    { [servers]: '{\n  "mcpServers": {\n    "a": { "command": "x" },\n    "a": { "command": "y" }\n  }\n}\n' },
    ['two-sources', servers, 4],
  ),
  one('a root key that is no server', { [servers]: '{\n  "mcpServers": {},\n  "x": 1\n}\n' }, [
    'unknown-key',
    servers,
    3,
  ]),
  one('no servers at all', { [servers]: '{\n}\n' }, ['wrong-shape', servers, 1]),
  one('a wrong type deep inside', { [codex]: '[mcp_servers.a]\ncommand = "x"\nargs = "y"\n' }, [
    'wrong-shape',
    codex,
    3,
  ]),
  one(
    'a hook of the wrong shape',
    { [settings]: '{\n  "hooks": {\n    "Stop": [\n      {},\n      { "hooks": "x" }\n    ]\n  }\n}\n' },
    ['wrong-shape', settings, 4],
    ['wrong-shape', settings, 5],
  ),
  one('profiles inside the fragment', { [codex]: '[profiles.a]\nmodel = "b"\n' }, ['client-refuses', codex, 1]),
  one('a url without a type', { [servers]: '{ "mcpServers": {\n"a": { "url": "https://x.example" } } }\n' }, [
    'client-refuses',
    servers,
    2,
  ]),
  one('a reserved server name', { [servers]: '{ "mcpServers": {\n"workspace": { "command": "x" } } }\n' }, [
    'client-refuses',
    servers,
    2,
  ]),
  one('our own marker', { [settings]: '{\n"_syncline": {}\n}\n' }, ['client-refuses', settings, 2]),
  one(
    'an unknown key in a server of a profile',
    { 'codex/profiles/a.toml': 'model = "a"\n[mcp_servers.x]\ncommand = "x"\ncomand = "y"\n' },
    ['unknown-key', 'codex/profiles/a.toml', 4],
  ),
  one(
    'a secret of a profile, told by its place only',
    {
      'codex/profiles/a.toml': `[mcp_servers.x]\nurl = "https://x.example"\nhttp_headers = { X-Team = "${plainSecret}" }\n`,
    },
    ['literal-secret', 'codex/profiles/a.toml', 3],
  ),
  one(
    'secrets that only their places tell',
    {
      [codex]: `[mcp_servers.a]\ncommand = "x"\n[mcp_servers.a.env]\nDB_PASSWORD = "${plainSecret}"\n`,
      [servers]: `{ "mcpServers": { "a": {\n"command": "x",\n"env": { "API_KEY": "${plainSecret}" } } } }\n`,
    },
    ['literal-secret', codex, 4],
    ['literal-secret', servers, 3],
  ),
  one(
    'a secret after its flag',
    {
      [codex]: `[mcp_servers.a]\ncommand = "x"\nargs = [\n  "--api-key",\n  "${plainSecret}",\n]\n`,
      [servers]: `{ "mcpServers": { "a": { "command": "x", "args": [\n"--token",\n"${plainSecret}"] } } }\n`,
    },
    ['literal-secret', codex, 5],
    ['literal-secret', servers, 3],
  ),
  one(
    'an array of tables twice in the fragment',
    { [codex]: '[[hooks.Stop]]\nmatcher = "a"\n\n[[hooks.Stop]]\nmatcher = "a"\n' },
    ['two-sources', codex, 4],
  ),
  one(
    'a hook group twice',
    {
      [settings]: `{ "hooks": { "Stop": [\n{ "hooks": [{ "type": "command", "command": "x" }] },\n{ "hooks": [{ "command": "x", "type": "command" }] }\n] } }\n`,
    },
    ['two-sources', settings, 3],
  ),
  one(
    'two profiles that differ in case only',
    { 'codex/profiles/a.toml': 'model = "a"\n', 'codex/profiles/A.toml': 'model = "a"\n' },
    ['case-twins', 'codex/profiles/a.toml', 1],
  ),
  one(
    'twins of which one is an overlay',
    { 'shared/skills/a/SKILL.md': skill('a\n'), 'shared/skills/a/x.md': 'a\n', 'codex/skills/a/X.md': 'a\n' },
    ['case-twins', 'shared/skills/a/x.md', 1],
  ),
  one("a name that Codex owns, in Codex's own memory", { 'codex/memory/MEMORY.md': 'a\n' }, [
    'reserved-memory',
    'codex/memory/MEMORY.md',
    1,
  ]),
  one('a secret behind blank lines', { 'codex/instructions.md': `\n\n${secret}\n` }, [
    'literal-secret',
    'codex/instructions.md',
    3,
  ]),
  one(
    'a secret behind what is injected',
    { 'shared/skills/inject.md': 'one\ntwo\nthree\n', 'shared/skills/a/SKILL.md': skill(`a\n${secret}\n`) },
    ['literal-secret', 'shared/skills/a/SKILL.md', 5],
  ),
  one(
    'a secret behind a value of many lines',
    { 'shared/vars.toml': 'list = """a\nb\nc"""\n', 'shared/memory/a.md': `{{var.list}}\n${secret}\n` },
    ['literal-secret', 'shared/memory/a.md', 2],
  ),
  one(
    'a secret among the variables that is used',
    { 'shared/vars.toml': `a = "b"\nword = "${secret}"\n`, 'shared/memory/a.md': 'one\n\n{{var.word}}\n' },
    ['literal-secret', 'shared/vars.toml', 2],
  ),
  one(
    'a secret among the variables, told by its name, that is used',
    { 'shared/vars.toml': `api_token = "${plainSecret}"\n`, 'shared/memory/a.md': 'one\n\n{{var.api_token}}\n' },
    ['literal-secret', 'shared/vars.toml', 1],
  ),
  one('a secret in a file that does not parse', { [codex]: `a = 1\nb = "${secret}" c\n` }, [
    'malformed-source',
    codex,
    2,
  ]),
  one('a secret in JSON that does not parse', { [servers]: `{\n"a": "b" "${secret}"\n}\n` }, [
    'malformed-source',
    servers,
    2,
  ]),
  one('a secret in variables that do not parse', { 'shared/vars.toml': `a = "${secret}" b\n` }, [
    'malformed',
    'shared/vars.toml',
    1,
  ]),
  one(
    'shared servers that say nothing',
    {
      [mcp]:
        '{"mcpServers": {\n"a": {},\n"b": {"clients": ["codex"]},\n"c": {"type": "stdio"},\n"d": {"timeout": 5000} } }\n',
    },
    ['empty-entry', mcp, 2],
    ['empty-entry', mcp, 3],
    ['empty-entry', mcp, 4],
    ['client-refuses', mcp, 5],
  ),
  one(
    'two agents of one name',
    {
      'shared/agents/a.md': agent('reviewer'),
      'shared/agents/team/b.md': agent('"reviewer"'),
      'codex/agents/c.toml': 'description = "d"\nname = "reviewer"\ndeveloper_instructions = "x"\n',
    },
    ['two-sources', 'shared/agents/team/b.md', 2],
    ['two-sources', 'codex/agents/c.toml', 2],
  ),
  one(
    'a command and a skill of one name',
    { 'shared/commands/git/commit.md': 'a\n', 'shared/skills/git-commit/SKILL.md': skill('a\n') },
    ['two-sources', 'shared/skills/git-commit/SKILL.md', 1],
  ),
  one(
    'a command and a skill that differ in case only',
    { 'shared/commands/Greet.md': 'a\n', 'shared/skills/greet/SKILL.md': skill('a\n') },
    ['case-twins', 'shared/skills/greet/SKILL.md', 1],
  ),
  one('the id of the repository', { 'syncline.toml': 'name = "x"\nid = \n' }, ['malformed-source', 'syncline.toml', 2]),
];

describe('a source with one mistake', () => {
  it.each(alone)('$name', ({ files, places }) => {
    const sandbox = makeSandbox();
    for (const [path, content] of Object.entries(files)) sandbox.write(`repo/clients/${path}`, content);
    const before = snapshotWithTimes(sandbox.root);
    const { code, out, err, json } = sandbox.run(['check-sync', '--source-only', '--json']);
    onTestFailed(() => console.log(out));
    expectNoneIn({ out, err }, [secret, plainSecret]);
    expect(code).toBe(2);
    const found = json.findings.map(({ code, path, line }) => `${code} ${path}:${line}`);
    for (const [code, path, line] of places) expect(found).toContain(`${code} clients/${path}:${line}`);
    const known = places.map(([, path, line]) => `clients/${path}:${line}`);
    expect(found.filter((place) => !known.includes(place.split(' ')[1] as string))).toEqual([]);
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });

  it('a link that leads nowhere hides no other mistake', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/shared/skills/a/SKILL.md', skill('{{skill.nam}}\n'));
    sandbox.link('repo/clients/shared/skills/a/gone.md', 'nowhere.md');
    sandbox.link('repo/clients/shared/skills/a/out.md', '../../../../../gone.md');
    const { code, json } = sandbox.run(['check-sync', '--source-only', '--json']);
    expect(code).toBe(2);
    expect(json.findings.map(({ path }) => path?.split('/').at(-1)).sort()).toEqual(['SKILL.md', 'gone.md', 'out.md']);
  });

  it('a name that Codex owns is free for Claude Code', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/claude/memory/MEMORY.md', 'a\n');
    expect(sandbox.run(['check-sync', '--source-only']).code).toBe(0);
  });

  it('a link inside its skill is no mistake, and is deployed as a file', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/shared/skills/a/SKILL.md', skill('a\n'));
    sandbox.link('repo/clients/shared/skills/a/again.md', 'SKILL.md');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.read('home/.codex/skills/a/again.md')).toBe(skill('a\n'));
  });
});

describe('check-sync --source-only', () => {
  it('exits 0 for a sound repository and needs no home', () => {
    const sandbox = makeSandbox(shippedRepository);
    const env = { HOME: '/nowhere/at/all' };
    const text = sandbox.run(['check-sync', '--source-only'], { env });
    expect([text.code, text.err]).toEqual([0, '']);
    expect(text.out).toMatch(/^The source is sound: \d+ units\.\n$/);
    const { json } = sandbox.run(['check-sync', '--source-only', '--json'], { env });
    expect(json).toMatchObject({ command: 'check-sync', exitCode: 0, findings: [] });
  });

  it('does not look at a home that is broken', () => {
    const sandbox = makeSandbox(shippedRepository);
    sandbox.write('home/.codex/config.toml', 'a = ');
    sandbox.write('home/.claude', 'not a folder');
    expect(sandbox.run(['check-sync', '--source-only']).code).toBe(0);
  });

  it('judges only the clients that are named', () => {
    const sandbox = makeSandbox();
    sandbox.write(`repo/clients/${settings}`, '{');
    expect(sandbox.run(['check-sync', '--source-only', '--client', 'codex']).code).toBe(0);
    expect(sandbox.run(['check-sync', '--source-only', '--client', 'claude']).code).toBe(2);
  });
});

/** The mistakes that an outcome does not name. */
function missing({ findings }: JsonOutcome): string[] {
  const found = findings.map(({ code, path, line }) => `${code} ${path}:${line}`);
  return mistakes.map(placeOf).filter((place) => !found.includes(place));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
