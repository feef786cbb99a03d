import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { Choice } from '../src/host/host.ts';
import { edit } from './support/adopt-world.ts';
import { shapedSecret } from './support/canary.ts';
import { home, type World } from './support/memory-world.ts';
import { made, runtimeOf, sourceOf, take, usedHome } from './support/take-world.ts';

/** `init --from-runtime`: what goes where. That nothing in the home changes and both sides are equal, `take` expects of each. */
const reference = (name: string) => `\${${name}}`;
const both = (codex: string, claude: object): Record<string, string> => ({
  '.codex/config.toml': codex,
  '.claude.json': JSON.stringify({ mcpServers: claude }),
});
const shared = (source: Record<string, string>) => JSON.parse(source['shared/mcp.json'] ?? '{}').mcpServers;
function textsBelow({ memory }: World, folder: string): string[] {
  const nodes = memory.disk.status(folder) ? Object.entries(memory.snapshot(folder)) : [];
  return nodes.flatMap(([name, node]) => (node.startsWith('file') ? [memory.read(`${folder}/${name}`)] : []));
}

const kept = ({ memory }: World) => memory.read(`${home}/.config/syncline/config.toml`);

describe('servers', () => {
  it('that both have alike are said once, each client its own home', async () => {
    const { source } = await take(
      both(`[mcp_servers.a]\ncommand = "a"\nargs = ["${home}/.codex/x"]\nenabled = true\n`, {
        a: { type: 'stdio', command: 'a', args: [`${home}/.claude/x`], env: {} },
      }),
    );
    expect(Object.keys(source)).toEqual(['shared/mcp.json']);
    expect(shared(source)).toEqual({ a: { command: 'a', args: ['{{client.home}}/x'] } });
  });

  it('keep what only one client can say in its own fragment, and what is for the machine nowhere', async () => {
    const codex =
      '[mcp_servers.a]\ncommand = "a"\nsupports_parallel_tool_calls = true\nstartup_timeout_ms = 5000\n[mcp_servers.a.tools.t]\napproval_mode = "approve"\n';
    const { source } = await take(both(codex, { a: { command: 'a' } }));
    expect(shared(source)).toEqual({ a: { command: 'a', startupTimeout: 5000 } });
    expect(source['codex/config-fragment.toml']).toBe('[mcp_servers.a]\nsupports_parallel_tool_calls = true\n');
    expect(Object.values(source).join('')).not.toContain('approv');
  });

  it('of one client are shared for that one', async () => {
    const { source } = await take(
      both('[mcp_servers.a]\nurl = "https://a.example.com/mcp"\n', { b: { command: 'b' } }),
    );
    expect(shared(source)).toEqual({
      a: { type: 'http', url: 'https://a.example.com/mcp', clients: ['codex'] },
      b: { command: 'b', clients: ['claude'] },
    });
  });

  it('of one name and two meanings stay each with its client', async () => {
    const { source } = await take(both('[mcp_servers.a]\ncommand = "a"\n', { a: { command: 'b' } }));
    expect(source).toEqual({
      'codex/config-fragment.toml': '[mcp_servers.a]\ncommand = "a"\n',
      'claude/mcp-fragment.json': expect.stringContaining('"command": "b"'),
    });
  });

  it('that a client could not be told of alike, by a timeout of one, stay each with its client', async () => {
    const { source } = await take(
      both('[mcp_servers.a]\ncommand = "a"\ntool_timeout_sec = 9\n', { a: { command: 'a' } }),
    );
    expect(Object.keys(source).sort()).toEqual(['claude/mcp-fragment.json', 'codex/config-fragment.toml']);
  });
});

