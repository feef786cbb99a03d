import { describe, expect, it } from 'vitest';
import { claudeHooks } from '../../src/adapters/claude/shared-hooks.ts';
import { codexHooksTarget } from '../../src/adapters/codex/hooks.ts';
import { codexHooks } from '../../src/adapters/codex/shared-hooks.ts';
import { sharedEvents } from '../../src/adapters/hooks/hook-events.ts';
import type { Table, Value } from '../../src/model/value.ts';
import { askAppServer, isAbsent, runClaude } from '../support/clients.ts';
import { claudeSession, codexSession } from '../support/mock-model.ts';
import { hookRecorder, type Told, toldHooks } from '../support/recording-hooks.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** One file of shared hooks in the real clients: both run them, and both tell them the same. */
interface Place {
  readonly sandbox: Sandbox;
  command(log: string, tag: string): string;
  /** What the hooks wrote, by tag. */
  recorded(log: string): Record<string, Told>;
}

function place(): Place {
  const sandbox = makeSandbox();
  sandbox.write('home/record.sh', hookRecorder, 0o755);
  sandbox.write('home/work/readme.md', 'A project.\n');
  return {
    sandbox,
    command: (log, tag) => `"${sandbox.home}/record.sh" "${sandbox.home}/${log}" '${tag}'`,
    recorded: (log) => (sandbox.exists(`home/${log}`) ? toldHooks(sandbox.read(`home/${log}`)) : {}),
  };
}

/** What the two clients get of the shared hooks. */
function deploy({ sandbox }: Place, values: (log: string) => Table): void {
  const forCodex = codexHooks.translate(values('codex.log'), () => []).values;
  expect(codexHooks.problems(values('codex.log'))).toEqual([]);
  expect(codexHooksTarget.refusals(forCodex)).toEqual([]);
  sandbox.write('home/.codex/hooks.json', JSON.stringify(forCodex));
  const forClaude = claudeHooks.translate(values('claude.log'), () => []).values;
  sandbox.write('home/.claude/settings.json', JSON.stringify(forClaude));
}

const matchers = [
  ...['Bash', 'Bas', 'ba.h', '^Ba.*$', '*', '', 'Edit|Write', 'Bash|Edit', 'Bash, Edit', 'Bash,Edit', ' Bash'],
  ...['no-name|Bash', 'no-name', 'Read', 'mcp__.*'],
];

describe.skipIf(isAbsent('codex') || isAbsent('claude'))('a shared hook', () => {
  const common = ['cwd', 'hook_event_name', 'session_id', 'transcript_path'];
  const inTurn = [...common, 'permission_mode'];
  const ofTool = [...inTurn, 'tool_input', 'tool_name', 'tool_use_id'];
  const fields: Record<string, readonly string[]> = {
    SessionStart: [...common, 'source'],
    UserPromptSubmit: [...inTurn, 'prompt'],
    PreToolUse: ofTool,
    PostToolUse: [...ofTool, 'tool_response'],
    Stop: [...inTurn, 'last_assistant_message', 'stop_hook_active'],
    SessionEnd: [...common, 'reason'],
  };

  it('runs in both clients, for the same matchers, and is told the same fields', async () => {
    const here = place();
    deploy(here, (log) => ({
      hooks: {
        ...Object.fromEntries(
          sharedEvents.map((event) => [event, [{ hooks: [{ type: 'command', command: here.command(log, event) }] }]]),
        ),
        PreToolUse: ['PreToolUse', ...matchers].map((tag) => ({
          ...(tag === 'PreToolUse' ? {} : { matcher: tag }),
          hooks: [{ type: 'command', command: here.command(log, tag), timeout: 20 }],
        })),
      },
    }));
    const [home, work] = [here.sandbox.home, `${here.sandbox.home}/work`];
    const codex = await codexSession(home, work, 'hello', [{ tool: 'exec_command', input: { cmd: 'echo hi' } }]);
    expect(codex).toMatchObject({ code: 0 });
    const bash = { tool: 'Bash', input: { command: 'echo hi', description: 'Says hi' } };
    expect(await claudeSession(home, work, 'hello', [bash])).toMatchObject({ code: 0 });
    const [inCodex, inClaude] = [here.recorded('codex.log'), here.recorded('claude.log')];
    expect(Object.keys(inCodex).sort()).toEqual(Object.keys(inClaude).sort());
    const ran = ['Bash', '^Ba.*$', '*', '', 'Bash|Edit', 'Bash, Edit', 'Bash,Edit', ' Bash', 'no-name|Bash'];
    expect(Object.keys(inCodex).sort()).toEqual([...Object.keys(fields), ...ran].sort());
    for (const [event, names] of Object.entries(fields)) {
      const [one, two] = [inCodex[event] ?? {}, inClaude[event] ?? {}];
      const both = Object.keys(one).filter((name) => Object.hasOwn(two, name));
      expect(both.sort(), event).toEqual([...names].sort());
      // What a tool answers is text in Codex and an object in Claude Code.
      const alike = both.filter((name) => name !== 'tool_response');
      expect(alike.map((name) => typeof one[name])).toEqual(alike.map((name) => typeof two[name]));
      for (const told of [one, two]) expect(told).toMatchObject({ hook_event_name: event, cwd: work });
    }
    for (const told of [inCodex.PreToolUse, inClaude.PreToolUse]) {
      expect(told).toMatchObject({ tool_name: 'Bash', tool_input: { command: 'echo hi' } });
    }
    for (const told of [inCodex, inClaude]) expect(told.UserPromptSubmit).toMatchObject({ prompt: 'hello' });
  });
});

