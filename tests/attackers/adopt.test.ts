import { statSync } from 'node:fs';
import { join } from 'node:path';
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

const guard = '#!/bin/sh\nexit 2\n';
const inSource = 'repo/clients/claude/files/hooks/guard.sh';

describe('a script that what is adopted needs', () => {
  it.each([
    ['behind a shell', 'bash ~/.claude/hooks/guard.sh'],
    ['quoted, by a variable', '"$HOME/.claude/hooks/guard.sh" --strict'],
    ['in a line for a shell', "sh -c 'exec ~/.claude/hooks/guard.sh'"],
  ])('comes along, exec bit and all, and both sides are equal: %s', (_, command) => {
    const sandbox = pushed(hookOf(command));
    const out = adopted(sandbox, 'claude:settings.json#hooks.Stop');
    expect(out).toContain('claude:hooks/guard.sh');
    expect(out).not.toContain('[not-taken]');
    expect(sandbox.read(inSource)).toBe(guard);
    expect(statSync(join(sandbox.root, inSource)).mode & 0o100).toBe(0o100);
    // What is shared now comes to the other client.
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    expect(sandbox.run(['check-sync']).code).toBe(0);
    sandbox.run(['uninstall']);
    expect(sandbox.read('home/.claude/hooks/guard.sh')).toBe(guard);
  });

  it('comes along for the status line as well', () => {
    const sandbox = pushed({ statusLine: { command: 'node ~/.claude/line.js', type: 'command' } });
    sandbox.write('home/.claude/line.js', 'console.log("{{x}}", "ü")\n');
    adopted(sandbox, 'claude:settings.json#statusLine.command');
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.exists('repo/clients/claude/files/line.js')).toBe(true);
  });

  it('is named with its place where the source could not hold it, and the hook is adopted all the same', () => {
    const sandbox = pushed(hookOf('bash ~/.claude/hooks/guard.sh'));
    sandbox.write(
      'home/.claude/hooks/guard.sh',
      `#!/bin/sh\nTOKEN=${['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_')}\n`,
    );
    const out = adopted(sandbox, 'claude:settings.json#hooks.Stop');
    expect(out).toMatch(
      /"claude:hooks\/guard\.sh" is not in the source, and a hook of Stop of .*\n.*clients\/claude\/files\/hooks\/guard\.sh/,
    );
    expect(sandbox.exists(inSource)).toBe(false);
    expect(sandbox.read('repo/clients/shared/hooks.json')).toContain('guard.sh');
  });

  it('is named where it is not there, or is a link', () => {
    const gone = pushed(hookOf('~/.claude/hooks/none.sh'));
    expect(adopted(gone, 'claude:settings.json#hooks.Stop')).toContain('clients/claude/files/hooks/none.sh');
    const linked = pushed(hookOf('~/.claude/hooks/linked.sh'));
    linked.write('elsewhere/linked.sh', guard);
    linked.link('home/.claude/hooks/linked.sh', `${linked.root}/elsewhere/linked.sh`);
    expect(adopted(linked, 'claude:settings.json#hooks.Stop')).toContain('[not-taken]');
  });

  it('is left where the source named it before', () => {
    const sandbox = pushed(hookOf('~/.claude/hooks/guard.sh'));
    adopted(sandbox, 'claude:settings.json#hooks.Stop');
    const settings = JSON.parse(sandbox.read('home/.claude/settings.json'));
    sandbox.write('home/.claude/settings.json', JSON.stringify({ ...settings, model: 'other' }));
    expect(adopted(sandbox, 'claude:settings.json#model')).not.toContain('[not-taken]');
  });

  it('is named by a dry run, which writes nothing', () => {
    const sandbox = pushed(hookOf('~/.claude/hooks/guard.sh'));
    const { code, out } = sandbox.run(['pull-runtime', '--adopt', 'claude:settings.json#hooks.Stop', '--dry-run']);
    expect([code, out]).toEqual([0, expect.stringContaining('claude:hooks/guard.sh')]);
    expect(sandbox.exists(inSource)).toBe(false);
  });
});
