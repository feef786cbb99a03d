import { describe, expect, it } from 'vitest';
import { adoptSource } from './support/adopt-source.ts';
import { type AdoptCase, deployed, edit, expectAdopted, inSource, sourceOf } from './support/adopt-world.ts';
import { sampled } from './support/law-runs.ts';
import { home, repo, type World } from './support/memory-world.ts';

/**
 * `pull-runtime --adopt`: an edit in the runtime goes into the source file it came from. For every kind of unit: the lines
 * of the source that were not edited stay byte for byte, a push to that client has nothing to do, and after one to all
 * both sides are equal.
 */
const kinds: readonly AdoptCase[] = [
  {
    name: 'a memory',
    edits: [{ file: '.claude/memories/global.md', from: 'Speak plainly.', to: 'Speak plainly, and briefly.' }],
    source: { 'shared/memory/global.md': [['Speak plainly.', 'Speak plainly, and briefly.']] },
    says: ['adopted   claude:memories/global.md into clients/shared/memory/global.md', 'codex:memories/global.md'],
  },
  {
    name: 'a memory that stands in the block',
    edits: [{ file: '.codex/AGENTS.md', from: 'Two spaces.', to: 'Two spaces, no tabs.' }],
    source: { 'shared/memory/conventions.md': [['Two spaces.', 'Two spaces, no tabs.']] },
  },
  {
    name: 'a memory of one client only',
    edits: [{ file: '.codex/memories/projects/site.md', from: 'static', to: 'dynamic' }],
    source: { 'codex/memory/projects/site.md': [['static', 'dynamic']] },
  },
  {
    name: 'a skill, its token and the injected block taken out',
    edits: [
      {
        file: '.codex/skills/greet/SKILL.md',
        from: /Run (.*)\/greet\/scripts\/greet\.sh\./,
        to: `Run ${home}/.codex/skills/greet/scripts/greet.sh twice.`,
      },
    ],
    source: { 'shared/skills/greet/SKILL.md': [['greet.sh.', 'greet.sh twice.']] },
  },
  {
    name: 'a script of a skill',
    edits: [{ file: '.claude/skills/greet/scripts/greet.sh', from: 'echo hello', to: 'echo hello there' }],
    source: { 'shared/skills/greet/scripts/greet.sh': [['echo hello', 'echo hello there']] },
  },
  {
    name: 'the block: what all share and what is the client’s own',
    edits: [
      { file: '.codex/AGENTS.md', from: 'Answer in English.', to: 'Answer in plain English.' },
      { file: '.codex/AGENTS.md', from: 'Ask before you publish.', to: 'Ask before you publish or delete.' },
    ],
    source: {
      'shared/instructions.md': [['Answer in English.', 'Answer in plain English.']],
      'codex/instructions.md': [['Ask before you publish.', 'Ask before you publish or delete.']],
    },
    says: ['claude:CLAUDE.md#block'],
  },
  {
    name: 'a key of config.toml, its comment kept',
    edits: [{ file: '.codex/config.toml', from: 'model_verbosity = "low"', to: 'model_verbosity = "high"' }],
    source: { 'codex/config-fragment.toml': [['model_verbosity = "low"', 'model_verbosity = "high"']] },
  },
  {
    name: 'a key of a server in config.toml',
    edits: [{ file: '.codex/config.toml', from: 'startup_timeout_sec = 20', to: 'startup_timeout_sec = 45.5' }],
    source: { 'codex/config-fragment.toml': [['startup_timeout_sec = 20', 'startup_timeout_sec = 45.5']] },
  },
  {
    name: 'a key of settings.json',
    edits: [{ file: '.claude/settings.json', from: '"cleanupPeriodDays": 40', to: '"cleanupPeriodDays": 10' }],
    source: { 'claude/settings-fragment.json': [['"cleanupPeriodDays": 40', '"cleanupPeriodDays": 10']] },
  },
  {
    name: 'a permission, of which another one took the place',
    edits: [{ file: '.claude/settings.json', from: '"Read(./secrets/**)"', to: '"Read(./secrets/*)"' }],
    source: { 'claude/settings-fragment.json': [['"Read(./secrets/**)"', '"Read(./secrets/*)"']] },
  },
  {
    name: 'a hook, its token kept',
    edits: [{ file: '.claude/settings.json', from: '/hooks/start.sh', to: '/hooks/start.sh --quiet' }],
    source: { 'claude/settings-fragment.json': [['/hooks/start.sh', '/hooks/start.sh --quiet']] },
  },
  {
    name: 'a server of .claude.json',
    edits: [{ file: '.claude.json', from: '"TEAM_PORT": "4000"', to: '"TEAM_PORT": "5000"' }],
    source: { 'claude/mcp-fragment.json': [['"TEAM_PORT": "4000"', '"TEAM_PORT": "5000"']] },
  },
  {
    name: 'a profile',
    edits: [{ file: '.codex/fast.config.toml', from: 'acme-small', to: 'acme-tiny' }],
    source: { 'codex/profiles/fast.toml': [['acme-small', 'acme-tiny']] },
  },
];

