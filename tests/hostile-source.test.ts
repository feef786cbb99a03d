import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsOf, makePipe, makeSocket, nodesBelow, rawControl, sized } from './support/hostile.ts';
import { sampled } from './support/law-runs.ts';
import type { Sandbox } from './support/sandbox.ts';
import { team } from './support/team-source.ts';

// A repository as an attacker or an accident makes it: refused once and clearly, or deployed as it is.

const skill = 'clients/shared/skills/greet';
const memory = 'clients/shared/memory';
const text = '---\nname: x\ndescription: X.\n---\n';

/** In a repository that is fine but for one thing. `at` gives absolute paths. */
interface Row {
  readonly name: string;
  readonly arrange: (at: (path: string) => string, sandbox: Sandbox) => unknown;
  readonly code: string;
  readonly path: string;
}

const row = (name: string, code: string, path: string, arrange: Row['arrange']): Row => ({ name, code, path, arrange });

const links: readonly Row[] = [
  ['a link to /', '/', `${skill}/out`],
  ['a link to a file of the machine', '/etc/passwd', `${skill}/out`],
  ['a link with ..', '../../../codex/instructions.md', `${skill}/out`],
  ['a link with .. to a folder', '../../memory', `${skill}/out`],
].map(([name, target, path]) =>
  row(name as string, 'symlink-leaves-skill', path as string, (at) =>
    symlinkSync(target as string, at(path as string)),
  ),
);

const odd: readonly Row[] = [
  row('a SKILL.md that is a link out', 'symlink-leaves-skill', `${skill}/SKILL.md`, (at) => {
    rmSync(at(`${skill}/SKILL.md`));
    symlinkSync('/etc/passwd', at(`${skill}/SKILL.md`));
  }),
  row('a skill that is a link out', 'symlink-leaves-repository', 'clients/shared/skills/out', (at) =>
    symlinkSync('/', at('clients/shared/skills/out')),
  ),
  row('a memory that is a link out', 'symlink-leaves-repository', `${memory}/out.md`, (at) =>
    symlinkSync('/etc/passwd', at(`${memory}/out.md`)),
  ),
  row('a fragment that is a link out', 'symlink-leaves-repository', 'clients/claude/mcp-fragment.json', (at) => {
    rmSync(at('clients/claude/mcp-fragment.json'));
    symlinkSync('../../../other.json', at('clients/claude/mcp-fragment.json'));
    writeFileSync(at('../other.json'), '{"mcpServers": {}}');
  }),
  row('a link that leads nowhere', 'system-error', `${skill}/gone`, (at) => symlinkSync('x', at(`${skill}/gone`))),
  row('a link in a circle', 'system-error', `${skill}/loop`, (at) => symlinkSync('loop', at(`${skill}/loop`))),
  row('a pipe', 'odd-source', `${skill}/pipe`, (at) => makePipe(at(`${skill}/pipe`))),
  row('a socket', 'odd-source', `${skill}/s`, (at) => makeSocket(at(`${skill}/s`))),
  row('folders with links to each other', 'too-many-links', skill, (at) => {
    for (const folder of '12345678') {
      mkdirSync(at(`${skill}/${folder}`));
      for (const other of '12345678') symlinkSync(`../${other}`, at(`${skill}/${folder}/${other}`));
    }
  }),
  row('a skill without SKILL.md', 'skill-without-main', 'clients/shared/skills/bare/SKILL.md', (at) => {
    mkdirSync(at('clients/shared/skills/bare'));
    writeFileSync(at('clients/shared/skills/bare/notes.txt'), 'x');
  }),
  row('twins in a skill', 'case-twins', `${skill}/notes.md`, (at) => {
    for (const name of ['notes.md', 'Notes.md']) writeFileSync(at(`${skill}/${name}`), 'x');
  }),
  row('twins in form only', 'case-twins', `${skill}/\u00e9.md`, (at) => {
    for (const name of ['\u00e9.md', 'e\u0301.md']) writeFileSync(at(`${skill}/${name}`), 'x');
  }),
  row('skills that are twins', 'case-twins', `${skill}/SKILL.md`, (at) => {
    mkdirSync(at('clients/shared/skills/Greet/scripts'), { recursive: true });
    for (const name of ['SKILL.md', 'scripts/greet.sh']) writeFileSync(at(`clients/shared/skills/Greet/${name}`), text);
  }),
  row('profiles that are twins', 'case-twins', 'clients/codex/profiles/fast.toml', (at) =>
    writeFileSync(at('clients/codex/profiles/Fast.toml'), 'model = "a"\n'),
  ),
  row('a name that is not UTF-8', 'unsafe-name', `${skill}/a\ufffdb`, (at) => writeNamed(at(`${skill}/a`), 0xff)),
];

