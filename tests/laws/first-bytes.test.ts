import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { lawRuns } from '../support/law-runs.ts';
import { home, makeWorld, nodesOf, repo, type World } from '../support/memory-world.ts';
import { teamSource } from '../support/team-source.ts';

/** The files of a home that has some of what the source wants: the same, another, or nothing. */
const homes = fc.record({
  '.codex/config.toml': tomlOf(),
  '.claude/settings.json': fc.option(jsonText(settings()), { nil: undefined }),
  '.claude.json': fc.option(
    jsonText(fc.record({ numStartups: fc.constant(3), mcpServers: servers() }, { requiredKeys: [] })),
    { nil: undefined },
  ),
  '.claude/CLAUDE.md': instructions(),
  '.codex/AGENTS.md': instructions(),
  '.claude/skills/tidy/SKILL.md': texts(['mine', 'A']),
  '.claude/skills/tidy/run.sh': texts(['echo mine', 'echo A']),
  '.claude/commands/go.md': texts(['Go mine.', 'Go A.']),
});

type Home = typeof homes extends fc.Arbitrary<infer T> ? T : never;

const sources = fc.record({
  'shared/instructions.md': texts(['Be brief.\n\nUse tabs.', 'Be long.', 'Use tabs.']),
  'shared/memory/global.md': texts(['Remember A.', 'Remember B.']),
  'codex/config-fragment.toml': texts([
    'model = "A"',
    'model = "B"\n[tui]\nnotifications = true',
    '[tui]\ntheme = "A"',
  ]),
  'claude/settings-fragment.json': texts([
    '{"model":"A","permissions":{"deny":["Read(a)","Read(b)"]}}',
    '{"model":"B","env":{"MODE":"B"},"cleanupPeriodDays":30}',
    '{"env":{"MODE":"A"}}',
  ]),
  'shared/mcp.json': texts([
    '{"mcpServers":{"t":{"url":"https://a.example.com/mcp"}}}',
    '{"mcpServers":{"t":{"command":"b","args":["x"]},"u":{"command":"u"}}}',
  ]),
  'shared/skills/tidy/SKILL.md': fc.constantFrom(skill('A'), skill('B')),
  'shared/skills/tidy/run.sh': texts(['echo A', 'echo B']),
  'claude/commands/go.md': texts(['Go A.', 'Go B.']),
});

type Sources = typeof sources extends fc.Arbitrary<infer T> ? T : never;

/** Which conflicts are overwritten: all, none, or those whose turn it is; the others are kept. */
const choices = fc.constantFrom('all', 'all', 'none', 'odd', 'even');
type Choice = 'all' | 'none' | 'odd' | 'even';

const pushes = fc.array(fc.record({ source: sources, choice: choices, clean: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});
const endings = fc.constantFrom('uninstall', 'remove-only', 'emptied');

describe('what was there before the first push', { timeout: 900_000 }, () => {
  it('is there again, to the byte, if nobody else wrote', async () => {
    await fc.assert(
      fc.asyncProperty(homes, pushes, endings, async (files, steps, ending) => {
        const world = worldWith(files);
        const before = nodesOf(world);
        for (const { source, choice, clean } of steps) await push(world, source, choice, clean);
        await end(world, ending);
        const gone = (path: string) => path.startsWith('clients/') || path.endsWith('syncline.toml');
        expect(only(nodesOf(world), gone)).toEqual(only(before, gone));
      }),
      { numRuns: lawRuns(400, 25) },
    );
  });

  it('has its first values, beside what clients wrote meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(homes, pushes, endings, fc.array(fc.boolean()), async (files, steps, ending, writes) => {
        const world = worldWith(files);
        for (const [index, { source, choice, clean }] of steps.entries()) {
          await push(world, source, choice, clean);
          if (writes[index] ?? index === 0) clientsWrite(world, index);
        }
        await end(world, ending);
        expect(valuesOf(world)).toEqual(valuesOf(worldWith(files)));
      }),
      { numRuns: lawRuns(400, 25) },
    );
  });
});

