import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync as lstat,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answersIn, keptMark, markAnswers } from '../support/kept-answers.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/**
 * What stands in the state folder decides what is written, and where: it is taken from nobody else. A journal or the index of a
 * run that names what none of our runs writes is not obeyed either.
 */
const isRoot = process.getuid?.() === 0;
const stranger = 1234;

const everyCommand = [
  ['check-sync'],
  ['push-runtime'],
  ['push-runtime', '--dry-run'],
  ['pull-runtime'],
  ['clean-runtime'],
  ['clean-runtime', '--remove-only'],
  ['uninstall'],
  ['restore'],
  ['restore', '--list'],
  ['status'],
  ['diff'],
  ['explain', 'claude:CLAUDE.md'],
  ['token', 'list'],
  ['init', 'mine'],
];

function pushed(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "state"\n');
  sandbox.write('repo/clients/shared/instructions.md', 'Be brief.\n');
  expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
  return sandbox;
}

const stateOf = ({ home }: Pick<Sandbox, 'home'>) => join(home, '.local/state/syncline');
const backup = 'ssh-ed25519 PLANTED\n';

/** The journal of a run that would make `path` hold what its backup says. */
function plant(sandbox: Sandbox, step: Record<string, unknown>, more: Record<string, unknown> = {}): void {
  const run = '20260101T000000000-evil01';
  mkdirSync(join(stateOf(sandbox), 'runs', run), { recursive: true });
  writeFileSync(join(stateOf(sandbox), 'runs', run, '0'), backup);
  const whole: Record<string, unknown> = {
    ...{ client: 'codex', file: 'AGENTS.md', temporary: null, after: null },
    ...step,
  };
  const before = { digest: 'x', mode: 0o644, backup: '0', ...(step.before as object | undefined) };
  const journal = { version: 1, run, command: 'push-runtime', folders: [], ...more };
  writeFileSync(
    join(stateOf(sandbox), 'journal.json'),
    JSON.stringify({ ...journal, steps: [{ target: whole.path, ...whole, before }] }),
  );
}

describe.skipIf(!isRoot)('a state folder of somebody else', () => {
  it.each(everyCommand)('is not obeyed by %s %s', (...words) => {
    const sandbox = pushed();
    sandbox.remove('home/.codex/AGENTS.md');
    plant(sandbox, { path: join(sandbox.home, '.codex/AGENTS.md') });
    lchownSync(stateOf(sandbox), stranger, stranger);
    const { code, err } = sandbox.run(words.filter((word) => word !== undefined));
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/belongs to user 1234 \(mode 0700\)[\s\S]*Nothing was written/),
    ]);
    expect(sandbox.exists('home/.codex/AGENTS.md')).toBe(false);
    expect(existsSync(join(stateOf(sandbox), 'journal.json'))).toBe(true);
    expect(sandbox.exists('repo/mine')).toBe(false);
    // The journal is a good one: from the user's own folder it is obeyed.
    lchownSync(stateOf(sandbox), 0, 0);
    sandbox.run(['check-sync']);
    expect(sandbox.read('home/.codex/AGENTS.md')).toBe(backup);
  });

  it('is said by session-check, which never stops a session, and by doctor', () => {
    const sandbox = pushed();
    lchownSync(stateOf(sandbox), stranger, stranger);
    const session = sandbox.run(['session-check']);
    expect([session.code, session.out]).toEqual([0, expect.stringContaining('belongs to user 1234')]);
    const doctor = sandbox.run(['doctor', '--json']);
    expect(doctor.json.findings.map(({ code }) => code)).toContain('foreign-state');
  });

  it.each<[string, (state: string) => string]>([
    ['a record', (state) => join(state, 'records', readdirSync(join(state, 'records'))[0] as string)],
    ['the folder of records', (state) => join(state, 'records')],
    ['a backup', (state) => join(state, 'runs', readdirSync(join(state, 'runs'))[0] as string)],
    ['the journal', (state) => join(state, 'journal.json')],
    ['a token', (state) => join(state, 'tokens/hub')],
    ['a folder above', (state) => dirname(state)],
  ])('may be so in part: %s', (_, partOf) => {
    const sandbox = pushed();
    plant(sandbox, { path: join(sandbox.home, '.codex/AGENTS.md') });
    mkdirSync(join(stateOf(sandbox), 'tokens'));
    writeFileSync(join(stateOf(sandbox), 'tokens/hub'), 'x');
    lchownSync(partOf(stateOf(sandbox)), stranger, stranger);
    for (const words of [['check-sync'], ['push-runtime'], ['token', 'list'], ['restore', '--list']]) {
      const { code, err } = sandbox.run(words);
      expect([words, code, err]).toEqual([words, 2, expect.stringContaining('belongs to user 1234')]);
    }
  });

  it('nor is a configuration of somebody else, which could name layers', () => {
    const sandbox = pushed();
    sandbox.write('layer/claude/settings-fragment.json', '{"model":"opus"}\n');
    sandbox.write('home/.config/syncline/config.toml', `layers = ["${sandbox.root}/layer"]\n`);
    expect(sandbox.run(['check-sync']).code).toBe(1);
    const path = join(sandbox.home, '.config/syncline/config.toml');
    lchownSync(path, stranger, stranger);
    for (const words of [['check-sync'], ['push-runtime']])
      expect(sandbox.run(words)).toMatchObject({
        code: 2,
        err: expect.stringContaining('your configuration belongs to'),
      });
    lchownSync(path, 0, 0);
    chmodSync(join(sandbox.home, '.config'), 0o777);
    expect(sandbox.run(['push-runtime'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('others can write to'),
    });
    expect(sandbox.exists('home/.claude/settings.json')).toBe(false);
  });

  it('is told with the way back after sudo', () => {
    const sandbox = pushed();
    const bin = join(sandbox.root, 'dist');
    cpSync(join(import.meta.dirname, '../../dist'), bin, { recursive: true });
    chmodSync(sandbox.root, 0o755);
    for (const path of [sandbox.home, join(sandbox.home, '.local'), join(sandbox.home, '.local/state')])
      lchownSync(path, 65534, 65534);
    const env = { PATH: '/usr/bin:/bin', HOME: sandbox.home };
    const run = (own: object) =>
      spawnSync(process.execPath, [join(bin, 'syncline.cjs'), 'check-sync'], {
        cwd: sandbox.repo,
        env,
        encoding: 'utf8',
        ...own,
      });
    expect(run({ uid: 65534, gid: 65534 })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/belongs to root[\s\S]*sudo chown -R 65534:65534 \S+syncline/),
    });
    expect(run({})).toMatchObject({ status: 2, stderr: expect.stringContaining('without sudo') });
  });

  it.each<[string, (cache: string, answer: string) => void]>([
    ['the answer', (_, answer) => lchownSync(answer, stranger, stranger)],
    ['an answer that others can write', (_, answer) => chmodSync(answer, 0o666)],
    ['the folder', (cache) => lchownSync(cache, stranger, stranger)],
    [
      'a folder that others can write',
      (cache) => {
        chmodSync(dirname(cache), 0o755);
        chmodSync(cache, 0o777);
      },
    ],
    ['the state folder', (cache) => lchownSync(dirname(cache), stranger, stranger)],
  ])('keeps no answer: %s', (_, give) => {
    const sandbox = pushed();
    const options = { cache: 'on', asProcess: true } as const;
    sandbox.run(['check-sync'], options);
    const cache = join(stateOf(sandbox), 'cache');
    markAnswers(cache);
    expect(sandbox.run(['check-sync'], options).out).toBe(keptMark);
    for (const name of answersIn(cache)) give(cache, join(cache, name));
    expect(sandbox.run(['check-sync'], options).out).not.toContain(keptMark);
  });
});

