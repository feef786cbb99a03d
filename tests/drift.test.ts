import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

/**
 * Drift, one kind of unit at a time: check-sync says exactly what became of which unit, push leaves it, and
 * `--overwrite` brings just that one back.
 */
type Change = (sandbox: Sandbox) => void;

interface Kind {
  readonly name: string;
  readonly id: string;
  readonly edit: Change;
  /** Absent where a unit cannot go by itself. */
  readonly remove?: Change;
  /** An edited element of a list is one that went and one that came, so the file is not as it was afterwards. */
  readonly isElement?: true;
  /** What we had put around the unit, by its path in the home: empty without the unit, so push may take it away. */
  readonly glue?: string;
}

const config = 'home/.codex/config.toml';
const agents = 'home/.codex/AGENTS.md';
const settings = 'home/.claude/settings.json';
const servers = 'home/.claude.json';

/** Replaces a text that must be there. */
function text(path: string, from: string | RegExp, to: string): Change {
  return (sandbox) => {
    const old = sandbox.read(path);
    const changed = old.replace(from, to);
    expect(changed).not.toBe(old);
    sandbox.write(path, changed);
  };
}

function file(path: string): Change {
  return (sandbox) => sandbox.remove(path);
}

interface Claude {
  [key: string]: unknown;
  cleanupPeriodDays?: number;
  env: Record<string, string>;
  permissions: { deny: string[] };
  hooks: { SessionStart: unknown[] };
  mcpServers: Record<string, Record<string, unknown>>;
}

/** Changes values the way a client does: parse, change, print. */
function json(path: string, change: (root: Claude) => void): Change {
  return (sandbox) => {
    const root = JSON.parse(sandbox.read(path)) as Claude;
    change(root);
    sandbox.write(path, `${JSON.stringify(root, null, 2)}\n`);
  };
}

