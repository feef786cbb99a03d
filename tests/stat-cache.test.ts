import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootMembersIn } from '../src/formats/json/read/root-members.ts';
import { type CacheEntry, recall, trustedAfter } from '../src/host/kept/stat-cache.ts';
import { digestOf } from '../src/model/digest.ts';
import { git } from './support/git.ts';
import { answersIn, keptMark, markAnswers } from './support/kept-answers.ts';
import { home, makeWorld, stateFolder, type World } from './support/memory-world.ts';
import type { Ran, RunOptions, Sandbox } from './support/sandbox.ts';
import { team } from './support/team-source.ts';

// docs/performance.md, "The stat cache": an answer is given again only while all that it was made from is as it was.

const check = ['check-sync'];
const cached = { cache: 'on' } as const;

function cacheFolder(sandbox: Sandbox): string {
  return join(sandbox.home, '.local/state/syncline/cache');
}

/** Whether the next answer to the same question is the one that is kept. */
function isKept(sandbox: Sandbox, words: readonly string[] = check, options: RunOptions = {}): boolean {
  markAnswers(cacheFolder(sandbox));
  return sandbox.run(words, { ...cached, ...options }).out === keptMark;
}

/** The team's source, deployed. */
function deployedTeam(): Sandbox {
  const sandbox = team();
  expect(sandbox.run(['push-runtime'], cached).code).toBe(0);
  return sandbox;
}

/** A home that is in sync, whose answer is kept. */
function settled(words: readonly string[] = check): Sandbox {
  const sandbox = deployedTeam();
  sandbox.run(words, cached);
  expect(isKept(sandbox, words)).toBe(true);
  sandbox.run([...words, '--full'], cached);
  return sandbox;
}

function said({ code, out, err }: Ran): unknown {
  return { code, out, err };
}