describe('an edit of', () => {
  it.each(sampled(kinds).map((kind) => [kind.name, kind] as const))('%s', async (_, kind) => {
    const world = await deployed();
    for (const each of kind.edits) edit(world, each);
    await expectAdopted(world, kind);
  });

  it('everything at once', async () => {
    const world = await deployed();
    for (const each of kinds.flatMap((kind) => kind.edits)) edit(world, each);
    const changes = kinds.flatMap((kind) => Object.entries(kind.source));
    const names = [...new Set(changes.map(([name]) => name))];
    const source = Object.fromEntries(
      names.map((name) => [name, changes.flatMap(([other, change]) => (other === name ? change : []))]),
    );
    await expectAdopted(world, { source });
  });
});

describe('a skill’s file', () => {
  const script = '.codex/skills/greet/scripts/greet.sh';

  it('its exec bit, with the text and without', async () => {
    const world = await deployed();
    world.memory.chmod(`${home}/${script}`, 0o644);
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    expect(world.memory.snapshot(repo)['clients/shared/skills/greet/scripts/greet.sh']).toContain('644');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    world.memory.write(`${home}/${script}`, '#!/bin/sh\necho bye\n');
    world.memory.chmod(`${home}/${script}`, 0o755);
    await expectAdopted(world, {
      source: { 'shared/skills/greet/scripts/greet.sh': [['echo hello', 'echo bye']] },
      says: ['claude:skills/greet/scripts/greet.sh'],
    });
    expect(world.memory.snapshot(repo)['clients/shared/skills/greet/scripts/greet.sh']).toContain('755');
  });

  it('that is no text, as a whole; different ones in both clients are a conflict', async () => {
    const world = await deployed({ ...adoptSource, 'shared/skills/greet/logo.bin': '\0old' });
    world.memory.write(`${home}/.claude/skills/greet/logo.bin`, '\0new');
    await expectAdopted(world, { source: { 'shared/skills/greet/logo.bin': [['\0old', '\0new']] } });
    world.memory.write(`${home}/.claude/skills/greet/logo.bin`, '\0one');
    world.memory.write(`${home}/.codex/skills/greet/logo.bin`, '\0other');
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(3);
  });
});