function writeNamed(start: string, byte: number): void {
  writeFileSync(Buffer.concat([Buffer.from(start), Buffer.of(byte), Buffer.from('b')]), 'x');
}

const names: readonly (readonly [what: string, name: string])[] = [
  ['a line end', 'a\nerror: b'],
  ['an escape', 'a\u001b[31mb'],
  ['a C1 control', 'a\u009b31mb'],
  ['a turned direction', 'a\u202etxt.b'],
  ['an invisible space', 'a\u200bb'],
  ['a space at its end', 'a '],
  ['a dot at its end', 'a.'],
  ['a backslash', '..\\a'],
  ["a device's name", 'nul.md'],
  ['a colon', 'a:b'],
  ['250 bytes', 'a'.repeat(250)],
];
const badNames = names.flatMap(([what, name]) => [
  row(`a skill file with ${what} in its name`, 'unsafe-name', `${skill}/${name}`, (at) =>
    writeFileSync(at(`${skill}/${name}`), 'x'),
  ),
  row(`a profile with ${what} in its name`, 'unsafe-name', `clients/codex/profiles/${name.slice(0, 240)}.toml`, (at) =>
    writeFileSync(at(`clients/codex/profiles/${name.slice(0, 240)}.toml`), 'model = "a"\n'),
  ),
]);
const harmlessInProfiles = / (?:a space|a dot) at its end/;

const everyOther = [['push-runtime'], ['pull-runtime'], ['check-sync', '--source-only']];

describe('a source that is refused', () => {
  const rows: readonly Row[] = [...links, ...odd, ...badNames].filter(
    ({ name }) => !(name.startsWith('a profile') && harmlessInProfiles.test(name)),
  );

  it.each(sampled(rows))(
    '$name: one error, which names it, and nothing is written',
    async ({ name, arrange, code, path }) => {
      const sandbox = team();
      await arrange((name) => join(sandbox.repo, name), sandbox);
      const before = nodesBelow(sandbox.root);
      for (const words of name.includes(' name') ? [['push-runtime']] : everyOther) {
        const ran = sandbox.run([...words, '--json']);
        expect([words, ran.code, ran.json.findings]).toMatchObject([words, 2, [{ severity: 'error', code, path }]]);
        expect(ran.out.replaceAll('\n', '')).not.toMatch(rawControl);
      }
      const { code: exit, err } = sandbox.run(['clean-runtime']);
      expect([exit, err.split('\n').length]).toEqual([2, 4]);
      expect(err).not.toMatch(rawControl);
      expect(nodesBelow(sandbox.root)).toEqual(before);
    },
  );
});

