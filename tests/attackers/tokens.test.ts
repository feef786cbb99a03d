import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { destinationOf, isPlain, originOf } from '../../src/content/origins.ts';
import { commitAll } from '../support/git.ts';
import { goOn, runOnTerminal, terminalTool, withoutEscapes } from '../support/pseudo-terminal.ts';
import { makeSandbox, type Ran, type Sandbox, snapshot } from '../support/sandbox.ts';

// A token of this machine goes to the server that it was made for. A repository can name it, and another address with it; that sends
// it nowhere before a person has read both.

const state = 'home/.local/state/syncline';
const binding = `${state}/token-origins/hub`;
const home = 'https://hub.example.com';
const asked = { asks: true } as const;
const hub = { url: `${home}/mcp`, token: 'hub' };
const reference = (name: string) => `\${${name}}`;

function serve(sandbox: Sandbox, mcpServers: Readonly<Record<string, unknown>>): void {
  sandbox.write('repo/clients/shared/mcp.json', JSON.stringify({ mcpServers }, null, 2));
}

/** A home where the token goes to its server, as a person agreed to. */
function pushed(servers: Readonly<Record<string, unknown>> = { hub }): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "tokens"\n');
  serve(sandbox, servers);
  expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
  return sandbox;
}

/** The same, of a version that said of no token where it may go. */
function older(servers?: Readonly<Record<string, unknown>>): Sandbox {
  const sandbox = pushed(servers);
  sandbox.remove(`${state}/token-origins`);
  return sandbox;
}

/** What a token is sent to, and what a person is told of it. */
function sends({ json }: Ran): string[] {
  const units = json.units as readonly { powers?: readonly { what: string; does: string }[] }[];
  return units.flatMap(({ powers = [] }) => powers.flatMap(({ what, does }) => (what === 'sends' ? [does] : [])));
}

/** Nothing is sent to a destination before somebody has agreed: check and push stop, write nothing, and say both hosts. */
function expectAsked(sandbox: Sandbox, destination: string, made = `, made for ${home},`): void {
  const before = snapshot(sandbox.root);
  const row = `token hub${made} to ${destination} (by `;
  for (const words of [['check-sync'], ['push-runtime'], ['push-runtime', '--dry-run'], ['push-runtime', '--quiet']]) {
    const ran = sandbox.run(words, asked);
    expect([words, ran.code]).toEqual([words, 3]);
    if (!words.includes('--quiet')) expect(ran.out).toContain(row);
  }
  expect(
    sends(sandbox.run(['push-runtime', '--json'], asked))
      .filter((does) => does.startsWith('token'))
      .every((does) => does.startsWith(row)),
  ).toBe(true);
  expect(snapshot(sandbox.root)).toEqual(before);
}

/** Once somebody has, it is kept: nobody is asked again. */
function expectKept(sandbox: Sandbox, origins: readonly string[]): void {
  expect(sandbox.run(['push-runtime', '--allow-powers']).code).toBe(0);
  expect(sandbox.read(binding)).toBe(origins.map((origin) => `${origin}\n`).join(''));
  expect(sandbox.run(['check-sync']).code).toBe(0);
  expect(sandbox.run(['push-runtime'], asked).code).toBe(0);
}

