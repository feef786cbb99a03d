import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';

/**
 * One repository, several machines and people: `clients/machines/<name>` and `clients/people/<name>` (or a folder outside
 * the repository) go over what all have, unit by unit; the user's configuration says which of them hold here.
 */
const config = `${home}/.config/syncline/config.toml`;
const source = (path: string) => `${repo}/clients/${path}`;

/** A machine that has the repository, and says this of itself. */
function machine(setup: string, files: Readonly<Record<string, string>> = {}): World {
  const world = makeWorld();
  for (const [path, text] of Object.entries({ ...layers, ...files })) world.memory.write(source(path), text);
  world.memory.write(config, setup);
  return world;
}

const layers = {
  'machines/laptop/layer.toml': 'leave-out = [\n  "codex:config.toml#mcp_servers.web",\n  "skills/greet",\n]\n',
  'machines/laptop/claude/mcp-fragment.json': '{"mcpServers": {"web": null}}\n',
  'machines/work/codex/config-fragment.toml': '[mcp_servers.web]\nurl = "https://mcp.work.example/web"\n',
  'machines/work/claude/mcp-fragment.json': '{"mcpServers": {"web": {"url": "https://mcp.work.example/web"}}}\n',
  'machines/work/shared/vars.toml': 'team = "blue"\n',
  'people/ana/shared/instructions.md': 'Ana likes short answers.\n',
  'people/ana/shared/skills/greet/SKILL.md':
    '---\nname: greet\ndescription: Greets Ana.\n---\nSay hi to {{var.who}}.\n',
  'people/ana/shared/vars.toml': 'who = "Ana"\n',
  'people/ben/claude/settings-fragment.json': '{"permissions": {"deny": ["Bash(sudo:*)"]}, "cleanupPeriodDays": 7}\n',
  'people/ben/codex/config-fragment.toml': '[mcp_servers.team]\nargs = ["--stdio", "--loud"]\n',
};

interface Servers {
  readonly [name: string]: Readonly<Record<string, unknown>>;
}

const codexServers = ({ memory }: World) =>
  parse(memory.read(`${home}/.codex/config.toml`)).mcp_servers as unknown as Servers;
const claudeServers = ({ memory }: World) => JSON.parse(memory.read(`${home}/.claude.json`)).mcpServers as Servers;
const settings = ({ memory }: World) => JSON.parse(memory.read(`${home}/.claude/settings.json`));

describe('two machines', () => {
  it('the old laptop does without a server and a skill, which is no drift', async () => {
    const laptop = machine('machine = "laptop"\n');
    expect((await laptop.run(['push-runtime'])).code).toBe(0);
    expect(Object.keys(codexServers(laptop))).toEqual(['team']);
    expect(Object.keys(claudeServers(laptop))).toEqual(['team']);
    expect(laptop.memory.exists(`${home}/.codex/skills/greet`)).toBe(false);
    const { code, out } = await laptop.run(['check-sync']);
    expect(code).toBe(0);
    expect(out).toMatch(/^In sync: \d+ units are equal on both sides\.\n6 units are left out on this machine\.\n$/);
    const { json } = await laptop.run(['check-sync', '--json', '--verbose']);
    const left = json.units.filter((unit) => 'leftOut' in unit).map((unit) => ({ ...unit, path: '' }));
    expect(left).toContainEqual(
      expect.objectContaining({
        id: 'codex:config.toml#mcp_servers.web',
        leftOut: 'clients/machines/laptop/layer.toml:1',
      }),
    );
    expect(left).toContainEqual(
      expect.objectContaining({
        id: 'claude:.claude.json#mcpServers.web',
        leftOut: 'clients/machines/laptop/claude/mcp-fragment.json',
      }),
    );
  });

  it('the work machine reaches a server elsewhere, the rest of the entry being that of all', async () => {
    const work = machine('machine = "work"\n');
    expect((await work.run(['push-runtime'])).code).toBe(0);
    expect(codexServers(work).web).toEqual({ url: 'https://mcp.work.example/web' });
    expect(claudeServers(work).web).toEqual({ type: 'http', url: 'https://mcp.work.example/web' });
    expect(claudeServers(work).team).toMatchObject({ command: 'team-server' });
    expect((await work.run(['check-sync'])).code).toBe(0);
  });

  it('a machine that is named anew is brought to what it should have, and back', async () => {
    const world = machine('machine = "work"\n');
    await world.run(['push-runtime']);
    const before = world.memory.snapshot(home);
    world.memory.write(config, 'machine = "laptop"\n');
    expect((await world.run(['check-sync'])).code).toBe(1);
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect(Object.keys(codexServers(world))).toEqual(['team']);
    world.memory.write(config, 'machine = "work"\n');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    const [was, is] = [before, world.memory.snapshot(home)].map((nodes) =>
      Object.fromEntries(Object.entries(nodes).filter(([path]) => !path.startsWith('.local'))),
    );
    expect(is).toEqual(was);
  });

  it('what a layer leaves out is not touched where it is the user’s own', async () => {
    const laptop = machine('machine = "laptop"\n');
    const own = '[mcp_servers.web]\nurl = "https://mine.example"\n';
    laptop.memory.write(`${home}/.codex/config.toml`, own);
    expect((await laptop.run(['push-runtime'])).code).toBe(0);
    expect(codexServers(laptop).web).toEqual({ url: 'https://mine.example' });
    expect((await laptop.run(['clean-runtime', '--remove-only'])).code).toBe(0);
    expect(laptop.memory.read(`${home}/.codex/config.toml`)).toBe(own);
  });

  it('a machine without a name is told that there are names', async () => {
    const { out, code } = await machine('').run(['push-runtime']);
    expect(code).toBe(0);
    expect(out).toContain('this machine has no name');
    expect(out).toContain('machine = "laptop"');
    expect((await machine('machine = "elsewhere"\n').run(['push-runtime'])).out).toContain('nothing for "elsewhere"');
  });
});

