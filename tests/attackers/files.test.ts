import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from '../support/sandbox.ts';

/** `files/` is a place for scripts in the clients' homes: it reaches no file that a client or another part of the source has. */
function source(files: Readonly<Record<string, string>>, mode = 0o644): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "files"\n');
  for (const [path, content] of Object.entries(files)) sandbox.write(`repo/clients/${path}`, content, mode);
  return sandbox;
}

const errorsOf = (sandbox: Sandbox) =>
  sandbox.run(['push-runtime', '--json']).json.findings.filter(({ severity }) => severity === 'error');

describe('a file of files/ stands where nothing else stands', () => {
  it.each([
    ['claude', 'settings.json'],
    ['claude', 'Settings.JSON'],
    ['claude', 'ſettings.json'],
    ['claude', 'set\u200dtings.json'],
    ['claude', 'settings.local.json'],
    ['claude', 'CLAUDE.md'],
    ['claude', 'skills/x/SKILL.md'],
    ['claude', 'skills'],
    ['claude', 'commands/go.md'],
    ['claude', 'keybindings.json'],
    ['claude', 'themes/a.json'],
    ['claude', 'workflows/a.js'],
    ['claude', 'memories/a.md'],
    ['claude', 'history.jsonl'],
    ['claude', 'projects/p/memory/MEMORY.md'],
    ['claude', 'plugins/known_marketplaces.json'],
    ['claude', 'SETTIN~1.JSO'],
    ['claude', '.credentials.json'],
    ['claude', '.claude.json'],
    ['codex', 'config.toml'],
    ['codex', 'planner.config.toml'],
    ['codex', 'hooks.json'],
    ['codex', 'AGENTS.md'],
    ['codex', 'AGENTS.override.md'],
    ['codex', 'auth.json'],
    ['codex', '.env'],
    ['codex', 'sessions/2026/a.jsonl'],
    ['codex', 'state_5.sqlite'],
    ['codex', 'rules/a.rules'],
    ['codex', 'agents/a.toml'],
    ['codex', 'memories/raw_memories.md'],
    ['codex', 'nul'],
  ])('%s: not at %s', (client, path) => {
    const sandbox = source({ [`${client}/files/${path}`]: '{}\n' });
    const before = snapshot(sandbox.home);
    const file = `clients/${client}/files/${path}`;
    expect(errorsOf(sandbox).map((error) => error.path)).toEqual([file]);
    expect(snapshot(sandbox.home)).toEqual(before);
  });

  it('not for any client, when all share the file', () => {
    const errors = errorsOf(source({ 'shared/files/auth.json': '{}\n' }));
    expect(errors).toMatchObject([
      { code: 'taken-place', message: expect.stringContaining('Codex keeps "auth.json"') },
    ]);
  });

  it('not as a file where a layer wants a folder', () => {
    const errors = errorsOf(source({ 'shared/files/hooks': 'x', 'codex/files/hooks/x.sh': 'x' }));
    expect(errors).toMatchObject([{ code: 'two-sources', path: 'clients/shared/files/hooks' }]);
  });
});

describe('what can be run is a power', () => {
  it.each([
    ['bin/plain', 'x', 0o755],
    ['notes.md', '#!/bin/sh\n', 0o644],
    ['hook.py', 'print(1)\n', 0o644],
    ['hooks/lib.mjs', 'x', 0o644],
    ['data.json', '{}', 0o755],
  ])('%s', (path, content, mode) => {
    const { out } = source({ [`shared/files/${path}`]: content }, mode).run(['push-runtime', '--dry-run']);
    expect(out).toContain(`script  codex:${path}`);
    expect(out).toContain(`script  claude:${path}`);
  });

  it.each(['words.md', 'table.json', 'logo.png', 'LICENSE'])('and %s is none', (path) => {
    const { out } = source({ [`shared/files/${path}`]: '{}\n' }).run(['push-runtime', '--dry-run']);
    expect(out).toContain(`codex:${path}`);
    expect(out).not.toMatch(/powers|script {2}/);
  });
});

describe('a guard that could not start is refused', () => {
  it('with CRLF after its interpreter, and a skill with such a script is warned of', () => {
    const crlf = '#!/bin/sh\r\nexit 2\r\n';
    expect(errorsOf(source({ 'shared/files/guard.sh': crlf }, 0o755))).toMatchObject([
      { code: 'script-line-ends', path: 'clients/shared/files/guard.sh', line: 1 },
    ]);
    const main = '---\nname: tidy\ndescription: Tidies. Use when asked.\n---\nTidy.\n';
    const skill = source({ 'shared/skills/tidy/SKILL.md': main, 'shared/skills/tidy/run.sh': crlf });
    const { code, json } = skill.run(['push-runtime', '--json']);
    expect([code, json.findings.map((one) => [one.code, one.severity])]).toEqual([
      0,
      [['script-line-ends', 'warning']],
    ]);
  });
});

describe('a drifted script', () => {
  it('is drift by its exec bit alone, comes home by adopt, and uninstall leaves what others put beside it', () => {
    const sandbox = source({ 'shared/files/hooks/guard.sh': '#!/bin/sh\nexit 2\n' }, 0o755);
    sandbox.run(['push-runtime', '--yes']);
    const guard = join(sandbox.home, '.claude/hooks/guard.sh');
    expect(statSync(guard).mode & 0o111).toBe(0o111);
    chmodSync(guard, 0o644);
    sandbox.write('home/.codex/hooks/mine.sh', 'mine\n');
    sandbox.write('home/.codex/other.sh', 'other\n');
    const { code, json } = sandbox.run(['check-sync', '--json']);
    const rows = json.units.map(({ id, verdict }) => [id, verdict]);
    expect([code, rows]).toEqual([
      1,
      [
        ['codex:hooks/mine.sh', 'unmanaged'],
        ['claude:hooks/guard.sh', 'runtime-ahead'],
      ],
    ]);
    expect(sandbox.run(['pull-runtime', '--adopt', 'claude:hooks/guard.sh']).code).toBe(0);
    expect(statSync(join(sandbox.repo, 'clients/shared/files/hooks/guard.sh')).mode & 0o111).toBe(0);
    expect(sandbox.run(['pull-runtime', '--adopt', 'codex:hooks/mine.sh']).code).toBe(0);
    expect(sandbox.read('repo/clients/shared/files/hooks/mine.sh')).toBe('mine\n');
    expect(sandbox.run(['uninstall']).code).toBe(0);
    expect(sandbox.read('home/.codex/hooks/mine.sh')).toBe('mine\n');
    expect(existsSync(join(sandbox.home, '.claude/hooks'))).toBe(false);
  });
});