describe('a source that only looks odd', () => {
  it.each<readonly [string, string, (at: (path: string) => string) => unknown]>([
    [
      'an absolute link inside its skill',
      'link.md',
      (at) => symlinkSync(at(`${skill}/SKILL.md`), at(`${skill}/link.md`)),
    ],
    [
      'a link with .. inside its skill',
      'scripts/up.md',
      (at) => symlinkSync('../SKILL.md', at(`${skill}/scripts/up.md`)),
    ],
    ['a link to its own folder', 'SKILL.md', (at) => symlinkSync('.', at(`${skill}/self`))],
    ['a name of a shell', "it's $(x) `y` & z.md", (at) => writeFileSync(at(`${skill}/it's $(x) \`y\` & z.md`), 'x')],
    [
      'emoji and accents',
      '\u{1f469}\u200d\u{1f680} \u00e9.md',
      (at) => writeFileSync(at(`${skill}/\u{1f469}\u200d\u{1f680} \u00e9.md`), 'x'),
    ],
    ['a name of 200 bytes', 'a'.repeat(200), (at) => writeFileSync(at(`${skill}/${'a'.repeat(200)}`), 'x')],
    ['empty folders', 'SKILL.md', (at) => mkdirSync(at('clients/shared/skills/empty/sub'), { recursive: true })],
  ])('%s: deployed, in sync, and gone again', (_, name, arrange) => {
    const sandbox = team();
    arrange((path) => join(sandbox.repo, path));
    for (const words of [['push-runtime'], ['check-sync'], ['clean-runtime']]) {
      expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
      expect(sandbox.exists(`home/.claude/skills/greet/${name}`)).toBe(true);
    }
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(nodesBelow(sandbox.home)).toEqual({});
  });

  it('a memory may be a link to another file of the repository', () => {
    const sandbox = team();
    sandbox.write('repo/README.md', '# About\n');
    sandbox.link(`repo/${memory}/about.md`, '../../../README.md');
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.read('home/.claude/memories/about.md')).toBe('# About\n');
  });

  it('the commands that settle a conflict can be pasted into a shell, whatever the name', () => {
    const sandbox = team();
    const name = "it's $(touch x).md";
    sandbox.write(`repo/${skill}/${name}`, 'new');
    sandbox.write(`home/.codex/skills/greet/${name}`, 'old');
    const { code, out } = sandbox.run(['push-runtime', '--client', 'codex']);
    const line = out.split('\n').find((one) => one.includes('--keep') && one.includes('touch')) as string;
    const words = line.slice(line.indexOf('--keep ') + '--keep '.length);
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${words}`], { encoding: 'utf8', cwd: sandbox.root });
    expect([code, stdout]).toEqual([3, `codex:skills/greet/${name}`]);
    expect(sandbox.exists('x')).toBe(false);
  });

  it('values with escapes reach no terminal raw: in ids, powers, diffs and --json', () => {
    const sandbox = team();
    sandbox.write(
      'repo/clients/claude/mcp-fragment.json',
      '{"mcpServers": {"a\\u009b31mb\\u202e": {"command": "x\\u009b"}}}',
    );
    sandbox.write(`repo/${memory}/global.md`, 'red \u001b[31m \u009b1m \u202e turned\r\n');
    for (const words of [
      ['push-runtime', '--dry-run'],
      ['check-sync', '--verbose'],
      ['check-sync', '--json'],
    ]) {
      const { out, err } = sandbox.run(words);
      expect([words, out.replaceAll(/[\n\t]/g, ''), err]).toEqual([words, expect.not.stringMatching(rawControl), '']);
    }
  });
});

describe('much of it', () => {
  // A real disk forces out each file alone, which takes its time with ten thousand of them.
  it('a skill of thousands of files: deployed, in sync, gone again', { timeout: 300_000 }, () => {
    const sandbox = team();
    const [count, words] = [sized(10_000, 400, 3_000), ['--client', 'claude', '--json']];
    for (let index = 0; index < count; index += 1)
      sandbox.write(`repo/${skill}/d${index % 100}/f${index}.md`, `${index}`);
    expect(sandbox.run(['push-runtime', ...words]).json).toMatchObject({ exitCode: 0, findings: [] });
    expect(sandbox.run(['check-sync', ...words]).json).toMatchObject({ exitCode: 0, same: 13 + count });
    expect(sandbox.run(['clean-runtime', '--remove-only', ...words]).json).toMatchObject({ exitCode: 0, findings: [] });
    expect(nodesBelow(sandbox.home)).toEqual({});
  });

  it('a very large file: deployed as it is', () => {
    const sandbox = team();
    sandbox.write(`repo/${skill}/data.bin`, 'start');
    truncateSync(join(sandbox.repo, skill, 'data.bin'), sized(200, 3, 60) * 2 ** 20);
    const words = ['--client', 'codex'];
    expect(errorsOf(sandbox.run(['push-runtime', '--json', ...words]))).toEqual([]);
    expect(sandbox.run(['check-sync', ...words])).toMatchObject({ code: 0 });
    const [source, deployed] = [
      nodesBelow(join(sandbox.repo, skill)),
      nodesBelow(join(sandbox.home, '.codex/skills/greet')),
    ];
    expect(deployed['data.bin']).toBe(source['data.bin']);
  });

  it('a file larger than any that can be read: one clear refusal', () => {
    const sandbox = team();
    sandbox.write(`repo/${skill}/data.bin`, '');
    truncateSync(join(sandbox.repo, skill, 'data.bin'), 3 * 2 ** 30);
    const { code, json } = sandbox.run(['push-runtime', '--json']);
    expect([code, json.findings]).toMatchObject([
      2,
      [{ path: `${skill}/data.bin`, message: expect.stringContaining('up to 256 MB') }],
    ]);
    expect(nodesBelow(sandbox.home)).toEqual({});
  });
});
