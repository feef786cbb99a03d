import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoneIn, made } from './support/canary.ts';
import { asNobody, closed, makePipe, sized } from './support/hostile.ts';
import { runOnTerminal, terminalTool } from './support/pseudo-terminal.ts';
import { makeSandbox, type Ran, type RunOptions, type Sandbox, snapshot } from './support/sandbox.ts';
import { helperIn, tokenBin } from './support/token-client.ts';

/** Tokens of this machine: the command, the launcher that the clients call, and what push and check do with them. */
const state = 'home/.local/state/syncline';
const file = `${state}/tokens/hub`;
const value = made(43, 9);

let built: Awaited<ReturnType<typeof tokenBin>>;
beforeAll(async () => {
  built = await tokenBin();
});
afterAll(() => built.remove());

function modeOf(sandbox: Sandbox, path: string): string {
  return (statSync(join(sandbox.root, path)).mode & 0o777).toString(8);
}

function run(sandbox: Sandbox, words: readonly string[], options: RunOptions = {}): Ran {
  return sandbox.run(words, { bin: built.bin, ...options });
}

function codes(ran: Ran): string[] {
  return ran.json.findings.map(({ code }) => code);
}

/** A repository of which one server wants the token "hub", with a variable. */
function teamWithToken(token: unknown = { name: 'hub', variable: 'HUB_TOKEN' }): Sandbox {
  const sandbox = makeSandbox();
  writeServers(sandbox, { hub: { url: 'https://hub.example.com/mcp', token } });
  return sandbox;
}

function writeServers(sandbox: Sandbox, mcpServers: unknown, layer = 'clients'): void {
  sandbox.write(`repo/${layer}/shared/mcp.json`, JSON.stringify({ mcpServers }, null, 2));
}