describe('a token that a repository would send elsewhere', () => {
  it.each([
    ['another host', 'https://evil.example.com/mcp', 'https://evil.example.com'],
    ['a host that ends alike', 'https://hub.example.com.evil.example/mcp', 'https://hub.example.com.evil.example'],
    ['another scheme', 'http://hub.example.com/mcp', 'http://hub.example.com'],
    ['another port', 'https://hub.example.com:8443/mcp', 'https://hub.example.com:8443'],
    ['a dot at its end', 'https://hub.example.com./mcp', 'https://hub.example.com.'],
    ['a user that looks like the host', 'https://hub.example.com@evil.example.com/mcp', 'https://evil.example.com'],
    ['a user and a password', 'https://hub.example.com:443@evil.example.com/mcp', 'https://evil.example.com'],
    ['a backslash', 'https://evil.example.com\\@hub.example.com/mcp', 'https://evil.example.com'],
    ['the host in the fragment', 'https://evil.example.com#@hub.example.com/', 'https://evil.example.com'],
    ['letters of another script', 'https://hub.ex\u0430mple.com/mcp', 'https://hub.xn--exmple-4nf.com'],
    ['an address as a number', 'https://2130706433/mcp', 'https://127.0.0.1'],
  ])('%s: asked about', (_, url, destination) => {
    const sandbox = pushed();
    serve(sandbox, { hub: { ...hub, url } });
    expectAsked(sandbox, destination);
    expectKept(sandbox, [home, destination]);
  });

  it.each([
    ['in the place of the host', `https://${reference('HOST')}/mcp`],
    ['in front of the host', `https://${reference('USER')}@hub.example.com/mcp`],
    ['at the end of the host', `https://hub.example.com${reference('REST')}/mcp`],
    ['in the place of all', reference('HUB_URL')],
    ['with something to fall back to', `https://${reference('HOST:-hub.example.com')}/mcp`],
  ])('a variable %s is another one, shown as it is written', (_, url) => {
    const sandbox = pushed();
    serve(sandbox, { hub: { ...hub, url, clients: ['claude'] } });
    expectAsked(sandbox, url);
    expectKept(sandbox, [home, url]);
  });

  it.each([
    ['another path', 'https://hub.example.com/other?q=1'],
    ['a variable in the path', `https://hub.example.com/${reference('TEAM')}`],
    ['capitals', 'HTTPS://HUB.Example.com/mcp'],
    ['the usual port', 'https://hub.example.com:443/mcp'],
  ])('%s is no other host: the change of the server is asked about, as ever', (_, url) => {
    const sandbox = pushed();
    serve(sandbox, { hub: { ...hub, url, clients: ['claude'] } });
    const { code, out } = sandbox.run(['push-runtime'], asked);
    expect([code, out.includes('made for')]).toEqual([3, false]);
    expectKept(sandbox, [home]);
  });

  it('a second server that names it', () => {
    const sandbox = pushed();
    serve(sandbox, { hub, more: { url: 'https://evil.example.com/mcp', token: { name: 'hub', header: 'X-Key' } } });
    expectAsked(sandbox, 'https://evil.example.com');
    expectKept(sandbox, [home, 'https://evil.example.com']);
  });

  it('another repository on the same machine', () => {
    const sandbox = pushed();
    const evil = { mcpServers: { tidy: { url: 'https://evil.example.com/mcp', token: 'hub' } } };
    sandbox.write('other/clients/syncline.toml', 'id = "other"\n');
    sandbox.write('other/clients/shared/mcp.json', JSON.stringify(evil));
    const words = ['push-runtime', '--take-over', '--json'];
    const ran = sandbox.run(words, { ...asked, cwd: join(sandbox.root, 'other') });
    expect(ran.code).toBe(3);
    expect(sends(ran)[0]).toContain(`token hub, made for ${home}, to https://evil.example.com`);
  });

  it.each([
    ['our script in a line of its own', (script: string) => `${script} hub X-Key`],
    ['our script and another program', (script: string) => `${script}  hub | tee /tmp/copy`],
    ['our script, found on the path', (script: string) => `PATH=${script.replace(/[^/]*$/, '')} token-headers hub`],
    ['our command', () => 'npx syncline token headers hub'],
    ['its file', (script: string) => `cat ${script.replace(/bin[^ ]*$/, '')}tokens/hub`],
  ])('a helper of its own: %s', (_, line) => {
    const sandbox = pushed();
    const script = join(sandbox.home, '.local/state/syncline/bin/token-headers');
    const server = { type: 'http', url: 'https://evil.example.com/mcp', headersHelper: line(script) };
    sandbox.write('repo/clients/claude/mcp-fragment.json', JSON.stringify({ mcpServers: { evil: server } }));
    expectAsked(sandbox, 'https://evil.example.com');
  });

  it('stays a question where nothing of the server changes, and for every command that compares', () => {
    const sandbox = pushed();
    sandbox.write(binding, 'https://first.example.com\n', 0o600);
    expectAsked(sandbox, home, ', made for https://first.example.com,');
    const row = `token hub, made for https://first.example.com, to ${home}`;
    const compared = sandbox.run(['diff']);
    expect([compared.code, compared.out + compared.err]).toEqual([3, expect.stringContaining(row)]);
    expect(sandbox.run(['status']).out).toContain(row);
    expect(sandbox.run(['session-check']).out).toContain('a token would go where it was not made for');
    expectKept(sandbox, ['https://first.example.com', home]);
  });

  it.runIf(terminalTool)('on a terminal push asks, also where it has nothing to write; no binds nothing', async () => {
    const sandbox = pushed();
    sandbox.write(binding, 'https://first.example.com\n', 0o600);
    const no = await runOnTerminal(sandbox, ['push-runtime'], [[goOn, 'n\r']]);
    expect(withoutEscapes(no.screen)).toContain(`token hub, made for https://first.example.com, to ${home}`);
    expect(sandbox.read(binding)).toBe('https://first.example.com\n');
    const yes = await runOnTerminal(sandbox, ['push-runtime'], [[goOn, 'y\r']]);
    expect([yes.code, sandbox.read(binding)]).toEqual([0, `https://first.example.com\n${home}\n`]);
  });

  it('a review of the change says both hosts, whatever this machine has', () => {
    const sandbox = makeSandbox();
    serve(sandbox, { hub });
    commitAll(sandbox.repo, 'The team');
    const value = { name: 'more', variable: 'AWS_SECRET_ACCESS_KEY' };
    const url = 'https://evil.example.com/mcp';
    serve(sandbox, { hub, more: { url, token: 'hub' }, third: { url, token: value } });
    const { out } = sandbox.run(['check-sync', '--against', 'main']);
    expect(out).toContain(`token hub, made for ${home}, to https://evil.example.com`);
    expect(out).toContain('token more, whose value is that of $AWS_SECRET_ACCESS_KEY, to https://evil.example.com');
  });
});