describe('an element of a list', () => {
  const settings = (deny: readonly string[]) => `{"permissions": {"deny": ${JSON.stringify(deny)}}}\n`;
  const source = { 'claude/settings-fragment.json': settings(['Read(./.env)', 'Read(./secrets/**)', 'WebFetch']) };
  const withDeny = async (own: readonly string[], change: (deny: string[]) => string[]) => {
    const arrange = ({ memory }: World) => memory.write(`${home}/.claude/settings.json`, settings(own));
    const world = await deployed(source, { arrange });
    const file = JSON.parse(world.memory.read(`${home}/.claude/settings.json`));
    file.permissions.deny = change(file.permissions.deny);
    world.memory.write(`${home}/.claude/settings.json`, JSON.stringify(file));
    return world;
  };

  it('is edited where rules of the user’s stand beside it, one of them equal to ours', async () => {
    const world = await withDeny(['Read(./.env)', 'Bash(curl:*)'], (deny) =>
      deny.map((rule) => rule.replace('secrets/**', 'secrets/*')),
    );
    await expectAdopted(world, { source: { 'claude/settings-fragment.json': [['secrets/**', 'secrets/*']] } });
  });

  it.each<[string, string[], (deny: string[]) => string[]]>([
    ['another tool’s rule', [], (deny) => deny.map((rule) => rule.replace('WebFetch', 'WebSearch'))],
    ['one of two rules', ['Read(./secrets/*)'], (deny) => deny.map((rule) => rule.replace('secrets/**', 'secrets/a'))],
    ['a rule of another kind', ['Read(~/x)'], (deny) => deny.filter((rule) => rule !== 'Read(./secrets/**)')],
  ])('has no successor in %s: it was removed, which is adopted by name only', async (_, own, change) => {
    const world = await withDeny(own, change);
    const { code, out } = await world.run(['pull-runtime', '--adopt']);
    expect([code, out]).toEqual([0, expect.stringContaining('by-name-only')]);
    expect(sourceOf(world)).toEqual(source);
  });

  it('that two files of the source have is edited in both', async () => {
    const layered = { ...source, 'machines/work/claude/settings-fragment.json': settings(['Read(./.env)']) };
    const world = await deployed(layered, { setup: 'machine = "work"\n' });
    edit(world, { file: '.claude/settings.json', from: 'Read(./.env)', to: 'Read(./.env*)' });
    await expectAdopted(world, {
      source: {
        'claude/settings-fragment.json': [['.env', '.env*']],
        'machines/work/claude/settings-fragment.json': [['.env', '.env*']],
      },
    });
  });

  it('that Codex spells in another way keeps the source’s spelling', async () => {
    const group = '{"matcher": "Edit, Write", "hooks": [{"type": "command", "command": "check --all"}]}';
    const world = await deployed({ 'shared/hooks.json': `{"hooks": {"PreToolUse": [${group}]}}\n` });
    expect(world.memory.read(`${home}/.codex/hooks.json`)).toContain('"Edit|Write"');
    edit(world, { file: '.codex/hooks.json', from: '--all', to: '--some' });
    await expectAdopted(world, { source: { 'shared/hooks.json': [['--all', '--some']] } });
  });
});

describe('two clients', () => {
  it('the same edit in both is one', async () => {
    const world = await deployed();
    for (const client of ['.codex', '.claude'])
      edit(world, { file: `${client}/memories/global.md`, from: 'Speak plainly.', to: 'Speak up.' });
    await expectAdopted(world, { source: { 'shared/memory/global.md': [['Speak plainly.', 'Speak up.']] } });
  });

  it('edits of different lines come together', async () => {
    const world = await deployed();
    edit(world, { file: '.codex/skills/greet/SKILL.md', from: '# Greet', to: '# Greet people' });
    edit(world, { file: '.claude/skills/greet/SKILL.md', from: 'Be kind.', to: 'Be very kind.' });
    const source = {
      'shared/skills/greet/SKILL.md': [
        ['# Greet', '# Greet people'],
        ['Be kind.', 'Be very kind.'],
      ],
    } as const;
    await expectAdopted(world, { source, merged: ['codex:skills/greet/SKILL.md', 'claude:skills/greet/SKILL.md'] });
  });

  it('edits that differ are a conflict: both are shown, nothing is written, one can be named', async () => {
    const world = await deployed();
    edit(world, { file: '.codex/memories/global.md', from: 'Speak plainly.', to: 'Speak up.' });
    edit(world, { file: '.claude/memories/global.md', from: 'Speak plainly.', to: 'Whisper.' });
    const before = world.memory.snapshot(repo);
    const { code, out } = await world.run(['pull-runtime', '--adopt']);
    expect(code).toBe(3);
    expect(out).toMatch(
      /codex:memories\/global\.md has\n {4}.*Speak up\.\n.*claude:memories\/global\.md has\n {4}.*Whisper\./s,
    );
    expect(out).toContain("pull-runtime --adopt 'codex:memories/global.md'");
    expect(world.memory.snapshot(repo)).toEqual(before);
    expect((await world.run(['pull-runtime', '--adopt', 'codex:memories/global.md'])).code).toBe(0);
    expect(world.memory.read(inSource('shared/memory/global.md'))).toContain('Speak up.');
    expect((await world.run(['push-runtime', '--overwrite'])).code).toBe(0);
    expect(world.memory.read(`${home}/.claude/memories/global.md`)).toContain('Speak up.');
  });
});

