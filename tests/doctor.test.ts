import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engines } from '../package.json';
import { codex } from '../src/adapters/codex/codex.ts';
import type { Reached } from '../src/host/machine/network.ts';
import { oldestNode } from '../src/sync/doctor/judge-machine.ts';
import { type Around, home, type Machine, makeWorld, repo, stateFolder, type World } from './support/memory-world.ts';
import {
  type Answers,
  allPrograms,
  claudeReport,
  codexError,
  fakePrograms,
  pushedWorld,
  wellMachine,
} from './support/well-machine.ts';

// Each problem alone on a machine that is well otherwise: doctor names that one, and nothing else.

const config = `${home}/.codex/config.toml`;
const settings = `${home}/.claude/settings.json`;
const servers = `${home}/.claude.json`;

const adapterFiles = ['codex/checkup', 'claude/checkup', 'managed-files'].map((name) => `src/adapters/${name}.ts`);

interface Case {
  readonly plant?: (world: World) => void;
  readonly machine?: Machine;
  readonly words?: readonly string[];
  /** The code, and what the text has to name. */
  readonly code: string;
  readonly names: readonly string[];
  readonly remedy: string;
  readonly severity?: 'error' | 'warning' | 'note';
  readonly place?: string;
}

const append = (path: string, text: string) => (world: World) =>
  world.memory.write(path, `${world.memory.exists(path) ? world.memory.read(path) : ''}${text}`, 0o600);

const change = (path: string, edit: (value: Record<string, object>) => object) => (world: World) =>
  world.memory.write(path, JSON.stringify(edit(JSON.parse(world.memory.read(path))), null, 2));

const server = (name: string, entry: object) =>
  change(servers, (file) => ({ ...file, mcpServers: { ...file.mcpServers, [name]: entry } }));

const answering = (answers: (folder: string) => Answers): Machine => ({
  programs: fakePrograms(allPrograms, ({ folder }) => answers(folder)),
});

const shells = ['bash', 'sh', 'node', 'python3', '/usr/bin/env'];
const withShells: Machine = { programs: fakePrograms([...allPrograms, ...shells]) };

const reaching = (answer: (url: string) => Reached): Machine => ({
  ...wellMachine,
  network: { reach: async (url) => answer(url) },
});

const holder = (pid: number) =>
  JSON.stringify({ pid, machine: 'here', command: 'push-runtime', since: '2026-01-05T08:00:00.000Z' });

const stopHook = { hooks: { Stop: [{ hooks: [{ type: 'command', command: 'true' }] }] } };
const trusted = (hash: string) => `\n[hooks.state."${home}/.codex/hooks.json:stop:0:0"]\ntrusted_hash = "${hash}"\n`;
const ghp = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;

