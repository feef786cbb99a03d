import { mkdirSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientsOnPath } from './support/doctor-clients.ts';
import { makeSandbox, type Sandbox, shippedRepository } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// Told as it happens to people, by the built bin on a real disk, with the real clients where they are installed.

/** A machine with a clone, by default of the team's source, and with both clients and the team's server on PATH. */
function machine(repository?: string): { sandbox: Sandbox; env: Record<string, string> } {
  const sandbox = makeSandbox(repository);
  if (!repository) writeTeamSource(sandbox);
  clientsOnPath(join(sandbox.root, 'bin'));
  sandbox.write('bin/team-server', '#!/bin/sh\n', 0o755);
  sandbox.write('bin/git', '#!/bin/sh\nexit 1\n', 0o755);
  return { sandbox, env: { PATH: `${sandbox.root}/bin:/usr/bin:/bin` } };
}

function edit(sandbox: Sandbox, path: string, change: (value: Record<string, object>) => object): void {
  sandbox.write(path, JSON.stringify(change(JSON.parse(sandbox.read(path))), null, 2));
}

/** Fourteen things that go wrong on machines, each with the finding that names it. */
const planted: readonly (readonly [code: string, names: string, plant: (sandbox: Sandbox) => void])[] = [
  [
    'client-ignores',
    'no_such_key',
    (sandbox) => {
      const config = sandbox.read('home/.codex/config.toml');
      sandbox.write('home/.codex/config.toml', `no_such_key = 1\n${config}\n[features]\nmemories = true\n`);
    },
  ],
  ['memories-rewritten', '[features] memories', () => {}],
  [
    'client-refuses',
    'model: Expected string, but received number',
    (sandbox) => edit(sandbox, 'home/.claude/settings.json', (file) => ({ ...file, model: 5 })),
  ],
  ['drift', '1 unit is not as in the source', (sandbox) => sandbox.write('home/.codex/memories/global.md', 'Mine.\n')],
  [
    'variable-unset',
    '"TRACKER_TOKEN"',
    (sandbox) =>
      edit(sandbox, 'home/.claude.json', (file) => ({
        ...file,
        mcpServers: {
          ...file.mcpServers,
          tracker: { command: 'true', env: { TOKEN: `\${TRACKER_TOKEN}` } },
          gone: { command: 'gone-server' },
          literal: { command: 'true', env: { GITHUB_TOKEN: `ghp_${'a1B2c3D4e5F6'.repeat(3)}` } },
        },
      })),
  ],
  ['program-missing', '"gone-server"', () => {}],
  [
    'secret-open',
    'others on this machine may read it',
    (sandbox) => sandbox.write('home/.claude.json', sandbox.read('home/.claude.json'), 0o644),
  ],
  [
    'hidden-instructions',
    'instead of AGENTS.md',
    (sandbox) => sandbox.write('home/.codex/AGENTS.override.md', 'Mine.\n'),
  ],
  [
    'skill-twice',
    '"greet"',
    (sandbox) => sandbox.write('home/.agents/skills/greet/SKILL.md', '---\nname: greet\ndescription: Mine.\n---\n'),
  ],
  [
    'hook-untrusted',
    'Stop',
    (sandbox) =>
      sandbox.write(
        'home/.codex/hooks.json',
        JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command: 'true' }] }] } }),
      ),
  ],
  [
    'lock-left',
    'syncline push-runtime',
    (sandbox) => {
      const holder = { pid: 2 ** 30, machine: hostname(), command: 'push-runtime', since: new Date().toISOString() };
      sandbox.write('home/.local/state/syncline/lock/holder.json', JSON.stringify(holder));
    },
  ],
  ['unfinished-run', 'cut off', (sandbox) => sandbox.write('home/.local/state/syncline/journal.json', '{}')],
  [
    'client-lock-left',
    'Claude Code',
    (sandbox) => {
      const lock = join(sandbox.home, '.claude.json.lock');
      mkdirSync(lock);
      utimesSync(lock, 1, 1);
    },
  ],
  ['token-open', '"hub"', (sandbox) => sandbox.write('home/.local/state/syncline/tokens/hub', 'abcdefghij\n', 0o644)],
];

describe('doctor', () => {
  it('is clean on a new machine: a clone, one command, and nothing is found', () => {
    const { sandbox, env } = machine(shippedRepository);
    expect(sandbox.run(['push-runtime'], { env }).code).toBe(0);
    const before = snapshotWithTimes(sandbox.home);
    const { code, out, err } = sandbox.run(['doctor'], { env });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^Codex \S+: accepts its files\nClaude Code \S+: accepts its files\nNode \S+\nNo problems found\.\n$/,
    );
    expect(snapshotWithTimes(sandbox.home)).toEqual(before);
  });

  it('names all fourteen problems of a home, and nothing else, and changes nothing', () => {
    const { sandbox, env } = machine();
    expect(sandbox.run(['push-runtime'], { env }).code).toBe(0);
    for (const [, , plant] of planted) plant(sandbox);
    const before = snapshotWithTimes(sandbox.root);
    const { code, json, out } = sandbox.run(['doctor', '--json'], { env });
    expect(code).toBe(1);
    expect(json.findings.map((finding) => finding.code).sort()).toEqual(planted.map(([name]) => name).sort());
    expect(planted).toHaveLength(14);
    for (const [name, text] of planted) {
      expect(json.findings.find((finding) => finding.code === name)?.message).toContain(text);
    }
    expect(out).not.toContain('ghp_');
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });
});
