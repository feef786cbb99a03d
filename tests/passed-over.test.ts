import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shapedSecret } from './support/canary.ts';
import { commitAll, git } from './support/git.ts';
import { home, type World } from './support/memory-world.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { made, take, usedHome } from './support/take-world.ts';

/** What nobody puts into a repository is never imported, adopted or copied, and the report says what was left out and why. */
const skill = (name: string) => `---\nname: ${name}\ndescription: Does ${name}. Use when asked.\n---\nDo it.\n`;

/** Below a skill's folder, by the reason that the report gives. */
const passed: Readonly<Record<string, readonly (readonly [files: readonly string[], named: string])[]>> = {
  'the history of another repository': [
    [['.git/config', '.git/objects/ab/cd'], '.git'],
    [['.git'], '.git'],
    [['deep/er/.git/HEAD'], 'deep/er/.git'],
    [['.GIT/config'], '.GIT'],
    [['.Git'], '.Git'],
    [['git~1/config'], 'git~1'],
    [['.hg/hgrc'], '.hg'],
    [['.svn/entries'], '.svn'],
    [['.jj/repo/store'], '.jj'],
    [['mirror/HEAD', 'mirror/objects/x', 'mirror/refs/y', 'mirror/config'], 'mirror'],
  ],
  'a program made it': [
    [['node_modules/a/index.js'], 'node_modules'],
    [['scripts/node_modules/a/index.js'], 'scripts/node_modules'],
    [['.venv/bin/python'], '.venv'],
    [['venv/pyvenv.cfg', 'venv/bin/python'], 'venv'],
    [['my-python/pyvenv.cfg', 'my-python/lib/x.py'], 'my-python'],
    [['scripts/__pycache__/a.cpython-312.pyc'], 'scripts/__pycache__'],
    [['scripts/a.pyc'], 'scripts/a.pyc'],
    [['.pytest_cache/README.md'], '.pytest_cache'],
    [['target/CACHEDIR.TAG', 'target/debug/x'], 'target'],
  ],
  'a system or an editor left it': [
    [['.DS_Store'], '.DS_Store'],
    [['notes/.ds_store'], 'notes/.ds_store'],
    [['Thumbs.db'], 'Thumbs.db'],
    [['SKILL.md~'], 'SKILL.md~'],
    [['.SKILL.md.swp'], '.SKILL.md.swp'],
  ],
};
const cases = Object.entries(passed).flatMap(([reason, rows]) =>
  rows.map(([files, named]) => ({ reason, files, named })),
);

function withSkill(files: readonly string[]): World {
  const world = usedHome({ '.claude/skills/tools/SKILL.md': skill('tools'), '.claude/skills/tools/run.sh': 'echo\n' });
  for (const file of files) world.memory.write(`${home}/.claude/skills/tools/${file}`, 'x\n');
  return world;
}

describe.each(cases)('$named in a skill', ({ reason, files, named }) => {
  it('is not imported, and is named with the reason', async () => {
    const { source, done, world } = await take(withSkill(files));
    expect(Object.keys(source).sort()).toEqual(['claude/skills/tools/SKILL.md', 'claude/skills/tools/run.sh']);
    expect(done.out).toContain(`left out, with all that is in it: "claude:skills/tools/${named}" (1 in all): `);
    expect(done.out).toContain(reason);
    const checked = await world.run(['check-sync', '--repo', made, '--json']);
    expect(checked.json.units).toEqual([]);
  });

  it('is not adopted, not copied and not listed', async () => {
    const world = withSkill(files);
    expect(await world.run(['push-runtime', '--yes'])).toMatchObject({ code: 0 });
    const listed = await world.run(['check-sync', '--json']);
    expect(listed.json.units.map(({ id }) => id)).toEqual(['claude:skills/tools']);
    const adopted = await world.run(['pull-runtime', '--adopt', 'claude:skills/tools']);
    expect(adopted).toMatchObject({ code: 0, err: '' });
    expect(adopted.out).toContain(reason);
    const names = Object.keys(world.memory.snapshot('/repo/clients'));
    expect(names.filter((name) => name.includes(`skills/tools/${named}`))).toEqual([]);
    expect(names).toContain('shared/skills/tools/run.sh');
    expect(names).toContain('claude/pulled/skills/tools/run.sh');
  });
});

