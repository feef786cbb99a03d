import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  errorsOf,
  everyCommand,
  makePipe,
  makeSocket,
  nodesBelow,
  pushedHome,
  rawControl,
  sized,
} from './support/hostile.ts';
import type { Sandbox } from './support/sandbox.ts';

// The runtime is not trusted either: whatever stands beside our files is left, shown harmlessly, and never followed.

const reading = [['push-runtime'], ['check-sync', '--verbose'], ['pull-runtime'], ['clean-runtime']];

/** Everything below `pulled/` of a client, by path. */
function pulled(sandbox: Sandbox, client = 'claude'): string[] {
  return Object.keys(nodesBelow(join(sandbox.repo, 'clients', client, 'pulled')));
}

/** A name, and what stands there. */
type Odd = readonly [what: string, arrange: (folder: string, sandbox: Sandbox) => unknown];

const odd: readonly Odd[] = [
  ['a link to /', (folder) => symlinkSync('/', join(folder, 'odd'))],
  ['a link to a file of the machine', (folder) => symlinkSync('/etc/passwd', join(folder, 'odd'))],
  [
    'a link to a private file of the user',
    (folder, sandbox) => {
      sandbox.write('home/.ssh/id', 'private words');
      symlinkSync('../../../.ssh/id', join(folder, 'odd'));
    },
  ],
  ['a link in a circle', (folder) => symlinkSync('odd', join(folder, 'odd'))],
  ['a link to its own folder', (folder) => symlinkSync('.', join(folder, 'odd'))],
  ['a link that leads nowhere', (folder) => symlinkSync('gone', join(folder, 'odd'))],
  ['a link to a device', (folder) => symlinkSync('/dev/zero', join(folder, 'odd'))],
  ['a pipe', (folder) => makePipe(join(folder, 'odd'))],
  ['a socket', (folder) => makeSocket(join(folder, 'odd'))],
  [
    'a name that is not UTF-8',
    (folder) => writeFileSync(Buffer.concat([Buffer.from(join(folder, 'odd')), Buffer.of(0xff)]), 'x'),
  ],
];

describe("in a skill of the user's own", () => {
  it.each(odd)('%s: left, listed, not followed, and not copied', async (_, arrange) => {
    const sandbox = pushedHome();
    await arrange(join(sandbox.home, '.claude/skills/own'), sandbox);
    const before = nodesBelow(sandbox.home);
    for (const words of reading) expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
    expect(nodesBelow(sandbox.home)).toEqual(before);
    expect(pulled(sandbox)).toContain('skills/own/SKILL.md');
    expect(pulled(sandbox).filter((name) => name.includes('odd'))).toEqual([]);
    const { findings } = sandbox.run(['pull-runtime', '--json']).json;
    expect(findings).toMatchObject([{ code: 'not-copied', message: expect.stringContaining('skills/own/odd') }]);
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0, err: '' });
    expect(nodesBelow(join(sandbox.home, '.claude/skills/own'))).toEqual(below(before, '.claude/skills/own/'));
  });
});

function below(nodes: Record<string, string>, folder: string): Record<string, string> {
  const found = Object.entries(nodes).filter(([name]) => name.startsWith(folder));
  return Object.fromEntries(found.map(([name, node]) => [name.slice(folder.length), node]));
}

describe('names and values that would do something to a terminal', () => {
  const names = ['a\u001b[31m\nerror: made up.md', 'b\u009b2J.md', 'c\u202egnp.md', 'd\u007f\r.md', "e' $(x) `y`.md"];
  const planted = (): Sandbox => {
    const sandbox = pushedHome();
    for (const name of names) {
      sandbox.write(`home/.claude/memories/${name}`, 'x');
      sandbox.write(`home/.codex/skills/${name}/SKILL.md`, 'x');
    }
    sandbox.write(
      'home/.claude/memories/global.md',
      'red \u001b[31m, up \u009b1A, \u202e turned, \u001b]0;title\u0007\n',
    );
    const servers = sandbox.read('home/.claude.json');
    sandbox.write('home/.claude.json', servers.replace('"team-server"', '"\\u001b[31m\u009b1A\u202e"'));
    return sandbox;
  };
  const words = [
    ...[
      ['check-sync', '--verbose'],
      ['push-runtime', '--verbose'],
      ['push-runtime', '--overwrite', '--dry-run'],
    ],
    ...[
      ['pull-runtime', '--verbose'],
      ['clean-runtime', '--verbose'],
      ['clean-runtime', '--remove-only'],
    ],
  ];

  it('every command shows them, and lets none through', () => {
    const sandbox = planted();
    for (const one of words) {
      const { out, err } = sandbox.run(one);
      expect([one, err, out.replaceAll(/[\n\t]/g, '')]).toEqual([one, '', expect.not.stringMatching(rawControl)]);
      expect(out.split('\n')).not.toContain('error: made up.md');
      if (one.includes('check-sync')) expect(out).toContain('a\\u001b[31m\\nerror: made up.md');
    }
  });

  it('--json means the very names, and holds them escaped', () => {
    const { out, json } = planted().run(['check-sync', '--json', '--verbose']);
    expect(out.replaceAll('\n', '')).not.toMatch(rawControl);
    for (const name of names) expect(json.units.map(({ id }) => id)).toContain(`claude:memories/${name}`);
  });

  it('in an error, too', () => {
    const sandbox = planted();
    const name = 'home/.claude/skills/\u001b[31m\nerror: made up';
    mkdirSync(join(sandbox.root, name));
    sandbox.write('home/.codex/config.toml', '"\u001b[31m" = = 1\n');
    sandbox.write('home/.claude/settings.json', '{"\u009b31m": \u001b[31m}');
    const { code, err } = sandbox.run(['push-runtime']);
    expect([code, err.replaceAll('\n', '')]).toEqual([2, expect.not.stringMatching(rawControl)]);
  });
});