describe('secrets', () => {
  const secret = shapedSecret(1);
  const withSecrets = both(
    `[mcp_servers.a]\ncommand = "a"\nenv = { A_TOKEN = "${secret}", A_REGION = "eu" }\n[mcp_servers.b]\nurl = "https://b.example.com/mcp"\nhttp_headers = { Authorization = "Bearer ${secret}" }\n`,
    { a: { command: 'a', env: { A_TOKEN: reference('A_TOKEN'), A_REGION: 'eu' } } },
  );

  it('become variables; who holds one keeps it, who names the variable already agrees', async () => {
    const { world, source, done } = await take(withSecrets);
    expect(shared(source)).toEqual({
      a: { command: 'a', env: { A_TOKEN: reference('A_TOKEN'), A_REGION: 'eu' } },
      b: {
        ...{ type: 'http', url: 'https://b.example.com/mcp', clients: ['codex'] },
        headers: { Authorization: `Bearer ${reference('B_TOKEN')}` },
      },
    });
    expect(done.out).toContain('repository names variables in place of secrets: A_TOKEN, B_TOKEN.');
    expect(kept(world)).toBe('keep = ["codex:config.toml#mcp_servers.a", "codex:config.toml#mcp_servers.b"]\n');
    const checked = await world.run(['check-sync', '--repo', made]);
    expect(checked.out).toMatch(/^2 units are kept as .* on this machine\.$/m);
  });

  it('are replaced by the variables as the report says', async () => {
    const { world } = await take(withSecrets);
    const unit = 'codex:config.toml#mcp_servers.b';
    expect(await world.run(['push-runtime', '--repo', made, '--overwrite', unit])).toMatchObject({ code: 0 });
    const config = world.memory.read(`${home}/.codex/config.toml`);
    expect(config).toContain('bearer_token_env_var = "B_TOKEN"');
    expect(config.split(secret)).toHaveLength(2);
  });

  it.each([
    ['an argument', both(`[mcp_servers.a]\ncommand = "a"\nargs = ["--token", "${secret}"]\n`, {})],
    ['a URL', both('', { a: { type: 'http', url: `https://a.example.com/mcp?key=${secret}` } })],
    ['a setting', { '.claude/settings.json': JSON.stringify({ env: { A_TOKEN: 'correct-horse' } }) }],
    ['a provider', both(`[model_providers.p]\nname = "P"\nexperimental_bearer_token = "${secret}"\n`, {})],
    ['a rule', { '.claude/settings.json': JSON.stringify({ permissions: { allow: [`Bash(curl ${secret})`] } }) }],
    [
      'a rule with a password',
      {
        '.claude/settings.json': JSON.stringify({ permissions: { allow: ['Bash(mysql --password=correct-horse7x)'] } }),
      },
    ],
    [
      'a hook',
      {
        '.codex/hooks.json': JSON.stringify({
          hooks: { Stop: [{ hooks: [{ type: 'command', command: `a --key ${secret}` }] }] },
        }),
      },
    ],
    ['a skill', { '.claude/skills/s/SKILL.md': `---\nname: s\ndescription: S.\n---\n${secret}\n` }],
    ['instructions', { '.codex/AGENTS.md': `Use ${secret}.\n` }],
  ] as [string, Record<string, string>][])('in %s are not taken, and told', async (_, files) => {
    const { source, done, world } = await take(files);
    expect(source).toEqual({});
    expect(done.out).toContain('cannot be imported: it holds a secret where no reference can stand');
    const all = [done.out, done.err, ...textsBelow(world, made), ...textsBelow(world, `${home}/.local`)].join('\n');
    expect(all).not.toContain(secret);
    expect(all).not.toContain('correct-horse');
  });
});