describe('the command', () => {
  it('makes a token of 32 random bytes for its user only, which git never sees', () => {
    const sandbox = makeSandbox();
    expect(sandbox.run(['token', 'new', 'hub'])).toMatchObject({ code: 0, out: 'token "hub" is made\n', err: '' });
    expect(sandbox.read(file)).toMatch(/^[\w-]{43}\n$/);
    expect([modeOf(sandbox, file), modeOf(sandbox, `${state}/tokens`)]).toEqual(['600', '700']);
    expect(sandbox.read(`${state}/tokens/.gitignore`)).toBe('*\n');
    expect(sandbox.run(['token', 'show', 'hub']).out).toBe(sandbox.read(file));
  });

  it('replaces a token only when told to, and then with another one', () => {
    const sandbox = makeSandbox();
    sandbox.run(['token', 'new', 'hub']);
    const first = sandbox.read(file);
    for (const words of [
      ['new', 'hub'],
      ['set', 'hub'],
    ]) {
      expect(codes(sandbox.run(['token', ...words, '--json'], { input: value }))).toEqual(['token-there']);
      expect(sandbox.read(file)).toBe(first);
    }
    chmodSync(join(sandbox.root, file), 0o644);
    expect(sandbox.run(['token', 'new', 'hub', '--overwrite']).out).toBe('token "hub" is replaced\n');
    expect(sandbox.read(file)).not.toBe(first);
    expect(modeOf(sandbox, file)).toBe('600');
  });

  it.each([
    ['with a line end', `${value}\n`],
    ['with that of Windows', `${value}\r\n`],
    ['without one', value],
  ])('sets a token from standard input %s', (_, input) => {
    const sandbox = makeSandbox();
    const ran = sandbox.run(['token', 'set', 'hub'], { input });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expectNoneIn(ran, [value]);
    expect(sandbox.read(file)).toBe(`${value}\n`);
  });

  it('sets a token from a variable; one that is not set is an error', () => {
    const sandbox = makeSandbox();
    const words = ['token', 'set', 'hub', '--from-env', 'HUB_TOKEN'];
    expect(sandbox.run(words).code).toBe(2);
    expect(sandbox.run(words, { env: { HUB_TOKEN: value } })).toMatchObject({ code: 0 });
    expect(sandbox.read(file)).toBe(`${value}\n`);
  });

  it.runIf(terminalTool)('asks a person for a token and does not show what is typed', async () => {
    const sandbox = makeSandbox();
    const { code, screen } = await runOnTerminal(
      sandbox,
      ['token', 'set', 'hub'],
      [[/Value of token "hub": /, `${value}\r`]],
    );
    expect([code, screen]).toEqual([0, 'Value of token "hub": \ntoken "hub" is made\n']);
    expect(sandbox.read(file)).toBe(`${value}\n`);
  });

  it.each([
    ['nothing', ''],
    ['two lines', `${value}\n${value}\n`],
    ['a quote', `${value}"`],
    ['a backslash', `${value}\\n`],
    ['a letter that is not ASCII', `${value}\u00e9`],
    ['a tab', `${value}\tx`],
    ['a NUL', `${value}\0`],
    ['a space at its end', `${value} `],
    ['too much', value.repeat(100)],
  ])('refuses %s as a token, and does not say it', (_, input) => {
    const sandbox = makeSandbox();
    for (const words of [
      ['token', 'set', 'hub'],
      ['token', 'set', 'hub', '--json'],
    ]) {
      const ran = sandbox.run(words, { input });
      expect(ran.code).toBe(2);
      expect(ran.out + ran.err).toContain('token-value');
      expectNoneIn(ran, [value]);
    }
    expect(sandbox.exists(file)).toBe(false);
  });

  it.each([['../hub'], ['a/b'], ['.hub'], ['a b'], ['a\nb'], ['hub.'], ['con'], ['\u00e9'], ['x'.repeat(300)]])(
    'refuses the name %j for every action',
    (name) => {
      const sandbox = makeSandbox();
      sandbox.write(`${state}/hub`, `${value}\n`);
      const before = snapshot(join(sandbox.root, state));
      for (const action of ['new', 'set', 'show', 'headers', 'remove']) {
        const ran = sandbox.run(['token', action, '--json', '--', name], { input: value });
        expect([action, ran.code, codes(ran)]).toEqual([action, 2, ['token-name']]);
      }
      expect(snapshot(join(sandbox.root, state))).toEqual(before);
    },
  );

  it('never takes a token from the command line, nor repeats one that was put there', () => {
    const sandbox = makeSandbox();
    for (const more of [[value], [value, 'x'], [value, '--json'], ['x', value, '--json']]) {
      const ran = sandbox.run(['token', 'set', 'hub', ...more]);
      expect(ran.code).toBe(2);
      expectNoneIn(ran, [value]);
    }
    expect(sandbox.exists(file)).toBe(false);
  });

  it.each([
    [['token', 'make', 'hub'], /cannot "make"/],
    [['token', 'show'], /needs the name/],
    [['token', 'show', '--', '-hub'], /needs a value/],
    [['token', 'list', 'hub'], /takes no name/],
    [['token', 'show', 'hub', 'X-Api-Key'], /takes one name/],
    [['token', 'headers', 'hub', 'X: y'], /cannot be a header/],
    [['token', 'env', '--shell', 'dos'], /no shell "dos"/],
  ])('%j is wrong usage', (words, message) => {
    const sandbox = makeSandbox();
    sandbox.run(['token', 'new', 'hub']);
    const { code, err } = sandbox.run(words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('lists names and times and, inside a repository, variables; never a value', () => {
    const sandbox = teamWithToken();
    sandbox.run(['token', 'set', 'hub'], { input: value });
    sandbox.run(['token', 'new', 'other']);
    const listed = (options: RunOptions) => run(sandbox, ['token', 'list'], options).out.replace(/\d{4}-.*? UTC/g, 'T');
    expect(listed({ cwd: sandbox.home })).toBe('hub    T\nother  T\n');
    expect(listed({})).toBe('hub    T  HUB_TOKEN unset\nother  T\n');
    expect(listed({ env: { HUB_TOKEN: value } })).toContain('HUB_TOKEN agrees\n');
    expect(listed({ env: { HUB_TOKEN: 'else' } })).toContain('HUB_TOKEN differs\n');
    const ran = run(sandbox, ['token', 'list', '--json'], { env: { HUB_TOKEN: value } });
    expectNoneIn(ran, [value]);
    expect(JSON.parse(ran.out).tokens[0]).toEqual({
      name: 'hub',
      made: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      variables: [{ name: 'HUB_TOKEN', state: 'agrees' }],
    });
    sandbox.run(['token', 'remove', 'hub']);
    expect(listed({})).toBe('hub    not made yet  HUB_TOKEN\nother  T\n');
  });

  it('prints lines for the shell that a shell understands, whatever the token holds', () => {
    const sandbox = teamWithToken();
    const odd = `it's $HOME \`id\` $(id) !! %PATH% *?#;&|<>~ ${value}`;
    sandbox.run(['token', 'set', 'hub'], { input: odd });
    const { out, err } = run(sandbox, ['token', 'env']);
    expect(err).toBe('');
    const script = `${out}\nprintf %s "$HUB_TOKEN"`;
    for (const shell of shells) expect(spawnSync(shell, ['-c', script], { encoding: 'utf8' }).stdout).toBe(odd);
    const line = (shell: string) => run(sandbox, ['token', 'env', '--shell', shell]).out;
    expect(line('fish')).toBe(`set -gx HUB_TOKEN '${odd.replace("'", "\\'")}'\n`);
    expect(line('powershell')).toBe(`$env:HUB_TOKEN = '${odd.replace("'", "''")}'\n`);
    expectNoneIn(run(sandbox, ['token', 'env', '--json']), [value]);
  });

  it('env leaves out a token that is not there, and says so where no shell reads it', () => {
    const { code, out, err } = run(teamWithToken(), ['token', 'env']);
    expect([code, out, err]).toEqual([0, '', expect.stringContaining('[token-missing]')]);
  });

  it('a removed token is gone everywhere, what a killed run left of it too', () => {
    const sandbox = teamWithToken();
    sandbox.run(['token', 'set', 'hub'], { input: value });
    sandbox.write(`${state}/tokens/.hub.syncline-abc`, `${value}\n`);
    run(sandbox, ['push-runtime']);
    run(sandbox, ['clean-runtime']);
    expect(sandbox.run(['token', 'remove', 'hub'])).toMatchObject({ code: 0, out: 'token "hub" is removed\n' });
    expect(codes(sandbox.run(['token', 'remove', 'hub', '--json']))).toEqual(['token-missing']);
    const left = spawnSync('grep', ['-rl', value, sandbox.root], { encoding: 'utf8' }).stdout;
    expect(left).toBe('');
  });

  it('a dry run writes nothing', () => {
    const sandbox = makeSandbox();
    expect(sandbox.run(['token', 'new', 'hub', '--dry-run']).out).toBe('token "hub" would be made\n');
    expect(sandbox.exists('home/.local')).toBe(false);
    sandbox.run(['token', 'new', 'hub']);
    const before = sandbox.read(file);
    for (const words of [
      ['new', 'hub', '--overwrite'],
      ['remove', 'hub'],
    ])
      expect(sandbox.run(['token', ...words, '--dry-run']).code).toBe(0);
    expect(sandbox.read(file)).toBe(before);
  });

  it('--home has tokens of its own and knows no variables', () => {
    const sandbox = makeSandbox();
    const trial = ['--home', join(sandbox.root, 'trial')];
    sandbox.run(['token', 'new', 'hub', ...trial]);
    expect(sandbox.exists('trial/.local/state/syncline/tokens/hub')).toBe(true);
    expect(sandbox.exists(file)).toBe(false);
    const words = ['token', 'set', 'x', '--from-env', 'HUB_TOKEN', ...trial];
    expect(sandbox.run(words, { env: { HUB_TOKEN: value } }).code).toBe(2);
  });
});

describe('what stands where a token belongs', () => {
  it('a link is read and written through, and only the link is removed', () => {
    const sandbox = makeSandbox();
    sandbox.write('home/vault/hub', `${value}\n`, 0o600);
    sandbox.link(file, '../../../../vault/hub');
    expect(sandbox.run(['token', 'show', 'hub']).out).toBe(`${value}\n`);
    expect(sandbox.run(['token', 'new', 'hub', '--overwrite']).code).toBe(0);
    expect(lstatSync(join(sandbox.root, file)).isSymbolicLink()).toBe(true);
    expect(sandbox.read('home/vault/hub')).toMatch(/^[\w-]{43}\n$/);
    expect(sandbox.run(['token', 'remove', 'hub']).code).toBe(0);
    expect([existsSync(join(sandbox.root, file)), sandbox.exists('home/vault/hub')]).toEqual([false, true]);
  });

  it.each([
    ['a folder', (path: string) => void mkdirSync(path), /A folder stands/],
    ['a pipe', makePipe, /A pipe/],
    ['a link in a circle', (path: string) => symlinkSync(path, path), /circle/],
  ])('%s: every command says so and exits 2', (_, make, remedy) => {
    const sandbox = teamWithToken();
    mkdirSync(join(sandbox.root, state, 'tokens'), { recursive: true });
    make(join(sandbox.root, file));
    for (const words of [['token', 'show', 'hub'], ['token', 'list'], ['push-runtime'], ['check-sync']]) {
      const ran = run(sandbox, [...words, '--json']);
      expect([words, ran.code, ran.json.findings[0]?.remedy]).toEqual([words, 2, expect.stringMatching(remedy)]);
    }
    expect(sandbox.exists('home/.north')).toBe(false);
  });

  it('a token that somebody who is not root may not read: exit 2, which names it', () => {
    const sandbox = makeSandbox();
    sandbox.run(['token', 'new', 'hub']);
    const nobody = asNobody(sandbox);
    closed(join(sandbox.root, file), 0);
    for (const action of ['show', 'headers']) {
      const { code, json } = nobody(['token', action, 'hub']);
      expect([code, json.findings[0]]).toMatchObject([2, { path: join(sandbox.root, file), remedy: /right/ }]);
    }
  });

  it.each([
    ['nothing', ''],
    ['a quote', `${value}"x\n`],
    ['a line end of Windows', `${value}\r\n`],
    ['a byte order mark', `\uFEFF${value}\n`],
  ])('a file with %s holds no token: check warns, show and the launcher refuse', (_, content) => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    sandbox.write(file, content, 0o600);
    const checked = run(sandbox, ['check-sync', '--json']);
    expect([checked.code, codes(checked)]).toEqual([0, ['token-broken']]);
    const shown = sandbox.run(['token', 'show', 'hub']);
    expect([shown.code, shown.out]).toEqual([2, '']);
    expectNoneIn(shown, [value]);
    expect(launch(sandbox, ['hub'])).toMatchObject({ status: 2, stdout: '' });
  });
});

/** The POSIX shells of this machine; where `sh` is dash, outside CI one of the two is enough. */
const isDash = sized(0, 1) === 1 && existsSync('/bin/sh') && realpathSync('/bin/sh').endsWith('/dash');
const shells = ['sh', ...(isDash ? [] : ['dash']), 'bash', 'ksh', 'mksh', 'zsh', 'busybox'].filter(
  (name) => spawnSync(name, name === 'busybox' ? ['sh', '-c', ':'] : ['-c', ':']).status === 0,
);

/** Starts the launcher as a client does, with nothing in its environment, or by a shell. */
function launch(sandbox: Sandbox, words: readonly string[], shell?: string, path = `${state}/bin/token-headers`) {
  const launcher = join(sandbox.root, path);
  const [program, ...first] =
    shell === undefined ? [launcher] : [shell, ...(shell === 'busybox' ? ['sh'] : []), launcher];
  const { status, stdout, stderr } = spawnSync(program as string, [...first, ...words], {
    ...{ encoding: 'utf8', env: { PATH: '/usr/bin:/bin' }, cwd: '/' },
    ...(shell === undefined ? { env: {} } : {}),
  });
  return { status, stdout, stderr };
}

describe('the launcher', () => {
  it('is written by push, and what stands in the clients calls it', () => {
    const sandbox = teamWithToken({ name: 'hub', header: 'X-Api-Key' });
    expect(run(sandbox, ['push-runtime']).code).toBe(0);
    expect(modeOf(sandbox, `${state}/bin/token-headers`)).toBe('755');
    const token = sandbox.read(file).trim();
    for (const client of ['north', 'south']) {
      const [program, ...words] = helperIn(sandbox.read(`home/.${client}/config.json`), 'hub');
      const { stdout, status } = spawnSync(program as string, words, { env: {}, cwd: '/', encoding: 'utf8' });
      expect([status, JSON.parse(stdout)]).toEqual([0, { 'X-Api-Key': token }]);
    }
  });

  it('says what "token headers" says, byte for byte, whichever shell runs it', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    const tokens = [
      value,
      'a',
      "it's $HOME `id` $(id) %s %% !! *?#;&|<>~ {}[]()=+,.:@^-_/",
      '-n',
      '-e x',
      '!#$',
      "'",
      '~',
      '*',
    ];
    const headers = [[], ['Authorization'], ['authorization'], ['X-Api-Key'], ['x_y']];
    for (const [index, token] of tokens.entries()) {
      expect(sandbox.run(['token', 'set', 'hub', '--overwrite'], { input: token }).code).toBe(0);
      // Outside CI every header goes with the first token, and one of them with each of the others.
      for (const header of index < sized(tokens.length, 1) ? headers : [headers[index % headers.length] ?? []]) {
        const { out } = sandbox.run(['token', 'headers', 'hub', ...header]);
        expect(Object.values(JSON.parse(out))).toEqual([expect.stringContaining(token)]);
        for (const shell of shells) {
          const said = launch(sandbox, ['hub', ...header], shell);
          expect({ shell, ...said }).toEqual({ shell, status: 0, stdout: out, stderr: '' });
        }
      }
    }
  });

  it.each(shells)(
    'run by %s refuses what is no name, no header or no token, in one line without the token',
    (shell) => {
      const sandbox = teamWithToken();
      run(sandbox, ['push-runtime']);
      sandbox.write(`${state}/outside`, `${value}\n`);
      sandbox.write(`${state}/tokens/wide`, `${value}\u00e9\n`);
      const lines = {
        quote: `${value}"`,
        slash: `${value}\\`,
        control: `${value}\u001b`,
        space: ` ${value}`,
        end: `${value} `,
      };
      for (const [name, line] of Object.entries(lines)) sandbox.write(`${state}/tokens/${name}`, `${line}\n`);
      const wrong = [
        [],
        [''],
        ['nope'],
        ['../outside'],
        ['.gitignore'],
        ['-n'],
        ['a/b'],
        ['*'],
        ['hub', ''],
        ['hub', 'X: y'],
      ];
      for (const words of [
        ...wrong,
        ['hub', 'X"'],
        ['hub', '-x'],
        ['wide'],
        ...Object.keys(lines).map((name) => [name]),
      ]) {
        const { status, stdout, stderr } = launch(sandbox, words, shell);
        expect([words, status, stdout, stderr]).toEqual([words, 2, '', expect.stringMatching(/^token-headers: .+\n$/)]);
        expectNoneIn(stderr, [value]);
      }
    },
  );

  it('finds the tokens beside itself: behind links, in a state folder that was moved, whatever its name', () => {
    const sandbox = teamWithToken();
    const words = ['push-runtime'];
    run(sandbox, words, { env: { XDG_STATE_HOME: join(sandbox.root, "it's a $HOME/state") } });
    const at = "it's a $HOME/state/syncline";
    const expected = { status: 0, stdout: expect.stringContaining('Bearer'), stderr: '' };
    expect(launch(sandbox, ['hub'], undefined, `${at}/bin/token-headers`)).toEqual(expected);
    expect(sandbox.read(`${at}/bin/token-headers`)).not.toContain(sandbox.root);
    sandbox.link('by-folder', join(sandbox.root, at));
    sandbox.link('by-file/th', join(sandbox.root, at, 'bin/token-headers'));
    expect(launch(sandbox, ['hub'], undefined, 'by-folder/bin/token-headers')).toEqual(expected);
    expect(launch(sandbox, ['hub'], 'sh', 'by-file/th')).toEqual(expected);
    const inFolder = { cwd: join(sandbox.root, at, 'bin'), encoding: 'utf8' } as const;
    expect(spawnSync('sh', ['token-headers', 'hub'], inFolder).stdout).toContain('Bearer');
  });

  it('is mended by push when it is lost, changed or no longer a program; check says so before', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    const path = join(sandbox.root, state, 'bin/token-headers');
    const text = readFileSync(path, 'utf8');
    const harms = [
      () => rmSync(path),
      () => writeFileSync(path, '#!/bin/sh\necho old\n'),
      () => chmodSync(path, 0o644),
    ];
    for (const harm of harms) {
      harm();
      expect(codes(run(sandbox, ['check-sync', '--json']))).toEqual(['token-launcher']);
      expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual([]);
      expect([readFileSync(path, 'utf8'), modeOf(sandbox, `${state}/bin/token-headers`)]).toEqual([text, '755']);
    }
  });
});

