import { describe, expect, it } from 'vitest';
import { strideOf } from './support/law-runs.ts';
import { type Around, home, makeWorld, repo, stateFolder, type World } from './support/memory-world.ts';
import { tried } from './support/reliability.ts';

/** Another program writes while a command runs. What it wrote is kept, and the command goes on from there. */
const config = `${home}/.codex/config.toml`;
const settings = `${home}/.claude/settings.json`;

function usedWorld(): World {
  const world = makeWorld();
  world.memory.write(config, 'model = "gpt-5"\n', 0o600);
  world.memory.write(settings, '{"model": "opus"}', 0o640);
  return world;
}

/** Before the n-th rename onto a path, somebody writes; again and again, or once. */
function beforeSwapOf(path: string, write: (time: number) => void, times = 1): Around {
  let done = 0;
  return (_call, name, at) => {
    const about = name === 'linkStatus' || name === 'status' || name === 'readFile';
    if (!about || at !== path || done === times) return;
    done += 1;
    write(done);
  };
}

describe('a client writes one of our files', () => {
  it.each([true, false])('at every call of a push once: its value is kept (exchange: %s)', async (exchanges) => {
    let calls = 0;
    const count: Around = (call) => {
      calls = call;
    };
    await usedWorld().run(['push-runtime'], count, { exchanges });
    const step = strideOf(61);
    tried(Math.ceil(calls / step));
    for (let at = 1; at <= calls; at += step) {
      const world = usedWorld();
      let written = false;
      const write: Around = (call, name) => {
        // Where files cannot be exchanged, nothing stands between the last look and the rename; a write in there is unseen.
        if (call !== at || name === 'rename') return;
        written = true;
        world.memory.replace(config, 'model = "gpt-6"\n', 0o600);
        world.memory.replace(settings, '{"model": "sonnet"}', 0o640);
      };
      const { code, err } = await world.run(['push-runtime'], write, { exchanges });
      expect([at, code, err]).toEqual([at, 0, '']);
      if (!written) continue;
      expect([at, world.memory.read(config)]).toEqual([at, expect.stringContaining('model = "gpt-6"')]);
      expect([at, JSON.parse(world.memory.read(settings))]).toEqual([at, expect.objectContaining({ model: 'sonnet' })]);
      const after = await world.run(['check-sync']);
      expect([at, [0, 1].includes(after.code)]).toEqual([at, true]);
      const names = Object.keys(world.memory.snapshot(home)).filter((name) => !name.startsWith('.local'));
      expect([at, names.filter((name) => name.includes('syncline-'))]).toEqual([at, []]);
    }
  });

  it('in the very moment of the swap: it is seen, given back, and the plan made again', async () => {
    const world = usedWorld();
    const swapped: string[] = [];
    const { code } = await world.run(['push-runtime'], (_call, name, path) => {
      if (name !== 'exchange') return;
      swapped.push(path);
      if (swapped.length === 1) world.memory.replace(config, 'model = "gpt-6"\n', 0o600);
    });
    expect([code, swapped.filter((path) => path.includes('config.toml')).length]).toEqual([0, 2]);
    expect(world.memory.read(config)).toMatch(/^model = "gpt-6"\n[\s\S]*mcp_servers\.team/);
  });

  it('is about to, with its new file beside ours: it is let go first; what was left long ago holds nobody up', async () => {
    const world = usedWorld();
    const staged = `${home}/.codex/.tmpAb3dE6`;
    const left = `${home}/.claude/settings.json.tmp.4711.0123456789ab`;
    world.memory.write(left, 'left by a crash', 0o600);
    world.wait(5_000);
    let pauses = 0;
    const begin: Around = (_call, name, path) => {
      // It begins right before the last look at the file, when ours is staged already.
      if (pauses === 0 && name === 'list' && path === `${home}/.codex`) {
        const ours = Object.keys(world.memory.snapshot(path)).some((each) => each.includes('.syncline-'));
        if (ours) world.memory.write(staged, 'model = "gpt-6"\n', 0o600);
      }
    };
    const finish = () => {
      pauses += 1;
      if (pauses === 3) world.memory.disk.rename(staged, config);
    };
    const { code, err } = await world.run(['push-runtime'], begin, { pause: finish });
    expect([code, err, pauses]).toEqual([0, '', 3]);
    expect(world.memory.read(config)).toMatch(/^model = "gpt-6"\n[\s\S]*mcp_servers\.team/);
    expect(world.memory.exists(left)).toBe(true);
  });

  it('again each time the plan is made: exit 2 after a while, with its name and the remedy; nothing of ours is there', async () => {
    const world = usedWorld();
    const busy = beforeSwapOf(config, (time) => world.memory.replace(config, `model = "m${time}"\n`, 0o600), 1_000);
    const { code, err } = await world.run(['push-runtime'], busy);
    expect(code).toBe(2);
    expect(err).toMatch(/config\.toml was changed by another program while this command ran, \d times in a row/);
    expect(err).toContain('Close the program that writes it');
    expect(world.memory.read(config)).toMatch(/^model = "m\d+"\n$/);
    expect(world.memory.read(settings)).toBe('{"model": "opus"}');
    expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it.each(['clean-runtime --remove-only', 'clean-runtime', 'pull-runtime', 'restore'])(
    'while %s runs: the same',
    async (words) => {
      const world = usedWorld();
      expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
      world.memory.write(`${repo}/clients/codex/config-fragment.toml`, 'model_verbosity = "high"\n');
      const path = words === 'pull-runtime' ? `${repo}/clients/codex/pulled/AGENTS.md` : config;
      let written = false;
      const { code } = await world.run(words.split(' '), (_call, name, at) => {
        // Once the run has announced itself, and before it swaps.
        if (written || name !== 'writeNew' || !at.includes('/runs/')) return;
        written = true;
        const old = world.memory.exists(path) ? world.memory.read(path) : '';
        world.memory.replace(path, `${old}# of a client\n`, 0o600);
      });
      expect(written).toBe(true);
      if (words === 'restore') expect([code, world.memory.read(path)]).toEqual([3, expect.stringContaining('# of a')]);
      else if (words === 'pull-runtime') expect(code).toBe(0);
      else expect([code, world.memory.read(path)]).toEqual([0, expect.stringContaining('# of a client\n')]);
    },
  );

  it('after its file was swapped, and then the push fails: its words stay and are named, all else is put back', async () => {
    const world = usedWorld();
    let swapped = false;
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if ((name !== 'rename' && name !== 'exchange') || !path.startsWith(home)) return;
      if (path.includes('.settings.json.syncline')) swapped = true;
      else if (swapped && path.includes('SKILL.md')) {
        world.memory.replace(settings, '{"of": "a client"}', 0o640);
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      }
    });
    expect([code, swapped]).toEqual([2, true]);
    expect(err).toContain(`warning: ${settings}: the file was changed by somebody else`);
    expect(world.memory.read(settings)).toBe('{"of": "a client"}');
    expect(world.memory.read(config)).toBe('model = "gpt-5"\n');
    const backup = /backup of run (\S+)\./.exec(err)?.[1];
    expect((await world.run(['restore', '--list'])).out).toContain(backup);
  });
});