describe('what is adopted by name only', () => {
  it.each([
    ['a skill', 'codex:skills/own', ['shared/skills/own/SKILL.md', 'shared/skills/own/run.sh']],
    ['a memory', 'claude:memories/mine.md', ['shared/memory/mine.md']],
    ['a server', 'codex:config.toml#mcp_servers.mine', ['shared/mcp.json']],
    ['a hook', 'claude:settings.json#hooks.Stop', ['shared/hooks.json']],
    ['a rule', 'claude:settings.json#permissions.allow["Bash(ls)"]', ['claude/settings-fragment.json']],
  ])('%s of the user’s own', async (_, name, files) => {
    const world = await deployed(adoptSource, { arrange: writeOwn });
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    const before = sourceOf(world);
    expect(before).toEqual(adoptSource);
    const done = await world.run(['pull-runtime', '--adopt', name]);
    expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
    const after = sourceOf(world);
    expect(Object.keys(after).filter((file) => after[file] !== before[file])).toEqual(files);
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('what somebody removed in the runtime', async () => {
    const world = await deployed();
    world.memory.remove(`${home}/.codex/fast.config.toml`);
    const all = await world.run(['pull-runtime', '--adopt']);
    expect(all.out).toContain('"codex:fast.config.toml" was removed in the runtime; that is adopted by name only');
    expect(world.memory.exists(inSource('codex/profiles/fast.toml'))).toBe(true);
    expect((await world.run(['pull-runtime', '--adopt', 'codex:fast.config.toml'])).code).toBe(0);
    expect(world.memory.exists(inSource('codex/profiles/fast.toml'))).toBe(false);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('what both sides changed', async () => {
    const world = await deployed();
    edit(world, { file: '.claude/settings.json', from: '"cleanupPeriodDays": 40', to: '"cleanupPeriodDays": 10' });
    const fragment = adoptSource['claude/settings-fragment.json'] as string;
    world.memory.write(inSource('claude/settings-fragment.json'), fragment.replace('40', '50'));
    const id = 'claude:settings.json#cleanupPeriodDays';
    expect((await world.run(['pull-runtime', '--adopt'])).out).toContain(`"${id}" was changed on both sides`);
    expect((await world.run(['pull-runtime', '--adopt', id])).code).toBe(0);
    expect(world.memory.read(inSource('claude/settings-fragment.json'))).toBe(fragment.replace('40', '10'));
  });

  it('a name that means nothing is a usage error, one that is equal a note', async () => {
    const world = await deployed();
    const { code, err } = await world.run(['pull-runtime', '--adopt', 'codex:nothing']);
    expect(code).toBe(2);
    expect(err).toContain('no unit is named "codex:nothing"');
    const same = await world.run(['pull-runtime', '--adopt', 'codex:memories/global.md']);
    expect(same.code).toBe(0);
    expect(same.out).toContain('there is nothing to adopt in "codex:memories/global.md"');
  });
});

/** What a user has of their own. */
function writeOwn({ memory }: World): void {
  memory.write(`${home}/.codex/skills/own/SKILL.md`, '---\nname: own\ndescription: Mine.\n---\nRun run.sh.\n');
  memory.write(`${home}/.codex/skills/own/run.sh`, '#!/bin/sh\n', 0o755);
  memory.write(`${home}/.claude/memories/mine.md`, '# Mine\n\nTea, not coffee.\n');
  memory.write(`${home}/.codex/config.toml`, '# own\n[mcp_servers.mine]\ncommand = "mine"\n');
  const settings = {
    permissions: { allow: ['Bash(ls)'] },
    hooks: { Stop: [{ hooks: [{ type: 'command', command: 'true' }] }] },
  };
  memory.write(`${home}/.claude/settings.json`, JSON.stringify(settings, null, 2));
}

describe('what cannot be adopted', () => {
  it('an edit of text that Syncline writes itself', async () => {
    const world = await deployed();
    edit(world, { file: '.codex/AGENTS.md', from: 'read its file', to: 'look into its file' });
    const before = world.memory.snapshot(repo);
    const { code, err } = await world.run(['pull-runtime', '--adopt']);
    expect(code).toBe(2);
    expect(err).toMatch(/AGENTS\.md:\d+.*Syncline writes this text itself/s);
    expect(world.memory.snapshot(repo)).toEqual(before);
  });

  it('a secret', async () => {
    const world = await deployed();
    const secret = ['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_');
    edit(world, {
      file: '.claude.json',
      from: '"TEAM_PORT": "4000"',
      to: `"TEAM_PORT": "4000",\n"TOKEN": "${secret}"`,
    });
    edit(world, { file: '.codex/memories/global.md', from: 'Speak plainly.', to: `Use ${secret}.` });
    const before = world.memory.snapshot(repo);
    const { code, err, out } = await world.run(['pull-runtime', '--adopt']);
    expect(code).toBe(2);
    expect(err).toContain('literal secret');
    expect(err + out).not.toContain(secret);
    expect(world.memory.snapshot(repo)).toEqual(before);
  });

  it('text that would be a token, unless it is written as text', async () => {
    const world = await deployed();
    edit(world, { file: '.claude/memories/global.md', from: 'Speak plainly.', to: 'Write {{var.team}} here.' });
    const { code, err } = await world.run(['pull-runtime', '--adopt']);
    expect([code, err]).toEqual([0, '']);
    expect(world.memory.read(`${repo}/clients/shared/memory/global.md`)).toContain('Write {{{{var.team}}}} here.');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });
});

it('a dry run shows what the source would become, and writes nothing', async () => {
  const world = await deployed();
  edit(world, { file: '.claude/memories/global.md', from: 'Speak plainly.', to: 'Speak up.' });
  const before = world.memory.snapshot('/');
  const { code, out } = await world.run(['pull-runtime', '--adopt', '--dry-run']);
  expect(code).toBe(0);
  expect(out).toContain('+Speak up.');
  expect(world.memory.snapshot('/')).toEqual(before);
});

it('an adoption is a run that can be restored', async () => {
  const world = await deployed();
  edit(world, { file: '.claude/memories/global.md', from: 'Speak plainly.', to: 'Speak up.' });
  const before = sourceOf(world);
  expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
  expect(sourceOf(world)).not.toEqual(before);
  expect((await world.run(['restore'])).code).toBe(0);
  expect(sourceOf(world)).toEqual(before);
});

describe('an adoption before the next push', () => {
  const instructions = `${repo}/clients/codex/instructions.md`;
  const push = { file: '.codex/AGENTS.md', from: 'Ask before you publish.', to: 'Ask before you push.' };

  it('is followed by another one without a conflict', async () => {
    const world = await deployed();
    edit(world, push);
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    edit(world, { ...push, from: 'Ask before you push.', to: 'Ask before you merge.' });
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    expect(world.memory.read(instructions)).toContain('Ask before you merge.');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('lets the source go on', async () => {
    const world = await deployed();
    edit(world, push);
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    world.memory.write(instructions, `${world.memory.read(instructions)}\nTwice.\n`);
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toMatch(/Ask before you push\.\s+Twice\./);
    expect((await world.run(['check-sync'])).code).toBe(0);
  });

  it('that is taken back in git leaves the edit an edit', async () => {
    const world = await deployed();
    const before = world.memory.read(instructions);
    edit(world, push);
    expect((await world.run(['pull-runtime', '--adopt'])).code).toBe(0);
    world.memory.write(instructions, before);
    expect((await world.run(['push-runtime'])).code).toBe(1);
    expect(world.memory.read(`${home}/.codex/AGENTS.md`)).toContain('Ask before you push.');
  });
});
