import { chmodSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  asNobody,
  changeSource,
  closed,
  errorsOf,
  everyCommand,
  makePipe,
  makeSocket,
  nodesBelow,
  pushedHome,
  usedHome,
} from './support/hostile.ts';
import { sampled } from './support/law-runs.ts';
import { runOnTerminal, terminalTool, yesAfter } from './support/pseudo-terminal.ts';
import type { Sandbox } from './support/sandbox.ts';

// What stands in a home on real machines besides files: each is either worked with or told once, and nothing is lost.

type Arrange = (path: string) => void | Promise<void>;

const oddKinds: readonly (readonly [name: string, make: Arrange, remedy: RegExp])[] = [
  ['a folder', (path) => void mkdirSync(path), /^A folder stands where a file belongs/],
  ['a pipe', makePipe, /^A pipe, a socket or a device/],
  ['a socket', makeSocket, /^A pipe, a socket or a device/],
  ['a link to a device', (path) => symlinkSync('/dev/null', path), /^A pipe, a socket or a device/],
  ['a link in a circle', (path) => symlinkSync(path, path), /circle/],
];
const odd = [
  ...oddKinds.map((kind) => ['.claude.json', ...kind] as const),
  ...oddKinds.slice(0, 2).map((kind) => ['.codex/skills/greet/SKILL.md', ...kind] as const),
];

describe('no file where a file belongs', () => {
  it.each(sampled(odd))('%s is %s: every command says so once, and nothing changes', async (place, _, make, remedy) => {
    const sandbox = pushedHome();
    changeSource(sandbox);
    const path = join(sandbox.home, place);
    rmSync(path);
    await make(path);
    expectOneError(sandbox, path, remedy);
  });

  it.each([
    ['.codex/skills', 'a file', (path: string) => writeFileSync(path, 'x'), /^A file stands where a folder/],
    ['.claude/memories', 'a pipe', makePipe, /^A file stands where a folder/],
    ['.claude', 'a link in a circle', (path: string) => symlinkSync(path, path), /circle/],
    ['.claude/skills', 'a link in a circle', (path: string) => symlinkSync(path, path), /circle/],
  ])('%s is %s: the folder is named, not all that belongs in it', (place, _, make, remedy) => {
    const sandbox = pushedHome();
    const path = join(sandbox.home, place);
    rmSync(path, { recursive: true });
    make(path);
    expectOneError(sandbox, path, remedy);
  });

  it('several at once: each is told', () => {
    const sandbox = pushedHome();
    const paths = ['.codex/config.toml', '.codex/AGENTS.md', '.claude.json'].map((name) => join(sandbox.home, name));
    for (const path of paths) {
      rmSync(path);
      mkdirSync(path);
    }
    expect(errorsOf(sandbox.run(['push-runtime', '--json'])).map(({ path }) => path)).toEqual(paths);
  });
});

function expectOneError(sandbox: Sandbox, path: string, remedy: RegExp): void {
  const before = nodesBelow(sandbox.root);
  for (const words of everyCommand) {
    const ran = sandbox.run([...words, '--json']);
    const told = ran.json.findings.map((finding) => [finding.severity, finding.path, finding.remedy]);
    expect([words, ran.code, told]).toEqual([words, 2, [['error', path, expect.stringMatching(remedy)]]]);
  }
  expect(nodesBelow(sandbox.root)).toEqual(before);
}

