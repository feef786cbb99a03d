import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { everyCommand as writing } from './support/hostile.ts';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type RunOptions, type Sandbox } from './support/sandbox.ts';
import { teamSource, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

/**
 * Made-up secrets stand in every place of a runtime where a person's own may stand, each another one. None may come into an
 * output, a copy, a record, a journal or a file name, whatever a command does; nor may one of the source.
 */
const everyCommand: typeof writing = [
  ...writing,
  ...[
    ['status'],
    ['diff'],
    ['explain', 'codex', '--verbose'],
    ['explain', '~/.claude.json'],
    ['explain', '~/.claude/settings.json'],
  ],
  ...[
    ['explain', 'claude:settings.json#permissions'],
    ['explain', 'codex:config.toml#mcp_servers'],
  ],
];

let count = 0;
function random(length: number): string {
  const letters = createHash('sha512')
    .update(`canary ${count++}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '');
  return letters.slice(0, length);
}
const planted: string[] = [];
const plant = (secret: string) => {
  planted.push(secret);
  return secret;
};
/** For places that give it away. */
const named = () => plant(random(24));
/** For texts, where only its shape does. */
const shaped = () => plant(['ghp', random(36)].join('_'));

const keyLines = `${random(64)}\n${plant(random(64))}`;
const pem = ['-----BEGIN', `PRIVATE KEY-----\n${keyLines}\n-----END`, 'PRIVATE KEY-----'].join(' ');

const config = `# the old one was ${shaped()}
model = "gpt-6" # ${shaped()}

[mcp_servers.mine]
command = "mine-server"
args = ["--api-key", "${named()}", "--token=${named()}"]
env = { MINE_TOKEN = "${named()}", HARMLESS = "${named()}" }

[mcp_servers.far]
url = "https://ada:${named()}@mcp.example/far?access_token=${named()}"
http_headers = { Authorization = "Bearer ${named()}", X-Other = "${named()}" }

[mcp_servers.old]
url = "https://${named()}@mcp.example/old"

[model_providers.mine]
name = "Mine"
base_url = "https://models.example/v1"
experimental_bearer_token = "${named()}"

[shell_environment_policy.set]
DEPLOY_PASSWORD = "${named()}"
`;

const claudeJson = JSON.stringify(
  {
    numStartups: 4,
    oauthAccount: { emailAddress: `${named()}@example.com`, accountUuid: named() },
    primaryApiKey: named(),
    customApiKeyResponses: { approved: [named()] },
    mcpServers: {
      mine: { command: 'mine-server', env: { MINE_TOKEN: named(), 'MINE-OTHER': named() } },
      far: { type: 'http', url: `https://mcp.example/?api_key=${named()}`, headers: { 'X-Api-Key': named() } },
    },
    projects: {
      '/home/ada/site': { mcpServers: { x: { command: 'x', env: { X: named() } } }, history: [{ display: shaped() }] },
    },
  },
  null,
  2,
);

const settings = JSON.stringify(
  {
    apiKeyHelper: `echo ${shaped()}`,
    env: { ANTHROPIC_AUTH_TOKEN: named(), OTHER: named() },
    permissions: { allow: [`Bash(curl -H "X-Api-Key: ${named()}" https://example.com)`, `Bash(echo ${shaped()})`] },
    hooks: {
      Stop: [
        { hooks: [{ type: 'command', command: `DEPLOY_TOKEN=${named()} curl -u ada:${named()} https://x.example` }] },
      ],
    },
  },
  null,
  2,
);

const nameOfFile = shaped();
const variable = named();
const withVariable: RunOptions = { env: { DEPLOY_TOKEN: variable, ANTHROPIC_API_KEY: variable } };
const inBytes = [shaped(), shaped(), shaped()] as const;
const edits = {
  server: named(),
  profile: named(),
  tool: named(),
  argument: named(),
  shell: named(),
  block: shaped(),
  header: named(),
  mode: shaped(),
};