describe('folders that lead away', () => {
  it('skills that are a link to /: one clear error, nothing is listed or written', () => {
    const sandbox = pushedHome();
    rmSync(join(sandbox.home, '.claude/skills'), { recursive: true });
    sandbox.link('home/.claude/skills', '/');
    const before = nodesBelow(sandbox.root);
    for (const words of everyCommand) {
      const ran = sandbox.run([...words, '--json']);
      expect([words, ran.code, errorsOf(ran)]).toMatchObject([
        words,
        2,
        [{ code: 'odd-target', path: join(sandbox.home, '.claude/skills') }],
      ]);
    }
    expect(nodesBelow(sandbox.root)).toEqual(before);
  });

  it('a folder out of the home, a linked skill of ours, a linked profile: nothing of them is copied', () => {
    const sandbox = pushedHome();
    for (const [place, away] of [
      ['.claude/memories', 'elsewhere/memories'],
      ['.codex/skills/greet', 'elsewhere/greet'],
      ['.codex/fast.config.toml', 'elsewhere/fast'],
    ] as const) {
      rmSync(join(sandbox.home, place), { recursive: true });
      sandbox.link(`home/${place}`, join(sandbox.root, away));
    }
    for (const name of ['memories/global.md', 'memories/more.md', 'greet/SKILL.md', 'greet/more.md', 'fast']) {
      sandbox.write(`elsewhere/${name}`, 'model = "private words"\n');
    }
    const before = nodesBelow(sandbox.home);
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    const copies = ['claude', 'codex'].map((client) => join(sandbox.repo, 'clients', client, 'pulled'));
    expect(copies.flatMap(textsBelow).filter((text) => text.includes('private words'))).toEqual([]);
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });

  it.each([
    ['pulled is a link', 'repo/clients/claude/pulled'],
    ['a folder of the copy is a link', 'repo/clients/claude/pulled/skills'],
    ['a file of the copy is a link', 'repo/clients/claude/pulled/CLAUDE.md'],
  ])('%s: exit 2, and nothing is written where it leads', (_, place) => {
    const sandbox = pushedHome();
    sandbox.write('elsewhere/CLAUDE.md', 'somebody else');
    sandbox.write('elsewhere/more.md', 'somebody else');
    sandbox.link(place, join(sandbox.root, place.endsWith('.md') ? 'elsewhere/CLAUDE.md' : 'elsewhere'));
    const before = nodesBelow(sandbox.root);
    const ran = sandbox.run(['pull-runtime', '--json']);
    expect([ran.code, errorsOf(ran).map(({ path }) => path)]).toEqual([2, [join(sandbox.root, place)]]);
    expect(nodesBelow(sandbox.root)).toEqual(before);
  });

  it('a pipe in the copy: exit 2, which names it', () => {
    const sandbox = pushedHome();
    mkdirSync(join(sandbox.repo, 'clients/claude/pulled'));
    makePipe(join(sandbox.repo, 'clients/claude/pulled/CLAUDE.md'));
    const ran = sandbox.run(['pull-runtime', '--json']);
    expect([ran.code, errorsOf(ran).length]).toEqual([2, 1]);
    expect(errorsOf(ran)[0]?.path).toContain('clients/claude/pulled');
  });
});

function textsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

describe('much of it', () => {
  it('thousands of files and a deep folder of the user: left, counted, copied', () => {
    const sandbox = pushedHome();
    const count = sized(10_000, 400, 3_000);
    for (let index = 0; index < count; index += 1)
      sandbox.write(`home/.claude/skills/own/d${index % 50}/f${index}`, 'x');
    sandbox.write(`home/.claude/memories/${'d/'.repeat(200)}deep.md`, 'x');
    for (const words of reading) expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
    expect(pulled(sandbox).filter((name) => /\/f\d+$/.test(name))).toHaveLength(count);
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(sandbox.home, '.claude/skills'))).toEqual(['own']);
  });
});