const cases: Readonly<Record<string, Case>> = {
  'an old Node': {
    machine: { ...wellMachine, node: '18.20.1' },
    code: 'node-old',
    names: ['18.20.1', '20.12'],
    remedy: 'nvm install 24',
    severity: 'error',
  },
  'no git': {
    machine: { programs: fakePrograms(allPrograms.filter((name) => name !== 'git')) },
    code: 'git-missing',
    names: ['git'],
    remedy: 'apt install git',
  },
  'a client that is not there, though its home is': {
    machine: { programs: fakePrograms(allPrograms.filter((name) => name !== 'codex')) },
    code: 'client-missing',
    names: ['Codex is not installed, though its home is there'],
    remedy: 'npm install -g @openai/codex',
  },
  'a client that does not start': {
    machine: answering(() => ({ 'claude --version': { code: undefined } as never })),
    code: 'client-broken',
    names: ['Claude Code', 'does not start'],
    remedy: 'npm install -g @anthropic-ai/claude-code',
    severity: 'error',
  },
  'a client that answers nothing that we know': {
    machine: answering(() => ({ 'claude doctor': { code: undefined } as never })),
    code: 'client-silent',
    names: ['Claude Code could not be asked'],
    remedy: 'claude',
    severity: 'note',
  },
  'a file that Codex does not load': {
    machine: answering((folder) => ({
      'codex app-server --strict-config --print-startup-config': codexError(`${folder}/config.toml`, 'bad', 2, 9),
      'codex app-server --print-startup-config': codexError(`${folder}/config.toml`, 'invalid type: integer', 2, 9),
    })),
    code: 'client-refuses',
    names: ['Codex does not load this: invalid type: integer'],
    remedy: 'Correct it',
    severity: 'error',
    place: `${config}:2:9`,
  },
  'a key that Codex ignores': {
    machine: answering((folder) => ({
      'codex app-server --strict-config --print-startup-config': codexError(
        `${folder}/config.toml`,
        'unknown configuration field `x`',
        3,
        1,
      ),
    })),
    code: 'client-ignores',
    names: ['Codex ignores this: unknown configuration field `x`'],
    remedy: 'Correct it',
    place: `${config}:3:1`,
  },
  'a server whose name Codex does not take': {
    plant: append(`${home}/.codex/config.toml`, '\n[mcp_servers."my server"]\ncommand = "git"\n'),
    code: 'server-name',
    names: ['Codex does not start the server "my server"'],
    remedy: 'Correct it',
  },
  'two servers that are one to Claude Code': {
    plant: (world) => {
      server('a.b', { command: 'git' })(world);
      server('a_b', { command: 'git' })(world);
    },
    code: 'server-name',
    names: ['"a.b" and "a_b" are one to Claude Code'],
    remedy: 'Correct it',
  },
  'a file that Codex misses beside its copies, which is no fault of the user': {
    machine: answering((folder) => {
      const error = { data: { filePath: null, detail: `failed to read ${folder}/notes.md: No such file` } };
      const answer = { code: 1, out: JSON.stringify({ error }) };
      return {
        'codex app-server --strict-config --print-startup-config': answer,
        'codex app-server --print-startup-config': answer,
      };
    }),
    code: 'client-silent',
    names: ['Codex could not be asked'],
    remedy: 'codex',
    severity: 'note',
  },
  'a setting that Claude Code does not take': {
    plant: change(settings, (file) => ({ ...file, zz: { 'a.b': 5 } })),
    machine: answering((folder) => ({
      'claude doctor': {
        out: claudeReport(`- ${folder}/settings.json › zz.a.b: Expected string, but received number\n`),
      },
    })),
    code: 'client-refuses',
    names: ['Claude Code does not load this: zz.a.b: Expected string, but received number'],
    remedy: 'Correct it',
    severity: 'error',
    place: settings,
  },
  'a server that Claude Code skips': {
    plant: server('b', { type: 'nosuch', command: 'git' }),
    machine: answering((folder) => ({
      'claude doctor': { out: claudeReport(`- ${folder}/.claude.json › mcpServers.b: Skipped — invalid\n`) },
    })),
    code: 'client-ignores',
    names: ['Claude Code ignores this: mcpServers.b: Skipped — invalid'],
    remedy: 'Correct it',
    place: servers,
  },
  'a file that the client cannot be asked about, of which we know that it is refused': {
    plant: append(`${home}/.codex/hooks.json`, '{"hooks": {}, "mine": 1}\n'),
    code: 'client-refuses',
    names: ['mine'],
    remedy: 'Correct it',
    severity: 'error',
    place: `${home}/.codex/hooks.json`,
  },
  'a file that does not parse': {
    plant: append(config, '\na =\n'),
    code: 'malformed-target',
    names: ['does not parse'],
    remedy: 'Correct it there',
    severity: 'error',
    place: config,
  },
  'a variable that a server of Claude Code refers to': {
    plant: server('mine', { command: 'git', env: { A: `\${NOPE}`, B: `\${OTHER:-x}` } }),
    code: 'variable-unset',
    names: ['"NOPE"', 'server "mine" of Claude Code'],
    remedy: 'export NOPE=…',
    place: servers,
  },
  'a variable for a bearer token of Codex': {
    plant: append(config, '\n[mcp_servers.mine]\nurl = "https://mcp.example/"\nbearer_token_env_var = "NOPE"\n'),
    code: 'variable-unset',
    names: ['"NOPE"', 'server "mine" of Codex'],
    remedy: 'export NOPE=…',
    place: config,
  },
  'a variable for a header of Codex': {
    plant: append(
      config,
      '\n[mcp_servers.mine]\nurl = "https://mcp.example/"\nenv_http_headers = { X-Key = "NOPE" }\n',
    ),
    code: 'variable-unset',
    names: ['"NOPE"'],
    remedy: 'export NOPE=…',
  },
  'a variable that Codex is to pass on': {
    plant: append(config, '\n[mcp_servers.mine]\ncommand = "git"\nenv_vars = ["HOME_TOO", { name = "NOPE" }]\n'),
    machine: { ...wellMachine, variables: { HOME_TOO: 'x' } },
    code: 'variable-unset',
    names: ['"NOPE"'],
    remedy: 'export NOPE=…',
  },
  'a variable in a hook': {
    plant: change(settings, (file) => ({
      ...file,
      hooks: {
        ...file.hooks,
        Stop: [{ hooks: [{ type: 'command', command: `X=1 git -C "$NOPE" log '$LITERAL' $X \${Y:-z} $HOME` }] }],
      },
    })),
    code: 'variable-unset',
    names: ['"NOPE"', 'a hook of Stop of Claude Code'],
    remedy: 'export NOPE=…',
    place: settings,
  },
  'a variable that two clients need is told once': {
    plant: (world) => {
      server('mine', { command: 'git', env: { NOPE: `\${NOPE}` } })(world);
      append(config, '\n[mcp_servers.mine]\ncommand = "git"\nenv_vars = ["NOPE"]\n')(world);
    },
    code: 'variable-unset',
    names: ['server "mine" of Codex and Claude Code'],
    remedy: 'export NOPE=…',
  },
  'a program that a server needs': {
    plant: append(
      config,
      '\n[mcp_servers.mine]\ncommand = "nosuch"\n\n[mcp_servers.off]\ncommand = "no"\nenabled = false\n',
    ),
    code: 'program-missing',
    names: ['"nosuch"', 'server "mine" of Codex'],
    remedy: 'command -v nosuch',
    severity: 'error',
    place: config,
  },
  'a program that a hook starts first': {
    plant: change(settings, (file) => ({
      ...file,
      hooks: { ...file.hooks, Stop: [{ hooks: [{ type: 'command', command: 'A=1 nosuch --x && cd /' }] }] },
    })),
    code: 'program-missing',
    names: ['"nosuch"', 'a hook of Stop'],
    remedy: 'command -v nosuch',
    severity: 'error',
  },
  ...Object.fromEntries(
    [
      'bash ~/.claude/hooks/gone.sh',
      'sh -eu -o pipefail "$HOME/.claude/hooks/gone.sh" --x',
      '/usr/bin/env -i A=1 python3 -u ~/.claude/hooks/gone.sh < /dev/null',
      `node --import tsx $\{HOME}/.claude/hooks/gone.sh`,
      `true; timeout 5 bash -c "bash '${home}/.claude/hooks/gone.sh' || true"`,
    ].map((command) => [
      `a script behind ${command}`,
      {
        plant: change(settings, (file) => ({
          ...file,
          hooks: { ...file.hooks, Stop: [{ hooks: [{ type: 'command', command }] }] },
        })),
        machine: withShells,
        code: 'script-missing',
        names: [`"${home}/.claude/hooks/gone.sh"`, 'a hook of Stop'],
        remedy: 'Put it there',
        severity: 'error',
        place: settings,
      } as const,
    ]),
  ),
  'a script that a status line runs': {
    machine: withShells,
    plant: change(settings, (file) => ({ ...file, statusLine: { type: 'command', command: 'sh ~/.claude/gone.sh' } })),
    code: 'script-missing',
    names: [`"${home}/.claude/gone.sh"`, 'the status line'],
    remedy: 'Put it there',
    severity: 'error',
  },
  'a script that a server is': {
    machine: withShells,
    plant: append(config, '\n[mcp_servers.mine]\ncommand = "sh"\nargs = ["-e", "/gone/server.sh", "/gone/other"]\n'),
    code: 'script-missing',
    names: ['"/gone/server.sh"', 'server "mine" of Codex'],
    remedy: 'Put it there',
    severity: 'error',
    place: config,
  },
  'an import that leads nowhere': {
    plant: append(`${home}/.claude/CLAUDE.md`, '\nAsk @anna about `@not/this.md` and @org/tool.\n@gone/RTK.md\n'),
    code: 'import-missing',
    names: ['"@gone/RTK.md" leads nowhere', `"${home}/.claude/gone/RTK.md"`],
    remedy: 'Put the file there',
    place: `${home}/.claude/CLAUDE.md`,
  },
  'a program that gives headers': {
    plant: server('mine', { type: 'http', url: 'https://mcp.example/', headersHelper: '~/bin/headers x' }),
    code: 'program-missing',
    names: [`"${home}/bin/headers"`],
    remedy: 'command -v',
    severity: 'error',
  },
  'an address that does not answer': {
    words: ['--online'],
    machine: reaching(() => ({ failure: 'ENOTFOUND' })),
    code: 'address-silent',
    names: ['"https://mcp.example/"', 'ENOTFOUND', 'server "web" of Codex and Claude Code'],
    remedy: 'curl -v https://mcp.example/',
  },
  'an address behind which nothing stands': {
    words: ['--online'],
    machine: reaching(() => ({ status: 502 })),
    code: 'address-silent',
    names: ['status 502'],
    remedy: 'curl -v',
  },
  'a server that does not start': {
    words: ['--start-servers'],
    machine: answering(() => ({
      'claude mcp list': {
        out: 'Checking…\n\nteam: team-server --stdio - ✘ Failed to connect\nweb: https://mcp.example/web (HTTP) - ✔ Connected\n',
      },
    })),
    code: 'server-fails',
    names: ['server "team"', 'Failed to connect'],
    remedy: 'claude mcp get "team"',
    severity: 'error',
  },
  'an AGENTS.override.md': {
    plant: append(`${home}/.codex/AGENTS.override.md`, 'Mine.\n'),
    code: 'hidden-instructions',
    names: ['instead of AGENTS.md'],
    remedy: `rm ${home}/.codex/AGENTS.override.md`,
    place: `${home}/.codex/AGENTS.override.md`,
  },
  'servers of an administrator': {
    plant: append('/etc/claude-code/managed-mcp.json', '{}'),
    code: 'managed-settings',
    names: ['Claude Code takes MCP servers from this file'],
    remedy: 'administrator',
    place: '/etc/claude-code/managed-mcp.json',
  },
  'settings of an administrator that go over ours': {
    plant: append(
      '/etc/claude-code/managed-settings.d/10.json',
      '{"cleanupPeriodDays": 7, "allowManagedHooksOnly": true}',
    ),
    code: 'managed-settings',
    names: ['cleanupPeriodDays', 'hooks (allowManagedHooksOnly)'],
    remedy: 'administrator',
    place: '/etc/claude-code/managed-settings.d/10.json',
  },
  'settings of an administrator that hide nothing': {
    plant: append(
      '/etc/claude-code/managed-settings.json',
      '{"cleanupPeriodDays": 40, "permissions": {"deny": ["x"]}}',
    ),
    code: 'managed-settings',
    names: ['hides nothing'],
    remedy: 'Nothing',
    severity: 'note',
  },
  "an administrator's layer over Codex's": {
    plant: append('/etc/codex/managed_config.toml', 'model_verbosity = "high"\n'),
    code: 'managed-settings',
    names: ['model_verbosity'],
    remedy: 'administrator',
    place: '/etc/codex/managed_config.toml',
  },
  "an administrator's layer below Codex's": {
    plant: append('/etc/codex/config.toml', 'model_verbosity = "high"\n'),
    code: 'managed-settings',
    names: ['hides nothing'],
    remedy: 'Nothing',
    severity: 'note',
  },
  'a skill that stands twice': {
    plant: append(`${home}/.agents/skills/greet/SKILL.md`, '---\nname: greet\ndescription: x\n---\n'),
    code: 'skill-twice',
    names: ['"greet"'],
    remedy: 'Remove or rename',
    place: `${home}/.agents/skills/greet/SKILL.md`,
  },
  'a hook that Codex does not trust': {
    plant: append(`${home}/.codex/hooks.json`, JSON.stringify(stopHook)),
    code: 'hook-untrusted',
    names: ['Stop'],
    remedy: 'type /hooks',
    place: `${home}/.codex/hooks.json`,
  },
  'a hook that was changed since Codex trusted it': {
    plant: (world) => {
      append(`${home}/.codex/hooks.json`, JSON.stringify(stopHook))(world);
      append(config, trusted('sha256:0'))(world);
    },
    code: 'hook-untrusted',
    names: ['Stop'],
    remedy: 'type /hooks',
  },
  'hooks that are switched off': {
    plant: change(settings, (file) => ({ ...file, disableAllHooks: true })),
    code: 'hooks-off',
    names: ['disableAllHooks'],
    remedy: 'Take "disableAllHooks" out',
    place: settings,
  },
  "Codex's own memories": {
    plant: append(config, '\n[features]\nmemories = true\n'),
    code: 'memories-rewritten',
    names: ['[features] memories'],
    remedy: 'codex features disable memories',
    place: `${home}/.codex/memories`,
  },
  "Claude Code's own memory in the folder of ours": {
    plant: change(settings, (file) => ({ ...file, autoMemoryDirectory: '~/.claude/memories/auto' })),
    code: 'memories-rewritten',
    names: ['autoMemoryDirectory'],
    remedy: 'name another folder',
    place: `${home}/.claude/memories`,
  },
  'a run lock that was left': {
    plant: append(`${stateFolder}/lock/holder.json`, holder(7)),
    code: 'lock-left',
    names: ['syncline push-runtime', 'process 7'],
    remedy: `rm -r ${stateFolder}/lock`,
    place: `${stateFolder}/lock`,
  },
  'a run that is under way': {
    plant: (world) => {
      append(`${stateFolder}/lock/holder.json`, holder(7))(world);
      append(`${stateFolder}/journal.json`, '{}')(world);
    },
    machine: { ...wellMachine, isAlive: (id) => id === 7 },
    code: 'run-under-way',
    names: ['process 7'],
    remedy: 'syncline doctor',
    severity: 'note',
  },
  'a run that was cut off': {
    plant: append(`${stateFolder}/journal.json`, '{}'),
    code: 'unfinished-run',
    names: ['cut off'],
    remedy: 'syncline check-sync',
    place: `${stateFolder}/journal.json`,
  },
  "a client's lock that was left": {
    plant: (world) => {
      world.memory.disk.makeFolder(`${servers}.lock`);
      world.wait(11_000);
    },
    code: 'client-lock-left',
    names: ['Claude Code'],
    remedy: `rmdir ${servers}.lock`,
    place: `${servers}.lock`,
  },
  'a secret in a file that others may read': {
    plant: (world) => {
      server('mine', { command: 'git', env: { GITHUB_TOKEN: ghp } })(world);
      world.memory.chmod(servers, 0o644);
    },
    code: 'secret-open',
    names: ['others on this machine may read it'],
    remedy: `chmod 600 ${servers}`,
    place: servers,
  },
  "a client's file of credentials that others may read": {
    plant: (world) => world.memory.write(`${home}/.codex/auth.json`, '{}', 0o640),
    code: 'secret-open',
    names: ['others on this machine may read it'],
    remedy: `chmod 600 ${home}/.codex/auth.json`,
    place: `${home}/.codex/auth.json`,
  },
  'a state folder that others may look into': {
    plant: (world) => {
      for (const folder of [`${home}/.local`, `${home}/.local/state`, stateFolder]) world.memory.chmod(folder, 0o755);
    },
    code: 'state-open',
    names: ['state folder'],
    remedy: `chmod 700 ${stateFolder}`,
    place: stateFolder,
  },
  'a token that others may read': {
    plant: (world) => world.memory.write(`${stateFolder}/tokens/hub`, 'abcdefghij\n', 0o644),
    code: 'token-open',
    names: ['"hub"'],
    remedy: 'chmod 600',
    place: `${stateFolder}/tokens/hub`,
  },
  'an edit in the runtime': {
    plant: append(`${home}/.codex/memories/global.md`, 'Mine.\n'),
    code: 'drift',
    names: ['1 unit is not as in the source'],
    remedy: 'syncline check-sync',
  },
  'a source that moved': {
    plant: append(`${repo}/clients/shared/memory/global.md`, 'New.\n'),
    code: 'drift',
    names: ['not as in the source'],
    remedy: 'syncline check-sync',
  },
  'a source with a mistake': {
    plant: append(`${repo}/clients/codex/config-fragment.toml`, '\na =\n'),
    code: 'source-broken',
    names: ['a mistake'],
    remedy: 'syncline check-sync --source-only',
    severity: 'error',
    place: 'clients/codex/config-fragment.toml',
  },
  'no repository': {
    plant: (world) => world.memory.disk.rename(`${repo}/clients`, `${repo}/elsewhere`),
    code: 'no-source',
    names: ['no repository here'],
    remedy: 'syncline doctor --repo',
    severity: 'note',
  },
};