describe('a client writes while a run is undone', () => {
  const theirs = 'model = "gpt-6"\n';

  /** A push that was cut off when it had changed the files, and how many calls of the next command undo it. */
  async function cutOff(exchanges: boolean): Promise<{ world: World; calls: number }> {
    const world = usedWorld();
    let isSwapped = false;
    await world.run(
      ['push-runtime'],
      (_call, name, path) => {
        isSwapped ||= (name === 'exchange' || name === 'rename') && path.includes('SKILL.md');
        if (isSwapped) throw new Error('killed');
      },
      { exchanges },
    );
    expect(world.memory.read(config)).toContain('mcp_servers.team');
    let calls = 0;
    const count: Around = (call, _name, path) => {
      if (path.includes('/syncline/journal.json')) calls = call;
    };
    expect((await world.copy().run(['check-sync'], count, { exchanges })).out).toContain('had been cut off');
    return { world, calls };
  }

  function expectKept(at: number, world: World): void {
    expect([at, world.memory.read(config)]).toEqual([at, theirs]);
    expect([at, world.memory.read(settings)]).toEqual([at, '{"model": "opus"}']);
    const names = Object.keys(world.memory.snapshot(home)).filter((name) => !name.startsWith('.local'));
    expect([at, names.filter((name) => name.includes('syncline-'))]).toEqual([at, []]);
    expect([at, world.memory.exists(`${stateFolder}/journal.json`)]).toEqual([at, false]);
  }

  it.each([true, false])('at every call once: what it wrote is kept (exchange: %s)', async (exchanges) => {
    const { world, calls } = await cutOff(exchanges);
    const step = strideOf(7);
    tried(Math.ceil(calls / step));
    for (let at = 1; at <= calls; at += step) {
      const busy = world.copy();
      let written = false;
      const write: Around = (call, name) => {
        // Nothing stands between the last look and the rename; a write in there is unseen.
        if (call < at || written || name === 'rename') return;
        written = true;
        busy.memory.replace(config, theirs, 0o600);
      };
      const { code, err } = await busy.run(['check-sync'], write, { exchanges });
      expect([at, err, [0, 1, 3].includes(code), written]).toEqual([at, '', true, true]);
      expectKept(at, busy);
    }
  });

  it('in the very moment of the swap back, after a kill: it is seen, kept and named', async () => {
    const { world } = await cutOff(true);
    const { out } = await world.run(['check-sync'], (_call, name, path) => {
      if (name === 'exchange' && path.includes('config.toml')) world.memory.replace(config, theirs, 0o600);
    });
    expect(out).toContain(`${config}: the file was changed by somebody else`);
    expectKept(0, world);
  });

  it('in the very moment of the swap back, when a push failed in the middle: the same', async () => {
    const world = usedWorld();
    let failed = false;
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if (!failed && name === 'rename' && path.includes('SKILL.md')) {
        failed = true;
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      }
      if (failed && name === 'exchange' && path.includes('config.toml')) world.memory.replace(config, theirs, 0o600);
    });
    expect([code, failed]).toEqual([2, true]);
    expect(err).toContain(`${config}: the file was changed by somebody else`);
    expectKept(0, world);
    const backup = /backup of run (\S+)\./.exec(err)?.[1] as string;
    const kept = Object.keys(world.memory.snapshot(`${stateFolder}/runs/${backup}`));
    expect(kept.filter((name) => !/^(\d+|run\.json)$/.test(name))).toEqual([]);
  });

  it('is about to, with its new file beside ours: it is let go first, and kept', async () => {
    const { world } = await cutOff(true);
    const staged = `${home}/.codex/.tmpAb3dE6`;
    let pauses = 0;
    const begin: Around = (_call, name, path) => {
      if (pauses === 0 && name === 'list' && path === `${home}/.codex`) world.memory.write(staged, theirs, 0o600);
    };
    const finish = () => {
      pauses += 1;
      if (pauses === 3) world.memory.disk.rename(staged, config);
    };
    await world.run(['check-sync'], begin, { pause: finish });
    expect(pauses).toBe(3);
    expectKept(0, world);
  });
});

