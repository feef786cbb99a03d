import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

// A hook that is adopted without its script guards nothing on another machine.

const hookOf = (command: string) => ({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } });

function pushed(own: object): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "adopt"\n');
  sandbox.write(
    'repo/clients/claude/settings-fragment.json',
    '{"model":"m","statusLine":{"command":"a","type":"command"}}',
  );
  sandbox.write('home/.claude/hooks/guard.sh', '#!/bin/sh\nexit 2\n', 0o755);
  sandbox.write('home/.codex/config.toml', '');
  expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
  const settings = { ...JSON.parse(sandbox.read('home/.claude/settings.json')), ...own };
  sandbox.write('home/.claude/settings.json', JSON.stringify(settings));
  return sandbox;
}

const adopted = (sandbox: Sandbox, name: string) => {
  const { code, out, err } = sandbox.run(['pull-runtime', '--adopt', name]);
  expect([code, err]).toEqual([0, '']);
  return out;
};

describe('a script that what is adopted needs', () => {
  it.each([
    ['behind a shell', 'bash ~/.claude/hooks/guard.sh'],
    ['quoted, by a variable', '"$HOME/.claude/hooks/guard.sh" --strict'],
    ['in a line for a shell', "sh -c 'exec ~/.claude/hooks/guard.sh'"],
  ])('is named with its place, until it is there: %s', (_, command) => {
    const sandbox = pushed(hookOf(command));
    const out = adopted(sandbox, 'claude:settings.json#hooks.Stop');
    expect(out).toMatch(
      /"claude:hooks\/guard\.sh" is not in the source, and a hook of Stop of .*\n.*clients\/claude\/files\/hooks\/guard\.sh/,
    );
    const other = pushed(hookOf(command));
    other.write('repo/clients/claude/files/hooks/guard.sh', '#!/bin/sh\nexit 2\n', 0o755);
    expect(adopted(other, 'claude:settings.json#hooks.Stop')).not.toContain('[not-taken]');
  });

  it('is named for the status line as well', () => {
    const sandbox = pushed({ statusLine: { command: 'node ~/.claude/line.js', type: 'command' } });
    const out = adopted(sandbox, 'claude:settings.json#statusLine.command');
    expect(out).toContain('clients/claude/files/line.js');
  });

  it('is not named where the source named it before', () => {
    const sandbox = pushed(hookOf('~/.claude/hooks/guard.sh'));
    adopted(sandbox, 'claude:settings.json#hooks.Stop');
    const settings = JSON.parse(sandbox.read('home/.claude/settings.json'));
    sandbox.write('home/.claude/settings.json', JSON.stringify({ ...settings, model: 'other' }));
    expect(adopted(sandbox, 'claude:settings.json#model')).not.toContain('[not-taken]');
  });
});