/** What may change, where nothing but this one thing does. */
const changes: Readonly<Record<string, (at: (path: string) => string) => void>> = {
  'a file of the same size, in the same moment': (at) =>
    writeFileSync(at('home/.codex/memories/global.md'), sameSize(at('home/.codex/memories/global.md'))),
  'a file of the same size, with its old time': (at) => {
    const path = at('home/.claude/memories/global.md');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, sameSize(path));
    utimesSync(path, atime, mtime);
  },
  'another file of the same size and time in its place': (at) => {
    const path = at('home/.claude/skills/greet/SKILL.md');
    const { atime, mtime } = statSync(path);
    writeFileSync(`${path}.new`, sameSize(path));
    utimesSync(`${path}.new`, atime, mtime);
    renameSync(`${path}.new`, path);
  },
  'a file of the source': (at) =>
    writeFileSync(at('repo/clients/shared/memory/global.md'), sameSize(at('repo/clients/shared/memory/global.md'))),
  'a new file of the source': (at) => writeFileSync(at('repo/clients/shared/memory/new.md'), '# New\n'),
  'a removed file of the source': (at) => unlinkSync(at('repo/clients/shared/memory/conventions.md')),
  'a removed file': (at) => unlinkSync(at('home/.codex/skills/greet/SKILL.md')),
  'a new file in a skill': (at) => writeFileSync(at('home/.codex/skills/greet/mine.md'), 'mine\n'),
  'a new skill': (at) => {
    mkdirSync(at('home/.claude/skills/mine'));
    writeFileSync(at('home/.claude/skills/mine/SKILL.md'), 'mine\n');
  },
  'a renamed skill': (at) => renameSync(at('home/.claude/skills/greet'), at('home/.claude/skills/greet2')),
  'an exec bit': (at) => chmodSync(at('home/.codex/skills/greet/scripts/greet.sh'), 0o644),
  'a file that becomes a link': (at) => {
    renameSync(at('home/.codex/AGENTS.md'), at('home/agents.md'));
    symlinkSync(at('home/agents.md'), at('home/.codex/AGENTS.md'));
    writeFileSync(at('home/agents.md'), 'mine\n');
  },
  'a folder that becomes a link': (at) => {
    renameSync(at('home/.codex'), at('home/elsewhere'));
    symlinkSync(at('home/elsewhere'), at('home/.codex'));
  },
  'a file that was not there': (at) => writeFileSync(at('home/.codex/hooks.json'), '{ "hooks": {} }'),
  'a folder that was not there': (at) => mkdirSync(at('home/.agents/skills/greet'), { recursive: true }),
  'a server in the file that Claude writes': (at) => {
    const path = at('home/.claude.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('team-server', 'else-server'));
  },
  'the file that Claude writes, cut off': (at) => {
    const path = at('home/.claude.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -5));
  },
  'a second key of the same name in it': (at) => {
    const path = at('home/.claude.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\}\s*$/, ', "mcpServers": {} }'));
  },
  'the record': (at) => rmSync(at('home/.local/state/syncline/records'), { recursive: true }),
  'the configuration of the user': (at) => {
    mkdirSync(at('home/.config/syncline'), { recursive: true });
    writeFileSync(at('home/.config/syncline/config.toml'), 'keep = ["codex:AGENTS.md"]\n');
  },
  'an unreadable source': (at) => writeFileSync(at('repo/clients/claude/settings-fragment.json'), '{'),
};

/** Other content of the same length. */
function sameSize(path: string): string {
  return readFileSync(path, 'utf8').replace(/[a-z]/, (letter) => (letter === 'z' ? 'y' : 'z'));
}

describe('an answer that is kept', () => {
  it.each([[check], [['check-sync', '--json']], [['push-runtime']], [['session-check', '--hook']]])(
    'is given again to %j',
    (words) => {
      const sandbox = deployedTeam();
      const first = sandbox.run(words, cached);
      expect(isKept(sandbox, words)).toBe(true);
      sandbox.run([...words, '--full'], cached);
      expect(said(sandbox.run(words, cached))).toEqual(said(first));
    },
  );

  it.each(Object.entries(changes))('is given no more after: %s', (_, change) => {
    for (const words of process.env.CI === 'true' ? [check, ['push-runtime', '--json'], ['session-check']] : [check]) {
      const sandbox = settled(words);
      change((path) => join(sandbox.root, path));
      markAnswers(cacheFolder(sandbox));
      const other = sandbox.run(words, cached);
      expect(other.out).not.toContain('KEPT');
      if (words !== check) continue;
      // Unless a push of the loop wrote: the same as who never kept anything.
      expect(said(sandbox.run(words, cached))).toEqual(said(sandbox.run([...words, '--full'], cached)));
    }
  });

  it('holds while Claude writes what is its own, and reads nothing else for it', () => {
    const sandbox = settled();
    const path = join(sandbox.home, '.claude.json');
    for (const count of [1, 2, 3]) {
      const values = {
        numStartups: count,
        tips: { seen: '🙂 "mcpServers": {' },
        ...JSON.parse(readFileSync(path, 'utf8')),
      };
      writeFileSync(path, JSON.stringify({ ...values, numStartups: count }, null, 2));
      expect(isKept(sandbox)).toBe(true);
      expect(said(sandbox.run([...check, '--full'], cached))).toMatchObject({ code: 0 });
    }
  });

  it('does not hold where that file is a link that leads elsewhere now', () => {
    const sandbox = deployedTeam();
    const [path, other] = [join(sandbox.home, '.claude.json'), join(sandbox.root, 'other.json')];
    renameSync(path, join(sandbox.root, 'one.json'));
    symlinkSync(join(sandbox.root, 'one.json'), path);
    sandbox.run(check, cached);
    expect(isKept(sandbox)).toBe(true);
    writeFileSync(other, readFileSync(path));
    unlinkSync(path);
    symlinkSync(other, path);
    expect(isKept(sandbox)).toBe(false);
  });

  it('is not given where it is asked from elsewhere, otherwise, by another version, or with --full', () => {
    const sandbox = settled();
    expect(isKept(sandbox, check, { cwd: join(sandbox.repo, 'clients') })).toBe(false);
    expect(isKept(sandbox, [...check, '--full'])).toBe(false);
    expect(isKept(sandbox, ['check-sync', '--quiet'])).toBe(false);
    const elsewhere = { env: { CODEX_HOME: join(sandbox.root, 'other') } };
    expect(isKept(sandbox, check, elsewhere)).toBe(false);
    sandbox.run([...check, '--full'], cached);
    for (const name of answersIn(cacheFolder(sandbox))) {
      const file = join(cacheFolder(sandbox), name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/"program":\["[^"]*"/g, '"program":["0.0.1"'));
    }
    expect(isKept(sandbox)).toBe(false);
  });

  it('is the same from every folder where all folders are named by their whole paths', () => {
    const sandbox = deployedTeam();
    const words = ['session-check', '--hook', '--repo', sandbox.repo];
    sandbox.run(words, { ...cached, cwd: sandbox.home });
    expect(isKept(sandbox, words, { cwd: sandbox.root })).toBe(true);
    // A variable that names another folder in each is refused, and what is refused is not kept.
    const relative = { CLAUDE_CONFIG_DIR: '.claude' };
    for (let run = 0; run < 2; run += 1) {
      const { code, err } = sandbox.run(words, { ...cached, cwd: sandbox.home, env: relative });
      expect([code, err]).toEqual([2, expect.stringContaining('CLAUDE_CONFIG_DIR names no absolute folder')]);
    }
  });

  it('is found where values of options stand behind an equals sign', () => {
    const sandbox = deployedTeam();
    for (const words of [
      [...check, `--repo=${sandbox.repo}`],
      [...check, `--home=${sandbox.home}`],
    ]) {
      for (const each of [words, words]) sandbox.run(each, cached);
      expect(isKept(sandbox, words)).toBe(true);
    }
  });

  it('is given again only while HEAD is the same', () => {
    const sandbox = deployedTeam();
    git(sandbox.repo, 'init', '--quiet');
    git(sandbox.repo, 'add', '.');
    git(sandbox.repo, 'commit', '--quiet', '-m', 'one');
    for (const words of [['push-runtime'], ['push-runtime'], check]) sandbox.run(words, cached);
    expect(isKept(sandbox, ['push-runtime'])).toBe(true);
    git(sandbox.repo, 'commit', '--quiet', '--allow-empty', '-m', 'two');
    expect(isKept(sandbox, ['push-runtime'])).toBe(false);
    expect(isKept(sandbox)).toBe(false);
  });

  it('is not kept of what failed, of what wrote, or where nothing was deployed', () => {
    const sandbox = deployedTeam();
    rmSync(cacheFolder(sandbox), { recursive: true, force: true });
    sandbox.write('repo/clients/shared/memory/global.md', 'Other words.\n');
    expect(sandbox.run(['push-runtime'], cached).code).toBe(0);
    sandbox.write('home/.codex/config.toml', '= broken');
    expect(sandbox.run(check, cached).code).toBe(2);
    expect(existsSync(cacheFolder(sandbox)) ? answersIn(cacheFolder(sandbox)) : []).toEqual([]);
    const trial = join(sandbox.root, 'trial');
    expect(sandbox.run(['check-sync', '--home', trial], cached).code).toBe(3);
    expect(existsSync(trial)).toBe(false);
  });

  it('is passed over where it is broken, or no file at all', () => {
    for (const text of ['', '{', 'null', '{"question":1}', '[]']) {
      const sandbox = settled();
      for (const name of answersIn(cacheFolder(sandbox))) writeFileSync(join(cacheFolder(sandbox), name), text);
      expect(sandbox.run(check, cached).code).toBe(0);
      expect(isKept(sandbox)).toBe(true);
    }
    const sandbox = settled();
    for (const name of answersIn(cacheFolder(sandbox))) {
      rmSync(join(cacheFolder(sandbox), name));
      mkdirSync(join(cacheFolder(sandbox), name));
    }
    expect(sandbox.run(check, cached)).toMatchObject({ code: 0, out: expect.stringContaining('In sync') });
  });

  it('is one of at most 32', () => {
    const sandbox = settled();
    const [name] = answersIn(cacheFolder(sandbox)) as [string];
    for (let count = 0; count < 40; count += 1)
      linkSync(join(cacheFolder(sandbox), name), join(cacheFolder(sandbox), `${String(count).padStart(16, '0')}.json`));
    sandbox.run([...check, '--full'], cached);
    expect(answersIn(cacheFolder(sandbox)).length).toBeLessThan(32);
  });

  it('makes no room for itself at the cost of files that are not ours, where its folder is a link to one of theirs', () => {
    const sandbox = settled();
    const theirs = join(sandbox.root, 'theirs');
    mkdirSync(theirs);
    const names = Array.from({ length: 40 }, (_, count) => `${count}.json`);
    for (const name of names) writeFileSync(join(theirs, name), '{}');
    rmSync(cacheFolder(sandbox), { recursive: true });
    symlinkSync(theirs, cacheFolder(sandbox));
    expect(sandbox.run(check, cached).code).toBe(0);
    expect(readdirSync(theirs)).toHaveLength(names.length + 1);
    expect(sandbox.run(['uninstall'], cached).code).toBe(0);
    expect(readdirSync(theirs)).toEqual(expect.arrayContaining(names));
  });

  it('goes with the rest: nothing of it is left after uninstall', () => {
    const sandbox = settled();
    expect(sandbox.run(['uninstall'], cached).code).toBe(0);
    expect(existsSync(cacheFolder(sandbox))).toBe(false);
  });
});

describe('times', () => {
  it('that are old by now are no reason to read all again where nothing can be written', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    await world.run(check);
    const [name = ''] = world.memory.disk.list(`${stateFolder}/cache`).map((each) => each.name);
    const { question } = JSON.parse(world.memory.read(`${stateFolder}/cache/${name}`)) as CacheEntry;
    const writeLoose = () => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    };
    const now = () => world.host().now().getTime() + 10 * trustedAfter;
    const recaller = { disk: { ...world.memory.disk, writeLoose }, variables: {}, members: rootMembersIn, now };
    const answer = await recall(`${stateFolder}/cache`, question, { ...recaller, digest: async () => digestOf });
    expect(answer).toMatchObject({ exitCode: 0 });
  });

  it('are trusted once they are old: what was too new is read until then, and no longer', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    await world.run(check);
    expect(readAgain(world)).toContain(`${home}/.codex/config.toml`);
    world.wait(trustedAfter);
    await world.run(check);
    await world.run(check);
    expect(readAgain(world)).toEqual([]);
    world.memory.write(`${home}/.codex/memories/global.md`, '# Global\n\nSpeak quickly.\n');
    expect((await world.run(check)).code).toBe(1);
  });

  it('of one tick tell nothing: what is written again in the tick in which it was read is seen', async () => {
    const world = makeWorld();
    await world.run(['push-runtime']);
    world.memory.write(`${home}/.codex/memories/global.md`, '# Global\n\nSpeak plainly.\n');
    expect((await world.run(check)).code).toBe(0);
    world.wait(-1_000);
    world.memory.write(`${home}/.codex/memories/global.md`, '# Global\n\nSpeak plainer.\n');
    expect((await world.run(check)).code).toBe(1);
  });

  it('of the future, and of a clock that was set back, are never trusted', async () => {
    const world = makeWorld();
    world.wait(100_000);
    await world.run(['push-runtime']);
    world.wait(-90_000);
    await world.run(check);
    await world.run(check);
    expect(readAgain(world)).toContain(`${home}/.codex/config.toml`);
  });
});

