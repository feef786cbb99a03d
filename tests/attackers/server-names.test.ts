import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** A server that a client would leave out, or take for another one, because of its name is reported with a name that works. */
type Servers = Readonly<Record<string, object>>;

const server = { command: 'true' };
const named = (...names: string[]): Servers => Object.fromEntries(names.map((name) => [name, server]));

function source(shared: Servers, more: Readonly<Record<string, string>> = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "names"\n');
  sandbox.write('repo/clients/shared/mcp.json', JSON.stringify({ mcpServers: shared }, null, 1));
  for (const [path, text] of Object.entries(more)) sandbox.write(`repo/clients/${path}`, text);
  return sandbox;
}

const found = (sandbox: Sandbox, words: readonly string[] = ['check-sync', '--source-only']) => {
  const { code, json } = sandbox.run([...words, '--json']);
  return { code, names: json.findings.filter((each) => each.code === 'server-name') };
};

describe('a name that Codex does not start', () => {
  it.each([
    ['Figma Desktop', 'Figma-Desktop'],
    ['文档', 'server'],
    ['über', 'uber'],
    ['a+b', 'a-b'],
    ['tab\tx', 'tab-x'],
    ['emoji🙂', 'emoji'],
    ["it's", 'it-s'],
  ])('%j is an error with its line and a name that works', (name, working) => {
    const sandbox = source({ ok: server, [name]: server });
    const { code, names } = found(sandbox);
    expect(code).toBe(2);
    expect(names.filter(({ severity }) => severity === 'error')).toMatchObject([
      { path: 'clients/shared/mcp.json', line: 6 },
    ]);
    expect(names[0]?.remedy).toContain(JSON.stringify(working));
    expect(found(sandbox, ['push-runtime', '--yes'])).toMatchObject({ code: 2 });
    // The name that is advised, and the server for Claude Code alone, work.
    expect(found(source(named('ok', working)))).toEqual({ code: 0, names: [] });
    expect(found(source({ [name]: { ...server, clients: ['claude'] } }))).toMatchObject({
      code: 0,
      names: [{ severity: 'warning' }],
    });
  });

  it.each(['a.b', 'a/b', 'a:b', 'a@b', '../x', '_a', '-a', 'A', '1'])('but not %j', (name) => {
    expect(found(source(named(name)))).toEqual({ code: 0, names: [] });
  });

  it.each([
    ['codex/config-fragment.toml', '[mcp_servers."a b"]\ncommand = "true"\n'],
    ['codex/profiles/p.toml', '[mcp_servers."a b"]\ncommand = "true"\n'],
    [
      'codex/agents/a.toml',
      'name = "a"\ndescription = "A."\ndeveloper_instructions = "A."\n[mcp_servers."a b"]\ncommand = "true"\n',
    ],
  ])('in %s, too', (path, text) => {
    const { code, names } = found(source({}, { [path]: text }));
    expect([code, names.map((one) => [one.path, one.line])]).toEqual([
      2,
      [[`clients/${path}`, text.split('\n').length - 2]],
    ]);
  });
});

describe('names that are one to Claude Code', () => {
  it.each([
    ['a.b', 'a_b'],
    ['a/b', 'a:b'],
    ['文档', '说明'],
    ['x y', 'x_y'],
  ])('%j and %j are an error', (one, other) => {
    const only = { ...server, clients: ['claude'] };
    const { code, names } = found(source({ [one]: only, [other]: only }));
    expect(code).toBe(2);
    const errors = names.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ path: 'clients/shared/mcp.json' }]);
    for (const name of [one, other]) expect(errors[0]?.message).toContain(JSON.stringify(name));
  });

  it('are an error from two files, and through a layer', () => {
    const own = JSON.stringify({ mcpServers: named('a_b') });
    expect(found(source(named('a.b'), { 'claude/mcp-fragment.json': own }))).toMatchObject({
      code: 2,
      names: [{ severity: 'error' }],
    });
    const layer = { 'machines/work/claude/mcp-fragment.json': own };
    expect(found(source(named('a.b'), layer))).toMatchObject({
      code: 2,
      names: [{ path: 'clients/machines/work/claude/mcp-fragment.json' }],
    });
  });

  it('are none where only Codex has both, and "A" is not "a"', () => {
    const only = { ...server, clients: ['codex'] };
    expect(found(source({ 'a.b': only, a_b: only, A: server, a: server }))).toEqual({ code: 0, names: [] });
  });

  it('are a warning of the push where one is the user’s own, and a finding of doctor', () => {
    const sandbox = source(named('a_b'));
    sandbox.write('home/.claude.json', JSON.stringify({ mcpServers: named('a.b') }));
    const pushed = found(sandbox, ['push-runtime', '--yes']);
    expect(pushed).toMatchObject({ code: 0, names: [{ severity: 'warning' }] });
    expect(pushed.names[0]?.message).toMatch(/"a\.b" and "a_b"/);
    expect(found(sandbox, ['doctor']).names).toMatchObject([{ severity: 'warning' }]);
    expect(sandbox.run(['uninstall'])).toMatchObject({ code: 0 });
    expect(JSON.parse(sandbox.read('home/.claude.json'))).toEqual({ mcpServers: named('a.b') });
  });
});

describe('a name that leaves no room for tools', () => {
  it.each<[number, number, string[]]>([
    [64, 0, []],
    [65, 0, ['warning']],
    [120, 0, ['warning']],
    [121, 2, ['error']],
  ])('of %d letters', (length, code, severities) => {
    const result = found(source(named('x'.repeat(length))));
    expect([result.code, result.names.map(({ severity }) => severity)]).toEqual([code, severities]);
  });
});

it.each([
  ['', 2],
  ['ide', 2],
  ['a__b', 0],
])('the name %j is reported', (name, code) => {
  const result = found(source({ [name]: { ...server, clients: ['claude'] } }));
  expect([result.code, result.names.length]).toEqual([code, 1]);
});

it('doctor names a server of the user’s own that Codex does not start', () => {
  const sandbox = source({});
  sandbox.write('home/.codex/config.toml', 'model = "a"\n\n[mcp_servers."my server"]\ncommand = "true"\n');
  expect(found(sandbox, ['doctor']).names).toMatchObject([{ severity: 'warning', line: 3 }]);
});
