import { describe, expect, it } from 'vitest';
import type { Table } from '../src/model/value.ts';
import { isAbsent } from './support/clients.ts';
import { expectLoads, run, valuesOf } from './support/codex-cases.ts';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { teamSource, writeTeamSource } from './support/team-source.ts';

/**
 * The user has a key of that name already, in any spelling of TOML. An equal value is found and stays; another one is a
 * conflict, and nothing is written to any file of any client; the name of another thing is no conflict at all.
 */
const config = 'home/.codex/config.toml';

interface Spelling {
  readonly name: string;
  /** The id of the unit that the user has already. */
  readonly id: string;
  readonly equal: string;
  /** The same with another value. */
  readonly other: string;
}

const team = 'mcp_servers.team';
const pairs = 'command = "team-server"\nargs = ["--stdio"]\nstartup_timeout_sec = 20\n';
const inline = '{ command = "team-server", args = ["--stdio"], startup_timeout_sec = 20 }';
const dotted = (prefix: string) => pairs.replaceAll(/^/gm, prefix).slice(0, -prefix.length);

function server(name: string, equal: string): Spelling {
  return { name, id: team, equal, other: equal.replace('"team-server"', '"other-server"') };
}

function leaf(name: string, id: string, equal: string, from: string, to: string): Spelling {
  return { name, id, equal, other: equal.replace(from, to) };
}

const spellings: readonly Spelling[] = [
  server('[mcp_servers.team]', `[mcp_servers.team]\n${pairs}`),
  server('["mcp_servers"."team"]', `["mcp_servers"."team"]\n${pairs}`),
  server("['mcp_servers'.'team']", `['mcp_servers'.'team']\n${pairs}`),
  server('[ mcp_servers . team ]', `[ mcp_servers . team ]\n${pairs}`),
  server('["mcp_servers"."\\u0074eam"]', `["mcp_servers"."\\u0074eam"]\n${pairs}`),
  server('mcp_servers.team.command =', dotted('mcp_servers.team.')),
  server('mcp_servers . "team" . command =', dotted('mcp_servers . "team" . ')),
  server('mcp_servers.team = {…}', `mcp_servers.team = ${inline}\n`),
  server('mcp_servers = { team = {…} }', `mcp_servers = { team = ${inline} }\n`),
  server('mcp_servers = { mine = {…}, team = {…} }', `mcp_servers = { mine = { command = "m" }, team = ${inline} }\n`),
  server('mcp_servers = { team.command = … }', `mcp_servers = { ${dotted('team.').trim().replaceAll('\n', ', ')} }\n`),
  server('[mcp_servers] team = {…}', `[mcp_servers]\nteam = ${inline}\n`),
  server('[mcp_servers] team.command =', `[mcp_servers]\n${dotted('team.')}`),
  server('its sub-table first', `[mcp_servers.team.tools.x]\napproval_mode = "approve"\n[mcp_servers.team]\n${pairs}`),
  server(
    '20.0 and defaults spelled out',
    `[mcp_servers.team]\n${pairs.replace('20', '20.0')}enabled = true\nenv = {}\n`,
  ),
  server(
    'milliseconds',
    `[mcp_servers.team]\n${pairs.replace('startup_timeout_sec = 20', 'startup_timeout_ms = 20_000')}`,
  ),
  server('more in it than we want', `[mcp_servers.team]\n${pairs}enabled = false\n[mcp_servers.team.env]\nA = "1"\n`),
  leaf('[tui] notifications =', 'tui.notifications', '[tui]\nnotifications = true\n', 'true', 'false'),
  leaf('["tui"] "notifications" =', 'tui.notifications', '["tui"]\n"notifications" = true\n', 'true', 'false'),
  leaf('tui.notifications =', 'tui.notifications', 'tui.notifications = true\n', 'true', 'false'),
  leaf('tui = { notifications = … }', 'tui.notifications', 'tui = { notifications = true }\n', 'true', '["a"]'),
  leaf('a root key', 'model_verbosity', 'model_verbosity = "low"\n', 'low', 'high'),
  leaf('a quoted root key', 'model_verbosity', "'model_verbosity'='''low'''\n", 'low', 'high'),
  leaf(
    '[model_providers.acme]',
    'model_providers.acme',
    '[model_providers.acme]\nenv_key = "ACME_API_KEY"\nwire_api = "responses"\nbase_url = "https://models.example/v1"\nname = "Acme"\n',
    'Acme"',
    'Other"',
  ),
];

/** Around the user's own: root keys above, tables and an array of tables below. */
const surroundings = [
  (text: string) => text,
  (text: string) => {
    const below =
      '\n[projects."/home/u/p"]\ntrust_level = "trusted"\n[[skills.config]]\npath = "/s/SKILL.md"\nenabled = false\n';
    return `# mine\nmodel = "gpt-5"\n${text}${below}`;
  },
];

const cases = spellings.map((spelling, index) => ({
  ...spelling,
  around: surroundings[index % 2] as (text: string) => string,
}));

function arranged(text: string): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write(config, text);
  sandbox.write('home/.codex/AGENTS.md', '# Mine\n');
  sandbox.write('home/.claude.json', '{ "numStartups": 3 }\n');
  sandbox.write('home/.claude/settings.json', '{ "model": "opus" }\n');
  return sandbox;
}