const kinds: Kind[] = [
  {
    name: 'TOML root leaf',
    id: 'codex:config.toml#model_verbosity',
    edit: text(config, 'model_verbosity = "low"', 'model_verbosity = "high"'),
    remove: text(config, 'model_verbosity = "low"\n', ''),
  },
  {
    name: 'TOML leaf in a table',
    id: 'codex:config.toml#tui.notifications',
    edit: text(config, 'notifications = true', 'notifications = false'),
    remove: text(config, 'notifications = true\n', ''),
    glue: '.codex/config.toml',
  },
  {
    name: 'TOML server entry',
    id: 'codex:config.toml#mcp_servers.team',
    edit: text(config, 'command = "team-server"', 'command = "edited"'),
    remove: text(config, /\[mcp_servers\.team\]\n(.+\n)+/, ''),
  },
  {
    name: 'one lost key of a TOML server entry',
    id: 'codex:config.toml#mcp_servers.team',
    edit: text(config, 'startup_timeout_sec = 20\n', ''),
  },
  {
    name: 'TOML provider entry',
    id: 'codex:config.toml#model_providers.acme',
    edit: text(config, 'models.example', 'edited.example'),
    remove: text(config, /\[model_providers\.acme\]\n(.+\n)+/, ''),
  },
  {
    name: 'JSON leaf',
    id: 'claude:settings.json#env.TEAM_MODE',
    edit: text(settings, /"TEAM_MODE": ?"on"/, '"TEAM_MODE": "edited"'),
    remove: json(settings, (root) => {
      delete root.env.TEAM_MODE;
    }),
    glue: '.claude/settings.json',
  },
  {
    name: 'JSON root leaf',
    id: 'claude:settings.json#cleanupPeriodDays',
    edit: text(settings, '"cleanupPeriodDays": 40', '"cleanupPeriodDays": 41'),
    remove: json(settings, (root) => {
      delete root.cleanupPeriodDays;
    }),
  },
  {
    name: 'JSON server entry',
    id: 'claude:.claude.json#mcpServers.team',
    edit: text(servers, '"TEAM_PORT": "4000"', '"TEAM_PORT": "4001"'),
    remove: json(servers, (root) => {
      delete root.mcpServers.team;
    }),
  },
  {
    name: 'permission element',
    id: 'claude:settings.json#permissions.deny["Read(./secrets/**)"]',
    edit: text(settings, '"Read(./secrets/**)"', '"Read(./edited/**)"'),
    remove: json(settings, (root) => {
      root.permissions.deny.pop();
    }),
    isElement: true,
  },
  {
    name: 'hook element',
    id: 'claude:settings.json#hooks.SessionStart[096a21ce]',
    edit: text(settings, '"command": "true"', '"command": "false"'),
    remove: json(settings, (root) => {
      root.hooks.SessionStart.pop();
    }),
    glue: '.claude/settings.json',
    isElement: true,
  },
  {
    name: 'Markdown block',
    id: 'claude:CLAUDE.md#block',
    edit: text('home/.claude/CLAUDE.md', 'Ask before', 'Never ask before'),
    remove: text('home/.claude/CLAUDE.md', /<!-- >>>[\s\S]*<<< -->\n/, ''),
    glue: '.claude/CLAUDE.md',
  },
  {
    name: 'Markdown block with memories in it',
    id: 'codex:AGENTS.md#block',
    edit: text(agents, 'Ask before', 'Never ask before'),
    remove: text(agents, /Skills are[\s\S]*: Site\n/, ''),
  },
  {
    name: 'memory in the AGENTS.md block',
    id: 'codex:AGENTS.md#memory."global.md"',
    edit: text(agents, 'Speak plainly', 'Speak at length'),
    remove: text(agents, /<!-- memory\/global.md -->[\s\S]*<!-- \/memory\/global.md -->\n/, ''),
  },
  {
    name: 'memory file',
    id: 'claude:memories/global.md',
    edit: text('home/.claude/memories/global.md', 'plainly', 'at length'),
    remove: file('home/.claude/memories/global.md'),
  },
  {
    name: 'skill file',
    id: 'codex:skills/greet/SKILL.md',
    edit: text('home/.codex/skills/greet/SKILL.md', 'Run', 'Do not run'),
    remove: file('home/.codex/skills/greet/SKILL.md'),
  },
  {
    name: 'exec bit of a skill file',
    id: 'claude:skills/greet/scripts/greet.sh',
    edit: (sandbox) => chmodSync(join(sandbox.home, '.claude/skills/greet/scripts/greet.sh'), 0o644),
    remove: file('home/.claude/skills/greet/scripts/greet.sh'),
    glue: '.claude/skills/greet/scripts',
  },
  {
    name: 'profile',
    id: 'codex:fast.config.toml',
    edit: text('home/.codex/fast.config.toml', 'acme-small', 'acme-large'),
    remove: file('home/.codex/fast.config.toml'),
  },
];

/** The unit that drifts besides, and must never be touched by what is done about another one. */
const bystander = 'claude:memories/conventions.md';

/** A home with the user's own things. */
function arranged(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write(config, '# mine\nmodel = "gpt-6"\n\n[mcp_servers.mine]\ncommand = "mine"\n');
  sandbox.write(settings, '{\n    "model": "opus",\n    "permissions": { "deny": ["Bash(rm:*)"] }\n}\n');
  sandbox.write(servers, '{\n  "numStartups": 4,\n  "mcpServers": { "mine": { "command": "mine" } }\n}\n');
  return sandbox;
}

/** The same home, pushed to. */
function pushed(): Sandbox {
  const sandbox = arranged();
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  return sandbox;
}

/** The verdict of every unit, by id, and the exit code. */
function judged(sandbox: Sandbox): { code: number | null; verdicts: Record<string, string> } {
  const { code, json: outcome } = sandbox.run(['check-sync', '--json', '--verbose']);
  expect(outcome).toMatchObject({ exitCode: code, inSync: code === 0 });
  return { code, verdicts: Object.fromEntries(outcome.units.map(({ id, verdict }) => [id, verdict])) };
}

let atRest: Record<string, string> | undefined;

/** The verdicts of a home that was just pushed to; the same for every sandbox, so asked for once. */
function verdictsAtRest(): Record<string, string> {
  atRest ??= judged(pushed()).verdicts;
  return atRest;
}