describe('a skill that is a git clone', () => {
  function cloned(config = ''): Sandbox {
    const sandbox = makeSandbox();
    sandbox.remove('repo/clients');
    sandbox.write('origin/SKILL.md', skill('pdf-tools'));
    sandbox.write('origin/scripts/run.sh', '#!/bin/sh\n');
    commitAll(`${sandbox.root}/origin`);
    sandbox.write('home/.claude/skills/.keep', '');
    rmSync(`${sandbox.home}/.claude/skills/.keep`);
    git(sandbox.root, 'clone', '--quiet', `${sandbox.root}/origin`, `${sandbox.home}/.claude/skills/pdf-tools`);
    if (config !== '') git(`${sandbox.home}/.claude/skills/pdf-tools`, 'config', 'remote.origin.url', config);
    return sandbox;
  }

  it('is imported as files that git commits, with its origin named, and works on another machine', () => {
    const sandbox = cloned(`https://me:${shapedSecret(4)}@code.example.com/tools.git`);
    const { code, out, err } = sandbox.run(['init', 'mine', '--from-runtime', '--yes']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('"claude:skills/pdf-tools" is a clone of https://code.example.com/tools.git; its files are');
    expect(out).not.toContain(shapedSecret(4));
    const mine = `${sandbox.repo}/mine`;
    commitAll(mine);
    expect(git(mine, 'ls-files', '-s', 'clients')).not.toMatch(/^160000/m);
    git(sandbox.root, 'clone', '--quiet', mine, `${sandbox.root}/clone`);
    const second = ['--repo', `${sandbox.root}/clone`, '--home', `${sandbox.root}/second`];
    expect(sandbox.run(['push-runtime', '--yes', ...second]).code).toBe(0);
    expect(sandbox.read('second/.claude/skills/pdf-tools/SKILL.md')).toBe(skill('pdf-tools'));
    expect(sandbox.exists('second/.claude/skills/pdf-tools/.git')).toBe(false);
  });

  it('with files that its own .gitignore names is imported with a warning that git leaves them out', () => {
    const sandbox = cloned();
    sandbox.write('home/.claude/skills/pdf-tools/.gitignore', 'out/\n');
    sandbox.write('home/.claude/skills/pdf-tools/out/made.md', 'Made.\n');
    const { code, json } = sandbox.run(['init', 'mine', '--from-runtime', '--yes', '--json']);
    expect(code).toBe(0);
    const [warning, ...more] = json.findings.filter(({ code: name }) => name === 'git-ignores');
    expect(more).toEqual([]);
    expect(warning?.path).toMatch(/clients\/claude\/skills\/pdf-tools\/\.gitignore$/);
    expect(warning?.line).toBe(1);
    expect(warning?.message).toContain('clients/claude/skills/pdf-tools/out/made.md');
    commitAll(`${sandbox.repo}/mine`);
    expect(git(`${sandbox.repo}/mine`, 'ls-files')).not.toContain('made.md');
  });
});

describe('a secret in a skill', () => {
  it.each(['SKILL.md', 'notes/deep.md'])('is named with the file and the line: %s', async (file) => {
    const secret = shapedSecret(1);
    const text = `${file === 'SKILL.md' ? skill('s') : '\n\n\n\n\n\n'}Use ${secret}.\n`;
    const world = usedHome({ '.claude/skills/s/SKILL.md': skill('s'), [`.claude/skills/s/${file}`]: text });
    const done = await world.run(['init', made, '--from-runtime', '--yes', '--json']);
    expect(done.json.findings.find(({ code }) => code === 'not-taken')).toMatchObject({
      path: `${home}/.claude/skills/s/${file}`,
      line: text.split('\n').findIndex((one) => one.includes(secret)) + 1,
    });
    expect(done.out).not.toContain(secret);
  });
});

describe('links', () => {
  const link = ({ memory }: World, at: string, to: string) => {
    const path = `${home}/${at}`;
    memory.disk.makeFolders(path.slice(0, path.lastIndexOf('/')));
    memory.disk.makeLink(path, to);
  };

  it.each([
    ['beside its folder', `${home}/.claude/plugins/x`],
    ['in another agent’s home', `${home}/.agents/skills/x`],
    ['in the user’s dotfiles', `${home}/dotfiles/skills/x`],
  ])('a skill that is a link to one %s is imported', async (_, place) => {
    const world = usedHome({});
    world.memory.write(`${place}/SKILL.md`, skill('x'));
    world.memory.write(`${place}/run.sh`, '#!/bin/sh\n', 0o755);
    link(world, '.claude/skills/x', place);
    const { source, world: after } = await take(world);
    expect(source).toEqual({ 'claude/skills/x/SKILL.md': skill('x'), 'claude/skills/x/run.sh': '#!/bin/sh\n' });
    const checked = await after.run(['check-sync', '--repo', made, '--json']);
    expect(checked.json.units).toEqual([]);
  });

  it.each([
    ['out of the user’s home', '/opt/x'],
    ['to the whole home', home],
    ['to its own folder', `${home}/.claude/skills`],
    ['to a folder that is no skill', `${home}/.ssh`],
    ['to nothing', '/nowhere'],
  ])('a skill that is a link %s is named, and nothing is read', async (_, place) => {
    const world = usedHome({ '.ssh/id.md': 'private words\n', '.claude/skills/own/SKILL.md': skill('own') });
    world.memory.write('/opt/x/SKILL.md', skill('x'));
    link(world, '.claude/skills/x', place);
    const { source, done } = await take(world);
    expect(Object.keys(source)).toEqual(['claude/skills/own/SKILL.md']);
    expect(done.out).toContain('"claude:skills/x" is a link');
  });

  it('inside a skill stays closed: somebody else may have made it', async () => {
    const world = usedHome({ '.claude/skills/own/SKILL.md': skill('own'), 'private.md': 'private words\n' });
    link(world, '.claude/skills/own/notes.md', `${home}/private.md`);
    const { source } = await take(world);
    expect(JSON.stringify(source)).not.toContain('private words');
  });

  it.each([
    [
      'one home has the other’s',
      (world: World) => link(world, '.claude/skills', `${home}/.codex/skills`),
      '.codex/skills',
    ],
    [
      'both lead to a third folder',
      (world: World) => {
        link(world, '.claude/skills', `${home}/.agents/skills`);
        link(world, '.codex/skills', `${home}/.agents/skills`);
      },
      '.agents/skills',
    ],
    [
      'each skill is a link',
      (world: World) => {
        link(world, '.claude/skills/x', `${home}/stuff/x`);
        link(world, '.codex/skills/x', `${home}/stuff/x`);
      },
      'stuff',
    ],
  ] as const)('that make one folder of skills for both clients make it shared: %s', async (_, arrange, place) => {
    const text = skill('x').replace('Do it.', `Look at ${home}/.claude/notes.`);
    const world = usedHome({ [`${place}/x/SKILL.md`]: text });
    arrange(world);
    const { source } = await take(world);
    expect(source).toEqual({ 'shared/skills/x/SKILL.md': text });
  });

  it('are followed when the skill is adopted by its name', async () => {
    const world = usedHome({ '.agents/skills/x/SKILL.md': skill('x') });
    link(world, '.claude/skills/x', `${home}/.agents/skills/x`);
    await world.run(['push-runtime', '--yes']);
    expect(await world.run(['pull-runtime', '--adopt', 'claude:skills/x'])).toMatchObject({ code: 0, err: '' });
    expect(world.memory.read('/repo/clients/shared/skills/x/SKILL.md')).toBe(skill('x'));
  });
});

describe('what was adopted', () => {
  it('is listed once', async () => {
    const world = usedHome({ '.claude/skills/x/SKILL.md': skill('x') });
    await world.run(['push-runtime', '--yes']);
    const { out } = await world.run(['pull-runtime', '--adopt', 'claude:skills/x']);
    expect(out.match(/claude:skills\/x\b/g)).toHaveLength(1);
  });
});