/** Fails on every change of the disk but those in the folder of the copies. */
const changesNothing: Around = (_call, name, path) => {
  const isLook = ['status', 'linkStatus', 'realPath', 'readLink', 'readFile', 'list'].includes(name);
  if (!isLook && !path.startsWith('/tmp/syncline-doctor-')) throw new Error(`doctor would ${name} ${path}`);
};

function examine(world: World, { machine = wellMachine, words = [] }: Pick<Case, 'machine' | 'words'>) {
  return world.run(['doctor', '--json', ...words], changesNothing, machine);
}

describe('doctor', () => {
  it('finds nothing on a machine that is well, and says so', async () => {
    const world = await pushedWorld();
    const { json, code } = await examine(world, {});
    expect([code, json.findings]).toEqual([0, []]);
    const { out } = await world.run(['doctor'], changesNothing, wellMachine);
    expect(out).toBe(
      'Codex 0.169.0: accepts its files\nClaude Code 2.1.329: accepts its files\nNode 22.12.0\nNo problems found.\n',
    );
  });

  it.each(Object.entries(cases))('names %s, and nothing else', async (_name, planted) => {
    const world = await pushedWorld();
    planted.plant?.(world);
    const { json, code, out } = await examine(world, planted);
    expect(json.findings.map((finding) => finding.code)).toEqual([planted.code]);
    const [finding] = json.findings as [(typeof json.findings)[number]];
    const severity = planted.severity ?? 'warning';
    expect([finding.severity, code]).toEqual([severity, severity === 'note' ? 0 : 1]);
    const unequal = ['drift', 'source-broken', 'no-source', 'malformed-target'];
    expect(json.inSync).toBe(!unequal.includes(planted.code));
    for (const name of planted.names) expect(finding.message).toContain(name);
    expect(finding.remedy).toContain(planted.remedy);
    const place = [finding.path, finding.line, finding.column].filter((part) => part !== undefined).join(':');
    if (planted.place) expect(place).toMatch(new RegExp(`^${escaped(planted.place)}`));
    expect(out).not.toContain(ghp);
    expect(world.memory.disk.list('/tmp')).toEqual([]);
  });

  it('says that nothing was pushed yet', async () => {
    const { json, code } = await examine(makeWorld(), {});
    expect([code, json.findings.map((finding) => finding.code)]).toEqual([1, ['not-pushed']]);
  });

  it('takes a client that is not there, with no home either, for a choice', async () => {
    const world = makeWorld();
    await world.run(['push-runtime', '--client', 'claude']);
    const machine = { programs: fakePrograms(['claude', 'git', 'team-server']) };
    const { json, code } = await examine(world, { machine, words: ['--client', 'claude'] });
    expect([code, json.findings]).toEqual([0, []]);
    const both = await examine(world, { machine });
    expect(both.json.findings).toContainEqual(expect.objectContaining({ code: 'client-missing', severity: 'note' }));
  });

  it('goes by the record where there is no repository', async () => {
    const world = await pushedWorld();
    world.memory.disk.rename(`${repo}/clients`, `${repo}/elsewhere`);
    append(`${home}/.codex/AGENTS.override.md`, 'Mine.\n')(world);
    const { json, code } = await examine(world, {});
    expect([code, json.findings.map((finding) => finding.code).sort()]).toEqual([
      1,
      ['hidden-instructions', 'no-source'],
    ]);
    expect(await examine(world, { words: ['--repo', '/nowhere'] })).toMatchObject({ code: 2 });
  });

  it('judges a client of which it knows nothing by its files alone', async () => {
    const world = await pushedWorld();
    const { checkup: _, ...bare } = codex;
    const machine = { ...wellMachine, clients: [bare] };
    expect((await examine(world, { machine })).json).toMatchObject({ exitCode: 0, findings: [], clients: [] });
    append(config, '\n[mcp_servers.mine]\ncommand = "nosuch"\nurl = "x"\n')(world);
    const { json } = await examine(world, { machine });
    expect(json.findings.map(({ code, path }) => [code, path])).toEqual([['client-refuses', config]]);
  });

  it('exits 2 when something cannot be looked at, and names it', async () => {
    const world = await pushedWorld();
    const around: Around = (_call, name, path) => {
      if (name === 'readFile' && path === config) throw Object.assign(new Error('EACCES'), { code: 'EACCES', path });
    };
    const { code, json } = await world.run(['doctor', '--json'], around, wellMachine);
    expect(code).toBe(2);
    expect(json.findings).toContainEqual(expect.objectContaining({ code: 'system-error', path: config }));
  });

  it('gives the clients copies without secrets, each line where it was, and nothing of the environment', async () => {
    const world = await pushedWorld();
    append(
      config,
      `\n[mcp_servers.mine]\ncommand = "git"\nenv = { GITHUB_TOKEN = "${ghp}", N = "4" } # kept\nargs = ["--token", "hunter2hunter2"]\n`,
    )(world);
    server('mine', { command: 'git', headers: { Authorization: `Bearer ${ghp}` } })(world);
    // Claude Code takes these into its own environment, over what it is started with.
    const taken = { DISABLE_AUTOUPDATER: '', HTTPS_PROXY: `http://ana:${ghp}@proxy.example`, N: 5 };
    change(settings, (file) => ({ ...file, env: { ...file.env, ...taken } }))(world);
    const [copies, variables]: [Map<string, string>, Set<string>] = [new Map(), new Set()];
    const programs = fakePrograms(allPrograms, ({ folder, variables: given }) => {
      for (const { name } of world.memory.disk.list(folder)) copies.set(name, world.memory.read(`${folder}/${name}`));
      for (const [name, value] of Object.entries(given)) if (value !== undefined) variables.add(name);
      return {};
    });
    const own = { PATH: '/usr/bin', ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k', HTTPS_PROXY: 'p' };
    const { json } = await examine(world, { machine: { programs, variables: own } });
    expect(json.findings.map((finding) => finding.code)).toEqual([]);
    const { env, cleanupPeriodDays } = JSON.parse(copies.get('settings.json') as string);
    expect([env, cleanupPeriodDays]).toEqual([{ N: 5 }, 40]);
    const real = world.memory.read(config).split('\n');
    const copy = (copies.get('config.toml') as string).split('\n');
    expect(copy.map((line, index) => line === real[index])).toEqual(real.map((line) => !/ghp_|hunter2/.test(line)));
    expect(copy).toContain('env = { GITHUB_TOKEN = "redacted", N = "4" } # kept');
    expect(copy).toContain('args = ["--token", "redacted"]');
    expect([...copies.values()].join('\n')).not.toMatch(/ghp_|hunter2/);
    expect(JSON.parse(copies.get('.claude.json') as string)).toMatchObject({ mcpServers: { team: {}, mine: {} } });
    expect([...variables].sort()).toEqual([
      ...['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'DISABLE_AUTOUPDATER'],
      ...['HOME', 'PATH', 'USERPROFILE'],
    ]);
  });

  it('sweeps up the copies of a doctor that was killed, and nothing else', async () => {
    const world = await pushedWorld();
    world.memory.write('/tmp/syncline-doctor-old/config.toml', 'x');
    world.memory.write('/tmp/other/x', 'x');
    world.wait(3_700_000);
    world.memory.write('/tmp/syncline-doctor-new/config.toml', 'x');
    await examine(world, {});
    expect(world.memory.disk.list('/tmp').map(({ name }) => name)).toEqual(['other', 'syncline-doctor-new']);
  });

  it('in a dry run makes no copies, so it starts nothing', async () => {
    const world = await pushedWorld();
    const started: string[] = [];
    const machine = { programs: fakePrograms(allPrograms, undefined, started) };
    const { json, code } = await examine(world, { machine, words: ['--dry-run', '--start-servers'] });
    expect([code, json.findings, started]).toEqual([0, [], []]);
  });

  it('starts no server and calls no address without being told to', async () => {
    const world = await pushedWorld();
    const started: string[] = [];
    const network = { reach: () => Promise.reject(new Error('called')) };
    await examine(world, { machine: { programs: fakePrograms(allPrograms, undefined, started), network } });
    expect(started).toEqual([
      'codex --version',
      'codex app-server --strict-config --print-startup-config',
      'claude --version',
      'claude doctor',
    ]);
  });

  it('shows of an address no more than its host', async () => {
    const world = await pushedWorld();
    server('mine', { type: 'http', url: 'https://ana:pw12345678@api.example/abc123token?key=abc' })(world);
    const { out } = await examine(world, {
      words: ['--online'],
      machine: reaching((url) => (url.includes('ana') ? { failure: 'E' } : { status: 401 })),
    });
    expect(out).toContain('https://api.example/');
    expect(out).not.toMatch(/pw1234|abc123token|key=abc/);
  });
});

describe('docs/doctor.md', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
  const page = read('docs/doctor.md');
  const rows = [...page.split('## What it finds')[1]!.matchAll(/^\| `([a-z-]+)` +\| ([a-z, ]+?) +\|/gm)];
  const told = rows.map(([, code, severity]) => [code, severity] as const);

  it('lists every finding that doctor makes, and no other', () => {
    const files = readdirSync(join(import.meta.dirname, '../src/sync/doctor')).map((name) => `src/sync/doctor/${name}`);
    const made = [...files, 'src/engine/doctor/doctor-source.ts', ...adapterFiles].flatMap((path) =>
      [...read(path).matchAll(/(?:code: |warning\(|problem\()\s*'([a-z-]+)'/g)].map(([, code]) => code),
    );
    // These are made where other commands make them, too.
    const elsewhere = ['skill-twice', 'foreign-state', 'open-state', 'read-only-target'];
    expect(told.map(([code]) => code).sort()).toEqual([...new Set([...made, ...elsewhere])].sort());
  });

  it('says how much each matters, as the cases of this test have it', () => {
    const seen = new Map<string, Set<string>>();
    for (const { code, severity = 'warning' } of Object.values(cases))
      seen.set(code, (seen.get(code) ?? new Set()).add(severity));
    seen.set('client-missing', new Set(['warning', 'note'])).set('not-pushed', new Set(['warning']));
    seen.set('read-only-target', new Set(['warning']));
    for (const code of ['foreign-state', 'open-state']) seen.set(code, new Set(['error']));
    for (const [code, severity] of told)
      expect([code, [...(seen.get(code!) ?? [])].sort().reverse().join(', ')]).toEqual([code, severity]);
  });

  it('names the Node that package.json asks for', () => {
    expect(`>=${oldestNode}`).toBe(engines.node);
    expect(page).toContain(`older than ${oldestNode}`);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