/** What the fragment wants, key by key, stands in the file; and it is valid. */
function expectOurs(sandbox: Sandbox): void {
  const wanted = valuesOf(teamSource['codex/config-fragment.toml'] as string);
  const { startup_timeout_sec: _, ...server } = (wanted.mcp_servers as Record<string, Table>).team as Table;
  const servers = { ...(wanted.mcp_servers as Table), team: server };
  expect(valuesOf(sandbox.read(config))).toMatchObject({ ...wanted, mcp_servers: servers });
  if (!isAbsent('codex')) expectLoads(sandbox.home);
}

describe('a value of that name which is equal', () => {
  it.each(sampled(cases))('$name: is found, stays as it is, and is never removed', ({ id, equal, around }) => {
    const text = around(equal);
    const sandbox = arranged(text);
    const first = snapshot(sandbox.home);
    const { units } = run(sandbox, ['push-runtime', '--json', '--verbose']).json;
    expect(units).toContainEqual(expect.objectContaining({ id: `codex:config.toml#${id}`, verdict: 'agreed' }));
    expectOurs(sandbox);
    run(sandbox, ['check-sync']);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(sandbox.read(config)).toBe(text);
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

describe('a value of that name which is another one', () => {
  it.each(sampled(cases, 1))('$name: stops the push; --overwrite and --keep settle it', ({ id, other, around }) => {
    const sandbox = arranged(around(other));
    const first = snapshot(sandbox.home);
    const name = `codex:config.toml#${id}`;
    const { out } = run(sandbox, ['push-runtime'], 3);
    expect(out).toContain(`--overwrite '${name}'`);
    expect(snapshot(sandbox.home)).toEqual(first);
    run(sandbox, ['push-runtime', '--keep', name], 1);
    expect(valuesOf(sandbox.read(config))).toMatchObject(valuesOf(around(other)) as object);
    if (!isAbsent('codex')) expectLoads(sandbox.home);
    run(sandbox, ['push-runtime', '--overwrite', name]);
    expectOurs(sandbox);
  });
});

describe('the name of something else', () => {
  it.each([
    ['another server in an inline parent', 'mcp_servers = { mine = { command = "m" } }\n'],
    ['another server in an inline parent over many lines', 'mcp_servers = {\n  mine = { command = "m" }, # mine\n}\n'],
    ['an inline parent with nothing in it', 'mcp_servers = {}\nmodel_providers = { }\ntui = {}\n'],
    ['a parent with another server', '[mcp_servers]\nmine = { command = "m" }\n'],
    ['a parent with nothing in it', '[mcp_servers]\n[model_providers]\n[tui]\n'],
    ['a name with a dot in quotes', '[mcp_servers."team.x"]\ncommand = "m"\n'],
    ['the whole name in quotes', '[desktop."mcp_servers.team"]\ncommand = "m"\n'],
    ['a dotted key of another server', 'mcp_servers.mine.command = "m"\n'],
    ['the same name in a project', '[projects."mcp_servers.team"]\ntrust_level = "trusted"\n'],
    ['the same name in a string', 'developer_instructions = """\n[mcp_servers.team]\ncommand = "m"\n"""\n'],
    ['the same name in a comment', '# [mcp_servers.team]\n# command = "m"\n'],
    ['another key in our table', '[tui]\ntheme = "nord"\n'],
    ['another dotted key in our table', 'tui.theme = "nord"\n'],
    ['an array of tables at the end', '[[skills.config]]\npath = "/s/SKILL.md"\nenabled = false\n'],
  ])('%s: nothing is in the way', (_, text) => {
    const sandbox = arranged(text);
    const first = snapshot(sandbox.home);
    run(sandbox, ['push-runtime']);
    expectOurs(sandbox);
    expect(valuesOf(sandbox.read(config))).toMatchObject(valuesOf(text) as object);
    run(sandbox, ['check-sync']);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(snapshot(sandbox.home)).toEqual(first);
  });

  // Codex does not load any of these either.
  it.each([
    ['a parent that is a string', 'mcp_servers = "none"\n'],
    ['a parent that is a list', 'mcp_servers = []\n'],
    ['a parent that is an array of tables', '[[mcp_servers]]\nname = "m"\n'],
    ['a server that is a string', 'mcp_servers.team = "none"\n'],
    ['a table that is a string', 'tui = "none"\n'],
    ['a root key that is a table', '[model_verbosity]\nx = 1\n'],
  ])('%s: push stops and writes nothing', (_, text) => {
    const sandbox = arranged(text);
    const first = snapshot(sandbox.home);
    const { code, out, err } = sandbox.run(['push-runtime']);
    expect({ code, out, err }).toMatchObject({ code: expect.toSatisfy((exit) => exit === 2 || exit === 3) });
    expect(out + err).not.toMatch(/bug in Syncline/);
    expect(snapshot(sandbox.home)).toEqual(first);
  });

  it.each([
    ['the table is there twice', '[mcp_servers.team]\ncommand = "a"\n[mcp_servers.team]\ncommand = "b"\n', '3:'],
    ['the key is there twice', 'mcp_servers.team.command = "a"\nmcp_servers.team.command = "b"\n', '2:'],
    [
      'a table extends an inline table',
      'mcp_servers = { team = { command = "a" } }\n[mcp_servers.x]\nurl = "u"\n',
      '2:',
    ],
    ['no quotes', 'model = gpt-5\n', '1:9'],
  ])('%s: the file does not parse; push exits 2 with the line and writes nothing', (_, text, place) => {
    const sandbox = arranged(text);
    const first = snapshot(sandbox.home);
    const { err } = run(sandbox, ['push-runtime'], 2);
    expect(err).toContain(`config.toml:${place}`);
    expect(snapshot(sandbox.home)).toEqual(first);
    expect(run(sandbox, ['check-sync'], 2).err).toContain(`config.toml:${place}`);
  });
});
