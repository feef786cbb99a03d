import { describe, expect, it } from 'vitest';
import { shapedSecret } from '../support/canary.ts';
import { home, makeWorld, nodesOf, repo, stateFolder, type World } from '../support/memory-world.ts';
import { teamSource } from '../support/team-source.ts';

const settings = `${home}/.claude/settings.json`;
const config = `${home}/.codex/config.toml`;
const skill = `${home}/.claude/skills/tidy/SKILL.md`;

describe('instructions that the user already had', () => {
  const text = 'Be brief.\nUse tabs.\n';
  const own: [string, string][] = [
    ['alone', text],
    ['at the start', `${text}\n# Me\n`],
    ['in the middle', `# Me\n\n${text}\nMine.\n`],
    ['at the end', `# Me\n\n${text}`],
    ['without the last line end', `# Me\n\n${text}`.trimEnd()],
    ['with CRLF', `# Me\n\n${text}Mine.\n`.replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\uFEFF${text}`],
    ['twice', `${text}\n# Me\n\n${text}`],
  ];
  const ways: [string, (world: World) => Promise<unknown>][] = [
    ['uninstall', (world) => world.run(['uninstall'])],
    ['clean-runtime --remove-only', (world) => world.run(['clean-runtime', '--remove-only'])],
    ['a push after the text left the source', (world) => drop(world, 'shared/instructions.md')],
    [
      'uninstall after the source has changed',
      async (world) => {
        source(world, { 'shared/instructions.md': 'Be long.\n' });
        expect(await world.run(['push-runtime', '--yes'])).toMatchObject({ code: 0, err: '' });
        expect(world.memory.read(`${home}/.claude/CLAUDE.md`)).toContain('Be long.');
        return world.run(['uninstall']);
      },
    ],
  ];

  it.each(own.flatMap(([where, mine]) => ways.map(([way, go]) => [where, way, mine, go] as const)))(
    '%s: stay with %s',
    async (_, __, mine, go) => {
      const world = worldOf({ 'shared/instructions.md': text });
      const files = [`${home}/.claude/CLAUDE.md`, `${home}/.codex/AGENTS.md`];
      for (const file of files) world.memory.write(file, mine);
      expect(await world.run(['push-runtime', '--yes'])).toMatchObject({ code: 0, err: '' });
      expect(files.map((file) => world.memory.read(file))).toEqual([mine, mine]);
      expect(await world.run(['check-sync'])).toMatchObject({ code: 0 });
      expect(await go(world)).toMatchObject({ code: 0, err: '' });
      expect(files.map((file) => world.memory.read(file))).toEqual([mine, mine]);
    },
  );

  it.each([
    ['a comment', `<!--\n${text}-->\n`],
    ['a comment that nobody closes', `# Me\n\n<!-- later:\n${text}`],
    ['a fenced block', `# Me\n\n\`\`\`\`md\n\`\`\`\n${text}\`\`\`\`\nMine.\n`],
    ['a block fenced with tildes', `~~~\r\n${text}~~~\r\nMine.\r\n`],
  ])('are none where no agent takes them as such: in %s', async (_, mine) => {
    const world = worldOf({ 'shared/instructions.md': text });
    const files = [`${home}/.claude/CLAUDE.md`, `${home}/.codex/AGENTS.md`];
    for (const file of files) world.memory.write(file, mine);
    for (const source of [text, 'Be long.\n']) {
      world.memory.write(`${repo}/clients/shared/instructions.md`, source);
      expect(await world.run(['push-runtime', '--yes'])).toMatchObject({ code: 0, err: '' });
      for (const file of files) {
        expect(world.memory.read(file).startsWith(mine)).toBe(true);
        expect(world.memory.read(file).replaceAll('\r', '').slice(mine.length)).toContain(`>>> -->\n${source}<!-- <<<`);
      }
    }
    expect(await world.run(['uninstall'])).toMatchObject({ code: 0, err: '' });
    expect(files.map((file) => world.memory.read(file))).toEqual([mine, mine]);
  });

  it('are found between fenced blocks and comments', async () => {
    const world = worldOf({ 'shared/instructions.md': text });
    const mine = `<!-- a -->\n\`\`\`\n${text}\`\`\`\n${text}~~~\n<!--\n~~~\n`;
    world.memory.write(`${home}/.claude/CLAUDE.md`, mine);
    expect((await world.run(['push-runtime', '--yes'])).out).toContain('agreed    claude:CLAUDE.md#block');
    expect(world.memory.read(`${home}/.claude/CLAUDE.md`)).toBe(mine);
  });

  it('come back where others wrote in between, too, and what was found next to a memory stays', async () => {
    const world = worldOf({ 'shared/instructions.md': text, 'shared/memory/global.md': 'Remember.\n' });
    const file = `${home}/.codex/AGENTS.md`;
    world.memory.write(file, `# Me\n\n${text}\nMine.\n`);
    await world.run(['push-runtime', '--yes']);
    expect(world.memory.read(file).match(/Be brief/g)?.length).toBe(1);
    source(world, { 'shared/instructions.md': 'Be long.\n' });
    await world.run(['push-runtime', '--yes']);
    expect(world.memory.read(file)).not.toContain('Be brief');
    world.memory.write(file, `${world.memory.read(file)}\nLater.\n`);
    expect(await world.run(['uninstall'])).toMatchObject({ code: 0, err: '' });
    const now = world.memory.read(file);
    for (const line of ['# Me', 'Be brief.\nUse tabs.\n', 'Mine.', 'Later.']) expect(now).toContain(line);
    expect(now).not.toMatch(/syncline|Be long|Remember/);
  });
});

describe('what an --overwrite replaced', () => {
  it.each([
    ['uninstall', (world: World) => world.run(['uninstall'])],
    ['clean-runtime --remove-only', (world: World) => world.run(['clean-runtime', '--remove-only'])],
    ['an emptied source', (world: World) => drop(world, ...Object.keys(team))],
    [
      'an uninstall that was taken back before',
      async (world: World) => {
        await world.run(['uninstall']);
        await world.run(['restore']);
        return world.run(['uninstall']);
      },
    ],
    [
      'a clean, more pushes and an uninstall',
      async (world: World) => {
        await world.run(['clean-runtime', '--yes']);
        source(world, { 'claude/settings-fragment.json': '{"model":"later"}' });
        await world.run(['push-runtime', '--yes']);
        return world.run(['uninstall']);
      },
    ],
  ])('comes back to the byte with %s, and nothing of it is printed', async (_, go) => {
    const secret = shapedSecret(11);
    const world = used(secret);
    const before = nodesOf(world);
    const pushed = await world.run(['push-runtime', '--yes', '--overwrite']);
    expect(pushed).toMatchObject({ code: 0, err: '' });
    const done = (await go(world)) as { code: number; out: string; err: string };
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(filesOf(world)).toEqual(filesOf({ ...world, nodes: before }));
    expect(pushed.out + done.out).not.toContain(secret);
    const kept = Object.keys(world.memory.snapshot(stateFolder)).filter((path) => path.startsWith('earlier/'));
    expect(kept).toEqual([]);
  });

  it.each([
    ['uninstall', (world: World) => world.run(['uninstall'])],
    ['an emptied source', (world: World) => drop(world, ...Object.keys(team))],
  ])('comes back with %s even where the client refuses it, as it did before', async (_, go) => {
    const world = used();
    const mine = '{"mcpServers":{"t":{"url":"https://mine.example.com/mcp"}}}';
    world.memory.write(`${home}/.claude.json`, mine);
    expect(await world.run(['push-runtime', '--yes', '--overwrite'])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(`${home}/.claude.json`)).toContain('"http"');
    expect(await go(world)).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(`${home}/.claude.json`)).toBe(mine);
  });

  it('may be of another type than ours: a table that goes for a text', async () => {
    const world = worldOf(team);
    world.memory.write(config, '[model]\nx = 1\n[approval_policy.granular]\nrules = true\n');
    source(world, { 'codex/config-fragment.toml': 'model = "team"\napproval_policy = "on-request"\n' });
    const { err } = await world.run(['push-runtime', '--yes', '--overwrite']);
    expect(err).not.toContain('[crash]');
  });

  it('is kept for the user’s eyes only, and is not pruned with the run', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    for (let run = 0; run < 55; run += 1) {
      world.wait(24 * 3_600_000);
      source(world, { 'claude/settings-fragment.json': `{"model":"m${run}"}` });
      await world.run(['push-runtime', '--yes']);
    }
    const modes = Object.entries(world.memory.snapshot(stateFolder)).filter(([path]) => path.startsWith('earlier/'));
    expect(modes.length).toBeGreaterThan(3);
    expect(modes.filter(([, node]) => !node.includes('600'))).toEqual([]);
    expect(await world.run(['uninstall'])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(settings)).toBe('{"model":"mine"}');
  });

  it('stays where somebody wrote the unit since, and is named with its place', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    world.memory.write(settings, world.memory.read(settings).replace('team', 'newer'));
    world.memory.write(skill, 'newer text');
    const { code, out } = await world.run(['uninstall']);
    expect([code, out]).toEqual([0, expect.stringContaining('[earlier-value-kept]')]);
    expect(JSON.parse(world.memory.read(settings))).toMatchObject({ model: 'newer' });
    expect(world.memory.read(skill)).toBe('newer text');
    const kept = Object.keys(world.memory.snapshot(stateFolder)).filter((path) => path.startsWith('earlier/'));
    const texts = kept.map((path) => world.memory.read(`${stateFolder}/${path}`));
    expect(texts.some((text) => text.includes('"model": "mine"'))).toBe(true);
    expect(texts.some((text) => text.includes('MY OWN TEXT'))).toBe(true);
    for (const path of kept) expect(out).toContain(path);
    expect(out).toContain(`2 values of yours from before the first push`);
  });

  it('is still the user’s when another repository takes the home over', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    source(world, { 'syncline.toml': 'id = "other"\n', 'claude/settings-fragment.json': '{"model":"others"}' });
    expect(await world.run(['push-runtime', '--yes', '--take-over'])).toMatchObject({ code: 0 });
    expect(await world.run(['uninstall'])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(settings)).toBe('{"model":"mine"}');
    expect(world.memory.read(skill)).toBe('MY OWN TEXT\n');
  });

  it('comes back when only its unit leaves the source, beside what stays', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    expect(await drop(world, 'shared/mcp.json')).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read(config)).toContain('# why\nurl = "https://mine.example.com/mcp" # mine\n');
    expect(world.memory.read(config)).toContain('model = "team"');
    expect(await world.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(await world.run(['uninstall'])).toMatchObject({ code: 0 });
    expect(world.memory.read(config)).toBe(userConfig);
  });

  it('by a Syncline that kept nothing is named with the run that has it', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    for (const path of Object.keys(world.memory.snapshot(`${stateFolder}/records`))) {
      const file = `${stateFolder}/records/${path}`;
      const record = JSON.parse(world.memory.read(file));
      for (const unit of record.units) delete unit.earlier;
      for (const each of Object.values<Record<string, unknown>>(record.files)) delete each.first;
      world.memory.write(file, JSON.stringify({ ...record, version: 1 }));
    }
    const { code, out } = await world.run(['uninstall']);
    expect([code, out]).toEqual([0, expect.stringContaining('[was-yours]')]);
    expect(out).toMatch(/"claude:settings.json#model" was yours before a push of an older Syncline/);
    expect(out).not.toContain('"claude:.claude.json#mcpServers.t" was yours');
  });
});