describe('push', () => {
  it('makes a token once for both clients and says what to do with it', () => {
    const sandbox = teamWithToken('hub');
    const { code, out, err } = run(sandbox, ['push-runtime']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('token "hub" was made\n  Give it to your server: syncline token show hub [token-made]\n');
    expectNoneIn(out, [sandbox.read(file).trim()]);
    const before = sandbox.read(file);
    expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual([]);
    expect(sandbox.read(file)).toBe(before);
    expect(run(sandbox, ['check-sync'])).toMatchObject({ code: 0 });
  });

  it('takes the value of the variable, if it is set', () => {
    const sandbox = teamWithToken();
    const ran = run(sandbox, ['push-runtime'], { env: { HUB_TOKEN: value } });
    expect(ran.out).toContain('token "hub" was made from HUB_TOKEN');
    expectNoneIn(ran, [value]);
    expect(sandbox.read(file)).toBe(`${value}\n`);
  });

  it('writes nothing at all when the variable holds what no token can be', () => {
    const sandbox = teamWithToken();
    const ran = run(sandbox, ['push-runtime'], { env: { HUB_TOKEN: `${value}"` } });
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('token-value')]);
    expectNoneIn(ran, [value]);
    expect([sandbox.exists('home/.north'), sandbox.exists(file)]).toEqual([false, false]);
  });

  it('a dry run says what would be made and makes nothing', () => {
    const sandbox = teamWithToken();
    const ran = run(sandbox, ['push-runtime', '--dry-run']);
    expect(ran.out.match(/\[token-[a-z]+\]/g)).toEqual(['[token-made]']);
    expect(ran.out).toContain('token "hub" would be made');
    expect(sandbox.exists('home/.local')).toBe(false);
  });

  it('makes no token that no client is to have', () => {
    const sandbox = teamWithToken();
    sandbox.write('home/.config/syncline/config.toml', 'machine = "laptop"\n');
    writeServers(sandbox, { hub: null }, 'clients/machines/laptop');
    expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual([]);
    expect(sandbox.exists(`${state}/tokens`)).toBe(false);
  });

  it('takes the token that a layer gives the server on this machine', () => {
    const sandbox = teamWithToken();
    sandbox.write('home/.config/syncline/config.toml', 'machine = "laptop"\n');
    writeServers(sandbox, { hub: { token: { name: 'own' } } }, 'clients/machines/laptop');
    expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual(['token-made']);
    expect(readdirSync(join(sandbox.root, state, 'tokens'))).toEqual(['.gitignore', 'own']);
  });

  it.each([
    ['a path', { hub: { url: 'u', token: '../hub' } }, 'token-name'],
    ['a device of Windows', { hub: { url: 'u', token: 'con' } }, 'token-name'],
    [
      'one variable for two',
      { a: { url: 'u', token: { name: 'a', variable: 'V' } }, b: { url: 'u', token: { name: 'b', variable: 'V' } } },
      'token-variable',
    ],
  ])('%s is an error with its line; nothing is written', (_, servers, code) => {
    const sandbox = makeSandbox();
    writeServers(sandbox, servers);
    for (const command of ['push-runtime', 'check-sync']) {
      const ran = run(sandbox, [command, '--json']);
      expect([ran.code, ran.json.findings[0]]).toMatchObject([
        2,
        { code, path: 'clients/shared/mcp.json', line: expect.any(Number) },
      ]);
    }
    expect([sandbox.exists(`${state}/tokens`), sandbox.exists('home/.north')]).toEqual([false, false]);
  });

  it('two pushes at once make one token', async () => {
    const sandbox = teamWithToken();
    const options = { cwd: sandbox.repo, env: { PATH: '/usr/bin:/bin', HOME: sandbox.home } };
    const pushes = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, [built.bin, 'push-runtime', '--json'], options);
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      return new Promise<{ code: number | null; out: string }>((done) =>
        child.on('close', (code) => done({ code, out })),
      );
    });
    const ended = await Promise.all(pushes);
    expect(ended.map(({ code }) => code).filter((code) => code !== 0 && code !== 2)).toEqual([]);
    // Those that lost the race for the run lock did nothing; whoever made the token said so.
    expect(ended.filter(({ out }) => out.includes('"token-made"')).length).toBe(1);
    expect(sandbox.read(file)).toMatch(/^[\w-]{43}\n$/);
    expect(readdirSync(join(sandbox.root, state, 'tokens'))).toEqual(['.gitignore', 'hub']);
  });

  it('no backup holds a token, and clean leaves it: the server still knows it', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime'], { env: { HUB_TOKEN: value } });
    sandbox.run(['token', 'new', 'hub', '--overwrite']);
    run(sandbox, ['clean-runtime', '--remove-only']);
    expect(spawnSync('grep', ['-rl', value, join(sandbox.root, 'home')], { encoding: 'utf8' }).stdout).toBe('');
    expect(sandbox.exists(file)).toBe(true);
  });
});