describe('instructions', () => {
  const mine = '# Mine\n\nShortly.\n';

  it('that are equal are shared, and the first edit of them takes their place', async () => {
    const { world, source } = await take({ '.codex/AGENTS.md': mine, '.claude/CLAUDE.md': mine });
    expect(source).toEqual({ 'shared/instructions.md': mine });
    world.memory.write(`${made}/clients/shared/instructions.md`, '# Mine\n\nVery shortly.\n');
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0 });
    const block = '<!-- >>> syncline managed >>> -->\n# Mine\n\nVery shortly.\n<!-- <<< syncline managed <<< -->\n';
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toBe(block);
    expect(world.memory.read(`${home}/.claude/CLAUDE.md`)).toBe(block);
  });

  const marked = (text: string) => `<!-- >>> syncline managed >>> -->\n${text}<!-- <<< syncline managed <<< -->\n`;

  it.each([
    ['a byte order mark', '\uFEFF# Mine\n\nShortly.\n', `\uFEFF${marked('# Mine\n\nAt length.\n')}`],
    ['CRLF', '# Mine\r\n\r\nShortly.\r\n', marked('# Mine\n\nAt length.\n').replaceAll('\n', '\r\n')],
    ['no line end', '# Mine\n\nShortly.', marked('# Mine\n\nAt length.\n')],
    ['blank lines around', '\n\nShortly.\n\n\n', `${marked('\n\nAt length.\n')}\n\n`],
  ])('with %s are replaced where they stand, never doubled', async (_, text, expected) => {
    const { world, source } = await take({ '.claude/CLAUDE.md': text });
    const path = `${made}/clients/claude/instructions.md`;
    world.memory.write(path, (source['claude/instructions.md'] ?? '').replace('Shortly', 'At length'));
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(`${home}/.claude/CLAUDE.md`)).toBe(expected);
    expect(await world.run(['check-sync', '--repo', made])).toMatchObject({ code: 0 });
  });

  it('are the user’s again, without markers, when the repository lets them go', async () => {
    const { world } = await take({ '.codex/AGENTS.md': mine });
    world.memory.write(`${made}/clients/codex/instructions.md`, 'Other.\n');
    await world.run(['push-runtime', '--repo', made]);
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toContain('syncline managed');
    const copy = world.copy();
    expect(await copy.run(['clean-runtime', '--remove-only', '--repo', made])).toMatchObject({ code: 0 });
    expect(copy.memory.read(`${home}/.codex/AGENTS.md`)).toBe(mine);
    world.memory.remove(`${made}/clients/codex/instructions.md`);
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0 });
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toBe(mine);
    expect(await world.run(['check-sync', '--repo', made])).toMatchObject({ code: 0 });
  });

  it('edited in the client before any push go home', async () => {
    const { world } = await take({ '.codex/AGENTS.md': mine, '.claude/CLAUDE.md': mine });
    edit(world, { file: '.claude/CLAUDE.md', from: 'Shortly.', to: 'Shortly, please.' });
    expect((await world.run(['check-sync', '--repo', made])).out).toContain('runtime-ahead  claude:CLAUDE.md#block');
    expect(await world.run(['pull-runtime', '--adopt', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(sourceOf(world)['shared/instructions.md']).toBe('# Mine\n\nShortly, please.\n');
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0 });
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toContain('Shortly, please.');
  });

  it('get the list of a memory that is adopted later, below the text', async () => {
    const files = { '.claude/CLAUDE.md': mine, '.claude/memories/tea.md': '# Tea\n\nGreen.\n' };
    const { world } = await take(files, ['--only', 'claude:CLAUDE.md']);
    const name = 'claude:memories/tea.md';
    expect(await world.run(['pull-runtime', '--adopt', name, '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(`${home}/.claude/CLAUDE.md`)).toMatch(
      /^<!-- >>> .*\n# Mine\n\nShortly\.\n\n## More memory\n[\s\S]*tea\.md: Tea\n<!-- <<< .*\n$/,
    );
    expect(await world.run(['check-sync', '--repo', made])).toMatchObject({ code: 0 });
  });

  it('that differ are each client’s own', async () => {
    const { source } = await take({ '.codex/AGENTS.md': mine, '.claude/CLAUDE.md': 'Other.\n' });
    expect(source).toEqual({ 'codex/instructions.md': mine, 'claude/instructions.md': 'Other.\n' });
  });

  it('that are one file by a link are shared: that is what both clients have', async () => {
    const world = usedHome({ '.codex/AGENTS.md': mine });
    world.memory.disk.makeFolders(`${home}/.claude`);
    world.memory.disk.makeLink(`${home}/.claude/CLAUDE.md`, `${home}/.codex/AGENTS.md`);
    const { source } = await take(world);
    expect(source).toEqual({ 'shared/instructions.md': mine });
  });
});

describe('memories', () => {
  const manifest = ({ memory }: World) => memory.read(`${made}/clients/syncline.toml`);
  const listOf = (world: World) => (parse(manifest(world)) as { 'unlisted-memories'?: string[] })['unlisted-memories'];

  it('that both have alike are shared, each client its own home; others are their client’s', async () => {
    const { world, source, done } = await take({
      '.codex/memories/global.md': `# Always\n\nSee ${home}/.codex/notes.\n`,
      '.claude/memories/global.md': `# Always\n\nSee ${home}/.claude/notes.\n`,
      '.codex/memories/projects/app.md': '# App\n\nPort 3000.\n',
      '.claude/memories/projects/app.md': '# App\n\nPort 4000.\n',
      '.claude/memories/tea.md': '\uFEFF# Tea\r\n\r\nGreen.',
      '.claude/memories/README.md': 'For people.\n',
    });
    expect(source).toEqual({
      'shared/memory/global.md': '# Always\n\nSee {{client.home}}/notes.\n',
      'codex/memory/projects/app.md': '# App\n\nPort 3000.\n',
      'claude/memory/projects/app.md': '# App\n\nPort 4000.\n',
      'claude/memory/tea.md': '\uFEFF# Tea\r\n\r\nGreen.',
      'claude/memory/README.md': 'For people.\n',
    });
    expect(done.out).toMatch(/^ {2}memory {2}codex:memories\/global\.md \(also in claude\)$/m);
    expect(done.out).toContain('The instructions do not list the 3 memories yet');
    expect(listOf(world)).toEqual(['global.md', 'projects/app.md', 'tea.md']);
    expect(manifest(world)).toMatch(/^# Memories that were in the clients before[\s\S]*^unlisted-memories = /m);
    expect(world.memory.read(`${made}/README.md`)).toContain('`unlisted-memories`');
  });

  it('cost a session nothing, until their names leave the list', async () => {
    const { world } = await take({ '.codex/memories/global.md': `# Always\n\n${'word '.repeat(400)}\n` });
    const cost = async () => {
      const { json } = await world.run(['status', '--repo', made, '--json']);
      return (json as unknown as { status: { clients: { session: { tokens: number } }[] } }).status.clients[0]?.session;
    };
    expect(await cost()).toMatchObject({ tokens: 0 });
    world.memory.write(`${made}/clients/syncline.toml`, manifest(world).replace(/^unlisted.*\n/m, ''));
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect((await cost())?.tokens).toBeGreaterThan(400);
    expect(await world.run(['check-sync', '--repo', made])).toMatchObject({ code: 0, err: '' });
  });

  it('are listed one by one, beside the text that was there', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `projects/number-${index + 10}.md`);
    const files = Object.fromEntries(names.map((name) => [`.claude/memories/${name}`, `# ${name}\n`]));
    const { world } = await take({ ...files, '.claude/CLAUDE.md': '# Mine\n' });
    expect(listOf(world)).toEqual(names);
    const path = `${made}/clients/syncline.toml`;
    world.memory.write(path, manifest(world).replace('  "projects/number-12.md",\n', ''));
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0, err: '' });
    const text = world.memory.read(`${home}/.claude/CLAUDE.md`);
    expect(text).toMatch(/^<!-- >>> .*\n# Mine\n[\s\S]*number-12/);
    expect(text.match(/number-/g)).toHaveLength(2);
    expect(await world.run(['check-sync', '--repo', made])).toMatchObject({ code: 0, err: '' });
  });

  it('are edited in a client before any push, and go home', async () => {
    const { world } = await take({ '.codex/memories/tea.md': '# Tea\n', '.claude/memories/tea.md': '# Tea\n' });
    edit(world, { file: '.claude/memories/tea.md', from: 'Tea', to: 'Green tea' });
    expect(await world.run(['pull-runtime', '--adopt', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(sourceOf(world)['shared/memory/tea.md']).toBe('# Green tea\n');
    expect(await world.run(['push-runtime', '--repo', made])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(`${home}/.codex/memories/tea.md`)).toBe('# Green tea\n');
    expect(world.memory.exists(`${home}/.codex/AGENTS.md`)).toBe(false);
  });

  it.each([
    [
      ['--only', 'claude:memories'],
      ['claude/memory/own.md', 'shared/memory/tea.md'],
      ['own.md', 'tea.md'],
    ],
    [['--only', 'claude:memories/own.md'], ['claude/memory/own.md'], ['own.md']],
    [['--only', 'memories/tea.md'], ['shared/memory/tea.md'], ['tea.md']],
    [['--only', 'codex:config.toml'], ['codex/config-fragment.toml'], undefined],
  ])('with %j', async (words, files, list) => {
    const { world, source, done } = await take(
      {
        '.codex/memories/tea.md': '# Tea\n',
        '.claude/memories/tea.md': '# Tea\n',
        '.claude/memories/own.md': '# Own\n',
        '.codex/config.toml': 'model = "m"\n',
      },
      words,
    );
    expect(Object.keys(source).sort()).toEqual(files);
    expect(listOf(world)).toEqual(list);
    expect(done.out.includes('The instructions do not list')).toBe(list !== undefined);
    expect(world.memory.read(`${made}/README.md`).includes('unlisted')).toBe(list !== undefined);
  });

  it('are told in --json, and only told with --dry-run', async () => {
    const world = usedHome({ '.claude/memories/tea.md': '# Tea\n' });
    const words = ['init', made, '--from-runtime', '--yes'];
    const dry = await world.run([...words, '--dry-run', '--json']);
    expect(dry.json).toMatchObject({ exitCode: 0, unlisted: ['tea.md'], found: [{ kind: 'memory' }] });
    expect(world.memory.disk.status(made)).toBeUndefined();
    expect((await world.run([...words, '--json'])).json).toMatchObject({ unlisted: ['tea.md'] });
  });

  it.each([
    ['no Markdown', '.claude/memories/tea.txt', 'Green.\n', 0o644, 'only files that end in ".md" belong there'],
    ['an exec bit', '.claude/memories/tea.md', '# Tea\n', 0o755, 'would not be what the home has'],
    ['no text', '.claude/memories/tea.md', 'a\0b', 0o644, 'is not UTF-8 text'],
    ['a name for few systems', '.claude/memories/tea:time.md', '# Tea\n', 0o644, 'cannot stand on every system'],
    ['a hidden name', '.claude/memories/.tea.md', '# Tea\n', 0o644, 'starts with a dot'],
    ['a secret', '.claude/memories/tea.md', `${shapedSecret(1)}\n`, 0o644, 'holds a secret'],
  ])('with %s are not taken, and told', async (_, path, text, mode, says) => {
    const world = usedHome({ '.codex/memories/ok.md': '# Ok\n' });
    world.memory.write(`${home}/${path}`, text, mode);
    const { source, done } = await take(world);
    expect(source).toEqual({ 'codex/memory/ok.md': '# Ok\n' });
    expect(listOf(world)).toEqual(['ok.md']);
    expect(done.out).toContain(`"claude:${path.slice('.claude/'.length)}" cannot be imported: `);
    expect(done.out).toContain(says);
    expect(done.out + textsBelow(world, made).join('')).not.toContain(shapedSecret(1));
  });

  it('with tokens of another language are taken as text', async () => {
    const world = usedHome({ '.claude/memories/tea.md': '{{var.tea}} {{client.name}} {{{{path.x}}}}\n' });
    const { source } = await take(world);
    expect(Object.values(source)).toEqual(['{{{{var.tea}}}} {{{{client.name}}}} {{{{{{path.x}}}}}}\n']);
  });

  it('that a client wrote by itself are left to it', async () => {
    const { source, done, world } = await take({
      '.codex/memories/MEMORY.md': '# Task Group: a\n\nLearned.\n',
      '.codex/memories/rollout_summaries/x.md': 'Learned.\n',
      '.codex/memories/mine.md': '# Mine\n',
      '.claude/settings.json': `${JSON.stringify({ autoMemoryDirectory: `${home}/.claude/memories/auto` })}\n`,
      '.claude/memories/auto/tests.md': '# Tests\n',
      '.claude/memories/auto/more.md': '# More\n',
      '.claude/memories/mine.md': '# Mine\n',
      '.claude/projects/-p/memory/x.md': '# X\n',
    });
    expect(Object.keys(source).filter((name) => name.includes('memory'))).toEqual(['shared/memory/mine.md']);
    expect(listOf(world)).toEqual(['mine.md']);
    expect(done.out).toContain('"claude:memories/auto/more.md" and 1 more are what the client learned by itself');
  });

  it('behind a link out of the home are named, and by a link to the other client’s are shared', async () => {
    const world = usedHome({ '.codex/memories/tea.md': '# Tea\n' });
    world.memory.write('/elsewhere/x.md', '# X\n');
    world.memory.disk.makeFolders(`${home}/.claude/memories`);
    world.memory.disk.makeLink(`${home}/.claude/memories/out.md`, '/elsewhere/x.md');
    world.memory.disk.makeLink(`${home}/.claude/memories/tea.md`, `${home}/.codex/memories/tea.md`);
    const { source, done } = await take(world);
    expect(source).toEqual({ 'shared/memory/tea.md': '# Tea\n' });
    expect(done.out).toContain('"claude:memories/out.md" is a link that leads out of your home or nowhere');
  });
});

describe('what is for this machine only', () => {
  it('is not offered', async () => {
    const { done } = await take({
      '.codex/config.toml':
        '[projects."/p"]\ntrust_level = "trusted"\n[notice]\nhide_full_access_warning = true\n[hooks.state."x"]\ntrusted_hash = "y"\n[tui]\nmodel_availability_nux = 1\n[[skills.config]]\npath = "/s"\nenabled = false\n[marketplaces.m]\nsource = "/m"\n[plugins."p@m"]\nenabled = true\n',
      '.claude/settings.json': '{"$schema": "https://s.example.com", "skipDangerousModePermissionPrompt": true}\n',
      '.claude.json':
        '{"numStartups": 3, "theme": "dark", "projects": {"/p": {"mcpServers": {"x": {"command": "x"}}}}}\n',
    });
    expect(done.out).not.toContain('Imported');
    expect(done.out).toContain('nothing was found in the clients');
  });
});

describe('choosing', () => {
  const files = {
    '.codex/config.toml': 'model = "m"\n[mcp_servers.a]\ncommand = "a"\n',
    '.claude/settings.json':
      '{"permissions": {"allow": ["Edit", "Write"]}, "statusLine": {"type": "command", "command": "l"}}\n',
    '.claude/memories/tea.md': '# Tea\n',
  };

  it('without anybody to ask lists what there is, writes nothing and exits 2', async () => {
    const world = usedHome(files);
    const before = world.memory.snapshot('/');
    for (const words of [[], ['--json']]) {
      const done = await world.run(['init', made, '--from-runtime', ...words]);
      expect(done).toMatchObject({ code: 2, err: '' });
      expect(done.out).toContain('claude:settings.json#permissions.allow');
      expect(done.out).toContain('Import all with --yes, or some with --only and their names.');
    }
    expect(Object.keys(world.memory.snapshot('/')).filter((path) => !path.includes('.local'))).toEqual(
      Object.keys(before).filter((path) => !path.includes('.local')),
    );
  });

  it.each([[[]], [['--json']]])('with --dry-run needs no answer, lists all and writes nothing: %j', async (words) => {
    const world = usedHome(files);
    const before = world.memory.snapshot(home);
    const done = await world.run(['init', made, '--from-runtime', '--dry-run', ...words]);
    expect(done).toMatchObject({ code: 0, err: '' });
    for (const name of ['claude:settings.json#permissions.allow', 'claude:memories/tea.md'])
      expect(done.out).toContain(name);
    expect(done.out).not.toContain('not-chosen');
    expect(world.memory.disk.status(made)).toBeUndefined();
    expect(runtimeOf(world)).toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => !/^\.(?:local|config)/.test(path))),
    );
  });

  it('by name takes just those', async () => {
    const { source } = await take(files, [
      '--only',
      'codex:config.toml#mcp_servers',
      'claude:settings.json#permissions.allow["Edit"]',
    ]);
    expect(Object.keys(source).sort()).toEqual(['claude/settings-fragment.json', 'shared/mcp.json']);
    expect(JSON.parse(source['claude/settings-fragment.json'] ?? '')).toEqual({ permissions: { allow: ['Edit'] } });
  });

  it('refuses a name that means nothing', async () => {
    const world = usedHome(files);
    const done = await world.run(['init', made, '--from-runtime', '--only', 'codex:skills/x']);
    expect(done.code).toBe(2);
    expect(done.err).toContain('nothing to import is named "codex:skills/x"');
    expect(world.memory.disk.status(made)).toBeUndefined();
  });

  it('on a terminal offers lists and tables as a whole', async () => {
    let offered: readonly Choice[] = [];
    const chooses = (choices: readonly Choice[]) => {
      offered = choices;
      return ['claude:settings.json#permissions.allow'];
    };
    const { source } = await take(files, [], { chooses });
    expect(offered.map(({ value, marked }) => [value, marked])).toEqual([
      ['codex:config.toml#mcp_servers.a', true],
      ['codex:config.toml#model', true],
      ['claude:settings.json#permissions.allow', true],
      ['claude:settings.json#statusLine', true],
      ['claude:memories/tea.md', true],
    ]);
    expect(source).toEqual({ 'claude/settings-fragment.json': expect.stringMatching(/"Edit",\s+"Write"/) });
  });

  it('looks only at the clients that are named, and where the environment says they are', async () => {
    const there = {
      '../../elsewhere/config.toml': '[mcp_servers.a]\ncommand = "a"\n',
      '.codex/config.toml': 'model = "m"\n',
    };
    const all = { ...there, '.claude.json': '{"mcpServers": {"b": {"command": "b"}}}' };
    const { source } = await take(all, ['--yes', '--client', 'codex'], { variables: { CODEX_HOME: '/elsewhere' } });
    expect(Object.keys(source)).toEqual(['shared/mcp.json']);
    expect(shared(source)).toEqual({ a: { command: 'a', clients: ['codex'] } });
  });

  it('left with Ctrl-C writes nothing', async () => {
    const world = usedHome(files);
    const done = await world.run(['init', made, '--from-runtime'], undefined, { chooses: () => undefined });
    expect(done).toMatchObject({ code: 1, out: expect.stringContaining('Nothing was written.') });
    expect(world.memory.disk.status(made)).toBeUndefined();
  });
});