function texts(all: readonly string[]): fc.Arbitrary<string | undefined> {
  return fc.option(fc.constantFrom(...all.map((text) => `${text}\n`)), { nil: undefined });
}

function skill(text: string): string {
  return `---\nname: tidy\ndescription: Tidies. Use when asked.\n---\n${text}\n`;
}

function settings() {
  return fc.record(
    {
      model: fc.constantFrom('A', 'mine'),
      permissions: fc.record(
        { deny: fc.subarray(['Read(a)', 'Read(mine)']), defaultMode: fc.constant('plan') },
        { requiredKeys: [] },
      ),
      cleanupPeriodDays: fc.constantFrom(30, 7),
      env: fc.record({ MODE: fc.constantFrom('A', 'mine'), OTHER: fc.constant('x') }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
}

function servers() {
  const entry = fc.constantFrom<Record<string, unknown>>(
    { type: 'http', url: 'https://a.example.com/mcp' },
    { type: 'http', url: 'https://mine.example.com/mcp', headers: { 'X-A': '1' } },
    { command: 'mine', args: [], env: { A: '1' } },
  );
  return fc.record({ t: entry, mine: entry }, { requiredKeys: [] });
}

function jsonText(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const layouts = fc.constantFrom<string | number>(0, 2, '\t');
  return fc.tuple(values, layouts, fc.constantFrom('', '\n')).map(([value, layout, end]) => {
    return `${JSON.stringify(value, null, layout)}${end}`;
  });
}

function tomlOf(): fc.Arbitrary<string | undefined> {
  const roots = fc.shuffledSubarray(['# top\n', "model = 'A' # same\n", 'approval_policy="on-request"\n']);
  const other = fc.shuffledSubarray(['model = "mine" # other\n', 'personality = "pragmatic"\n\n']);
  const tables = fc.shuffledSubarray([
    '[tui] # mine\nnotifications = false\ntheme = "mine" # why\n',
    '\n# about t\n[mcp_servers.t]\n# inside\nurl = "https://mine.example.com/mcp"\nstartup_timeout_sec = 20.0\n',
    '[mcp_servers.mine]\ncommand = "mine"\n\n',
    '[projects."/x"]\ntrust_level = "trusted"\n',
  ]);
  const all = fc.tuple(fc.oneof(roots, other), tables).map((parts) => parts.flat().join(''));
  return fc.option(
    fc.tuple(all, fc.constantFrom('\n', '\r\n')).map(([text, eol]) => text.replaceAll('\n', eol)),
    { nil: undefined },
  );
}

function instructions(): fc.Arbitrary<string | undefined> {
  const parts = fc.shuffledSubarray(['# Me\n', 'Be brief.\n\nUse tabs.\n', 'Use tabs.\n', 'Remember A.\n', 'Mine.\n'], {
    minLength: 1,
  });
  return fc.option(
    fc.tuple(parts, fc.constantFrom('\n', '\r\n'), fc.boolean()).map(([all, eol, cut]) => {
      const text = all.join('\n').replaceAll('\n', eol);
      return cut ? text.trimEnd() : text;
    }),
    { nil: undefined },
  );
}

function worldWith(files: Home): World {
  const world = makeWorld();
  for (const path of Object.keys(teamSource)) removed(world, path);
  world.memory.write(`${repo}/clients/syncline.toml`, 'id = "law"\n');
  for (const [path, text] of Object.entries(files))
    if (text !== undefined) world.memory.write(`${home}/${path}`, text, path.endsWith('.sh') ? 0o755 : 0o640);
  return world;
}

async function push(world: World, source: Sources, choice: Choice, clean: boolean): Promise<void> {
  for (const [path, text] of Object.entries(source)) {
    if (text === undefined) removed(world, path);
    else world.memory.write(`${repo}/clients/${path}`, text, path.endsWith('.sh') ? 0o755 : 0o644);
  }
  const pushed = await world.run(['push-runtime', '--yes', ...(await words(world, choice))]);
  expect([pushed.code <= 1, pushed.err]).toEqual([true, '']);
  if (!clean) return;
  const cleaned = await world.run(['clean-runtime']);
  expect(cleaned.err).not.toContain('bug');
}

async function words(world: World, choice: Choice): Promise<string[]> {
  if (choice === 'all') return ['--overwrite'];
  if (choice === 'none') return ['--keep'];
  const { units } = (await world.run(['check-sync', '--json'])).json;
  const open = units.filter(({ verdict }) => verdict === 'conflict' || verdict === 'runtime-ahead');
  const names = open.filter((_, index) => (index % 2 === 1) === (choice === 'odd')).map(({ id }) => id);
  return names.length > 0 ? ['--overwrite', ...names, '--keep'] : ['--keep'];
}

function removed({ memory }: World, path: string): void {
  if (memory.disk.status(`${repo}/clients/${path}`)) memory.remove(`${repo}/clients/${path}`);
}

async function end(world: World, ending: 'uninstall' | 'remove-only' | 'emptied'): Promise<void> {
  for (const path of Object.keys(world.memory.snapshot(`${repo}/clients`)))
    if (path !== 'syncline.toml' && path.includes('.')) removed(world, path);
  const command = {
    uninstall: ['uninstall'],
    'remove-only': ['clean-runtime', '--remove-only'],
    emptied: ['push-runtime', '--yes'],
  }[ending];
  const { code, err } = await world.run(command);
  expect([code, err]).toEqual([0, '']);
}

function only(nodes: Record<string, string>, not: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).filter(([path, node]) => !not(path) && !node.startsWith('folder')));
}

/** What the clients do: a key of theirs comes, the file is laid out anew. */
function clientsWrite({ memory }: World, index: number): void {
  const { disk } = memory;
  const json = [`${home}/.claude.json`, `${home}/.claude/settings.json`];
  for (const path of json) {
    if (!disk.status(path)) continue;
    memory.write(path, JSON.stringify({ ...JSON.parse(memory.read(path)), clientKey: index }, null, 4));
  }
  const toml = `${home}/.codex/config.toml`;
  if (disk.status(toml))
    memory.write(toml, `${memory.read(toml)}\n[projects."/client${index}"]\ntrust_level = "trusted"\n`);
  for (const path of [`${home}/.codex/AGENTS.md`, `${home}/.claude/CLAUDE.md`])
    if (disk.status(path)) memory.write(path, `${memory.read(path)}\nClient ${index}.\n`);
}

/** The values in a home, without what `clientsWrite` adds; of texts the lines, in no order. */
function valuesOf({ memory }: World): Record<string, unknown> {
  const all = Object.keys(memory.snapshot(home)).filter((path) => !path.startsWith('.local') && path.includes('.'));
  const files = all.filter((path) => memory.disk.status(`${home}/${path}`)?.kind === 'file');
  const values = files.map((path) => [path, valueIn(path, memory.read(`${home}/${path}`))]);
  const nothing = ['{}', '[]', '{"projects":{}}'];
  return Object.fromEntries(values.filter(([, value]) => !nothing.includes(JSON.stringify(value))));
}

function valueIn(path: string, text: string): unknown {
  if (path.endsWith('.json')) {
    const { clientKey, ...rest } = JSON.parse(text);
    return rest;
  }
  if (path.endsWith('.toml')) {
    const values = parse(text) as { projects?: Record<string, unknown> };
    const projects = Object.entries(values.projects ?? {}).filter(([key]) => !key.startsWith('/client'));
    return { ...values, projects: Object.fromEntries(projects) };
  }
  if (!/CLAUDE|AGENTS/.test(path)) return text;
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('Client '))
    .sort();
}
