import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git } from '../support/git.ts';
import { makeSandbox, type Sandbox, snapshot } from '../support/sandbox.ts';

/** Homes that are no homes: named from the working directory, in the repository, or not there. */
function source(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "homes"\n');
  sandbox.write('repo/clients/shared/instructions.md', 'Be brief.\n');
  return sandbox;
}

const commands = [['push-runtime', '--yes'], ['check-sync'], ['status'], ['uninstall'], ['token', 'list'], ['doctor']];

describe.each(['CODEX_HOME', 'CLAUDE_CONFIG_DIR', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'HOME'])(
  '%s that is no absolute path',
  (name) => {
    it.each(commands)('is an error of %s %s, which names it', (...words) => {
      const sandbox = source();
      const before = snapshot(sandbox.root);
      for (const value of ['rel', './rel', '../rel', '~/rel', ...(name === 'HOME' ? [''] : [])]) {
        const options = { cwd: join(sandbox.repo, 'clients/shared'), env: { [name]: value } };
        const { code, out, err } = sandbox.run(
          words.filter((word) => word !== undefined),
          options,
        );
        expect([code, out + err]).toEqual([
          2,
          expect.stringContaining(`the variable ${name} names no absolute folder`),
        ]);
        expect(err).toContain(JSON.stringify(value));
      }
      expect(snapshot(sandbox.root)).toEqual(before);
    });
  },
);

it('a repository cannot bring an answer along, nor compiled code', () => {
  const sandbox = source();
  sandbox.run(['push-runtime', '--yes'], { env: { XDG_STATE_HOME: join(sandbox.repo, '../state') } });
  const options = { env: { XDG_STATE_HOME: '../state' }, cache: 'on', asProcess: true } as const;
  for (let run = 0; run < 2; run += 1) expect(sandbox.run(['check-sync'], options).code).toBe(2);
});

describe('a home in the repository', () => {
  it.each<[string, (sandbox: Sandbox) => { env?: Record<string, string>; words?: string[] }]>([
    ['HOME in clients/', ({ repo }) => ({ env: { HOME: join(repo, 'clients/shared/skills/home') } })],
    ['HOME beside clients/', ({ repo }) => ({ env: { HOME: join(repo, 'home') } })],
    ['HOME that is the repository', ({ repo }) => ({ env: { HOME: repo } })],
    ['--home', ({ repo }) => ({ words: ['--home', join(repo, 'home')] })],
    ['a relative --home', () => ({ words: ['--home', 'clients/home'] })],
    ['CODEX_HOME', ({ repo }) => ({ env: { CODEX_HOME: join(repo, 'clients/codex/home') } })],
    ['CLAUDE_CONFIG_DIR', ({ repo }) => ({ env: { CLAUDE_CONFIG_DIR: join(repo, '.claude') } })],
    ['XDG_STATE_HOME', ({ repo }) => ({ env: { XDG_STATE_HOME: join(repo, 'clients/state') } })],
  ])('is an error: %s', (_, madeOf) => {
    const sandbox = source();
    const { env = {}, words = [] } = madeOf(sandbox);
    const before = snapshot(sandbox.root);
    for (const command of [
      ['push-runtime', '--yes'],
      ['pull-runtime'],
      ['clean-runtime'],
      ['check-sync'],
      ['status'],
    ]) {
      const { code, err } = sandbox.run([...command, ...words], { env });
      expect([command, code, err]).toEqual([command, 2, expect.stringContaining('home-in-source')]);
    }
    expect(snapshot(sandbox.root)).toEqual(before);
    expect(sandbox.exists('repo/.local')).toBe(false);
  });

  it.each(['clients/state', 'state'])('is an error for the state folder by a link, too: %s', (place) => {
    const sandbox = source();
    sandbox.write(`repo/${place}/records/.keep`, '');
    sandbox.write('home/.local/state/other', '');
    sandbox.link('home/.local/state/syncline', `../../../repo/${place}`);
    const before = snapshot(sandbox.root);
    for (const command of [['push-runtime', '--yes'], ['check-sync'], ['status']]) {
      const { code, err } = sandbox.run(command);
      expect([command, code, err]).toEqual([
        command,
        2,
        expect.stringMatching(/state folder lies in[\s\S]*home-in-source/),
      ]);
    }
    expect(snapshot(sandbox.root)).toEqual(before);
  });

  it('init makes no repository around a home', () => {
    const sandbox = makeSandbox();
    const { code, err } = sandbox.run(['init', '.'], { cwd: sandbox.home });
    expect([code, err]).toEqual([2, expect.stringContaining('home-in-source')]);
    expect(sandbox.exists('home/clients')).toBe(false);
    expect(sandbox.run(['init', 'agents'], { cwd: sandbox.home }).code).toBe(0);
  });

  it('--source-only judges a repository wherever the home is', () => {
    const sandbox = source();
    expect(sandbox.run(['check-sync', '--source-only'], { env: { HOME: sandbox.repo } }).code).toBe(0);
  });
});

describe('a home that is told', () => {
  it.each(['CODEX_HOME', 'CLAUDE_CONFIG_DIR'])('%s names a folder that is not there', (name) => {
    const sandbox = source();
    const env = { [name]: join(sandbox.home, 'tpyo') };
    for (const words of [
      ['push-runtime', '--dry-run'],
      ['check-sync', '--verbose'],
      ['push-runtime', '--yes'],
    ]) {
      const { out, err } = sandbox.run(words, { env });
      expect(out + err).toMatch(new RegExp(`${name}[^\\n]*tpyo[^\\n]* not there`));
    }
    const { out, err } = sandbox.run(['check-sync', '--verbose'], { env });
    expect(out + err).not.toContain('not there');
  });

  it('--home that is a project: project scope is not covered', () => {
    const sandbox = source();
    sandbox.write('project/README.md', 'x\n');
    git(join(sandbox.root, 'project'), 'init', '-q');
    const words = ['push-runtime', '--yes', '--home', join(sandbox.root, 'project')];
    const { code, out, err } = sandbox.run(words);
    expect([code, out + err]).toEqual([0, expect.stringContaining('project-scope')]);
    const plain = sandbox.run(['push-runtime', '--yes', '--home', join(sandbox.root, 'other')]);
    expect(plain.out + plain.err).not.toContain('project-scope');
  });
});