/** The files that the next look reads, though nothing of theirs looks changed. */
function readAgain({ memory }: World): string[] {
  const [name = ''] = memory.disk.list(`${stateFolder}/cache`).map((each) => each.name);
  const { paths } = JSON.parse(memory.read(`${stateFolder}/cache/${name}`)) as CacheEntry;
  return paths.flatMap(([path, { content }]) => (typeof content === 'string' ? [path] : []));
}

describe('rootMembers', () => {
  it.each<[string, string, string | undefined]>([
    [
      'the members, doubled ones too',
      '{"a": [1, {"b": 2}], "b": {"a": 3}, "a": "x,}" }',
      '"a": [1, {"b": 2}]\n"a": "x,}" ',
    ],
    ['an escaped name', '{"\\u0061": 1}', '"\\u0061": 1'],
    ['a name that is a value', '{"c": "a", "d": ["a"]}', ''],
    ['an empty object', ' {} ', ''],
    ['a list', '["a"]', undefined],
    ['no JSON', '{"a": 1', undefined],
    ['what is too deep for us', `{"c": ${'['.repeat(1001)}${']'.repeat(1001)}}`, undefined],
  ])('%s', (_, text, expected) => {
    expect(rootMembersIn(text, ['a'])).toBe(expected);
  });
});
