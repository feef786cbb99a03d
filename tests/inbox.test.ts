import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { makePipe } from './support/hostile.ts';
import { learnedHome, recap, taskGroup } from './support/learned-home.ts';
import { home, makeWorld } from './support/memory-world.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

/** What the agents learned by themselves: listed and copied by `pull-runtime`, and by no other command looked at. */

function learned(files: Readonly<Record<string, string>> = learnedHome): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  for (const [path, text] of Object.entries(files)) sandbox.write(`home/${path}`, text);
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  return sandbox;
}

/** The rows of the section, without its heading. */
function rowsOf(out: string): string[] {
  const section = /^Learned by the agents.*\n((?: {2}\S.*\n)*)/m.exec(out)?.[1] ?? '';
  return section.split('\n').flatMap((row) => (row === '' ? [] : [row.trim()]));
}

function rows(sandbox: Sandbox): string[] {
  return rowsOf(sandbox.run(['pull-runtime']).out);
}

/** The copies of what was learned, by path below `clients/`. */
function copies(sandbox: Sandbox): Record<string, string> {
  const root = join(sandbox.repo, 'clients');
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const own = paths.filter((path) => path.includes('/pulled/learned/')).sort();
  return Object.fromEntries(own.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

function idsOf(sandbox: Sandbox): string[] {
  const { units } = sandbox.run(['pull-runtime', '--json']).json;
  return units.filter(({ verdict }) => verdict === 'unmanaged').map(({ id }) => id);
}

describe('what the agents learned', () => {
  it('is listed by project, with its size and what it is about', () => {
    expect(rows(learned())).toEqual([
      'codex:memories/MEMORY.md  (general, 37 lines)  Task Group: both',
      'codex:memories/MEMORY.md#api  (api, 18 lines)  Task Group: api clients',
      'codex:memories/MEMORY.md#web  (web, 37 lines)  Task Group: web tests',
      'codex:memories/memory_summary.md  (general, 5 lines)  User Profile',
      'codex:memories/rollout_summaries/2026-02-11T15-35-19-jqmb-fix_login.md  (web, 11 lines)  Task 1: Fix the login',
      'claude:projects/-home-u-my-app/memory/MEMORY.md  (my_app, 3 lines)  Memory',
      'claude:projects/-home-u-web/memory/MEMORY.md  (web, 1 line)  - [Tests](tests.md) — need the database',
      'claude:projects/-home-u-web/memory/tests.md  (web, 9 lines)  How tests is done here',
      'claude:projects/-srv-gone/memory/MEMORY.md  (srv-gone, 1 line)  Known by its slug only.',
    ]);
  });

  it('is copied project by project, and what the clients only work with is not', () => {
    const sandbox = learned();
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0, err: '' });
    const copy = copies(sandbox);
    expect(Object.keys(copy)).toEqual([
      'claude/pulled/learned/my_app/claude-memory.md',
      'claude/pulled/learned/srv-gone/claude-memory.md',
      'claude/pulled/learned/web/claude-memory.md',
      'claude/pulled/learned/web/claude-tests.md',
      'codex/pulled/learned/api/codex-memory.md',
      'codex/pulled/learned/codex-memory.md',
      'codex/pulled/learned/codex-memory_summary.md',
      'codex/pulled/learned/web/codex-2026-02-11T15-35-19-jqmb-fix_login.md',
      'codex/pulled/learned/web/codex-memory.md',
    ]);
    const web = copy['codex/pulled/learned/web/codex-memory.md'] as string;
    expect(web).toContain('The tests need the database.');
    expect(web).toContain('Styles are compiled.');
    expect(web).not.toContain('Clients are generated.');
    expect(Object.keys(snapshot(join(sandbox.repo, 'clients'))).filter((name) => /\.git|raw_/.test(name))).toEqual([]);
    expect(JSON.stringify(copy)).not.toContain('working text');
  });

  it('stands in the JSON as unmanaged units, each once', () => {
    const sandbox = learned();
    const { units } = sandbox.run(['pull-runtime', '--json']).json;
    expect(units.find(({ id }) => id === 'codex:memories/MEMORY.md#web')).toEqual({
      ...{ id: 'codex:memories/MEMORY.md#web', client: 'codex', address: 'web', verdict: 'unmanaged', action: 'leave' },
      path: join(sandbox.home, '.codex/memories/MEMORY.md'),
    });
    const ids = idsOf(sandbox);
    expect(ids.filter((id) => !id.includes('.claude.json#'))).toHaveLength(9);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('touches nothing of the runtime, and the second pull touches nothing at all', () => {
    const sandbox = learned();
    const runtime = snapshotWithTimes(join(sandbox.home, '.claude'));
    const codex = snapshotWithTimes(join(sandbox.home, '.codex'));
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    const copied = snapshotWithTimes(sandbox.repo);
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    expect(snapshotWithTimes(sandbox.repo)).toEqual(copied);
    expect(snapshotWithTimes(join(sandbox.home, '.claude'))).toEqual(runtime);
    expect(snapshotWithTimes(join(sandbox.home, '.codex'))).toEqual(codex);
  });

  it('is known to the other agent once it stands in the source, and is then only counted', () => {
    const sandbox = learned();
    const from = 'home/.claude/projects/-home-u-web/memory/tests.md';
    const place = 'shared/memory/projects/web/claude-tests.md';
    sandbox.write(`repo/clients/${place}`, sandbox.read(from).replaceAll('\n', '\r\n').trimEnd());
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.read('home/.codex/memories/projects/web/claude-tests.md')).toContain('Start the database first.');
    expect(sandbox.read('home/.codex/AGENTS.md')).toContain('projects/web/claude-tests.md: How tests is done here');
    const id = 'claude:projects/-home-u-web/memory/tests.md';
    expect(idsOf(sandbox)).not.toContain(id);
    const { out } = sandbox.run(['pull-runtime', '--verbose']);
    expect(out).toContain('1 more learned, and in the source already.');
    sandbox.write(from, `${sandbox.read(from)}And stop it afterwards.\n`);
    const row = rows(sandbox).find((text) => text.startsWith(id));
    expect(row).toContain('(web, 10 lines; the source has another text of it)');
  });

  it('is not what we deployed ourselves, under another name or in the folder that a setting names', () => {
    const sandbox = learned({ '.claude/settings.json': '{"autoMemoryDirectory": "~/.claude/memories"}' });
    sandbox.write('home/.claude/memories/copy.md', sandbox.read('home/.claude/memories/global.md'));
    sandbox.write('home/.claude/memories/conventions.md', 'Edited.\n');
    sandbox.write('home/.claude/memories/own.md', 'Learned here.\n');
    expect(rows(sandbox)).toEqual(['claude:memories/own.md  (general, 1 line)  Learned here.']);
    const ids = idsOf(sandbox);
    expect(ids.filter((id) => id === 'claude:memories/own.md')).toHaveLength(1);
  });

  it('stands in one folder for all projects where the setting of Claude Code says so', () => {
    const sandbox = learned({ ...learnedHome, '.claude/settings.json': '{"autoMemoryDirectory": "~/notes/agent/"}' });
    sandbox.write('home/notes/agent/MEMORY.md', 'One for all.\n');
    sandbox.write('home/notes/agent/team/tests.md', 'Run them.\n');
    sandbox.write('home/notes/private.md', 'private words\n');
    expect(rows(sandbox).filter((row) => row.startsWith('claude:'))).toEqual([
      'claude:autoMemoryDirectory/MEMORY.md  (general, 1 line)  One for all.',
      'claude:autoMemoryDirectory/team/tests.md  (general, 1 line)  Run them.',
    ]);
    const claude = Object.keys(copies(sandbox)).filter((path) => path.startsWith('claude/'));
    expect(claude).toEqual(['claude/pulled/learned/claude-memory.md', 'claude/pulled/learned/claude-team-tests.md']);
  });

  it.each(['~/', '~', '/', '~/..', 'notes', '~/../../..', '~/.claude', '~/.'])(
    'autoMemoryDirectory = %s: no home is walked for memories',
    (setting) => {
      const sandbox = learned({ '.claude/settings.json': JSON.stringify({ autoMemoryDirectory: setting }) });
      sandbox.write('home/notes.md', 'private words\n');
      sandbox.write('home/.claude/plans/a.md', 'private words\n');
      expect(rows(sandbox)).toEqual([]);
      expect(JSON.stringify(copies(sandbox))).not.toContain('private words');
    },
  );

  it('two projects of one name, and two slugs of one kind, keep apart', () => {
    const slugs = ['-a-web', '-b-web', '-x-y-z'];
    const sandbox = learned({
      '.claude.json': '{"projects": {"/a/web": {}, "/b/web": {}, "/x/y-z": {}, "/x/y/z": {}}}',
      ...Object.fromEntries(slugs.map((slug) => [`.claude/projects/${slug}/memory/MEMORY.md`, `Of ${slug}.\n`])),
      '.codex/memories/MEMORY.md':
        taskGroup('one', '/a/b c', 'First.') +
        taskGroup('two', '/a/b-c', 'Second.') +
        taskGroup('three', '/a/B-C', 'Third.'),
    });
    const rowsNow = rows(sandbox);
    expect(rowsNow.filter((row) => row.startsWith('claude:')).map((row) => /\((\S+),/.exec(row)?.[1])).toEqual([
      'a-web',
      'b-web',
      'x-y-z',
    ]);
    const codex = Object.entries(copies(sandbox)).filter(([path]) => path.startsWith('codex/'));
    expect(codex).toHaveLength(3);
    for (const fact of ['First.', 'Second.', 'Third.']) {
      expect(codex.filter(([, text]) => text.includes(fact))).toHaveLength(1);
    }
  });
});

describe('what stands beside it', () => {
  it('200 projects with large logs: only the folders of memories are listed, and no log is read', async () => {
    const world = makeWorld();
    const projects = Array.from({ length: 200 }, (_, index) => `${home}/.claude/projects/-home-u-p${index}`);
    for (const [index, project] of projects.entries()) {
      world.memory.write(`${project}/session.jsonl`, 'x'.repeat(index === 0 ? 5_000_000 : 10));
      world.memory.write(`${project}/subagents/deep/more.jsonl`, 'x');
      if (index % 2 === 0) world.memory.write(`${project}/memory/MEMORY.md`, `Fact ${index}.\n`);
    }
    const touched = new Set<string>();
    const watch = (_: number, name: string, path: string) => {
      if (path.includes('/.claude/projects/') && ['readFile', 'list'].includes(name)) touched.add(`${name} ${path}`);
    };
    for (const command of ['push-runtime', 'check-sync']) {
      expect(await world.run([command], watch)).toMatchObject({ code: 0 });
      expect([...touched]).toEqual([]);
    }
    const { code, out } = await world.run(['pull-runtime'], watch);
    expect([code, rowsOf(out).length]).toEqual([0, 100]);
    const expected = projects
      .filter((_, index) => index % 2 === 0)
      .flatMap((project) => [`list ${project}/memory`, `readFile ${project}/memory/MEMORY.md`]);
    expect([...touched].sort()).toEqual(expected.sort());
  });

  it('a link to the dotfiles of the user is followed, one to anywhere else is named and left', () => {
    const sandbox = learned({
      'dotfiles/memory/MEMORY.md': 'Kept with the dotfiles.\n',
      '.claude/projects/-a/memory/MEMORY.md': 'Mine.\n',
    });
    sandbox.write('elsewhere/MEMORY.md', 'private words\n');
    const project = (name: string) => `home/.claude/projects/${name}`;
    sandbox.link(`${project('-dot')}/memory`, join(sandbox.home, 'dotfiles/memory'));
    sandbox.link(`${project('-out')}/memory`, join(sandbox.root, 'elsewhere'));
    sandbox.link(`${project('-up')}/memory`, '../..');
    sandbox.link(`${project('-root')}/memory`, '/');
    sandbox.link(`${project('-gone')}/memory`, 'nothing');
    sandbox.link(project('-linked'), join(sandbox.root, 'elsewhere'));
    sandbox.link(`${project('-a')}/memory/away.md`, join(sandbox.root, 'elsewhere/MEMORY.md'));
    sandbox.write(`${project('-file')}/memory`, 'no folder');
    makePipe(join(sandbox.root, project('-a'), 'memory/pipe.md'));
    const before = snapshot(join(sandbox.root, 'elsewhere'));
    const ran = sandbox.run(['pull-runtime', '--json']);
    expect(ran.code).toBe(0);
    const left = ran.json.findings.filter(({ code }) => code === 'not-copied').map(({ message }) => message);
    expect(left).toEqual([
      expect.stringMatching(
        /"projects\/-a\/memory\/away\.md", "projects\/-a\/memory\/pipe\.md": a link that leads out/,
      ),
      expect.stringMatching(/"projects\/-out\/memory".*: a link to a folder$/),
    ]);
    expect(rows(sandbox).map((row) => row.split(' ')[0])).toEqual([
      'claude:projects/-a/memory/MEMORY.md',
      'claude:projects/-dot/memory/MEMORY.md',
    ]);
    expect(JSON.stringify(copies(sandbox))).not.toContain('private words');
    expect(snapshot(join(sandbox.root, 'elsewhere'))).toEqual(before);
  });

  it('names and texts of an attacker: nothing raw on the screen, nothing out of the folder of copies', () => {
    const escapeSign = String.fromCharCode(27);
    const sandbox = learned({
      '.claude/projects/-a/memory/README.md': 'A readme.\n',
      '.claude/projects/-a/memory/con.md': 'A device.\n',
      [`.claude/projects/-a/memory/${escapeSign}[31m.md`]: 'Red.\n',
      '.claude/projects/-a/memory/title.md': `# Hello${escapeSign}]0;owned\u202e\n\nWords.\n`,
      '.claude/projects/..-..-x/memory/a.md': 'Dots.\n',
      '.codex/memories/rollout_summaries/up.md': recap('../../../../etc', 'Climbs.'),
      '.codex/memories/rollout_summaries/root.md': recap('/', 'Root.'),
      '.codex/memories/rollout_summaries/none.md': 'thread_id: 1\nupdated_at: 2\n',
      '.codex/memories/MEMORY.md': taskGroup('x', `/a/${'long'.repeat(80)}`, 'Long.'),
    });
    const { code, out, err } = sandbox.run(['pull-runtime']);
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toContain(escapeSign);
    expect(out).not.toContain('\u202e');
    expect(Object.keys(copies(sandbox))).toEqual([
      'claude/pulled/learned/a/claude-README.md',
      'claude/pulled/learned/a/claude-title.md',
      'codex/pulled/learned/etc/codex-up.md',
      `codex/pulled/learned/${'long'.repeat(10)}/codex-memory.md`,
      'codex/pulled/learned/project/codex-root.md',
    ]);
  });

  it('no secret comes onto the screen or into the copy, neither one that another file gives away', () => {
    const [shaped, titled, named] = [shapedSecret(1), shapedSecret(2), made(24, 3)] as const;
    const sandbox = learned({
      '.claude.json': JSON.stringify({ mcpServers: { mine: { command: 'm', env: { API_KEY: named } } } }),
      '.claude/projects/-a/memory/MEMORY.md': `# The token is ${titled}\n\nUse ${shaped}, and ${named} for the API.\n`,
      [`.claude/projects/-a/memory/${shapedSecret(4)}.md`]: 'A secret name.\n',
      '.codex/memories/MEMORY.md': taskGroup('x', '/a/web', `Log in with ${shaped}.`),
    });
    for (const words of [['pull-runtime'], ['pull-runtime', '--json', '--verbose'], ['pull-runtime', '--dry-run']]) {
      expectNoneIn(sandbox.run(words), [shaped, titled, named, shapedSecret(4)]);
    }
    const copy = copies(sandbox);
    expect(Object.keys(copy)).toEqual([
      'claude/pulled/learned/a/claude-memory.md',
      'codex/pulled/learned/web/codex-memory.md',
    ]);
    expectNoneIn(JSON.stringify(copy), [shaped, titled, named]);
  });

  it('a text that is no UTF-8 is not offered', () => {
    const sandbox = learned({});
    sandbox.write('home/.claude/projects/-a/memory/MEMORY.md', new Uint8Array([0x61, 0xff]));
    sandbox.write('home/.claude/projects/-a/memory/nul.md', 'a\0b');
    expect(rows(sandbox)).toEqual([]);
    expect(copies(sandbox)).toEqual({});
  });
});