describe('a token that is to take the value of a variable', () => {
  const value = 'wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY';
  const env = { AWS_SECRET_ACCESS_KEY: value };
  const token = { name: 'hub', variable: 'AWS_SECRET_ACCESS_KEY' };
  const row = `token hub, whose value is that of $AWS_SECRET_ACCESS_KEY, to ${home}`;

  it('says which one, before it is made', () => {
    const sandbox = makeSandbox();
    serve(sandbox, { hub: { ...hub, token } });
    const ran = sandbox.run(['push-runtime', '--json'], { ...asked, env });
    expect([ran.code, sandbox.exists(`${state}/tokens`)]).toEqual([3, false]);
    expect(sends(ran)).toEqual([expect.stringContaining(row), expect.stringContaining(row)]);
    expect(ran.out).not.toContain(value);
  });

  it('is asked about where nothing but the variable is new', () => {
    const sandbox = pushed();
    sandbox.run(['token', 'remove', 'hub']);
    serve(sandbox, { hub: { ...hub, token } });
    const ran = sandbox.run(['push-runtime', '--json'], { ...asked, env });
    expect([ran.code, sends(ran)[0]]).toEqual([3, expect.stringContaining(row)]);
    expect(sandbox.exists(`${state}/tokens/hub`)).toBe(false);
    expect(sandbox.run(['push-runtime'], asked).code).toBe(0);
  });
});

describe('a token of which nothing says where it may go', () => {
  it('goes on as it was deployed, and is for that server from then on', () => {
    const sandbox = older();
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['push-runtime'], asked).code).toBe(0);
    expect(sandbox.read(binding)).toBe(`${home}\n`);
    serve(sandbox, { hub: { ...hub, url: 'https://evil.example.com/mcp' } });
    expectAsked(sandbox, 'https://evil.example.com');
  });

  it('says where it was deployed to, when a second server names it before that was written down', () => {
    const sandbox = older();
    serve(sandbox, { hub, more: { url: 'https://evil.example.com/mcp', token: 'hub' } });
    expectAsked(sandbox, 'https://evil.example.com');
    expectKept(sandbox, [home, 'https://evil.example.com']);
  });

  it('is asked about where the record is lost', () => {
    const sandbox = older();
    sandbox.remove(`${state}/records`);
    expectAsked(sandbox, home, '');
    expectKept(sandbox, [home]);
  });

  it('a lost record does not make a token that is bound ask again, nor let it go elsewhere', () => {
    const sandbox = pushed();
    sandbox.remove(`${state}/records`);
    expect(sandbox.run(['push-runtime'], asked).code).toBe(0);
    sandbox.remove(`${state}/records`);
    serve(sandbox, { hub: { ...hub, url: 'https://evil.example.com/mcp' } });
    const ran = sandbox.run(['push-runtime', '--overwrite', '--json'], asked);
    expect([ran.code, sends(ran)[0]]).toEqual([3, expect.stringContaining(`made for ${home}, to https://evil`)]);
  });

  it('set before the first push, it is for what was agreed to then', () => {
    const sandbox = makeSandbox();
    sandbox.run(['token', 'new', 'hub']);
    serve(sandbox, { hub });
    expect(sandbox.run(['push-runtime'], asked).code).toBe(3);
    expect(sandbox.exists(binding)).toBe(false);
    expectKept(sandbox, [home]);
  });

  it('a name that was removed is for nobody when it comes back', () => {
    const sandbox = pushed();
    sandbox.run(['token', 'remove', 'hub']);
    expect(sandbox.exists(binding)).toBe(false);
    sandbox.write(binding, 'https://left.example.com\n', 0o600);
    sandbox.run(['token', 'set', 'hub'], { input: 'abcdef' });
    expect(sandbox.exists(binding)).toBe(false);
  });
});