describe('permissions, as somebody who is not root', () => {
  it.each(
    sampled([
      ['a file that may not be read', '.claude/settings.json', 0],
      ['a skill that may not be read', '.codex/skills/greet/SKILL.md', 0],
      ['a folder that may not be entered', '.codex', 0o600],
      ['a folder that may not be listed', '.claude/skills/own', 0o300],
    ] as const),
  )('%s: exit 2, which names it', (_, place, mode) => {
    const sandbox = pushedHome();
    changeSource(sandbox);
    const before = nodesBelow(sandbox.root);
    const run = asNobody(sandbox);
    closed(join(sandbox.home, place), mode);
    for (const words of [['push-runtime'], ['clean-runtime', '--remove-only']]) {
      const ran = run(words);
      const told = errorsOf(ran).map(({ path, remedy }) => [path, remedy]);
      expect([words, ran.code, told]).toEqual([
        words,
        2,
        [[join(sandbox.home, place), expect.stringMatching(/right/)]],
      ]);
    }
    chmodSync(join(sandbox.home, place), statSync(sandbox.home).mode);
    expect(Object.keys(before).filter((name) => !(name in nodesBelow(sandbox.root)))).toEqual([]);
    expect(contents(nodesBelow(join(sandbox.root, 'home')))).toEqual(contents(inHome(before)));
  });

  it.each(sampled([['.codex'], ['.claude/skills/greet'], ['.']]))(
    '%s is read-only: nothing of any client changes',
    (place) => {
      const sandbox = pushedHome();
      changeSource(sandbox);
      const run = asNobody(sandbox);
      closed(join(sandbox.home, place), 0o500);
      const before = nodesBelow(sandbox.home);
      for (const words of [['push-runtime'], ['clean-runtime', '--remove-only']]) {
        const ran = run(words);
        const told = errorsOf(ran).map(({ path, remedy }) => [path?.startsWith(sandbox.home), remedy]);
        expect([words, ran.code, told]).toEqual([words, 2, [[true, expect.stringMatching(/right/)]]]);
        expect(nodesBelow(sandbox.home)).toEqual(before);
      }
    },
  );

  it('a read-only file in a folder of the user is replaced, and stays read-only', () => {
    const sandbox = pushedHome();
    changeSource(sandbox);
    const run = asNobody(sandbox);
    chmodSync(join(sandbox.home, '.codex/config.toml'), 0o400);
    expect(run(['push-runtime']).code).toBe(0);
    expect(statSync(join(sandbox.home, '.codex/config.toml')).mode & 0o777).toBe(0o400);
    expect(sandbox.read('home/.codex/config.toml')).toContain('new-server');
  });

  it('a state folder that may not be written: exit 2, and no file of any client changes', () => {
    const sandbox = usedHome();
    mkdirSync(join(sandbox.root, 'state'));
    const run = asNobody(sandbox);
    closed(join(sandbox.root, 'state'), 0o500);
    const before = nodesBelow(sandbox.home);
    const ran = run(['push-runtime'], join(sandbox.root, 'state'));
    const told = errorsOf(ran).map(({ path, remedy }) => [path?.startsWith(sandbox.root), remedy]);
    expect([ran.code, told]).toEqual([2, [[true, expect.stringMatching(/right/)]]]);
    expect(nodesBelow(sandbox.home)).toEqual(before);
    expect(run(['check-sync'], join(sandbox.root, 'state')).code).toBe(3);
  });
});

function inHome(nodes: Record<string, string>): Record<string, string> {
  const own = Object.entries(nodes).filter(([name]) => name.startsWith('home/'));
  return Object.fromEntries(own.map(([name, node]) => [name.slice('home/'.length), node]));
}

/** Without the modes, which the test itself changed. */
function contents(nodes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, node.replace(/ [0-7]+/, '')]));
}

const links: readonly (readonly [name: string, arrange: (sandbox: Sandbox) => void])[] = [
  [
    'a link to a file that is not there yet',
    (sandbox) => {
      mkdirSync(join(sandbox.home, 'dotfiles'));
      sandbox.link('home/.claude/settings.json', '../dotfiles/settings.json');
    },
  ],
  [
    'a link to a link',
    (sandbox) => {
      sandbox.write('home/dotfiles/claude.json', '{"numStartups": 2}\n', 0o640);
      sandbox.link('home/dotfiles/second', 'claude.json');
      rmSync(join(sandbox.home, '.claude.json'));
      sandbox.link('home/.claude.json', 'dotfiles/second');
    },
  ],
  [
    'a home that is a link',
    (sandbox) => {
      sandbox.write('home/dotfiles/here/codex/config.toml', '# mine\n');
      rmSync(join(sandbox.home, '.codex'), { recursive: true });
      sandbox.link('home/.codex', 'dotfiles/here/codex');
    },
  ],
  [
    'a skills folder that is a link',
    (sandbox) => {
      sandbox.write('home/dotfiles/skills/mine/SKILL.md', 'x');
      rmSync(join(sandbox.home, '.claude/skills'), { recursive: true });
      sandbox.link('home/.claude/skills', '../dotfiles/skills');
    },
  ],
];

