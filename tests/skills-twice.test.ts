import { describe, expect, it } from 'vitest';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';

/** Codex reads `~/.agents/skills` besides its own folder: a skill of ours that stands there too is told, never touched. */
const twin = `${home}/.agents/skills/greet/SKILL.md`;
const text = '---\ndescription: Another one.\n---\nHi.\n';

async function told(world: World, words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { code, json } = await world.run([...words, '--json'], undefined, { variables });
  expect(code).toBe(0);
  return json.findings.filter((finding) => finding.code === 'skill-twice');
}

describe('a skill of ours that stands in ~/.agents/skills too', () => {
  it('is told by push and by check, and stays as it is', async () => {
    const world = makeWorld();
    world.memory.write(twin, text);
    const note = {
      ...{ code: 'skill-twice', severity: 'note', path: twin },
      message: `Codex reads skills from "${home}/.agents/skills" too, and lists "greet" twice`,
      remedy: 'Remove or rename that one; Syncline does not manage it.',
    };
    for (const command of ['push-runtime', 'check-sync', 'push-runtime', 'clean-runtime']) {
      expect([command, await told(world, [command])]).toEqual([command, [note]]);
    }
    expect(world.memory.read(twin)).toBe(text);
    expect(await told(world, ['clean-runtime', '--remove-only'])).toEqual([]);
    expect(world.memory.read(twin)).toBe(text);
  });

  it('is told for a command that becomes a skill, and where Codex has a home elsewhere', async () => {
    const world = makeWorld();
    world.memory.write(`${repo}/clients/shared/commands/git/commit.md`, 'Commit it.\n');
    world.memory.write(`${home}/.agents/skills/git-commit/SKILL.md`, text);
    const found = await told(world, ['push-runtime'], { CODEX_HOME: '/elsewhere' });
    expect(found.map(({ path }) => path)).toEqual([`${home}/.agents/skills/git-commit/SKILL.md`]);
  });

  it('is looked for below the folder of --home only', async () => {
    const world = makeWorld();
    world.memory.write(twin, text);
    world.memory.write('/trial/.agents/skills/greet/SKILL.md', text);
    const found = await told(world, ['push-runtime', '--home', '/trial']);
    expect(found.map(({ path }) => path)).toEqual(['/trial/.agents/skills/greet/SKILL.md']);
  });

  it.each<[string, (world: World) => void, readonly string[]]>([
    ['another name', ({ memory }) => memory.write(`${home}/.agents/skills/other/SKILL.md`, text), []],
    ['a folder without a skill', ({ memory }) => memory.write(`${home}/.agents/skills/greet/readme.md`, text), []],
    ['a file of its name', ({ memory }) => memory.write(`${home}/.agents/skills/greet`, text), []],
    ['a file in the place of the folder', ({ memory }) => memory.write(`${home}/.agents`, text), []],
    ['a link to our own folder', ({ memory }) => memory.link(`${home}/.agents/skills`, `${home}/.codex/skills`), []],
    ['a link in a circle', ({ memory }) => memory.link(`${home}/.agents/skills`, 'skills'), []],
    [
      'one that is left out on this machine',
      ({ memory }) => {
        memory.write(twin, text);
        memory.write(`${home}/.config/syncline/config.toml`, 'machine = "laptop"\n');
        memory.write(`${repo}/clients/machines/laptop/layer.toml`, 'leave-out = ["skills/greet"]\n');
      },
      [],
    ],
    ['Claude Code alone', ({ memory }) => memory.write(twin, text), ['--client', 'claude']],
  ])('is none: %s', async (_what, arrange, words) => {
    const world = makeWorld();
    arrange(world);
    for (const command of ['push-runtime', 'check-sync']) expect(await told(world, [command, ...words])).toEqual([]);
  });
});