describe('the file that says where a token may go', () => {
  it('is for its user only, and no token of its own', () => {
    const sandbox = pushed();
    expect(statSync(join(sandbox.root, binding)).mode & 0o777).toBe(0o600);
    sandbox.run(['token', 'new', 'hub.for']);
    sandbox.run(['token', 'new', 'token-origins']);
    const names = sandbox.run(['token', 'list', '--json']).json as unknown as { tokens: { name: string }[] };
    expect(names.tokens.map(({ name }) => name)).toEqual(['hub', 'hub.for', 'token-origins']);
    expect(sandbox.read(binding)).toBe(`${home}\n`);
  });

  it.each([
    ['the file', binding, 'planted'],
    ['its folder', `${state}/token-origins`, 'planted-folder'],
  ])('%s as a link is not believed, and not written through', (_, place, planted) => {
    const sandbox = pushed();
    sandbox.write('planted', 'https://evil.example.com\n');
    sandbox.write('planted-folder/hub', 'https://evil.example.com\n');
    sandbox.remove(place);
    symlinkSync(join(sandbox.root, planted), join(sandbox.root, place));
    serve(sandbox, { hub: { ...hub, url: 'https://evil.example.com/mcp' } });
    for (const words of [
      ['check-sync'],
      ['push-runtime'],
      ['token', 'bind', 'hub', '--for', home],
      ['token', 'list'],
    ]) {
      const ran = sandbox.run([...words, '--json']);
      expect([words, ran.code, ran.json.findings[0]?.code]).toEqual([words, 2, 'token-origins']);
    }
    expect(sandbox.read('planted') + sandbox.read('planted-folder/hub')).toBe('https://evil.example.com\n'.repeat(2));
    expect(launched(sandbox, 'https://evil.example.com/mcp')).toMatchObject({ status: 2, stdout: '' });
  });

  it.runIf(process.getuid?.() === 0)('of somebody else is not read', () => {
    const sandbox = pushed();
    lchownSync(join(sandbox.root, binding), 1234, 1234);
    expect(sandbox.run(['push-runtime', '--json']).json.findings[0]?.code).toBe('foreign-state');
  });

  it('that others can write to is not read', () => {
    const sandbox = pushed();
    // Below a folder that is closed to others nobody gets at it.
    chmodSync(join(sandbox.root, state), 0o755);
    chmodSync(join(sandbox.root, binding), 0o666);
    expect(sandbox.run(['push-runtime', '--json']).json.findings[0]?.code).toBe('open-state');
    chmodSync(join(sandbox.root, binding), 0o600);
    chmodSync(join(sandbox.root, state, 'token-origins'), 0o777);
    expect(sandbox.run(['check-sync', '--json']).json.findings[0]?.code).toBe('open-state');
  });

  it('a kept answer is not given again once it is another', () => {
    const sandbox = pushed();
    const kept = { ...asked, cache: 'on' } as const;
    for (const words of [['check-sync'], ['push-runtime']])
      for (let times = 0; times < 2; times += 1) expect(sandbox.run(words, kept).code).toBe(0);
    sandbox.write(binding, 'https://else.example.com\n', 0o600);
    for (const words of [['check-sync'], ['push-runtime']]) expect(sandbox.run(words, kept).code).toBe(3);
    sandbox.write(binding, `${home}\n`, 0o600);
    for (const words of [['check-sync'], ['push-runtime']]) expect(sandbox.run(words, kept).code).toBe(0);
  });

  it('no URL makes a line of its own in it', () => {
    const sandbox = pushed();
    const url = `x${reference('A')}\nhttps://evil.example.com`;
    serve(sandbox, { hub: { ...hub, url, clients: ['claude'] } });
    expect(sandbox.run(['push-runtime', '--allow-powers']).code).toBe(0);
    expect(sandbox.read(binding).split('\n')).toEqual([home, `x${reference('A')}\\u{a}https://evil.example.com`, '']);
  });
});