/** A home with all of them, and the team's source pushed to it. */
function plantedHome(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  const write = (path: string, content: string | Uint8Array) => sandbox.write(`home/${path}`, content);
  write('.codex/config.toml', config);
  write('.codex/AGENTS.md', `# Mine\n\nUse ${inText[0]} for it.\n`);
  write('.codex/memories/deploy.md', `The token is ${inText[1]}.\n\n${pem}\n`);
  write(
    '.codex/skills/own/SKILL.md',
    `---\nname: own\ndescription: Mine.\n---\ncurl -H "Authorization: Bearer ${inText[2]}"\n`,
  );
  write('.codex/skills/own/.env', `export DEPLOY_PASS="${inSkill.variable}"\nOTHER=${inSkill.other}\n`);
  write(
    '.codex/skills/own/.mcp.json',
    JSON.stringify({ mcpServers: { a: { command: 'a', env: { ANY: inSkill.server } } } }),
  );
  write('.codex/memories/quoted.md', `Ada wrote:\n\n> ${quoted.replaceAll('\n', '\n> ')}\n`);
  write('.codex/skills/own/cache.bin', Buffer.concat([Buffer.of(0xff, 0), Buffer.from(inBytes[0])]));
  write('.codex/skills/own/wide-bare.txt', Buffer.from(inBytes[2], 'utf16le'));
  write('.codex/skills/own/wide.txt', Buffer.from(`\ufeff${inBytes[1]}`, 'utf16le'));
  write('.claude.json', claudeJson);
  write('.claude/settings.json', settings);
  write('.claude/CLAUDE.md', `Use ${inText[3]} for it.\n`);
  write('.claude/memories/deploy.md', `Log in with postgres://ada:${inText[4]}@db.example/x and ${scanned}.\n`);
  write(`.claude/skills/own/${nameOfFile}.md`, 'Notes.\n');
  write(`.claude/skills/${nameOfFile}/SKILL.md`, '---\nname: own\ndescription: Mine.\n---\n');
  expect(sandbox.run(['push-runtime'], withVariable)).toMatchObject({ code: 0 });
  return sandbox;
}
const inSkill = { variable: named(), other: named(), server: named() };
const quoted = pem.replace(keyLines, `${random(64)}\n${plant(random(64))}`);
const inText = [shaped(), shaped(), shaped(), shaped(), named()] as const;
/** A kind that the scanner knows. */
const scanned = plant(['SG', random(22), random(43)].join('.'));

/** Edits of what we deployed, each of them a secret. */
function edit(sandbox: Sandbox): void {
  const change = (path: string, from: string | RegExp, to: string) => {
    const old = sandbox.read(path);
    expect(old).toMatch(from);
    sandbox.write(
      path,
      old.replace(from, () => to),
    );
  };
  change(
    'home/.codex/config.toml',
    'args = ["--stdio"]',
    `args = ["--stdio"]\nenv = { TEAM_TOKEN = "${edits.server}" }`,
  );
  change('home/.codex/AGENTS.md', 'Speak plainly.', `Speak plainly, ${edits.block}.`);
  change('home/.claude.json', 'https://mcp.example/web', `https://ada:${edits.header}@mcp.example/web`);
  change('home/.claude/settings.json', /"TEAM_MODE": ?"on"/, `"TEAM_MODE": "${edits.mode}"`);
  sandbox.write(
    'home/.codex/fast.config.toml',
    `model = "x"
experimental_bearer_token = "${edits.profile}"

[mcp_servers.tool]
command = "tool"
args = ["--key", "${edits.argument}"]
env = { ANY = "${edits.tool}" }

[shell_environment_policy.set]
ANY = "${edits.shell}"
`,
  );
}

const forms = [[], ['--json'], ['--verbose'], ['--dry-run'], ['--dry-run', '--json', '--verbose']] as const;

/** Everything below the repository's copies and our own state, but the contents of backups: path and content. */
function leftBehind(sandbox: Sandbox): string {
  const state = join(sandbox.home, '.local/state/syncline');
  const copies = ['codex', 'claude'].map((client) => join(sandbox.repo, 'clients', client, 'pulled'));
  return [state, ...copies]
    .flatMap((folder) => filesBelow(folder))
    .map(shownOf)
    .join('\n');
}