describe('is refused', () => {
  it.each([
    [
      'a config.toml that does not parse',
      { '.codex/config.toml': 'model = "m"\n[broken\n' },
      `${home}/.codex/config.toml:2`,
    ],
    [
      'a settings.json that does not parse',
      { '.claude/settings.json': '{\n  "a": }\n' },
      `${home}/.claude/settings.json:2`,
    ],
    ['instructions that are no text', { '.claude/CLAUDE.md': '\u0000' }, undefined],
    ['a marker left over', { '.claude/CLAUDE.md': '# Mine\n\n<!-- >>> syncline managed >>> -->\n' }, 'marker'],
  ] as [string, Record<string, string>, string | undefined][])('%s', async (_, files, says) => {
    const world = usedHome(files);
    const done = await world.run(['init', made, '--from-runtime', '--yes']);
    if (says === undefined) return expect(done).toMatchObject({ code: 0 });
    expect(done.code).toBe(2);
    expect(done.err).toContain(says);
    expect(world.memory.disk.status(made)).toBeUndefined();
  });

  it('a home that a repository deploys to', async () => {
    const world = usedHome({});
    await world.run(['push-runtime', '--yes']);
    const before = runtimeOf(world);
    const done = await world.run(['init', made, '--from-runtime', '--yes']);
    expect(done.code).toBe(2);
    expect(done.err).toContain('a repository deploys to this home already: /repo');
    expect(runtimeOf(world)).toEqual(before);
    expect(world.memory.disk.status(made)).toBeUndefined();
  });
});

it('is a run: restore takes the repository and the records back', async () => {
  const { world } = await take({ '.codex/config.toml': 'model = "m"\n' });
  expect(await world.run(['restore', '20'])).toMatchObject({ code: 0, err: '' });
  expect(world.memory.disk.status(`${made}/clients`)).toBeUndefined();
  expect(world.memory.disk.status(`${home}/.local/state/syncline/records`)).toBeUndefined();
});
