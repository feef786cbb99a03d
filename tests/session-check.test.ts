import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from './support/git.ts';
import { makeSandbox, type Sandbox, shippedRepository, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

// The check at the start of a session, as the hook of the example calls it: by the shell, without Syncline on PATH.

const example = readFileSync(join(shippedRepository, 'examples/session-check/hooks.json'), 'utf8');
const command = JSON.parse(example).hooks.SessionStart[0].hooks[0].command as string;
const launcher = '.local/state/syncline/bin/session-check';

function teamWithHook(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('repo/clients/shared/hooks.json', example);
  return sandbox;
}

function pushedTeam(): Sandbox {
  const sandbox = teamWithHook();
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  return sandbox;
}

/** Runs the hook as a client does: its line in a shell, something on standard input, no Node on PATH. */
function runHook({ home }: Sandbox, env: Readonly<Record<string, string>> = {}) {
  const input = '{"hook_event_name":"SessionStart","source":"startup"}';
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    ...{ cwd: home, env: { PATH: '/usr/bin:/bin', HOME: home, ...env }, input, encoding: 'utf8' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The one line that a person is shown. */
function shown(sandbox: Sandbox): string {
  const out = runHook(sandbox);
  expect(out).toMatch(/^.+\n$/);
  const { systemMessage, hookSpecificOutput } = JSON.parse(out);
  expect(systemMessage).not.toContain('\n');
  expect(hookSpecificOutput).toEqual({
    hookEventName: 'SessionStart',
    additionalContext: `${systemMessage} This is for the user to decide; do nothing about it unless asked.`,
  });
  return systemMessage;
}

describe('the hook', () => {
  it('says nothing and writes nothing when all is well', () => {
    const sandbox = pushedTeam();
    const before = snapshot(sandbox.root);
    expect(runHook(sandbox)).toBe('');
    expect(snapshot(sandbox.root)).toEqual(before);
    expect(sandbox.run(['session-check']).out).toBe('');
  });

  it('says that the runtime has drifted, or that the repository has news, or both', () => {
    const sandbox = pushedTeam();
    sandbox.write('repo/clients/shared/memory/conventions.md', '# Conventions\n\nThree spaces.\n');
    const news = 'the repository has news to push (codex:AGENTS.md#memory."conventions.md" and 2 more)';
    expect(shown(sandbox)).toBe(`Syncline: ${news}. See check-sync --verbose.`);
    const settings = sandbox.read('home/.claude/settings.json');
    sandbox.write('home/.claude/settings.json', settings.replace('"on"', '"off"'));
    const drift = 'the runtime has drifted (claude:settings.json#env.TEAM_MODE)';
    expect(shown(sandbox)).toBe(`Syncline: ${drift}; ${news}. See check-sync --verbose.`);
    const { code, out } = sandbox.run(['session-check']);
    expect([code, out]).toEqual([0, `Syncline: ${drift}; ${news}. See check-sync --verbose.\n`]);
    const { json } = sandbox.run(['session-check', '--json']);
    expect(json).toMatchObject({ exitCode: 0, inSync: false, findings: [{ code: 'session-news', severity: 'note' }] });
  });

  it('says that upstream has commits for clients/ that were fetched, and counts no others', () => {
    const sandbox = teamWithHook();
    commitAll(sandbox.repo, 'The team');
    git(sandbox.root, 'clone', '--quiet', sandbox.repo, 'mine');
    const mine = join(sandbox.root, 'mine');
    expect(sandbox.run(['push-runtime'], { cwd: mine }).code).toBe(0);
    expect(runHook(sandbox)).toBe('');
    sandbox.write('repo/readme.md', 'Not for agents.\n');
    commitAll(sandbox.repo);
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    commitAll(sandbox.repo);
    // Nobody asks the network: what was not fetched is not known.
    expect(runHook(sandbox)).toBe('');
    git(mine, 'fetch', '--quiet');
    expect(shown(sandbox)).toContain('upstream has a commit for clients/, fetched already');
  });

  it.each<[string, (sandbox: Sandbox) => void, string]>([
    [
      'a source that is not sound',
      (sandbox) => sandbox.write('repo/clients/codex/config-fragment.toml', 'a ='),
      'nothing could be compared: clients/codex/config-fragment.toml: the file does not parse',
    ],
    [
      'a runtime file that does not parse',
      (sandbox) => sandbox.write('home/.claude/settings.json', '{'),
      'settings.json: the file does not parse',
    ],
    [
      'a run that was cut off',
      (sandbox) => sandbox.write('home/.local/state/syncline/journal.json', '{}'),
      'a run of Syncline was cut off, or is under way',
    ],
    ['a repository that is gone', (sandbox) => sandbox.remove('repo'), 'is not where it was at the last push'],
  ])('tells %s and fails nothing', (_what, act, says) => {
    const sandbox = pushedTeam();
    act(sandbox);
    const { systemMessage } = JSON.parse(runHook(sandbox));
    expect(systemMessage).toContain(says);
  });

  it('does nothing on a machine where nothing was pushed yet', () => {
    expect(runHook(makeSandbox())).toBe('');
  });

  it('finds the state folder where the push put it, and takes the home that a push was given', () => {
    const sandbox = teamWithHook();
    const state = join(sandbox.root, "ana's state");
    expect(sandbox.run(['push-runtime'], { env: { XDG_STATE_HOME: state } }).code).toBe(0);
    sandbox.write('repo/clients/shared/memory/global.md', '# Global\n\nSpeak up.\n');
    expect(runHook(sandbox)).toBe('');
    expect(runHook(sandbox, { XDG_STATE_HOME: state })).toContain('news to push');
    const other = makeSandbox();
    expect(sandbox.run(['push-runtime', '--home', other.home]).code).toBe(0);
    other.write('home/.codex/memories/global.md', 'Mine.\n');
    expect(shown(other)).toContain('the runtime has drifted (codex:memories/global.md)');
  });

  it('shows no secret of a name', () => {
    const sandbox = pushedTeam();
    const secret = ['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_');
    sandbox.write(`repo/clients/shared/memory/${secret}.md`, '# A name\n');
    expect(runHook(sandbox)).not.toContain(secret);
  });
});

describe('push', () => {
  it('writes the program for the hook, again when it was changed, and not where no hook asks for it', () => {
    const sandbox = pushedTeam();
    const text = sandbox.read(`home/${launcher}`);
    sandbox.write(`home/${launcher}`, '#!/bin/sh\nexit 1\n');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.read(`home/${launcher}`)).toBe(text);
    const plain = makeSandbox();
    writeTeamSource(plain);
    expect(plain.run(['push-runtime']).code).toBe(0);
    expect(plain.exists(`home/${launcher}`)).toBe(false);
  });

  it('check-sync names a program that is not there; a dry run writes none', () => {
    const sandbox = pushedTeam();
    sandbox.remove(`home/${launcher}`);
    const { code, json } = sandbox.run(['check-sync', '--json']);
    expect([code, json.findings]).toMatchObject([0, [{ code: 'session-launcher', severity: 'warning' }]]);
    sandbox.run(['push-runtime', '--dry-run']);
    expect(sandbox.exists(`home/${launcher}`)).toBe(false);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.run(['check-sync', '--json']).json.findings).toEqual([]);
  });
});
