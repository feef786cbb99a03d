import { describe, expect, it } from 'vitest';
import { strideOf } from './support/law-runs.ts';
import { systemError } from './support/memory-disk.ts';
import {
  type Around,
  type Done,
  home,
  makeWorld,
  nodesOf,
  repo,
  stateFolder,
  type World,
} from './support/memory-world.ts';
import { tried } from './support/reliability.ts';

/**
 * Every file-system call of a command fails once, is the last before a kill, or the last before the power goes. After
 * that everything is as before the command or as after it, and the next run completes.
 */
type CallName = Parameters<Around>[1];

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  arrange(world: World): Promise<void>;
}

/** A home that is used: files of the user's in every target, one behind a link, one that only its owner reads. */
function useHome({ memory }: World): void {
  memory.write(
    `${home}/.codex/config.toml`,
    '# mine\nmodel = "gpt-5"\n\n[mcp_servers.mine]\ncommand = "mine"\n',
    0o600,
  );
  memory.write(`${home}/.claude.json`, '{"numStartups": 1.0, "mcpServers": {"mine": {"command": "m"}}}', 0o600);
  memory.write(`${home}/dotfiles/settings.json`, '{\n\t"model": "opus"\n}', 0o640);
  memory.link(`${home}/.claude/settings.json`, '../dotfiles/settings.json');
  memory.write(`${home}/.claude/CLAUDE.md`, '\uFEFF# Me\r\n\r\nBe brief.', 0o644);
  memory.write(`${home}/.claude/skills/own/SKILL.md`, 'my own skill', 0o644);
}

/** The repository moves on: files change, come, go, and lose their exec bit. */
function moveSource({ memory }: World): void {
  const at = `${repo}/clients`;
  memory.write(`${at}/codex/config-fragment.toml`, 'model_verbosity = "high"\n\n[mcp_servers.team]\ncommand = "new"\n');
  memory.write(`${at}/claude/mcp-fragment.json`, '{"mcpServers": {"team": {"command": "new"}}}');
  memory.write(`${at}/shared/memory/projects/next/deep.md`, '# Next\n');
  memory.remove(`${at}/shared/memory/projects/site.md`);
  memory.chmod(`${at}/shared/skills/greet/scripts/greet.sh`, 0o644);
}

/** Somebody edits what was deployed: texts, values, an exec bit; in two clients one shared file. */
function editRuntime({ memory }: World): void {
  const edit = (file: string, from: string, to: string) =>
    memory.write(`${home}/${file}`, memory.read(`${home}/${file}`).replace(from, to));
  edit('.codex/config.toml', 'team-server', 'other-server');
  edit('.claude.json', '"TEAM_PORT": "4000"', '"TEAM_PORT": "5000"');
  edit('.claude/memories/global.md', 'Speak plainly.', 'Speak up.');
  edit('.codex/memories/global.md', '# Global', '# All');
  memory.chmod(`${home}/.codex/skills/greet/scripts/greet.sh`, 0o644);
}

async function pushed(world: World): Promise<void> {
  useHome(world);
  expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
}

/** What the user has is another value of what the source wants: a file, keys, entries and instructions. */
async function overwritten(world: World): Promise<void> {
  differ(world);
  expect(await world.run(['push-runtime', '--overwrite'])).toMatchObject({ code: 0 });
}

function differ(world: World): void {
  useHome(world);
  const { memory } = world;
  memory.write(
    `${home}/.codex/config.toml`,
    'model_verbosity = "high" # mine\n\n[mcp_servers.team]\ncommand = "mine"\n',
  );
  memory.write(`${home}/.claude.json`, '{"mcpServers": {"team": {"command": "m"}}}', 0o600);
  memory.write(`${home}/dotfiles/settings.json`, '{\n\t"cleanupPeriodDays": 7\n}', 0o640);
  memory.write(`${home}/.claude/skills/greet/SKILL.md`, 'my own greeting', 0o600);
}

async function pushedAndMoved(world: World): Promise<void> {
  await pushed(world);
  moveSource(world);
}

