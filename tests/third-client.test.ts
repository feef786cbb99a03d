import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';

/**
 * A third client is one file and one list entry. The test copies the source, adds exactly that, lets the compiler
 * judge it, bundles it as the real build does, and runs the four commands.
 */
const adapter = `import { join } from 'node:path';
import { json } from '../formats/json/json.ts';
import { markdown } from '../formats/markdown/markdown.ts';
import { isTable } from '../model/value.ts';
import { warning } from './checkup.ts';
import { serverPowers } from './servers/server-powers.ts';
import { scriptPowers } from './powers/text-powers.ts';
import type { Client } from './client.ts';

/** A client that exists only in this test. */
export const pebble: Client = {
  name: 'pebble',
  title: 'Pebble',
  locate: ({ home, variables }) => ({ root: variables.PEBBLE_HOME ?? join(home, '.pebble'), elsewhere: {} }),
  powers: {
    ofValue: (_file, path, value) => (path[0] === 'servers' ? serverPowers(path[1] ?? '', value) : []),
    ofFile: (file, text, executable) => scriptPowers(file, text, executable),
    lostAt: () => [],
    lostIn: () => [],
  },
  targets: [
    {
      kind: 'fragment',
      source: 'pebble-fragment.json',
      file: 'pebble.json',
      format: json,
      unitKind: (path, value) => {
        if (path[0] === 'servers' && path.length === 2 && isTable(value)) return 'entry';
        return isTable(value) ? 'table' : 'leaf';
      },
      replaces: () => false,
      renamed: (_path, value) => value,
      withoutDefaults: (_path, value) => value,
      problems: () => [],
      problemsTogether: () => [],
      refusals: () => [],
    },
    { kind: 'instructions', source: 'instructions.md', file: 'PEBBLE.md', format: markdown, memories: 'inline' },
    { kind: 'memory', folder: 'notes', reserved: () => undefined },
    { kind: 'skills', folder: 'tricks', owned: [] },
    { kind: 'home-files', owned: { names: ['pebbles.db'], endings: ['.lock'] } },
  ],
  checkup: {
    program: 'pebble',
    install: 'apt install pebble',
    oracle: {
      homeVariable: 'PEBBLE_HOME',
      variables: {},
      files: [{ file: 'pebble.json' }],
      questions: [['check']],
      read: ([answer]) => (answer?.out === 'fine' ? [] : [{ severity: 'error', key: 'servers.mine', says: answer?.out ?? '' }]),
    },
    needs: (files) => {
      const servers = files('pebble.json').servers;
      return Object.entries(isTable(servers) ? servers : {}).flatMap(([name, server]) =>
        isTable(server) && typeof server.command === 'string'
          ? [{ kind: 'program', name: server.command, file: 'pebble.json', path: ['servers', name], by: name }]
          : [],
      );
    },
    secretFiles: [],
    looksAt: ({ root }) => [join(root, 'OFF')],
    hides: ({ texts }) => (texts.size > 0 ? [warning('pebble-off', 'Pebble is off', 'rm OFF')] : []),
  },
};
`;