describe('a state folder that others can write to', () => {
  it.each([
    ['by all', '.local/state/syncline', 0o777],
    ['by a group', '.local/state', 0o775],
    ['in a folder above, for all', '.local', 0o777],
    ['sticky, but our own', '.local/state/syncline', 0o1777],
  ] as const)('is refused: %s', (_, path, mode) => {
    const sandbox = pushed();
    const at = join(sandbox.home, path);
    // A group that is neither root's nor the user's own.
    if (isRoot) lchownSync(at, 0, 4321);
    else if (mode === 0o775) return;
    chmodSync(at, mode);
    for (const words of [['check-sync'], ['push-runtime'], ['token', 'list'], ['restore', '--list'], ['status']]) {
      const { code, err } = sandbox.run(words);
      expect([words, code, err]).toEqual([words, 2, expect.stringMatching(/others can write to[\s\S]*chmod go-w /)]);
    }
    chmodSync(at, 0o755);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it('is not one in a sticky folder, as /tmp is', () => {
    const sandbox = pushed();
    chmodSync(join(sandbox.home, '.local'), 0o1777);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });

  it.skipIf(!isRoot)('is not so where a user has a group of their own, and a mask of 002', () => {
    const sandbox = pushed();
    const bin = join(sandbox.root, 'dist');
    cpSync(join(import.meta.dirname, '../../dist'), bin, { recursive: true });
    chmodSync(sandbox.root, 0o755);
    for (const name of ['.', ...(readdirSync(sandbox.home, { recursive: true }) as string[])])
      lchownSync(join(sandbox.home, name), 2345, 2345);
    for (const name of ['.', '.local', '.local/state', '.local/state/syncline/records'])
      chmodSync(join(sandbox.home, name), 0o775);
    const env = { PATH: '/usr/bin:/bin', HOME: sandbox.home };
    const { status } = spawnSync(process.execPath, [join(bin, 'syncline.cjs'), 'check-sync'], {
      ...{ cwd: sandbox.repo, env, uid: 2345, gid: 2345 },
    });
    expect(status).toBe(0);
  });

  it('may be a link of the user to a folder of the user', () => {
    const sandbox = pushed();
    cpSync(stateOf(sandbox), join(sandbox.home, 'dotfiles/state'), { recursive: true });
    chmodSync(join(sandbox.home, 'dotfiles/state'), 0o700);
    sandbox.remove('home/.local/state/syncline');
    symlinkSync('../../dotfiles/state', stateOf(sandbox));
    expect(sandbox.run(['check-sync']).code).toBe(0);
    if (!isRoot) return;
    lchownSync(stateOf(sandbox), stranger, stranger);
    expect(sandbox.run(['check-sync']).code).toBe(2);
  });
});

describe('what a run left is obeyed only where our runs write', () => {
  it.each<[string, (sandbox: Sandbox) => Record<string, unknown>, Record<string, unknown>?]>([
    ['a file beside the homes', ({ home }) => ({ path: join(home, '.ssh/authorized_keys') })],
    ['a file out of the home', () => ({ path: '/etc/planted-by-a-test' })],
    [
      'a target that the path does not lead to',
      ({ home }) => ({ path: join(home, '.codex/AGENTS.md'), target: join(home, '.ssh/authorized_keys') }),
    ],
    ['a way up', ({ home }) => ({ path: `${home}/.codex/../.ssh/authorized_keys` })],
    ['a folder called as ours', ({ home }) => ({ path: join(home, '.codexx/AGENTS.md') })],
    ['a source that is none', ({ home }) => ({ client: '', file: 'clients/x.md', path: join(home, 'clients/x.md') })],
    ['a project file as ours', ({ home }) => ({ client: '', file: '.ssh/x', path: join(home, '.ssh/x') })],
    ['a backup elsewhere', ({ home }) => ({ path: join(home, '.codex/AGENTS.md'), before: { backup: '../../x' } })],
    [
      'a staged file elsewhere',
      ({ home }) => ({ path: join(home, '.codex/AGENTS.md'), temporary: join(home, '.bashrc') }),
    ],
    [
      'a lock elsewhere',
      ({ home }) => ({ path: join(home, '.codex/x'), lock: { path: join(home, 'empty'), holder: 'x' } }),
    ],
    ['a run that is a way up', ({ home }) => ({ path: join(home, '.codex/AGENTS.md') }), { run: '../records' }],
    ['a folder elsewhere', ({ home }) => ({ path: join(home, '.codex/x') }), { folders: ['/tmp/of-somebody'] }],
  ])('not %s', (_, stepOf, more = {}) => {
    const sandbox = pushed();
    sandbox.write('home/.bashrc', 'mine');
    mkdirSync(join(sandbox.home, 'empty'));
    plant(sandbox, stepOf(sandbox), more);
    const before = sandbox.read('home/.codex/AGENTS.md');
    for (const words of [['check-sync'], ['push-runtime'], ['restore', '--list']]) {
      const { code, err } = sandbox.run(words);
      expect([words, code, err]).toEqual([
        words,
        2,
        expect.stringContaining('which no run of Syncline from here would write'),
      ]);
    }
    expect([sandbox.read('home/.bashrc'), sandbox.read('home/.codex/AGENTS.md')]).toEqual(['mine', before]);
    for (const path of ['.ssh/authorized_keys', '.codexx/AGENTS.md', 'clients/x.md', '.ssh/x'])
      expect(sandbox.exists(`home/${path}`)).toBe(false);
    expect(existsSync('/etc/planted-by-a-test')).toBe(false);
    expect(sandbox.exists('home/empty')).toBe(true);
  });

  it('and a client’s lock that is none stays', () => {
    const sandbox = pushed();
    mkdirSync(join(sandbox.home, 'empty'));
    const { ino: inode, mtimeMs: modified } = lstat(join(sandbox.home, 'empty'));
    const note = { path: join(sandbox.home, 'empty'), inode, modified };
    writeFileSync(join(stateOf(sandbox), 'client-lock.json'), JSON.stringify(note));
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.exists('home/empty')).toBe(true);
  });

  it('and so is the index of a run that restore goes back before', () => {
    const sandbox = pushed();
    const [run] = readdirSync(join(stateOf(sandbox), 'runs'));
    const file = join(stateOf(sandbox), 'runs', `${run}`, 'run.json');
    const index = readFileSync(file, 'utf8');
    writeFileSync(file, index.replaceAll('/.codex/AGENTS.md', '/.ssh/authorized_keys'));
    sandbox.write('home/.ssh/authorized_keys', sandbox.read('home/.codex/AGENTS.md'));
    const { code, err } = sandbox.run(['restore', '--overwrite']);
    expect([code, err]).toEqual([2, expect.stringMatching(/authorized_keys/)]);
    expect(sandbox.exists('home/.ssh/authorized_keys')).toBe(true);
  });

  it('a run that was cut off in a home of ours is undone as ever, also through a link of the user', () => {
    const sandbox = pushed();
    sandbox.write('home/dotfiles/empty', '');
    sandbox.remove('home/.codex/AGENTS.md');
    sandbox.link('home/.codex/AGENTS.md', '../dotfiles/AGENTS.md');
    plant(sandbox, { path: join(sandbox.home, '.codex/AGENTS.md'), target: join(sandbox.home, 'dotfiles/AGENTS.md') });
    const { out, err } = sandbox.run(['check-sync']);
    expect(out + err).toContain('had been cut off');
    expect(sandbox.read('home/dotfiles/AGENTS.md')).toBe(backup);
  });
});