const calm = {
  'codex:config.toml#mcp_servers.mine': 'unmanaged',
  'claude:.claude.json#mcpServers.mine': 'unmanaged',
};

describe('in a home that was just pushed to', () => {
  it('all of ours are the same and the rest is unmanaged', () => {
    const { code, verdicts } = judged(pushed());
    expect(code).toBe(0);
    expect(verdicts).toMatchObject(calm);
    const ours = Object.entries(verdicts).filter(([id]) => !(id in calm));
    expect(ours.every(([, verdict]) => verdict === 'same')).toBe(true);
    for (const { id } of kinds) expect(verdicts).toHaveProperty([id], 'same');
  });
});

interface Drift extends Kind {
  readonly change: Change;
  /** The kind of unit is put back to the byte, unless it came back elsewhere or the person's variant stays. */
  readonly toTheByte: boolean;
  readonly glueGoes: string | undefined;
}

const drifts: Drift[] = kinds.flatMap((kind) => [
  { ...kind, name: `${kind.name}, edited`, change: kind.edit, toTheByte: !kind.isElement, glueGoes: undefined },
  ...(kind.remove
    ? [{ ...kind, name: `${kind.name}, removed`, change: kind.remove, toTheByte: false, glueGoes: kind.glue }]
    : []),
]);

describe.each(sampled(drifts, 1))('$name', ({ id, change, toTheByte, glueGoes, isElement, name }) => {
  it('is runtime-ahead and nothing else is; push leaves it; --overwrite brings just it back', () => {
    const sandbox = pushed();
    sandbox.write('home/.claude/memories/conventions.md', 'Four spaces.\n');
    const pristine = snapshot(sandbox.home);
    change(sandbox);
    const drifted = snapshot(sandbox.home);
    const verdicts = { ...verdictsAtRest(), [bystander]: 'runtime-ahead', [id]: 'runtime-ahead' };
    expect(judged(sandbox)).toEqual({ code: 1, verdicts });
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 1 });
    expect(without(snapshot(sandbox.home), glueGoes)).toEqual(without(drifted, glueGoes));
    if (glueGoes) expect(judged(sandbox)).toEqual({ code: 1, verdicts });
    expect(sandbox.run(['push-runtime', '--overwrite', id])).toMatchObject({ code: 1 });
    expect(judged(sandbox)).toEqual({ code: 1, verdicts: { ...verdicts, [id]: 'same' } });
    expect(sandbox.read('home/.claude/memories/conventions.md')).toBe('Four spaces.\n');
    if (toTheByte) expect(snapshot(sandbox.home)).toEqual(pristine);
  });

  // An element that is edited is another element, which is the person's and stays.
  if (isElement && name.endsWith('edited')) return;
  it('clean --remove-only leaves what was there before us', () => {
    const sandbox = arranged();
    const before = original(sandbox);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    change(sandbox);
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(original(sandbox)).toEqual(before);
  });
});

function without(nodes: Record<string, string>, name: string | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).filter(([each]) => each !== name));
}

/** Values of the files that a change rewrites, and the bytes of all others. */
function original(sandbox: Sandbox): unknown {
  const files = Object.entries(snapshot(sandbox.home)).filter(([name]) => !/\.json$|config\.toml$/.test(name));
  return [files, JSON.parse(sandbox.read(servers)), JSON.parse(sandbox.read(settings)), parse(sandbox.read(config))];
}