interface Listed {
  readonly data: readonly {
    readonly hooks: readonly {
      readonly eventName: string;
      readonly timeoutSec: number;
      readonly trustStatus: string;
    }[];
    readonly warnings: readonly string[];
  }[];
}

async function listed(sandbox: Sandbox, values: Value): Promise<Listed['data'][number]> {
  sandbox.write('home/.codex/hooks.json', JSON.stringify(values));
  const request = { method: 'hooks/list', params: { cwds: [sandbox.home] } };
  const [answer] = (await askAppServer(sandbox.home, [request])) as [Listed];
  return answer.data[0] as Listed['data'][number];
}

describe.skipIf(isAbsent('codex'))('the real Codex', () => {
  const run = { type: 'command', command: 'true' };
  const all = {
    hooks: Object.fromEntries(sharedEvents.map((event) => [event, [{ hooks: [{ ...run, timeout: 2 }] }]])),
  };

  it('knows each shared event, and trusts none of our hooks by itself', async () => {
    const { hooks, warnings } = await listed(makeSandbox(), codexHooks.translate(all, () => []).values);
    expect(warnings).toEqual([]);
    const names = sharedEvents.map((event) => event.charAt(0).toLowerCase() + event.slice(1));
    expect(hooks.map(({ eventName }) => eventName).sort()).toEqual(names.sort());
    for (const hook of hooks) expect(hook).toMatchObject({ trustStatus: 'untrusted', timeoutSec: 2 });
  });

  it.each<[string, Table, 'refused' | 'loaded']>([
    ['a key of ours', { ...all, _syncline: {} }, 'refused'],
    ['hooks that are null', { hooks: null }, 'refused'],
    ['an event that is no list', { hooks: { Stop: {} } }, 'refused'],
    ['a type of Claude', { hooks: { Stop: [{ hooks: [{ type: 'http', url: 'x' }] }] } }, 'refused'],
    ['no command', { hooks: { Stop: [{ hooks: [{ type: 'command' }] }] } }, 'refused'],
    ['a fraction of a second', { hooks: { Stop: [{ hooks: [{ ...run, timeout: 1.5 }] }] } }, 'refused'],
    ['a matcher that is a number', { hooks: { Stop: [{ matcher: 1, hooks: [run] }] } }, 'refused'],
    ['less than no time', { hooks: { Stop: [{ hooks: [{ ...run, timeout: -1 }] }] } }, 'refused'],
    ['an unknown event', { hooks: { Notification: 5 } }, 'loaded'],
    ['a group without hooks', { hooks: { Stop: [{}] } }, 'loaded'],
    ['unknown keys inside', { hooks: { Stop: [{ x: 1, hooks: [{ ...run, y: 2 }] }] } }, 'loaded'],
    ['nothing for absent', { description: null, hooks: { Stop: [{ matcher: null, hooks: [run] }] } }, 'loaded'],
  ])('judges a hooks.json with %s as we do', async (_what, values, verdict) => {
    const { warnings } = await listed(makeSandbox(), values);
    expect(warnings.some((warning) => warning.startsWith('failed to parse hooks config'))).toBe(verdict === 'refused');
    expect(codexHooksTarget.refusals(values).length > 0).toBe(verdict === 'refused');
  });
});

it.skipIf(isAbsent('claude'))('the real Claude Code knows each shared event, and says so of one it does not', () => {
  const sandbox = makeSandbox();
  const group = [{ hooks: [{ type: 'command', command: 'true' }] }];
  const settings = (events: readonly string[]) => {
    const hooks = Object.fromEntries(events.map((event) => [event, group]));
    sandbox.write('home/.claude/settings.json', JSON.stringify({ hooks }));
    return runClaude(sandbox.home, ['doctor']).out;
  };
  expect(settings(['NoSuchEvent', ...sharedEvents])).toMatch(/NoSuchEvent/);
  expect(settings(sharedEvents)).not.toMatch(/Invalid settings|Unknown hook event/);
});