describe('between plan and apply', () => {
  const vanished: readonly (readonly [string, (world: World) => void, number, string])[] = [
    ['the file goes', ({ memory }) => memory.remove(config), 0, ''],
    ['a folder comes where the file was', ({ memory }) => toFolder(memory, config), 2, 'A folder'],
    ['a link comes where the file was', ({ memory }) => toLink(memory, config), 0, ''],
    ['the home goes', ({ memory }) => memory.remove(`${home}/.codex`), 0, ''],
    ['only the mode changes', ({ memory }) => memory.chmod(config, 0o644), 0, ''],
  ];

  it.each(vanished)('%s: planned again, or one clear error', async (_, change, exit, words) => {
    const world = usedWorld();
    let changed = false;
    const { code, err } = await world.run(['push-runtime'], (_call, name, path) => {
      if (changed || name !== 'writeNew' || !path.includes('/runs/')) return;
      changed = true;
      change(world);
    });
    expect([changed, code]).toEqual([true, exit]);
    expect(err).toContain(words);
    if (exit === 0) expect(await world.run(['check-sync'])).toMatchObject({ code: 0 });
    if (exit === 0) expect(world.memory.read(settings)).toContain('"model": "opus"');
    else expect(world.memory.read(settings)).toBe('{"model": "opus"}');
  });
});

function toFolder(memory: World['memory'], path: string): void {
  memory.remove(path);
  memory.disk.makeFolder(path);
}

function toLink(memory: World['memory'], path: string): void {
  memory.write(`${home}/dotfiles/config.toml`, memory.read(path), 0o600);
  memory.remove(path);
  memory.link(path, '../dotfiles/config.toml');
}

describe('while an edit is adopted, at every call once,', () => {
  const memory = `${home}/.claude/memories/global.md`;
  const source = `${repo}/clients/shared/memory/global.md`;

  async function atEveryCall(
    write: (world: World) => void,
    expectKept: (world: World) => Promise<void>,
  ): Promise<void> {
    const edited = makeWorld();
    expect((await edited.run(['push-runtime'])).code).toBe(0);
    edited.memory.write(memory, '# Global\n\nSpeak up.\n');
    let calls = 0;
    await edited.copy().run(['pull-runtime', '--adopt'], (call) => {
      calls = call;
    });
    const step = strideOf(61);
    tried(Math.ceil(calls / step));
    for (let at = 1; at <= calls; at += step) {
      const world = edited.copy();
      const { code, err } = await world.run(['pull-runtime', '--adopt'], (call, name) => {
        if (call === at && name !== 'rename') write(world);
      });
      expect([at, code, err]).toEqual([at, 0, '']);
      await expectKept(world);
    }
  }

  it('somebody saves the source file: the plan is made again, and both texts are there', async () => {
    const write = (world: World) => world.memory.replace(source, '# Everywhere\n\nSpeak plainly.\n', 0o644);
    await atEveryCall(write, async (world) => {
      const text = world.memory.read(source);
      // What is saved after the last look goes over ours, as if it were saved after the run; before it, both are there.
      if (text.includes('Everywhere') && !text.includes('Speak up.'))
        expect(text).toBe('# Everywhere\n\nSpeak plainly.\n');
      else expect(text).toMatch(/# (?:Everywhere|Global)\n\nSpeak up\.\n/);
    });
  });

  it('the agent edits its memory again: the next adoption brings that', async () => {
    let written = false;
    const write = (world: World) => {
      written = true;
      world.memory.replace(memory, '# Global\n\nSpeak up, and slowly.\n', 0o644);
    };
    await atEveryCall(write, async (world) => {
      if (written) expect(world.memory.read(memory)).toContain('and slowly');
      // The source moved on with the first adoption, so the second is of both sides, which goes by name.
      expect((await world.run(['pull-runtime', '--adopt', 'memories/global.md'])).code).toBe(0);
      expect(world.memory.read(source)).toBe(world.memory.read(memory));
      expect((await world.run(['push-runtime'])).code).toBe(0);
      written = false;
    });
  });
});