describe('everything at once', () => {
  it('every kind drifts, push leaves all of it, and --overwrite takes all of it back', () => {
    const sandbox = pushed();
    const before = judged(sandbox);
    const ids = new Set(kinds.map(({ id }) => id));
    for (const { edit } of kinds) edit(sandbox);
    const { code, verdicts } = judged(sandbox);
    expect(code).toBe(1);
    for (const [id, verdict] of Object.entries(before.verdicts)) {
      expect([id, verdicts[id]]).toEqual([id, ids.has(id) ? 'runtime-ahead' : verdict]);
    }
    const drifted = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(1);
    expect(snapshot(sandbox.home)).toEqual(drifted);
    expect(sandbox.run(['push-runtime', '--overwrite'])).toMatchObject({ code: 0 });
    expect(judged(sandbox)).toEqual(before);
  });

  it('deleted files: every unit in them is runtime-ahead', () => {
    const sandbox = pushed();
    for (const path of [config, agents, settings, servers]) sandbox.remove(path);
    const { code, verdicts } = judged(sandbox);
    expect(code).toBe(1);
    const inThem = Object.entries(verdicts).filter(([id]) =>
      /(config\.toml|AGENTS\.md|settings\.json|\.claude\.json)#/.test(id),
    );
    expect(inThem.length).toBeGreaterThan(10);
    expect(new Set(inThem.map(([, verdict]) => verdict))).toEqual(new Set(['runtime-ahead']));
    const emptied = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(1);
    expect(snapshot(sandbox.home)).toEqual(emptied);
  });
});

const additions: readonly { name: string; change: Change; unmanaged?: string }[] = [
  {
    name: 'an extra file in our skill folder',
    change: (sandbox) => sandbox.write('home/.claude/skills/greet/notes.md', 'mine'),
    unmanaged: 'claude:skills/greet/notes.md',
  },
  {
    name: "a user's own skill",
    change: (sandbox) => sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n'),
    unmanaged: 'codex:skills/own',
  },
  {
    name: "a user's own memory",
    change: (sandbox) => sandbox.write('home/.claude/memories/own.md', 'mine'),
    unmanaged: 'claude:memories/own.md',
  },
  {
    name: "a user's own server in TOML",
    change: text(config, /$/, '\n[mcp_servers.second]\ncommand = "second"\n'),
    unmanaged: 'codex:config.toml#mcp_servers.second',
  },
  {
    name: "a user's own server in JSON",
    change: json(servers, (root) => {
      root.mcpServers.second = { command: 'second' };
    }),
    unmanaged: 'claude:.claude.json#mcpServers.second',
  },
  {
    name: 'an approval that Codex adds to our server',
    change: text(
      config,
      '[mcp_servers.web]',
      '[mcp_servers.team.tools.ask]\napproval_mode = "approve"\n\n[mcp_servers.web]',
    ),
  },
  {
    name: 'an approval at the end of the file',
    change: text(config, /$/, '\n[mcp_servers.team.tools.ask]\napproval_mode = "approve"\n'),
  },
  {
    name: 'our server switched off in Codex',
    change: text(config, '"team-server"\n', '"team-server"\nenabled = false\n'),
  },
  {
    name: 'a key that Claude adds to our server',
    change: json(servers, (root) => {
      root.mcpServers.team = { ...root.mcpServers.team, timeout: 5000 };
    }),
  },
  {
    name: 'another spelling of the same values in TOML',
    change: text(
      config,
      'args = ["--stdio"]\nstartup_timeout_sec = 20\n',
      "startup_timeout_sec = 20.0\nargs = [\n  '--stdio',\n]\n",
    ),
  },
  {
    name: 'another order and spelling in JSON',
    change: (sandbox) => {
      const { mcpServers, ...rest } = JSON.parse(sandbox.read(servers)) as Claude;
      sandbox.write(servers, JSON.stringify({ mcpServers, ...rest }).replace('team-server', 'te\\u0061m-server'));
    },
  },
  {
    name: 'a rule and a hook of the user in our lists',
    change: json(settings, (root) => {
      root.permissions.deny.unshift('Bash(dd:*)');
      root.hooks.SessionStart.unshift({ hooks: [{ type: 'command', command: 'mine' }] });
    }),
  },
  { name: 'text of the user around our block', change: text('home/.claude/CLAUDE.md', /$/, '\nMy words.\n') },
];