const cases: readonly Case[] = [
  { name: 'the first push', words: ['push-runtime'], arrange: async (world) => useHome(world) },
  { name: 'a push that updates, creates and removes', words: ['push-runtime'], arrange: pushedAndMoved },
  { name: 'clean --remove-only', words: ['clean-runtime', '--remove-only'], arrange: pushed },
  { name: 'clean', words: ['clean-runtime'], arrange: pushedAndMoved },
  {
    name: 'pull',
    words: ['pull-runtime'],
    arrange: async (world) => {
      await pushed(world);
      expect(await world.run(['pull-runtime'])).toMatchObject({ code: 0 });
      world.memory.remove(`${home}/.claude/skills/own`);
      world.memory.write(`${home}/.claude/memories/own/new.md`, '# New\n');
      world.memory.write(`${home}/.claude/projects/-r-web/memory/MEMORY.md`, 'Tests need the database.\n');
    },
  },
  {
    name: 'pull --adopt',
    words: ['pull-runtime', '--adopt'],
    arrange: async (world) => {
      await pushed(world);
      expect(await world.run(['pull-runtime'])).toMatchObject({ code: 0 });
      editRuntime(world);
    },
  },
  {
    name: 'restore of a push',
    words: ['restore', '2026'],
    arrange: async (world) => {
      await pushedAndMoved(world);
      expect(await world.run(['push-runtime'])).toMatchObject({ code: 0 });
    },
  },
  {
    name: 'restore of a clean',
    words: ['restore', '2026'],
    arrange: async (world) => {
      await pushed(world);
      expect(await world.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    },
  },
  { name: 'a push that overwrites', words: ['push-runtime', '--overwrite'], arrange: async (world) => differ(world) },
  { name: 'an uninstall that puts back what was overwritten', words: ['uninstall'], arrange: overwritten },
  {
    name: 'restore of such an uninstall',
    words: ['restore', '2026'],
    arrange: async (world) => {
      await overwritten(world);
      expect(await world.run(['uninstall'])).toMatchObject({ code: 0 });
    },
  },
];

/** Everything of the user's, the records and what they keep; not the backups. */
function visible(world: World): Record<string, string> {
  const records = Object.entries(world.memory.snapshot(home)).filter(([path]) => /\/(records|earlier)\//.test(path));
  return { ...nodesOf(world), ...Object.fromEntries(records) };
}

/** What lies in the state folder that a finished run does not leave. */
function litter({ memory }: World): string[] {
  const state = Object.keys(memory.snapshot(stateFolder));
  return state.filter((path) => !/^(records|earlier|runs|cache|lock-[\w-]+)(\/|$)/.test(path));
}

function takesSpace(name: CallName): boolean {
  return ['writeNew', 'makeLink', 'makeFolder', 'makeFolders'].includes(name);
}

/** Before a call that only reads, the disk is as before the next one that does not. */
function changesDisk(name: CallName): boolean {
  return takesSpace(name) || ['removeFolder', 'setOwner', 'rename', 'exchange', 'unlink', 'syncFolder'].includes(name);
}

/** How one run of the command goes when nothing is wrong. */
async function whole({ words }: Case, world: World) {
  const before = visible(world);
  const names: CallName[] = [];
  const done = await world.run(words, (_call, name) => names.push(name));
  return { before, after: visible(world), names, calls: names.length, done };
}

/** The name of the newest run, which a restore names so that it can be run twice. */
async function settled(each: Case): Promise<{ world: World; each: Case }> {
  const world = makeWorld();
  await each.arrange(world);
  if (each.words[0] !== 'restore') return { world, each };
  const { runs } = (await world.run(['restore', '--list', '--json'])).json as unknown as { runs: { run: string }[] };
  return { world, each: { ...each, words: ['restore', runs[0]?.run as string] } };
}

/** Not every run tries all of the calls. */
const step = strideOf(331);

function numbers(names: readonly CallName[], counts: (name: CallName) => boolean = () => true): number[] {
  const all = names.flatMap((name, index) => (counts(name) ? [index + 1] : []));
  const middle = Math.floor(all.length / 2);
  const chosen = all.filter((_, index) => index % step === middle % step);
  tried(chosen.length);
  return chosen;
}

describe.each(cases)('$name', { timeout: 300_000 }, (row) => {
  it.each([
    ['fails once', 'EIO', () => true, (call: number, failing: number) => call === failing],
    [
      'and every write after it finds the disk full',
      'ENOSPC',
      takesSpace,
      (call: number, from: number) => call >= from,
    ],
  ])('any call %s: all old with a reason, or all new; then it completes', async (_, code, counts, fails) => {
    const { world, each } = await settled(row);
    const { before, after, names, done } = await whole(each, world.copy());
    for (const failing of numbers(names, counts)) {
      const broken = world.copy();
      const failed = await broken.run(each.words, (call, name, path) => {
        if (!fails(call, failing) || !counts(name)) return;
        // A full disk takes a part of a file before it says no.
        if (name === 'writeNew') broken.memory.disk.writeNew(path, new Uint8Array(3), 0o600);
        throw systemError(code, path);
      });
      const now = visible(broken);
      const end = failed.code === 2 ? before : after;
      expect([failing, failed.err, now]).toEqual([failing, failed.err, end]);
      if (failed.code === 2) expectReason(failed);
      else expect([failing, failed.code]).toEqual([failing, done.code]);
      await expectCompletes(broken, each, after, failing);
    }
  });

  it.each([
    ['the process is killed', () => true, undefined],
    ['the power goes, and what was not forced out is lost', changesDisk, () => 0],
    ['the power goes, and half of that is lost', changesDisk, (changes: number) => Math.floor(changes / 2)],
  ])('at any call %s: all old or all new, and the next command completes', async (_, counts, kept) => {
    const { world, each } = await settled(row);
    const { before, after, names } = await whole(each, world.copy());
    const ends = new Set<string>();
    for (const last of numbers(names, counts)) {
      const broken = world.copy();
      await broken.run(each.words, killedAt(last));
      if (kept) broken.memory.cutPower(kept);
      const next = await broken.run(['check-sync']);
      expect([last, next.err, [0, 1, 3].includes(next.code)]).toEqual([last, next.err, true]);
      const { '.claude.json.lock': _lock, ...now } = visible(broken);
      const end = JSON.stringify(now) === JSON.stringify(after) ? 'new' : 'old';
      expect([last, now]).toEqual([last, end === 'new' ? after : before]);
      ends.add(end);
      await expectCompletes(broken, each, after, last);
    }
    expect(ends).toContain('old');
  });
});

describe('a run that was killed', { timeout: 300_000 }, () => {
  it('is undone by the next command, and when that is killed at any call, by the one after it', async () => {
    const { world, each } = await settled(cases[1] as Case);
    const { before, calls } = await whole(each, world.copy());
    await world.run(each.words, killedAt(calls - 20));
    const undoing: CallName[] = [];
    await world.copy().run(['check-sync'], (_call, name) => undoing.push(name));
    for (const last of numbers(undoing)) {
      const broken = world.copy();
      await broken.run(['check-sync'], killedAt(last));
      const next = await broken.run(['check-sync']);
      const { '.claude.json.lock': _lock, ...now } = visible(broken);
      expect([last, next.err.replace(/^Waiting for .*\n/, ''), now]).toEqual([last, '', before]);
    }
  });

  it('is named by every command, and undone by each that is no dry run', async () => {
    const { world, each } = await settled(cases[1] as Case);
    const { calls } = await whole(each, world.copy());
    await world.run(each.words, killedAt(calls - 20));
    const dry = await world.copy().run(['push-runtime', '--dry-run']);
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('[unfinished-run]')]);
    for (const words of [
      ['push-runtime'],
      ['clean-runtime'],
      ['pull-runtime'],
      ['check-sync'],
      ['restore', '--list'],
    ]) {
      const { out, err } = await world.copy().run(words);
      expect([words, err, out]).toEqual([words, '', expect.stringContaining('(push-runtime) had been cut off')]);
    }
  });

  it('is undone as far as it can be where a file stands by now in the place of a folder', async () => {
    const { world, each } = await settled(cases[0] as Case);
    const { calls } = await whole(each, world.copy());
    await world.run(each.words, killedAt(calls - 20));
    world.memory.remove(`${home}/.claude/skills`);
    world.memory.write(`${home}/.claude/skills`, 'of somebody');
    const { code, out, err } = await world.run(['restore', '--list']);
    expect([code, err, out]).toEqual([0, '', expect.stringContaining('[changed-since]')]);
    expect(world.memory.read(`${home}/.claude/skills`)).toBe('of somebody');
    expect(world.memory.read(`${home}/dotfiles/settings.json`)).toBe('{\n\t"model": "opus"\n}');
  });

  it('leaves a journal that was damaged since: exit 2, which names it and the backups', async () => {
    const { world, each } = await settled(cases[1] as Case);
    const { calls } = await whole(each, world.copy());
    await world.run(each.words, killedAt(calls - 20));
    const damaged = visible(world);
    world.memory.write(`${stateFolder}/journal.json`, '{');
    const { code, err } = await world.run(['push-runtime']);
    expect([code, err]).toEqual([2, expect.stringMatching(/journal\.json: .* does not parse, .*\n.*backups/)]);
    expect(visible(world)).toEqual(damaged);
  });
});

/** From one call on, nothing reaches the disk any more. */
function killedAt(last: number): Around {
  return (call) => {
    if (call >= last) throw new Error('killed');
  };
}

function expectReason({ err }: Done): void {
  expect(err).toMatch(/^error: .*\n {2}\S/);
  expect(err).not.toContain('Syncline itself failed');
}

/** The same command again, with nothing wrong: it ends where it should, and leaves nothing about. */
async function expectCompletes(world: World, { words }: Case, after: Record<string, string>, at: number) {
  const again = await world.run(words);
  expect([at, again.err, [0, 1].includes(again.code)]).toEqual([at, again.err, true]);
  expect([at, visible(world)]).toEqual([at, after]);
  expect([at, litter(world)]).toEqual([at, []]);
}