describe('two people in a team', () => {
  it('Ana has her own instructions, skill and variables', async () => {
    const ana = machine('layers = ["people/ana"]\n');
    expect((await ana.run(['push-runtime'])).code).toBe(0);
    const skill = ana.memory.read(`${home}/.claude/skills/greet/SKILL.md`);
    expect(skill).toContain('Greets Ana');
    expect(skill).toContain('Say hi to Ana.');
    expect(ana.memory.read(`${home}/.claude/skills/greet/scripts/greet.sh`)).toContain('hello');
    const block = ana.memory.read(`${home}/.codex/AGENTS.md`);
    expect(block.indexOf('Ask before you publish.')).toBeLessThan(block.indexOf('Ana likes short answers.'));
    expect(block.indexOf('Ask before you publish.')).toBeGreaterThan(-1);
  });

  it('Ben adds a rule, changes a number and one key of a server', async () => {
    const ben = machine('layers = ["people/ben"]\n');
    expect((await ben.run(['push-runtime'])).code).toBe(0);
    expect(settings(ben)).toMatchObject({ cleanupPeriodDays: 7, env: { TEAM_MODE: 'on' } });
    expect(settings(ben).permissions.deny).toEqual(['Read(./.env)', 'Read(./secrets/**)', 'Bash(sudo:*)']);
    expect(codexServers(ben).team).toEqual({
      ...{ command: 'team-server', args: ['--stdio', '--loud'], startup_timeout_sec: 20 },
    });
    expect(ben.memory.read(`${home}/.claude/skills/greet/SKILL.md`)).toContain('Greets people');
  });

  it('the later layer wins, and a machine comes before a person', async () => {
    const world = machine('machine = "work"\nlayers = ["people/ana", "people/ben", "people/ben"]\n', {
      'people/ben/shared/vars.toml': 'who = "Ben"\n',
    });
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect(world.memory.read(`${home}/.claude/skills/greet/SKILL.md`)).toContain('Say hi to Ben.');
  });

  it.each(['people/ana/', './people/ana', '././people/ana//'])('a layer is named as %s, too', async (name) => {
    const ana = machine(`layers = ["${name}"]\n`);
    expect(await ana.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
    expect(ana.memory.read(`${home}/.claude/skills/greet/SKILL.md`)).toContain('Greets Ana');
    expect((await ana.run(['status'])).out).toMatch(/clients, clients\/people\/ana$/m);
  });

  it('a layer may stand outside the repository', async () => {
    const world = machine('layers = ["~/mine", "/elsewhere/too"]\n');
    world.memory.write(`${home}/mine/shared/memory/global.md`, '# Mine\n\nSpeak slowly.\n');
    world.memory.write('/elsewhere/too/codex/profiles/mine.toml', 'model = "small"\n');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect(world.memory.read(`${home}/.claude/memories/global.md`)).toContain('Speak slowly.');
    expect(world.memory.read(`${home}/.codex/mine.config.toml`)).toBe('model = "small"\n');
    world.memory.write(`${home}/mine/shared/memory/global.md`, '{{var.nobody}}\n');
    const { code, err } = await world.run(['check-sync']);
    expect(code).toBe(2);
    expect(err).toContain(`${home}/mine/shared/memory/global.md:1`);
  });
});

describe('what stays as it is on this machine', () => {
  const [id, file] = ['codex:config.toml#mcp_servers.web', `${home}/.codex/config.toml`];

  /** A home in which the user changed one of ours. */
  async function edited(setup = '# mine\nmachine = "nameless" # so\n'): Promise<World> {
    const world = machine(setup);
    await world.run(['push-runtime']);
    world.memory.write(file, world.memory.read(file).replace('https://mcp.example/web', 'http://localhost:8080/web'));
    return world;
  }

  it('--keep-always writes the choice into the configuration, all else in it left alone', async () => {
    const world = await edited();
    expect((await world.run(['check-sync'])).code).toBe(1);
    const kept = await world.run(['push-runtime', '--keep-always', id]);
    expect(kept.code).toBe(0);
    expect(kept.out).toContain(`note: ${config}: "${id}" was written to keep of your configuration`);
    expect(world.memory.read(config)).toBe(`# mine\nmachine = "nameless" # so\nkeep = ["${id}"]\n`);
    const { code, out } = await world.run(['check-sync']);
    expect(code).toBe(0);
    expect(out).toContain('1 unit is kept as it is on this machine.');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['clean-runtime'])).code).toBe(0);
    expect(codexServers(world).web?.url).toBe('http://localhost:8080/web');
  });

  it('what is kept here is no edit to take home, unless it is named', async () => {
    const world = await edited();
    await world.run(['push-runtime', '--keep-always', id]);
    const fragment = source('codex/config-fragment.toml');
    const before = world.memory.read(fragment);
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    expect(world.memory.read(fragment)).toBe(before);
    expect((await world.run(['pull-runtime', '--adopt', id])).code).toBe(0);
    expect(world.memory.read(fragment)).toContain('localhost');
  });

  it('--keep-always without names means all conflicts and edits', async () => {
    const world = await edited();
    world.memory.write(`${home}/.claude/memories/global.md`, 'Edited.\n');
    const { code, json } = await world.run(['push-runtime', '--keep-always', '--json']);
    expect(code).toBe(0);
    expect(json.findings).toContainEqual(
      expect.objectContaining({ code: 'kept-always', severity: 'note', path: config }),
    );
    expect(world.memory.read(config)).toContain(`keep = ["${id}", "claude:memories/global.md"]`);
    const again = await world.run(['push-runtime', '--keep-always']);
    expect(again.code).toBe(0);
    expect(again.out).not.toContain('written to keep');
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('settles the conflicts of a first push', async () => {
    const world = machine('');
    world.memory.write(file, 'model_verbosity = "high"\n');
    expect((await world.run(['push-runtime'])).code).toBe(3);
    expect((await world.run(['push-runtime', '--keep-always', 'codex:config.toml#model_verbosity'])).code).toBe(0);
    expect((await world.run(['check-sync'])).code).toBe(0);
    expect(world.memory.read(file)).toContain('model_verbosity = "high"');
    expect((await world.run(['push-runtime', '--overwrite', 'codex:config.toml#model_verbosity'])).code).toBe(0);
    expect(world.memory.read(file)).toContain('model_verbosity = "low"');
  });

  it('a dry run writes no configuration, and a wrong name none either', async () => {
    const world = await edited('');
    const dry = await world.run(['push-runtime', '--keep-always', id, '--dry-run']);
    expect(dry.out).toContain(`${config}: "${id}" would be written to keep`);
    expect((await world.run(['push-runtime', '--keep-always', 'codex:nothing'])).code).toBe(2);
    expect(world.memory.read(config)).toBe('');
  });
});