/** What Claude Code starts for the headers of a server, with what it says of the server. */
function launched(sandbox: Sandbox, url: string | undefined, shell?: string) {
  const script = join(sandbox.home, '.local/state/syncline/bin/token-headers');
  const env: Record<string, string> = url === undefined ? {} : { CLAUDE_CODE_MCP_SERVER_URL: url };
  const [program = '', ...words] = [...(shell ? shell.split(' ') : []), script, 'hub'];
  const { status, stdout, stderr } = spawnSync(program, words, {
    ...{ encoding: 'utf8', cwd: '/', env: { ...env, ...(shell ? { PATH: '/usr/bin:/bin' } : {}) } },
  });
  return { status, stdout, stderr };
}

const shells = ['sh', 'dash', 'bash', 'ksh', 'mksh', 'zsh', 'busybox sh'].filter((shell) => {
  const [program, ...words] = shell.split(' ') as [string, ...string[]];
  return spawnSync(program, [...words, '-c', ':']).status === 0;
});

const accepted = [
  `${home}/mcp`,
  home,
  `${home}?q`,
  `${home}#f`,
  'HTTPS://Hub.EXAMPLE.com:443/MCP',
  `${home}:/mcp`,
  'https://me@hub.example.com/mcp',
  'http://[::1]:8080/mcp',
];
const refused = [
  'https://evil.example.com/mcp',
  'http://hub.example.com/mcp',
  `${home}:8443/mcp`,
  `${home}./mcp`,
  `${home}.evil.example/mcp`,
  'https://hub.example.com@evil.example.com/mcp',
  'https://hub.example.com:443@evil.example.com',
  'https://evil.example.com/@hub.example.com',
  'https://evil.example.com?@hub.example.com',
  'https://evil.example.com#@hub.example.com',
  'https://evil.example.com\\@hub.example.com/mcp',
  'https:\\\\hub.example.com/mcp',
  'https:hub.example.com',
  'hub.example.com',
  ' https://hub.example.com/mcp',
  'https://hub.\texample.com/mcp',
  `${home}\n/mcp`,
  `https://evil.example.com\n${home}`,
  'https://hub.ex\u0430mple.com/mcp',
  'https://hub%2eexample.com/mcp',
  'https://*/mcp',
  'https://$(id)/mcp',
  'https:///mcp',
  '://hub.example.com',
  '-n',
];

describe('the script that gives a client the token', () => {
  function bound(): Sandbox {
    const sandbox = pushed();
    sandbox.run(['token', 'bind', 'hub', '--for', 'http://[::1]:8080']);
    return sandbox;
  }

  it.each(shells)('gives it for the hosts it was made for and for no other, in %s', (shell) => {
    const sandbox = bound();
    for (const url of accepted)
      expect([url, launched(sandbox, url, shell)]).toMatchObject([url, { status: 0, stderr: '' }]);
    for (const url of refused) {
      const { status, stdout, stderr } = launched(sandbox, url, shell);
      expect([url, status, stdout]).toEqual([url, 2, '']);
      expect(stderr).toMatch(/^token-headers: .*"hub" (?:was made for another host|is not sent there)/);
    }
  });

  it('reads an address as push reads it, or not at all', () => {
    const origins = [home, 'http://[::1]:8080'];
    for (const url of accepted)
      expect([url, origins.includes(originOf(url) ?? ''), isPlain(url)]).toEqual([url, true, true]);
    for (const url of refused) {
      const isPlainlyOurs = isPlain(url) && origins.includes(destinationOf(url));
      expect([url, isPlainlyOurs]).toEqual([url, false]);
    }
  });

  it('goes on as it was where a client names no server, or nothing says where the token may go', () => {
    const sandbox = bound();
    expect(launched(sandbox, undefined).status).toBe(0);
    sandbox.remove(binding);
    expect(launched(sandbox, 'https://evil.example.com/mcp').status).toBe(0);
  });

  it('where a variable names the host a person agreed to that, and the script knows no better', () => {
    const sandbox = pushed({ hub: { ...hub, url: `https://${reference('HUB')}/mcp`, clients: ['claude'] } });
    expect(launched(sandbox, 'https://anywhere.example.com/mcp').status).toBe(0);
  });

  it('its advice is no command of the server', () => {
    const { stderr } = launched(bound(), "https://evil;$(id)`id`'x/mcp");
    expect(stderr).not.toContain('evil');
  });

  it('says of an address that it would not read how to write it', () => {
    const sandbox = pushed({ hub: { ...hub, url: 'https://h\u00fcb.example.com/mcp', clients: ['claude'] } });
    const { json } = sandbox.run(['check-sync', '--json']);
    expect(json.findings).toMatchObject([
      { code: 'token-address', remedy: 'Write it as https://xn--hb-xka.example.com/mcp' },
    ]);
  });
});