describe.each(additions)('$name', ({ change, unmanaged }) => {
  it('is no drift: check-sync exits 0, push loses nothing, and the next push writes nothing', () => {
    const sandbox = pushed();
    change(sandbox);
    const values = valuesOf(sandbox);
    expect(judged(sandbox)).toEqual({
      code: 0,
      verdicts: { ...verdictsAtRest(), ...(unmanaged ? { [unmanaged]: 'unmanaged' } : {}) },
    });
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(valuesOf(sandbox)).toEqual(values);
    const once = snapshotWithTimes(sandbox.home);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(snapshotWithTimes(sandbox.home)).toEqual(once);
  });
});

/** What the files hold, as far as no push may change it: values, the lines of TOML and Markdown in any order, other files. */
function valuesOf(sandbox: Sandbox): unknown {
  const { _syncline, ...rest } = JSON.parse(sandbox.read(servers)) as Claude;
  const { _syncline: marker, ...others } = JSON.parse(sandbox.read(settings)) as Claude;
  const lines = [config, 'home/.claude/CLAUDE.md'].map((path) => sandbox.read(path).split('\n').filter(Boolean).sort());
  const shared = /config\.toml$|CLAUDE\.md$|\.json$/;
  const files = Object.entries(snapshot(sandbox.home)).filter(([name]) => !shared.test(name));
  return { rest, others, lines, files };
}

describe('a skill folder or memory that we did not deploy', () => {
  const foreign: readonly { name: string; arrange: Change; conflicts: readonly string[] }[] = [
    {
      name: 'another SKILL.md',
      arrange: (sandbox) => sandbox.write('home/.codex/skills/greet/SKILL.md', 'mine'),
      conflicts: ['codex:skills/greet/SKILL.md', 'codex:skills/greet/scripts/greet.sh'],
    },
    {
      name: 'only notes',
      arrange: (sandbox) => sandbox.write('home/.claude/skills/greet/notes.md', 'mine'),
      conflicts: ['claude:skills/greet/SKILL.md', 'claude:skills/greet/scripts/greet.sh'],
    },
    {
      name: 'a linked folder',
      arrange: (sandbox) => {
        sandbox.write('home/elsewhere/greet/notes.md', 'mine');
        sandbox.link('home/.claude/skills/greet', '../../elsewhere/greet');
      },
      conflicts: ['claude:skills/greet/SKILL.md', 'claude:skills/greet/scripts/greet.sh'],
    },
    {
      name: 'a memory of that name',
      arrange: (sandbox) => sandbox.write('home/.claude/memories/global.md', 'mine'),
      conflicts: ['claude:memories/global.md'],
    },
  ];

  it.each(foreign)('$name: push exits 3 and writes nothing; --keep pushes the rest', ({ arrange, conflicts }) => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    arrange(sandbox);
    const before = snapshotWithTimes(sandbox.home);
    const { code, verdicts } = judged(sandbox);
    expect(code).toBe(3);
    expect(Object.keys(verdicts).filter((id) => verdicts[id] === 'conflict')).toEqual(conflicts);
    expect(snapshotWithTimes(sandbox.home)).toEqual(before);
    const { code: pushCode, out } = sandbox.run(['push-runtime']);
    expect(pushCode).toBe(3);
    for (const id of conflicts) expect(out).toContain(`--overwrite '${id}'`);
    expect(withoutState(snapshotWithTimes(sandbox.home))).toEqual(withoutState(before));
    expect(sandbox.run(['push-runtime', '--keep', ...conflicts])).toMatchObject({ code: 1 });
    for (const [name, node] of Object.entries(before)) {
      if (node.startsWith('file')) expect(snapshotWithTimes(sandbox.home)).toHaveProperty([name], node);
    }
  });

  it('an equal folder is found: it is managed, and never removed', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    const skill = ['SKILL.md', 'scripts/greet.sh'];
    for (const name of skill) {
      const content = sandbox.read(`repo/clients/shared/skills/greet/${name}`);
      sandbox.write(`home/.claude/skills/greet/${name}`, content, name.endsWith('.sh') ? 0o755 : 0o644);
    }
    const before = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(snapshot(sandbox.home)).toEqual(before);
  });
});

/** A run that writes nothing may still have made the state folder, for its lock. */
function withoutState(nodes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).filter(([name]) => name !== '.' && !name.startsWith('.local')));
}
