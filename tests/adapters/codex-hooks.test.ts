import { describe, expect, it } from 'vitest';
import { codexHooksProblems, codexHooksTarget } from '../../src/adapters/codex/hooks.ts';
import { codexPowers } from '../../src/adapters/codex/powers.ts';
import type { Table } from '../../src/model/value.ts';

const run = { type: 'command', command: 'log.sh' };
const told = (values: Table) => codexHooksProblems(values).map(({ code, path }) => [code, path.join('.')]);
const refused = (values: Table) => codexHooksTarget.refusals(values);

describe("Codex's own hooks", () => {
  it('may have everything that Codex runs', () => {
    const handlers = [
      { ...run, commandWindows: 'x', timeout: 5, async: true, statusMessage: 'Hm', additionalContextLimit: 0 },
      { type: 'mcp_tool', server: 's', tool: 't', input: { a: 1 }, timeout: 5, statusMessage: 'Hm' },
    ];
    const values = { description: 'Ours', hooks: { Interrupt: [{ matcher: 'x', hooks: handlers }] } };
    expect(told(values)).toEqual([]);
    expect(refused(values)).toEqual([]);
    expect(told({})).toEqual([]);
  });

  it('may not have what Codex refuses, skips or ignores', () => {
    const one = (handler: Table, event = 'Stop') => told({ hooks: { [event]: [{ hooks: [handler] }] } });
    const at = 'hooks.Stop.0.hooks.0';
    expect(told({ hooks: {}, _mine: true })).toEqual([['unknown-key', '_mine']]);
    expect(one(run, 'Notification')).toEqual([['hook-event', 'hooks.Notification']]);
    expect(one({ type: 'prompt', prompt: 'ok?' })).toEqual([['hook-type', `${at}.type`]]);
    expect(one({ type: 'http', url: 'x' })).toEqual([['hook-type', `${at}.type`]]);
    expect(one({ ...run, once: true })).toEqual([['unknown-key', `${at}.once`]]);
    expect(one({ ...run, timeout: 0.5 })).toEqual([['wrong-shape', `${at}.timeout`]]);
    expect(one({ type: 'command' })).toEqual([['wrong-shape', `${at}.command`]]);
    expect(told({ hooks: { PreToolUse: [{ matcher: 'Ba(', hooks: [run] }] } })).toEqual([
      ['hook-matcher', 'hooks.PreToolUse.0.matcher'],
    ]);
  });
});

describe('a finished hooks.json', () => {
  it.each<[string, Table]>([
    ['an unknown key at the root', { _syncline: {} }],
    ['hooks that are null', { hooks: null }],
    ['a description that is a number', { description: 5 }],
    ['an event that is no list', { hooks: { Stop: {} } }],
    ['a matcher that is a number', { hooks: { Stop: [{ matcher: 5, hooks: [run] }] } }],
    ['an unknown type', { hooks: { Stop: [{ hooks: [{ type: 'http', url: 'x' }] }] } }],
    ['no type', { hooks: { Stop: [{ hooks: [{ command: 'x' }] }] } }],
    ['no command', { hooks: { Stop: [{ hooks: [{ type: 'command' }] }] } }],
    ['a fraction of a second', { hooks: { Stop: [{ hooks: [{ ...run, timeout: 1.5 }] }] } }],
    ['seconds as text', { hooks: { Stop: [{ hooks: [{ ...run, timeout: '5' }] }] } }],
  ])('with %s is refused by Codex', (_what, values) => {
    expect(refused(values)).not.toEqual([]);
  });

  it.each<[string, Table]>([
    ['an unknown event of any shape', { hooks: { Notification: 5 } }],
    ['unknown keys in groups and handlers', { hooks: { Stop: [{ x: 1, hooks: [{ ...run, y: 2 }] }] } }],
    ['a group without hooks', { hooks: { Stop: [{}] } }],
    ['types that Codex skips', { hooks: { Stop: [{ hooks: [{ type: 'prompt' }, { type: 'agent' }] }] } }],
    ['no time, which Codex takes for one second', { hooks: { Stop: [{ hooks: [{ ...run, timeout: 0 }] }] } }],
    ['null where a key may be absent', { description: null, hooks: { Stop: [{ matcher: null, hooks: [run] }] } }],
  ])('with %s is loaded', (_what, values) => {
    expect(refused(values)).toEqual([]);
  });
});

it('a group of hooks is a unit, and a power', () => {
  expect(codexHooksTarget.unitKind(['hooks', 'Stop'], [])).toBe('set');
  expect(codexHooksTarget.unitKind(['hooks'], {})).toBe('table');
  expect(codexHooksTarget.unitKind(['description'], 'x')).toBe('leaf');
  expect(codexPowers.ofValue('hooks.json', ['hooks', 'Stop'], { hooks: [run] }, () => [])).toMatchObject([
    { what: 'hook' },
  ]);
  expect(codexPowers.ofValue('hooks.json', ['description'], 'x', () => [])).toEqual([]);
});
