import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { askAppServer, isAbsent, runClaude, runCodex } from '../support/clients.ts';
import { claudeSession, claudeStart, codexRoles, codexSession } from '../support/mock-model.ts';
import { hookRecorder, type Told, toldHooks } from '../support/recording-hooks.ts';
import { stdioRecorder } from '../support/recording-servers.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** One repository that says everything once, pushed by the built bin: what the real clients make of it. */
const variables = { TEAM_TOKEN: 'token-of-the-team' };
/** A reference that a client expands, no template of ours. */
const reference = '$' + '{TEAM_TOKEN}';
const runs = (command: string) => ({ hooks: [{ type: 'command', command }] });

/** What the user of both clients has before the first push. */
const own = {
  'home/.codex/config.toml': 'model_verbosity = "low" # mine\n\n[mcp_servers.mine]\ncommand = "mine"\n',
  'home/.codex/hooks.json': JSON.stringify({ hooks: { PreToolUse: [runs('true')] } }),
  'home/.codex/AGENTS.md': 'Mine.\n',
  'home/.claude/settings.json': JSON.stringify({ hooks: { PreToolUse: [runs('true')] }, cleanupPeriodDays: 90 }),
  'home/.claude/CLAUDE.md': 'Mine.\n',
  'home/.claude.json': JSON.stringify({ mcpServers: { mine: { command: 'mine' } } }),
};

function source(sandbox: Sandbox): Record<string, string> {
  const recorder = {
    command: process.execPath,
    args: [`${sandbox.root}/recorder.cjs`, '{{client.home}}/started.json', '{{client.name}}'],
    env: { TEAM_TOKEN: reference, TEAM_MODE: 'quiet' },
  };
  const hook = (event: string) => `"{{client.home}}/skills/record/record.sh" "{{client.home}}/hooks.log" ${event}`;
  const hooks = { PreToolUse: [{ matcher: 'Bash', ...runs(hook('PreToolUse')) }], Stop: [runs(hook('Stop'))] };
  return {
    'mcp.json': JSON.stringify({ mcpServers: { recorder } }, null, 2),
    'hooks.json': JSON.stringify({ hooks }, null, 2),
    'instructions.md': 'We are one team.\n',
    'commands/git/commit.md': '---\ndescription: Commits the change\n---\nWrite $ARGUMENTS into the log.\n',
    'agents/reviewer.md': '---\nname: reviewer\ndescription: Reads a change\n---\nSay what is wrong.\n',
    'skills/record/SKILL.md': '---\ndescription: Records hooks.\n---\nNothing to do.\n',
  };
}

/** The user's home after the first push. */
function pushed(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('recorder.cjs', stdioRecorder);
  sandbox.write('home/work/readme.md', 'A project.\n');
  for (const [path, text] of Object.entries(own)) sandbox.write(path, text);
  for (const [path, text] of Object.entries(source(sandbox))) sandbox.write(`repo/clients/shared/${path}`, text);
  sandbox.write('repo/clients/shared/skills/record/record.sh', hookRecorder, 0o755);
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
  return sandbox;
}

const started = (sandbox: Sandbox, client: string): unknown => JSON.parse(sandbox.read(`home/.${client}/started.json`));

const told = (sandbox: Sandbox, client: string): Record<string, Told> =>
  toldHooks(sandbox.read(`home/.${client}/hooks.log`));

/** Both sides are still equal after a client wrote its files anew; then ours goes, and what the user and the client had stays. */
function expectInSyncAndGone(sandbox: Sandbox, files: readonly string[]): void {
  expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0, err: '' });
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0, err: '' });
  expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0, err: '' });
  for (const path of files) {
    expect(sandbox.read(path)).not.toMatch(/syncline|recorder|record\.sh|one team/);
    if (path.endsWith('.md')) expect(sandbox.read(path)).toBe('Mine.\n');
  }
  for (const left of ['skills/record', 'skills/git-commit', 'agents', 'commands'])
    for (const client of ['.codex', '.claude']) expect(sandbox.exists(`home/${client}/${left}`)).toBe(false);
}

const json = (sandbox: Sandbox, path: string) => JSON.parse(sandbox.read(path)) as Record<string, unknown>;

