import { describe, expect, it } from 'vitest';
import { claudeHooks } from '../../src/adapters/claude/shared-hooks.ts';
import type { SharedFragment } from '../../src/adapters/client.ts';
import { codexHooks } from '../../src/adapters/codex/shared-hooks.ts';
import { sharedEvents } from '../../src/adapters/hooks/hook-events.ts';
import type { Table } from '../../src/model/value.ts';

const helper = () => [];
const run = { type: 'command', command: 'log.sh' };
const hooks = (event: string, group: Table): Table => ({ hooks: { [event]: [group] } });
const withHandler = (handler: Table, event = 'PreToolUse') => hooks(event, { hooks: [{ ...run, ...handler }] });
const withMatcher = (matcher: string, event = 'PreToolUse') => hooks(event, { matcher, hooks: [run] });

const told = (values: Table) => claudeHooks.problems(values).map(({ code, path }) => [code, path.join('.')]);
const losses = (client: SharedFragment, values: Table) =>
  client.translate(values, helper).problems.map(({ code, severity, path }) => [code, severity, path.join('.')]);

describe('the eleven events of both clients', () => {
  const everything: Table = {
    hooks: Object.fromEntries(
      sharedEvents.map((event) => [event, [{ hooks: [{ ...run, timeout: 3, async: true, statusMessage: 'Hm' }] }]]),
    ),
  };

  it('are taken as they are, without a word, there and back', () => {
    expect(sharedEvents).toHaveLength(11);
    for (const client of [codexHooks, claudeHooks]) {
      expect(client.problems(everything)).toEqual([]);
      expect(client.translate(everything, helper)).toEqual({ values: everything, problems: [] });
      for (const event of sharedEvents) {
        const path = ['hooks', event];
        expect(client.placeOf(path)).toEqual(path);
        expect(client.isSet(path)).toBe(true);
        expect(client.untranslate(path, run, helper)).toEqual({ path, value: run });
      }
    }
  });

  it('are the only ones: another is an error that names the client that has it', () => {
    const remedy = (event: string) => codexHooks.problems(withHandler({}, event)).map((problem) => problem.remedy);
    expect(remedy('Interrupt')).toEqual(['Move its hooks to clients/codex/hooks-fragment.json.']);
    expect(remedy('Notification')).toEqual(['Move its hooks to clients/claude/settings-fragment.json.']);
    expect(remedy('PreTooluse')).toEqual(['Did you mean "PreToolUse"?']);
    expect(told(withHandler({}, 'Interrupt'))).toEqual([['hook-event', 'hooks.Interrupt']]);
  });

  it('come back from a runtime only where both clients have them', () => {
    expect(codexHooks.untranslate(['hooks', 'Interrupt'], run, helper)).toEqual({
      reason: 'only Codex has the event "Interrupt"',
    });
    expect(claudeHooks.untranslate(['hooks', 'Notification'], run, helper)).toHaveProperty('reason');
    expect(claudeHooks.untranslate(['permissions', 'allow'], 'Bash', helper)).toHaveProperty('reason');
    expect(codexHooks.untranslate(['description'], 'mine', helper)).toHaveProperty('reason');
  });
});