describe('restore and uninstall', () => {
  const person = { chooses: () => undefined };

  it('take back no init unless it is named, by names that say what they are', async () => {
    const world = worldOf({});
    expect(await world.run(['init', '/made'])).toMatchObject({ code: 0 });
    const made = world.memory.snapshot('/made');
    expect(await world.run(['restore'])).toMatchObject({ code: 2, err: expect.stringContaining('only by name') });
    expect(world.memory.snapshot('/made')).toEqual(made);
    const { out } = await world.run(['restore', '2026', '--dry-run']);
    expect(out).toContain('repository:clients/shared/mcp.json');
    const named = await world.run(['restore', '2026']);
    expect(named.out).not.toMatch(/ :clients|Restart running agents/);
  });

  it('after a push and an init take back the push alone', async () => {
    const world = used();
    const before = filesOf(world);
    await world.run(['push-runtime', '--yes', '--overwrite']);
    await world.run(['init', '/made']);
    const made = world.memory.snapshot('/made');
    expect(await world.run(['restore'])).toMatchObject({ code: 0 });
    expect(filesOf(world)).toEqual(before);
    expect(world.memory.snapshot('/made')).toEqual(made);
  });

  it.each([['restore'], ['uninstall']])('%s asks a person at a terminal, who may say no', async (command) => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    const pushed = nodesOf(world);
    const { code, out } = await world.run([command], undefined, person);
    expect([code, out]).toEqual([1, expect.stringMatching(/settings\.json[\s\S]*Nothing was written\./)]);
    expect(nodesOf(world)).toEqual(pushed);
    expect(await world.run([command, '--yes'], undefined, person)).toMatchObject({ code: 0 });
    expect(world.memory.read(settings)).toBe('{"model":"mine"}');
  });

  it('a dry run of uninstall shows the diff only where it is asked for', async () => {
    const world = used();
    await world.run(['push-runtime', '--yes', '--overwrite']);
    expect((await world.run(['uninstall', '--dry-run'])).out).not.toContain('@@');
    expect((await world.run(['uninstall', '--dry-run', '--verbose'])).out).toContain('@@');
  });
});

