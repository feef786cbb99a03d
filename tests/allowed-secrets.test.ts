import { describe, expect, it } from 'vitest';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

/** `clients/allowed-secrets.toml`: files that may hold what looks like a secret, each with a reason. */
const secret = shapedSecret(3);
const list = 'repo/clients/allowed-secrets.toml';

function source(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  return sandbox;
}

const codes = (sandbox: Sandbox, words: readonly string[] = ['check-sync', '--source-only']) => {
  const { code, json } = sandbox.run([...words, '--json']);
  return [code, json.findings.map((found) => [found.code, found.severity, found.path, found.line])];
};

describe('a file that may hold a secret', () => {
  it.each([
    ['shared/skills/greet/notes.md', `Such as ${secret}.\n`],
    ['shared/skills/greet/notes.md', `Such as ${['SG', made(22, 1), made(43, 2)].join('.')}.\n`],
    ['codex/profiles/fast.toml', `model = "a"\nexperimental_bearer_token = "${made(24, 5)}"\n`],
  ])('%s is deployed, and masked wherever it is shown %#', (path, text) => {
    const sandbox = source();
    sandbox.write(`repo/clients/${path}`, text);
    expect(codes(sandbox)).toEqual([2, [['literal-secret', 'error', `clients/${path}`, text.split('\n').length - 1]]]);
    sandbox.write(list, `"${path}" = "an example of the public documentation"\n`);
    expect(codes(sandbox)).toEqual([0, []]);
    const secrets = [secret, made(43, 2), made(24, 5)];
    expectNoneIn(sandbox.run(['push-runtime', '--dry-run', '--verbose']), secrets);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    const deployed = path.endsWith('.toml') ? 'home/.codex/fast.config.toml' : 'home/.claude/skills/greet/notes.md';
    expect(sandbox.read(deployed)).toBe(text);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
    const copy = path.endsWith('.toml') ? 'codex/pulled/fast.config.toml' : 'claude/pulled/skills/greet/notes.md';
    expectNoneIn(sandbox.read(`repo/clients/${copy}`), secrets);
    expect(sandbox.read(`repo/clients/${copy}`)).toContain('<redacted>');
  });

  it.each<[string, Uint8Array]>([
    ['UTF-16 with a mark', Buffer.from(`\ufeffUse ${secret}\n`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(`Use ${secret}\n`, 'utf16le')],
    ['bytes', Buffer.concat([Buffer.of(0xff, 0), Buffer.from(`${secret}\0`)])],
  ])('may be of %s, where one is seen too', (_, content) => {
    const sandbox = source();
    sandbox.write('repo/clients/shared/skills/greet/wide.txt', content);
    for (const words of [['push-runtime'], ['check-sync', '--source-only']])
      expect(codes(sandbox, words)).toEqual([
        2,
        [['literal-secret', 'error', 'clients/shared/skills/greet/wide.txt', 1]],
      ]);
    sandbox.write(list, '"shared/skills/greet/wide.txt" = "an example"\n');
    expect(codes(sandbox)).toEqual([0, []]);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  });

  it('is no reason for another file to hold one', () => {
    const sandbox = source();
    sandbox.write('repo/clients/shared/skills/greet/notes.md', `${secret}\n`);
    sandbox.write('repo/clients/shared/memory/global.md', `\n${shapedSecret(4)}\n`);
    sandbox.write(list, '"shared/skills/greet/notes.md" = "an example"\n');
    for (const words of [['push-runtime'], ['check-sync'], ['check-sync', '--source-only']])
      expect(codes(sandbox, words)).toEqual([2, [['literal-secret', 'error', 'clients/shared/memory/global.md', 2]]]);
  });
});

describe('a list that is wrong', () => {
  it.each<[string, string, number | null]>([
    ['"shared/memory/global.md" = ""\n', 'wrong-allowance', 1],
    ['# why\n"shared/memory/global.md" = 1\n', 'wrong-allowance', 2],
    ['\n"shared/memory/nowhere.md" = "gone"\n', 'wrong-allowance', 2],
    ['"shared/vars.toml" = "an example"\n', 'wrong-allowance', 1],
    ['[files]\n"shared/memory/global.md" = "an example"\n', 'wrong-allowance', 1],
    ['"shared/memory/global.md" = "an example\n', 'malformed', 1],
  ])('%j stops push and check', (text, code, line) => {
    const sandbox = source();
    sandbox.write('repo/clients/shared/vars.toml', 'a = "b"\n');
    sandbox.write(list, text);
    for (const words of [['push-runtime'], ['check-sync'], ['check-sync', '--source-only']])
      expect(codes(sandbox, words)).toEqual([2, [[code, 'error', 'clients/allowed-secrets.toml', line]]]);
  });

  it('names a file in which nothing is found: a warning where the whole source is looked through', () => {
    const sandbox = source();
    sandbox.write(list, '"shared/memory/global.md" = "an example"\n');
    expect(codes(sandbox)).toEqual([0, [['unused-allowance', 'warning', 'clients/allowed-secrets.toml', 1]]]);
    expect(codes(sandbox, ['push-runtime'])).toEqual([0, []]);
  });
});