function shownOf(path: string): string {
  const isBackup = /\/runs\/[^/]+\/\d+$/.test(path);
  const bytes = isBackup ? Buffer.of() : readFileSync(path);
  return `${path}\n${bytes.toString('latin1')}\n${bytes.toString('utf16le')}`;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function expectClean(sandbox: Sandbox, words: readonly string[], options: RunOptions = withVariable): number | null {
  const ran = sandbox.run(words, options);
  expect({ words, out: ran.out + ran.err !== '' }).toEqual({ words, out: true });
  expectNoneIn(ran, planted);
  return ran.code;
}

describe('secrets of the runtime', () => {
  it('are more than forty, each in another place', () => {
    expect(new Set(planted).size).toBe(planted.length);
    expect(planted.length).toBeGreaterThan(40);
  });

  it.each(sampled(everyCommand).map((words) => [words.join(' '), words] as const))(
    'are in no output of %s',
    (_, words) => {
      const sandbox = plantedHome();
      edit(sandbox);
      for (const form of forms) expectClean(sandbox, [...words, ...form]);
      expectNoneIn(leftBehind(sandbox), planted);
    },
  );

  it('are in no output of a conflict, of its settlement, or of what takes that back', () => {
    const sandbox = plantedHome();
    edit(sandbox);
    for (const path of ['codex/config-fragment.toml', 'claude/mcp-fragment.json', 'claude/settings-fragment.json']) {
      const text = teamSource[path] as string;
      sandbox.write(
        `repo/clients/${path}`,
        text.replaceAll('--stdio', '--http').replaceAll('example/web', 'example/new').replaceAll('"on"', '"off"'),
      );
    }
    sandbox.write('repo/clients/codex/profiles/fast.toml', 'model = "acme-large"\n');
    sandbox.write('repo/clients/shared/memory/global.md', 'Speak clearly.\n');
    for (const form of forms) expect(expectClean(sandbox, ['push-runtime', ...form])).toBe(3);
    for (const format of ['github', 'junit'])
      expect(expectClean(sandbox, ['check-sync', '--verbose', '--report', format])).toBe(3);
    for (const form of [[], ['--hook'], ['--json']]) expect(expectClean(sandbox, ['session-check', ...form])).toBe(0);
    expect(sandbox.run(['push-runtime', '--verbose']).out).toContain('<redacted>');
    for (const form of forms.slice(1))
      expect(
        expectClean(sandbox, [
          'push-runtime',
          '--overwrite',
          ...form.filter((word) => word !== '--verbose'),
          '--dry-run',
        ]),
      ).toBe(0);
    expect(expectClean(sandbox, ['push-runtime', '--overwrite', '--verbose'])).toBe(0);
    expect(expectClean(sandbox, ['pull-runtime'])).toBe(0);
    expect(expectClean(sandbox, ['restore', '--list'])).toBe(0);
    for (const form of forms) expect(expectClean(sandbox, ['restore', '--list', ...form])).toBe(0);
    for (const form of [['--dry-run', '--verbose'], ['--json'], ['--verbose'], []])
      expect(expectClean(sandbox, ['restore', ...form])).not.toBe(2);
    expectNoneIn(leftBehind(sandbox), planted);
  });

  it('are in no copy that doctor has the clients look at, and in nothing that they say of it', () => {
    const sandbox = plantedHome();
    edit(sandbox);
    // Fakes that hold their whole files against their user, and one that fails to start its servers for what is in them.
    const codex = `cp "$CODEX_HOME/config.toml" ${sandbox.root}/seen.toml
detail=$(tr -d '"\\\\' <"$CODEX_HOME/config.toml" | tr '\\n' ' ')
[ "$1" = --version ] && echo 'codex-cli 0.169.0' && exit 0
echo "{\\"error\\":{\\"data\\":{\\"detail\\":\\"$detail\\"}}}"; exit 1`;
    const claude = `[ "$1" = --version ] && echo '2.1.329' && exit 0
[ "$1" = mcp ] && echo "all: x - ✘ $(tr -d '\\n' <"$CLAUDE_CONFIG_DIR/.claude.json")" && exit 0
cat "$CLAUDE_CONFIG_DIR"/settings.json "$CLAUDE_CONFIG_DIR"/.claude.json >${sandbox.root}/seen.json
echo 'Claude Code doctor'; echo; echo 'Invalid settings'
for f in settings.json .claude.json; do echo "- $CLAUDE_CONFIG_DIR/$f › x: $(tr -d '\\n' <"$CLAUDE_CONFIG_DIR/$f")"; done`;
    sandbox.write('bin/codex', `#!/bin/sh\n${codex}\n`, 0o755);
    sandbox.write('bin/claude', `#!/bin/sh\n${claude}\n`, 0o755);
    const env = { PATH: `${sandbox.root}/bin:/usr/bin:/bin` };
    for (const words of [['doctor'], ['doctor', '--json', '--start-servers']]) {
      const ran = sandbox.run(words, { env });
      expectNoneIn(ran, planted);
      expectNoneIn(sandbox.read('seen.toml') + sandbox.read('seen.json'), planted);
      expect([ran.code, ran.out]).toEqual([1, expect.stringMatching(/mcp_servers\.mine[\s\S]*mine-server/)]);
    }
  });

  it('are in no record and no backup that others may read', () => {
    const sandbox = plantedHome();
    edit(sandbox);
    expect(expectClean(sandbox, ['push-runtime', '--overwrite'])).toBe(0);
    const state = join(sandbox.home, '.local/state/syncline');
    const backups = filesBelow(state).filter((path) => /\/\d+$/.test(path));
    expect(backups.length).toBeGreaterThan(4);
    const all = backups.map((path) => readFileSync(path, 'latin1')).join('\n');
    // They are whole files, so that there is a way back.
    expect(all.includes(edits.header)).toBe(true);
    for (const path of filesBelow(state)) expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
    for (const path of backups) expect(statSync(join(path, '..')).mode & 0o077).toBe(0);
  });

  it('in our own entries are no reason to write anything again, and stay when we go', () => {
    const sandbox = plantedHome();
    const team = sandbox.read('home/.codex/config.toml');
    sandbox.write('home/.codex/config.toml', team.replace('args = ["--stdio"]', `$&\nenv = { A = "${edits.server}" }`));
    const web = sandbox.read('home/.claude.json');
    sandbox.write(
      'home/.claude.json',
      web.replace('"mcpServers": {', `$&\n    "late": { "command": "${edits.profile}" },`),
    );
    sandbox.write(
      'repo/clients/codex/config-fragment.toml',
      `model_verbosity = "high"\n${teamSource['codex/config-fragment.toml']?.split('\n').slice(1).join('\n')}`,
    );
    expect(expectClean(sandbox, ['push-runtime', '--verbose'])).toBe(0);
    expectNoneIn(leftBehind(sandbox), [edits.server]);
    const times = () => snapshotWithTimes(sandbox.home);
    const before = times();
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing had to') });
    expect(expectClean(sandbox, ['check-sync'])).toBe(0);
    expect(times()).toEqual(before);
    expect(expectClean(sandbox, ['clean-runtime', '--remove-only', '--verbose'])).toBe(0);
    expect(sandbox.read('home/.codex/config.toml').trim()).toBe(config.trim());
  });

  it('are in no journal of a run that was killed, and in no report of its undoing', () => {
    const sandbox = plantedHome();
    edit(sandbox);
    const script = join(sandbox.root, 'kill.cjs');
    sandbox.write(
      'kill.cjs',
      `const fs = require('node:fs'), rename = fs.renameSync;
      fs.renameSync = (from, to) => { if (/AGENTS|config\\.toml$/.test(to)) process.kill(process.pid, 'SIGKILL'); return rename(from, to); };`,
    );
    const killed = sandbox.run(['push-runtime', '--overwrite'], { env: { NODE_OPTIONS: `--require ${script}` } });
    expect(killed.code).toBe(null);
    const left = leftBehind(sandbox);
    expect(left).toMatch(/journal/);
    expectNoneIn(left, planted);
    for (const form of [['--dry-run'], ['--json']]) expectClean(sandbox, ['check-sync', ...form]);
  });

  it('stay out when a second pull finds nothing to write', () => {
    const sandbox = plantedHome();
    edit(sandbox);
    expect(expectClean(sandbox, ['pull-runtime'])).toBe(0);
    const before = filesBelow(join(sandbox.repo, 'clients')).map((path) => [
      path,
      statSync(path).mtimeMs,
      statSync(path).ino,
    ]);
    expect(sandbox.read('repo/clients/claude/pulled/memories/deploy.md')).toBe(
      'Log in with postgres://ada:<redacted>@db.example/x and <redacted>.\n',
    );
    const { code, out } = sandbox.run(['pull-runtime']);
    expect([code, out.match(/\d+ changed/g)]).toEqual([0, ['0 changed', '0 changed']]);
    const after = filesBelow(join(sandbox.repo, 'clients')).map((path) => [
      path,
      statSync(path).mtimeMs,
      statSync(path).ino,
    ]);
    expect(after).toEqual(before);
  });

  it.each([
    ['.codex/config.toml', (secret: string) => `[mcp_servers.a.env]\nA_TOKEN = ${secret}\n`],
    ['.codex/config.toml', (secret: string) => `[mcp_servers.a.env]\nA_TOKEN = "${secret}\nB = 1\n`],
    ['.codex/config.toml', (secret: string) => `[a]\nb = 1\n[a]\nc = "${secret}"\n`],
    ['.codex/config.toml', (secret: string) => `a = "x" "${secret}"\n`],
    ['.claude.json', (secret: string) => `{"primaryApiKey": ${secret}}`],
    ['.claude.json', (secret: string) => `{"primaryApiKey": 7${secret}}`],
    ['.claude.json', (secret: string) => `{"primaryApiKey": "${secret}" "b": 1}`],
    ['.claude/settings.json', (secret: string) => `{"env": {"A_TOKEN": "${secret}\n"}}`],
    ['.claude/settings.json', (secret: string) => `{"env": {"A_TOKEN": "\\q${secret}"}}`],
  ])('are in no error about a malformed %s %#', (path, text) => {
    const sandbox = plantedHome();
    sandbox.write(`home/${path}`, text(named()));
    // A file that does not parse is told before anything else, so that the other forms say the same.
    for (const words of everyCommand.slice(0, 4))
      for (const form of [['--verbose'], ['--json']]) expect(expectClean(sandbox, [...words, ...form])).toBe(2);
  });

  it('are in no crash report', () => {
    const sandbox = plantedHome();
    const secret = shaped();
    sandbox.write(
      'crash.cjs',
      `require('node:fs').readdirSync = () => { throw new TypeError('a bug at ${secret}'); };\n`,
    );
    const options = { env: { NODE_OPTIONS: `--require ${join(sandbox.root, 'crash.cjs')}` } };
    for (const form of [[], ['--json']]) expect(expectClean(sandbox, ['check-sync', ...form], options)).toBe(2);
  });
});

describe('secrets of the source', () => {
  const [one, other] = [made(24, 90), shapedSecret(91)];
  const line = (text: string, count: number) => '\n'.repeat(count - 1) + text;
  const places: [path: string, text: string, at: number][] = [
    ['codex/config-fragment.toml', `[mcp_servers.a]\ncommand = "a"\n[mcp_servers.a.env]\nPLAIN_NAME = "${one}"\n`, 4],
    [
      'codex/config-fragment.toml',
      `[mcp_servers.a]\nurl = "https://x.example"\nhttp_headers = { X-Any = "${one}" }\n`,
      3,
    ],
    ['codex/config-fragment.toml', `[mcp_servers.a]\nurl = "https://${one}@x.example"\n`, 2],
    ['codex/config-fragment.toml', `[mcp_servers.a]\nurl = "https://x.example/?api_key=${one}"\n`, 2],
    ['codex/config-fragment.toml', `# ${other}\nmodel = "a"\n`, 1],
    [
      'codex/config-fragment.toml',
      `[model_providers.a]\nname = "A"\nbase_url = "https://x.example"\nexperimental_bearer_token = "${one}"\n`,
      4,
    ],
    ['codex/profiles/a.toml', `model = "a"\nexperimental_bearer_token = "${one}"\n`, 2],
    ['claude/mcp-fragment.json', `{"mcpServers": {"a": {"command": "a",\n"env": {"PLAIN": "${one}"}}}}`, 2],
    [
      'claude/mcp-fragment.json',
      `{"mcpServers": {"a": {"type": "http", "url": "https://x.example",\n"headers": {"X-Any": "${one}"}}}}`,
      2,
    ],
    ['claude/settings-fragment.json', `{"env": {\n"A_TOKEN": "${one}"}}`, 2],
    [
      'claude/settings-fragment.json',
      `{"hooks": {"Stop": [{"hooks": [{"type": "command",\n"command": "A_TOKEN=${one} run"}]}]}}`,
      2,
    ],
    ['claude/settings-fragment.json', `{"apiKeyHelper":\n"echo ${other}"}`, 2],
    ['claude/instructions.md', line(`Use ${other}.`, 3), 3],
    ['shared/memory/global.md', line(`Use ${other}.`, 4), 4],
    ['shared/memory/projects/a.md', line(['SG', made(22, 92), made(43, 93)].join('.'), 2), 2],
    ['shared/skills/a/SKILL.md', `---\nname: a\ndescription: A.\n---\n${other}\n`, 5],
    ['shared/skills/a/run.sh', line(`curl -H "Authorization: Bearer ${other}"`, 2), 2],
    [`shared/skills/a/${other}.md`, 'Notes.\n', 1],
    ['shared/skills/inject.md', `\n${other}\n`, 2],
    ['shared/vars.toml', `a = "b"\napi_token = "${one}"\n`, 2],
    ['claude/vars.toml', `a = "${other}"\n`, 1],
  ];

  it.each(sampled(places))('in %s are refused with file and line %#', (path, text, at) => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/shared/skills/a/SKILL.md', '---\nname: a\ndescription: A.\n---\nA.\n');
    sandbox.write(`repo/clients/${path}`, text);
    const secrets = [one, other, made(43, 93)];
    for (const words of [
      ['push-runtime'],
      ['push-runtime', '--dry-run', '--verbose'],
      ['check-sync'],
      ['check-sync', '--source-only'],
    ]) {
      const { code, out, err, json } = sandbox.run([...words, '--json']);
      expectNoneIn({ out, err }, secrets);
      expectNoneIn(sandbox.run(words), secrets);
      expect([words, code]).toEqual([words, 2]);
      const found = json.findings.filter((finding) => finding.code === 'literal-secret');
      expect(found.map((finding) => [finding.path, finding.line])).toEqual([
        [`clients/${path.replace(other, '<redacted>')}`, at],
      ]);
    }
    expect(readdirSync(sandbox.home).filter((name) => name !== '.local')).toEqual([]);
  });

  it.each([
    ['codex/config-fragment.toml', (secret: string) => `[mcp_servers.a.env]\nA_TOKEN = ${secret}\n`],
    ['codex/config-fragment.toml', (secret: string) => `[mcp_servers.a.env]\nA_TOKEN = "${secret}\n`],
    ['claude/mcp-fragment.json', (secret: string) => `{"mcpServers": {"a": {"env": {"A_TOKEN": ${secret}}}}}`],
    ['claude/settings-fragment.json', (secret: string) => `{"env": {"A_TOKEN": "${secret}}}`],
    ['shared/vars.toml', (secret: string) => `api_token = ${secret}\n`],
    ['shared/vars.toml', (secret: string) => `api_token = "${secret}\n`],
    ['syncline.toml', (secret: string) => `id = ${secret}\n`],
    ['allowed-secrets.toml', (secret: string) => `"a" = ${secret}\n`],
  ])('are in no error about a malformed %s %#', (path, text) => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    sandbox.write(`repo/clients/${path}`, text(one));
    for (const words of [['push-runtime'], ['check-sync', '--source-only'], ['check-sync', '--json', '--verbose']]) {
      const ran = sandbox.run(words);
      expectNoneIn(ran, [one]);
      expect(ran.code).toBe(2);
    }
  });
});