const userConfig =
  '# top\nmodel = "mine" # why not\n\n[mcp_servers.t]\n# why\nurl = "https://mine.example.com/mcp" # mine\nstartup_timeout_sec = 20.0\n';

const team = {
  'claude/settings-fragment.json': '{"model":"team"}',
  'codex/config-fragment.toml': 'model = "team"\n',
  'shared/mcp.json': '{"mcpServers":{"t":{"url":"https://team.example.com/mcp"}}}',
  'shared/skills/tidy/SKILL.md': '---\nname: tidy\ndescription: Tidies. Use when asked.\n---\nteam text\n',
};

function worldOf(files: Readonly<Record<string, string>>): World {
  const world = makeWorld();
  for (const path of Object.keys(teamSource)) world.memory.remove(`${repo}/clients/${path}`);
  source(world, { 'syncline.toml': 'id = "try"\n', ...files });
  return world;
}

/** A home in which the user has another value of all that the team has. */
function used(secret = 'x'): World {
  const world = worldOf(team);
  world.memory.write(settings, '{"model":"mine"}', 0o640);
  world.memory.write(config, userConfig);
  world.memory.write(
    `${home}/.claude.json`,
    `{"a": 1.0,"mcpServers":{"t":{"command":"mine","args":["--token","${secret}"]}}}`,
  );
  world.memory.write(skill, 'MY OWN TEXT\n', 0o755);
  return world;
}

function source({ memory }: World, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) memory.write(`${repo}/clients/${path}`, text);
}

function drop(world: World, ...paths: readonly string[]) {
  for (const path of paths) world.memory.remove(`${repo}/clients/${path}`);
  return world.run(['push-runtime', '--yes']);
}

/** Files of the home, and nothing of the source. */
function filesOf(world: World & { readonly nodes?: Record<string, string> }): Record<string, string> {
  const nodes = Object.entries(world.nodes ?? nodesOf(world));
  return Object.fromEntries(
    nodes.filter(([path, node]) => /^\.(claude|codex)/.test(path) && !node.startsWith('folder')),
  );
}