describe('a shared hook', () => {
  it.each([
    ['a type that is not shared', { type: 'prompt', prompt: 'ok?' }, ['hook-type', 'type']],
    ['arguments apart', { args: ['x'] }, ['hook-args', 'args']],
    ['an unknown key', { timeuot: 5 }, ['unknown-key', 'timeuot']],
    ['a fraction of a second, for which Codex refuses the file', { timeout: 1.5 }, ['wrong-shape', 'timeout']],
    ['no time, for which Claude Code refuses the file', { timeout: 0 }, ['wrong-shape', 'timeout']],
    ['an empty command', { command: '' }, ['wrong-shape', 'command']],
  ])('may not have %s', (_what, handler, [code, key]) => {
    expect(told(withHandler(handler as Table))).toEqual([[code, `hooks.PreToolUse.0.hooks.0.${key}`]]);
  });

  it('may not lack its command, its handlers or its shape', () => {
    expect(told(hooks('Stop', { hooks: [{ type: 'command' }] }))).toEqual([
      ['wrong-shape', 'hooks.Stop.0.hooks.0.command'],
    ]);
    expect(told(hooks('Stop', { hooks: [] }))).toEqual([['wrong-shape', 'hooks.Stop.0.hooks']]);
    expect(told(hooks('Stop', { matchers: 'x', hooks: [run] }))).toEqual([['unknown-key', 'hooks.Stop.0.matchers']]);
    expect(told({ hooks: { Stop: {} }, x: 1 })).toEqual([
      ['wrong-shape', 'hooks.Stop'],
      ['unknown-key', 'x'],
    ]);
  });

  it.each([
    ['(', 'no regular expression'],
    ['(?=Bash)', 'look-ahead'],
    ['a(?<!b)', 'look-behind'],
    ['(a)\\1', 'back-reference'],
  ])('may not have the matcher %s: %s', (matcher) => {
    expect(told(withMatcher(matcher))).toEqual([['hook-matcher', 'hooks.PreToolUse.0.matcher']]);
  });

  it.each(['Bash', '*', '', 'Edit|Write', '^Ba.*$', 'mcp__.*__read', '\\(?=', 'a\\\\1'])(
    'may have the matcher %s',
    (matcher) => {
      expect(told(withMatcher(matcher))).toEqual([]);
    },
  );

  it('is told of a matcher that nobody looks at', () => {
    expect(told(withMatcher('Bash', 'Stop'))).toEqual([['hook-matcher-idle', 'hooks.Stop.0.matcher']]);
    expect(told(withMatcher('*', 'UserPromptSubmit'))).toEqual([]);
  });

  it.each([
    ['if', 'Bash(git:*)', 'warning'],
    ['once', true, 'warning'],
    ['onFailure', 'block', 'warning'],
    ['asyncRewake', true, 'warning'],
    ['shell', 'powershell', 'warning'],
  ])('keeps %s, which Codex ignores', (key, value, severity) => {
    const values = withHandler({ [key]: value });
    expect(told(values)).toEqual([]);
    expect(codexHooks.translate(values, helper).values).toEqual(values);
    expect(losses(codexHooks, values)).toEqual([['hook-key-lost', severity, `hooks.PreToolUse.0.hooks.0.${key}`]]);
    expect(losses(claudeHooks, values)).toEqual([]);
  });

  it.each([
    ['commandWindows', 'log.cmd', 'warning'],
    ['additionalContextLimit', 5, 'note'],
  ])('keeps %s, which Claude Code ignores', (key, value, severity) => {
    const values = withHandler({ [key]: value });
    expect(told(values)).toEqual([]);
    expect(losses(claudeHooks, values)).toEqual([['hook-key-lost', severity, `hooks.PreToolUse.0.hooks.0.${key}`]]);
    expect(losses(codexHooks, values)).toEqual([]);
  });

  it('is told of variables that only Claude Code sets', () => {
    const at = 'hooks.PreToolUse.0.hooks.0.command';
    const project = withHandler({ command: `"$CLAUDE_PROJECT_DIR"/check.sh && echo "$\{CLAUDE_PROJECT_DIR}"` });
    expect(losses(codexHooks, project)).toEqual([['hook-environment', 'warning', at]]);
    expect(losses(claudeHooks, project)).toEqual([]);
    for (const command of [
      `"$\{CLAUDE_PROJECT_DIR:-$PWD}"/check.sh`,
      'CLAUDE_PROJECT_DIR=.; ls $CLAUDE_PROJECT_DIR',
      'ls $HOME',
    ])
      expect(losses(codexHooks, withHandler({ command }))).toEqual([]);
  });

  it('has three seconds at the end of a session of Codex', () => {
    expect(losses(codexHooks, withHandler({ timeout: 3 }, 'SessionEnd'))).toEqual([]);
    expect(losses(codexHooks, withHandler({ timeout: 4 }, 'Stop'))).toEqual([]);
    expect(losses(codexHooks, withHandler({ timeout: 4 }, 'SessionEnd'))).toEqual([
      ['hook-timeout-lost', 'warning', 'hooks.SessionEnd.0.hooks.0.timeout'],
    ]);
  });
});

describe('a matcher of a shared hook', () => {
  const inCodex = (matcher: string) => codexHooks.translate(withMatcher(matcher), helper).values;

  it.each([
    ['Bash, Edit', 'Bash|Edit'],
    ['Bash,Edit ', 'Bash|Edit'],
    [' Bash', 'Bash'],
    ['mcp__my-server__read', '^(?:mcp__my-server__read)$'],
    ['mcp__my-server__read|Bash', '^(?:mcp__my-server__read|Bash)$'],
    ['Bash|Edit', 'Bash|Edit'],
    ['^Bash, Edit', '^Bash, Edit'],
    ['', ''],
    ['*', '*'],
  ])('%s is the list of names in Codex that it is in Claude Code: %s', (matcher, translated) => {
    expect(inCodex(matcher)).toEqual(withMatcher(translated));
    expect(inCodex(translated)).toEqual(withMatcher(translated));
    expect(claudeHooks.translate(withMatcher(matcher), helper).values).toEqual(withMatcher(matcher));
  });

  it('is told of tools that one client only has', () => {
    const at = 'hooks.PreToolUse.0.matcher';
    expect(losses(codexHooks, withMatcher('Edit|Read'))).toEqual([['hook-matcher-lost', 'note', at]]);
    expect(losses(claudeHooks, withMatcher('Edit|Read'))).toEqual([]);
    expect(losses(claudeHooks, withMatcher('apply_patch'))).toEqual([['hook-matcher-lost', 'note', at]]);
    expect(losses(codexHooks, withMatcher('apply_patch'))).toEqual([]);
    for (const client of [codexHooks, claudeHooks]) {
      expect(losses(client, withMatcher('shell'))).toEqual([['hook-matcher-lost', 'note', at]]);
      expect(losses(client, withMatcher('Bash|Edit|Write|mcp__a__b'))).toEqual([]);
      expect(losses(client, withMatcher('Read', 'SubagentStop'))).toEqual([]);
    }
  });

  it('is told of reasons to end that Codex does not give', () => {
    expect(losses(codexHooks, withMatcher('clear|other', 'SessionEnd'))).toEqual([]);
    expect(losses(codexHooks, withMatcher('clear|logout', 'SessionEnd'))).toEqual([
      ['hook-matcher-lost', 'note', 'hooks.SessionEnd.0.matcher'],
    ]);
    expect(losses(claudeHooks, withMatcher('clear', 'SessionEnd'))).toEqual([]);
  });
});