describe.skipIf(isAbsent('codex') || isAbsent('claude'))('a repository that says it once', () => {
  it('the real Codex starts its server, runs its hooks, and has its command, agent and instructions', async () => {
    const sandbox = pushed();
    const { home } = sandbox;
    const [servers, skills] = (await askAppServer(
      home,
      [
        { method: 'mcpServerStatus/list', params: {} },
        { method: 'skills/list', params: { cwds: [home] } },
      ],
      variables,
    )) as [{ data: { name: string }[] }, { data: { skills: { name: string; description: string }[] }[] }];
    expect(servers.data.map(({ name }) => name)).toContain('recorder');
    expect(started(sandbox, 'codex')).toMatchObject({ args: ['Codex'], env: { ...variables, TEAM_MODE: 'quiet' } });
    expect(skills.data[0]?.skills).toContainEqual(
      expect.objectContaining({ name: 'git-commit', description: 'Commits the change' }),
    );
    const bash = { tool: 'exec_command', input: { cmd: 'echo hi' } };
    const { requests, code, err } = await codexSession(home, `${home}/work`, 'use $git-commit for it', [bash]);
    expect(code, err).toBe(0);
    const request = JSON.stringify(requests[0]);
    expect(request).toContain('We are one team.');
    expect(request).toContain('Write $ARGUMENTS into the log.');
    expect(codexRoles(request)).toContain('\\nreviewer: {');
    expect(err).not.toMatch(/malformed|failed to parse|ignor/i);
    expect(Object.keys(told(sandbox, 'codex')).sort()).toEqual(['PreToolUse', 'Stop']);

    expect(runCodex(home, ['mcp', 'add', 'another', '--', 'another'])).toMatchObject({ code: 0 });
    expect(runCodex(home, ['features', 'enable', 'memories'])).toMatchObject({ code: 0 });
    expectInSyncAndGone(sandbox, ['home/.codex/config.toml', 'home/.codex/hooks.json', 'home/.codex/AGENTS.md']);
    const { model_verbosity, features, mcp_servers } = parse(sandbox.read('home/.codex/config.toml'));
    expect({ model_verbosity, features, mcp_servers }).toEqual({
      ...{ model_verbosity: 'low', features: { memories: true } },
      mcp_servers: { mine: { command: 'mine' }, another: { command: 'another' } },
    });
    expect(sandbox.read('home/.codex/hooks.json')).toBe(own['home/.codex/hooks.json']);
  });

  it('the real Claude Code starts its server, runs its hooks, and has its command, agent and instructions', async () => {
    const sandbox = pushed();
    const { home } = sandbox;
    const { code, out } = runClaude(home, ['mcp', 'list'], home, variables);
    expect([code, out]).toEqual([0, expect.stringMatching(/^recorder: .*Connected/m)]);
    expect(started(sandbox, 'claude')).toMatchObject({
      ...{ args: ['Claude Code'], env: { ...variables, TEAM_MODE: 'quiet' } },
    });
    const bash = { tool: 'Bash', input: { command: 'echo hi', description: 'Says hi' } };
    const session = await claudeSession(home, `${home}/work`, '/git:commit all of it', [bash]);
    expect(session.code, session.err).toBe(0);
    expect(claudeStart(session).agents).toContain('reviewer');
    expect(claudeStart(session).slash_commands).toContain('git:commit');
    const request = JSON.stringify(session.requests);
    expect(request).toContain('We are one team.');
    expect(request).toContain('Write all of it into the log.');
    expect(Object.keys(told(sandbox, 'claude')).sort()).toEqual(['PreToolUse', 'Stop']);

    expect(runClaude(home, ['mcp', 'add', '-s', 'user', 'another', '--', 'another'])).toMatchObject({ code: 0 });
    expectInSyncAndGone(sandbox, ['home/.claude.json', 'home/.claude/settings.json', 'home/.claude/CLAUDE.md']);
    const { mcpServers } = json(sandbox, 'home/.claude.json');
    expect(mcpServers).toMatchObject({ mine: { command: 'mine' }, another: { command: 'another' } });
    expect(Object.keys(mcpServers as object).sort()).toEqual(['another', 'mine']);
    expect(json(sandbox, 'home/.claude/settings.json')).toEqual(JSON.parse(own['home/.claude/settings.json']));
  });

  it('a shared hook is told the same fields by both', async () => {
    const sandbox = pushed();
    const { home } = sandbox;
    await codexSession(home, `${home}/work`, 'hello', [{ tool: 'exec_command', input: { cmd: 'echo hi' } }]);
    await claudeSession(home, `${home}/work`, 'hello', [{ tool: 'Bash', input: { command: 'echo hi' } }]);
    const [inCodex, inClaude] = [told(sandbox, 'codex').PreToolUse as Told, told(sandbox, 'claude').PreToolUse as Told];
    const same = [
      'cwd',
      'hook_event_name',
      'permission_mode',
      'session_id',
      'tool_input',
      'tool_name',
      'transcript_path',
    ];
    for (const field of same) expect([field, typeof inCodex[field]]).toEqual([field, typeof inClaude[field]]);
    for (const one of [inCodex, inClaude])
      expect(one).toMatchObject({ hook_event_name: 'PreToolUse', tool_name: 'Bash', cwd: `${home}/work` });
    expect([inCodex.tool_input, inClaude.tool_input]).toEqual([{ command: 'echo hi' }, { command: 'echo hi' }]);
  });
});