const root = join(import.meta.dirname, '..');
let copy: string;
let bin: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'syncline-third-'));
  bin = join(copy, 'syncline.cjs');
  for (const name of ['src', 'package.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'src/adapters/pebble.ts'), adapter);
  const list = join(copy, 'src/adapters/all-clients.ts');
  const entry = readFileSync(list, 'utf8').replace('[codex, claude]', '[codex, claude, pebble]');
  writeFileSync(list, `import { pebble } from './pebble.ts';\n${entry}`);
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', outfile: bin } as const;
  buildSync({ entryPoints: [join(copy, 'src/main.ts')], absWorkingDir: copy, logLevel: 'silent', ...options });
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a third client, described in one file', () => {
  it('satisfies the compiler', () => {
    const words = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', copy];
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: copy });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it('is pushed to, checked, pulled from and cleaned', () => {
    const sandbox = makeSandbox();
    arrange(sandbox);
    const run = (...words: string[]) => sandbox.run(words, { bin });
    const before = snapshot(sandbox.home);
    expect(run('push-runtime').code).toBe(0);
    expect(JSON.parse(sandbox.read('home/.pebble/pebble.json'))).toMatchObject({
      servers: { mine: { command: 'mine' }, team: { command: 'team-server' } },
    });
    expect(sandbox.read('home/.pebble/notes/global.md')).toBe('Speak plainly.\n');
    expect(sandbox.read('home/.pebble/tricks/greet/SKILL.md')).toContain(`Pebble in ${sandbox.home}/.pebble`);
    expect(sandbox.read('home/.pebble/PEBBLE.md')).toContain('Speak plainly.');
    expect(sandbox.exists('home/.codex/skills/greet/SKILL.md')).toBe(true);
    expect(sandbox.read('home/.pebble/hooks/guard.sh')).toBe('#!/bin/sh\nexit 2\n');
    expect(run('check-sync').code).toBe(0);
    expect(run('pull-runtime').code).toBe(0);
    expect(sandbox.exists('repo/clients/pebble/pulled/pebble-fragment.json')).toBe(true);
    sandbox.write('home/.pebble/notes/global.md', 'Edited.\n');
    expect(run('check-sync').code).toBe(1);
    expect(run('clean-runtime').code).toBe(0);
    expect(run('clean-runtime', '--remove-only').code).toBe(0);
    expect(snapshot(sandbox.home)).toEqual(before);
  });

  it('is examined by doctor', () => {
    const sandbox = makeSandbox();
    arrange(sandbox);
    sandbox.write(
      'bin/pebble',
      '#!/bin/sh\n[ $1 = --version ] && echo 1.2.3 || printf "%s" "no: $(ls $PEBBLE_HOME)"\n',
      0o755,
    );
    sandbox.write('bin/mine', '#!/bin/sh\n', 0o755);
    sandbox.write('home/.pebble/OFF', '');
    const env = { PATH: `${sandbox.root}/bin:/usr/bin:/bin` };
    sandbox.run(['push-runtime'], { bin });
    const { json } = sandbox.run(['doctor', '--client', 'pebble', '--json'], { bin, env });
    const told = json.findings
      .filter(({ code }) => code !== 'git-missing')
      .map(({ code, message }) => `${code}: ${message}`);
    expect(told.sort()).toEqual([
      'client-refuses: Pebble does not load this: no: pebble.json',
      'pebble-off: Pebble is off',
      'program-missing: the program "team-server" is not there: team of Pebble cannot start',
    ]);
    expect(json).toMatchObject({ clients: [{ client: 'pebble', version: '1.2.3', takesFiles: false }] });
  });

  it('takes part in --client and stands in reports', () => {
    const sandbox = makeSandbox();
    arrange(sandbox);
    const { json } = sandbox.run(['push-runtime', '--client', 'pebble', '--json'], { bin });
    expect(new Set(json.units.map((unit) => unit.client))).toEqual(new Set(['pebble']));
    expect(sandbox.exists('home/.codex')).toBe(false);
  });
});

function arrange(sandbox: Sandbox): void {
  sandbox.write('home/.pebble/pebble.json', '{\n  "servers": {"mine": {"command": "mine"}}\n}\n');
  sandbox.write('repo/clients/pebble/pebble-fragment.json', '{"servers": {"team": {"command": "team-server"}}}');
  sandbox.write('repo/clients/shared/memory/global.md', 'Speak plainly.\n');
  sandbox.write('repo/clients/shared/files/hooks/guard.sh', '#!/bin/sh\nexit 2\n', 0o755);
  const skill = '---\nname: greet\ndescription: Greets.\n---\nThis is {{client.name}} in {{client.home}}.\n';
  sandbox.write('repo/clients/shared/skills/greet/SKILL.md', skill);
}