describe('mistakes', () => {
  const setups: Readonly<Record<string, readonly [setup: string, line: number, says: string]>> = {
    'a key that is not known': ['machine = "a"\nlayer = "people/ana"\n', 2, 'unknown key "layer"'],
    'a machine that is no name': ['machine = "../work"\n', 1, '"machine" must be a plain name'],
    'layers that are no list': ['\nlayers = "people/ana"\n', 2, '"layers" must be a list of texts'],
    'a layer that climbs': ['layers = ["people/../../x"]\n', 1, '"people/../../x" is no folder below clients/'],
    'a layer that is clients/ itself': ['layers = ["./"]\n', 1, '"./" is no folder below clients/'],
    'a layer that is hidden': ['layers = [".people/ana"]\n', 1, '".people/ana" is no folder below clients/'],
    'a layer that is not there': ['layers = ["people/zoe"]\n', 1, 'the layer "people/zoe" has no files'],
    'a layer elsewhere that is not there': ['layers = ["/nowhere"]\n', 1, 'the layer "/nowhere" has no files'],
    'a file that does not parse': ['machine = "a"\nlayers = [\n', 3, 'does not parse'],
  };
  it.each(Object.entries(setups))('%s in the configuration', async (_, [setup, line, says]) => {
    const { code, err } = await machine(setup).run(['push-runtime']);
    expect(code).toBe(2);
    expect(err).toContain(`${config}:${line}`);
    expect(err).toContain(says);
  });

  it.each([
    ['leave-out = "skills/greet"\n', 'must be a list of unit names'],
    ['leaveout = ["skills/greet"]\n', 'unknown key "leaveout"'],
    ['leave-out = [\n', 'does not parse'],
  ])('a layer.toml that says %j', async (text, says) => {
    const { code, err } = await machine('machine = "laptop"\n', { 'machines/laptop/layer.toml': text }).run([
      'push-runtime',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('clients/machines/laptop/layer.toml:');
    expect(err).toContain(says);
  });

  it('a name that means nothing is told, and stops nobody', async () => {
    const layer = { 'machines/laptop/layer.toml': 'leave-out = ["skills/gret"]\n' };
    const { code, out } = await machine('machine = "laptop"\n', layer).run(['push-runtime']);
    expect(code).toBe(0);
    expect(out).toContain('"skills/gret" is left out here, but the source has no such unit');
  });

  const base = {
    'shared/mcp.json': JSON.stringify({ mcpServers: { files: { command: 'f', env: { LEVEL: '1' } } } }),
    'shared/hooks.json': '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}}\n',
  };
  const idle: Readonly<Record<string, readonly [file: string, lines: readonly string[], line: number, says: string]>> =
    {
      'a shared server': ['shared/mcp.json', ['{"mcpServers": {', '"fils": null}}'], 2, '"mcpServers.fils"|"files"'],
      'a server of a fragment': ['shared/mcp.json', ['{"mcpServers": {', '"wep": null}}'], 2, '"mcpServers.wep"|"web"'],
      'a key of a server': [
        'shared/mcp.json',
        ['{"mcpServers": {"files": {"env": {', '"LEVLE": null}}}}'],
        2,
        '"mcpServers.files.env.LEVLE"|"LEVEL"',
      ],
      'a hook': ['shared/hooks.json', ['{"hooks": {', '"Stopp": null}}'], 2, '"hooks.Stopp"|"Stop"'],
      'a setting': ['claude/settings-fragment.json', ['{', '"cleanupPeriodDay": null}'], 2, '"cleanupPeriodDay"|"'],
      'a rule list': [
        'claude/settings-fragment.json',
        ['{"permissions": {', '"den": null}}'],
        2,
        '"permissions.den"|"deny"',
      ],
      'one that is like none': [
        'shared/mcp.json',
        ['{"mcpServers": {', '"tracker": null}}'],
        2,
        '"mcpServers.tracker"|Correct',
      ],
      'one of a server of its own': [
        'claude/mcp-fragment.json',
        ['{"mcpServers": {"files": {', '"timeuot": null}}}'],
        2,
        '"mcpServers.files.timeuot"|',
      ],
    };
  it.each(Object.entries(idle))('a null that leaves out nothing is told: %s', async (_, [file, lines, line, says]) => {
    const files = { ...base, 'machines/laptop/layer.toml': '', 'people/ana/layer.toml': '' };
    const world = machine('machine = "laptop"\n', { ...files, [`machines/laptop/${file}`]: `${lines.join('\n')}\n` });
    world.memory.remove(source('machines/laptop/claude'));
    world.memory.write(source(`machines/laptop/${file}`), `${lines.join('\n')}\n`);
    for (const words of [['check-sync', '--source-only'], ['push-runtime']]) {
      const { code, json } = await world.run([...words, '--json']);
      expect([words, code]).toEqual([words, 0]);
      const told = json.findings.filter(({ path }) => path === `clients/machines/laptop/${file}`);
      expect(told).toMatchObject([{ code: 'idle-name', severity: 'warning', line }]);
      for (const part of says.split('|')) expect(`${told[0]?.message} ${told[0]?.remedy}`).toContain(part);
    }
  });

  it.each([
    ['a server of one client', 'shared/mcp.json', '{"mcpServers": {"web": null}}'],
    ['a shared one in one client', 'claude/mcp-fragment.json', '{"mcpServers": {"files": null}}'],
    ['a key of one', 'shared/mcp.json', '{"mcpServers": {"files": {"env": null}}}'],
    [
      'what goes with the whole',
      'shared/mcp.json',
      '{"mcpServers": {"files": {"url": "https://f.example", "env": null}}}',
    ],
    ['what another layer left out', 'claude/mcp-fragment.json', '{"mcpServers": {"team": null}}'],
    ['hooks', 'claude/settings-fragment.json', '{"hooks": {"Stop": null}}'],
  ])('a null that leaves out %s is not', async (_, file, text) => {
    const files = {
      ...base,
      [`people/ana/${file}`]: text,
      'machines/laptop/claude/mcp-fragment.json': '{"mcpServers": {"team": null}}',
    };
    const world = machine('machine = "laptop"\nlayers = ["people/ana"]\n', files);
    const { code, json } = await world.run(['push-runtime', '--json']);
    expect([code, json.findings.filter((finding) => finding.code === 'idle-name')]).toEqual([0, []]);
  });

  it('the source is judged with every layer, whoever asks', async () => {
    const world = machine('', {
      'people/ben/shared/memory/global.md': '{{var.nobody}}\n',
      'machines/work/codex/config-fragment.toml': '[mcp_servers.web]\nurl = "https://a.example"\ncommand = "x"\n',
    });
    const { code, err } = await world.run(['check-sync', '--source-only']);
    expect(code).toBe(2);
    expect(err).toContain('clients/people/ben/shared/memory/global.md:1');
    expect(err).toContain('clients/machines/work/codex/config-fragment.toml:1');
    expect((await world.run(['push-runtime'])).code).toBe(0);
  });

  it('--home looks for the configuration there, and finds none of the user’s own', async () => {
    const world = machine('machine = "laptop"\n');
    await world.run(['push-runtime', '--home', '/trial']);
    expect(parse(world.memory.read('/trial/.codex/config.toml'))).toMatchObject({ mcp_servers: { web: {} } });
  });
});

describe('what nothing reads', () => {
  it('is told with its place, in every layer; what people keep beside it is not', async () => {
    const world = machine('layers = ["people/ana"]\n', {
      'shared/hookz.json': '{}\n',
      'shared/rules/plain.md': 'Be plain.\n',
      'people/ana/claude/comands/x.md': 'Do x.\n',
      'people/ana/mcp.json': '{}\n',
      'people/ben/notes.txt': 'No layer here.\n',
      'layer.toml': 'leave-out = ["skills/greet"]\n',
      'shared/README.md': 'For people.\n',
      'codex/agents/README.md': 'For people.\n',
      'claude/commands/.gitkeep': '',
    });
    const { json, code } = await world.run(['push-runtime', '--json']);
    expect(code).toBe(0);
    const unread = json.findings.filter(({ code: name }) => name === 'unread-source');
    expect(unread.map(({ path }) => path).sort()).toEqual([
      'clients/layer.toml',
      'clients/people/ana/claude/comands',
      'clients/people/ana/mcp.json',
      'clients/shared/hookz.json',
      'clients/shared/rules',
    ]);
    const one = await world.run(['push-runtime', '--client', 'codex', '--json']);
    expect(one.json.findings.map(({ code: name }) => name)).toEqual(['no-machine']);
  });
});

it('what a machine leaves out a person can have again', async () => {
  const world = machine('machine = "laptop"\nlayers = ["people/ana"]\n', {
    'machines/laptop/layer.toml': '',
    'people/ana/claude/mcp-fragment.json': '{"mcpServers": {"web": {"timeout": 5000}}}\n',
  });
  expect((await world.run(['push-runtime'])).code).toBe(0);
  expect(claudeServers(world).web).toEqual({ type: 'http', url: 'https://mcp.example/web', timeout: 5000 });
});