describe('links of the user', () => {
  it.each(sampled(links))(
    '%s: written through, still a link, and the exact bytes again after a removal',
    (_, arrange) => {
      const sandbox = usedHome();
      arrange(sandbox);
      const before = nodesBelow(sandbox.home);
      for (const words of [['push-runtime'], ['check-sync'], ['clean-runtime'], ['pull-runtime']]) {
        const { code, out, err } = sandbox.run(words);
        expect([words, code, out, err]).toEqual([words, 0, out, '']);
      }
      expect(nodesBelow(sandbox.home)).toMatchObject(onlyLinks(before));
      expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
      expect(nodesBelow(sandbox.home)).toEqual(before);
    },
  );

  it.each([
    ['a file', '.codex/config.toml', '../gone/config.toml'],
    ['a home', '.claude', 'gone/claude'],
  ])('%s that is a link into a folder that is not there: exit 2, which names it', (_, place, target) => {
    const sandbox = usedHome();
    rmSync(join(sandbox.home, place), { recursive: true });
    sandbox.link(`home/${place}`, target);
    const before = nodesBelow(sandbox.home);
    const ran = sandbox.run(['push-runtime', '--json']);
    const told = errorsOf(ran).map(({ path, remedy }) => [path, remedy]);
    expect([ran.code, told]).toEqual([2, [[join(sandbox.home, place), expect.stringMatching(/link leads nowhere/)]]]);
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });

  it('.claude/skills is a link to the other client: what both want there is written once', () => {
    const sandbox = usedHome();
    sandbox.write('home/.codex/skills/own/SKILL.md', 'x');
    rmSync(join(sandbox.home, '.claude/skills'), { recursive: true });
    sandbox.link('home/.claude/skills', '../.codex/skills');
    const before = nodesBelow(sandbox.home);
    for (const words of [['push-runtime'], ['check-sync'], ['clean-runtime', '--remove-only']])
      expect(sandbox.run(words)).toMatchObject({ code: 0 });
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });

  it.each([['.claude/CLAUDE.md', '../.codex/AGENTS.md', 1]])(
    '%s is a link to the other client: exit 2, which names both; one client alone works',
    (place, target, files) => {
      const sandbox = usedHome();
      rmSync(join(sandbox.home, place), { recursive: true });
      sandbox.link(`home/${place}`, target);
      const before = nodesBelow(sandbox.home);
      const ran = sandbox.run(['push-runtime', '--json']);
      expect([ran.code, errorsOf(ran).map(({ code }) => code)]).toEqual([2, Array(files).fill('one-file')]);
      expect(errorsOf(ran)[0]?.path).toContain(place);
      expect(errorsOf(ran)[0]?.message).toContain('/.codex/');
      expect(nodesBelow(sandbox.home)).toEqual(before);
      for (const words of [['push-runtime'], ['check-sync'], ['clean-runtime', '--remove-only']]) {
        expect(sandbox.run([...words, '--client', 'codex'])).toMatchObject({ code: 0 });
      }
      expect(nodesBelow(sandbox.home)).toEqual(before);
    },
  );

  it('a file with two names: the one in the home is replaced, the other keeps the old bytes', () => {
    const sandbox = usedHome();
    const [path, other] = [join(sandbox.home, '.codex/config.toml'), join(sandbox.home, 'other.toml')];
    const old = sandbox.read('home/.codex/config.toml');
    linkSync(path, other);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect([sandbox.read('home/other.toml'), statSync(other).nlink]).toEqual([old, 1]);
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect([sandbox.read('home/.codex/config.toml'), sandbox.read('home/other.toml')]).toEqual([old, old]);
  });
});

function onlyLinks(nodes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).filter(([, node]) => node.startsWith('link')));
}

describe.skipIf(!terminalTool)('what changes while a person thinks about the plan', () => {
  const config = '.codex/config.toml';
  const replaced = (make: Arrange) => (home: string) => {
    rmSync(join(home, config));
    return make(join(home, config));
  };

  it.each([
    ['a file went away', replaced(() => {})],
    ['a client wrote a file', (home: string) => writeFileSync(join(home, config), 'model = "other"\n')],
    ['a client made a file', (home: string) => writeFileSync(join(home, '.codex/AGENTS.md'), '# Of a client\n')],
  ])('%s: the plan is made and asked for again, and holds', async (_, change) => {
    const sandbox = usedHome();
    const answers = [yesAfter(() => change(sandbox.home)), yesAfter(() => {})];
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], answers);
    expect([code, screen.split('Go on?').length]).toEqual([0, 3]);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(leftOvers(sandbox)).toEqual([]);
  });
});

function leftOvers(sandbox: Sandbox): string[] {
  return readdirSync(sandbox.root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.syncline-'));
}