describe('check-sync', () => {
  const checked = (sandbox: Sandbox, options: RunOptions = {}, ...words: string[]) =>
    run(sandbox, ['check-sync', '--json', ...words], options);

  it('says that the variable differs, until it is in step again, whichever side is taken', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    const env = { HUB_TOKEN: value };
    const differs = checked(sandbox, { env });
    expect([differs.code, codes(differs)]).toEqual([0, ['token-differs']]);
    expectNoneIn(differs, [value, sandbox.read(file).trim()]);
    expect(codes(run(sandbox, ['push-runtime', '--json'], { env }))).toEqual(['token-differs']);
    const token = run(sandbox, ['token', 'env']).out.match(/'(.*)'/)?.[1] as string;
    expect(codes(checked(sandbox, { env: { HUB_TOKEN: token } }))).toEqual([]);
    sandbox.run(['token', 'set', 'hub', '--overwrite', '--from-env', 'HUB_TOKEN'], { env });
    expect(codes(checked(sandbox, { env }))).toEqual([]);
  });

  it('tells of a variable that is not set only with --verbose: most people need the file only', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    expect(codes(checked(sandbox))).toEqual([]);
    expect(codes(checked(sandbox, {}, '--verbose'))).toEqual(['token-variable-unset']);
    expect(codes(checked(sandbox, { env: { HUB_TOKEN: '' } }, '--verbose'))).toEqual(['token-variable-unset']);
  });

  it('warns of a token that is gone; push makes another', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    sandbox.run(['token', 'remove', 'hub']);
    const ran = checked(sandbox);
    expect([ran.code, codes(ran)]).toEqual([0, ['token-missing']]);
    expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual(['token-made']);
  });

  it('warns of a token that others may read, and leaves it as it is', () => {
    const sandbox = teamWithToken();
    run(sandbox, ['push-runtime']);
    chmodSync(join(sandbox.root, file), 0o640);
    expect(codes(checked(sandbox))).toEqual(['token-open']);
    expect(codes(run(sandbox, ['push-runtime', '--json']))).toEqual(['token-open']);
    expect(modeOf(sandbox, file)).toBe('640');
  });

  it('writes nothing', () => {
    const sandbox = teamWithToken();
    checked(sandbox);
    expect(sandbox.exists('home/.local/state/syncline/tokens')).toBe(false);
  });
});
