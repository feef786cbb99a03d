import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNoneIn, made, shapedSecret } from './support/canary.ts';
import { commitAll } from './support/git.ts';
import { ctrlC, runOnTerminal, terminalTool, withoutEscapes } from './support/pseudo-terminal.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { edit, writeTeamSource } from './support/team-source.ts';
import { snapshotWithTimes } from './support/watch.ts';

// `diff`: both sides of what differs, three of a conflict, and what a person sees of it on a terminal.

interface Row {
  readonly id: string;
  readonly verdict: string;
  readonly base?: string | null;
  readonly noBase?: string;
  readonly patch: string;
}

const verbosity = 'codex:config.toml#model_verbosity';
const memory = 'claude:memories/global.md';

describe('diff', () => {
  it('exits 0 without a difference and 1 with one, which it shows as what a push would do', () => {
    const sandbox = pushed();
    expect(sandbox.run(['diff'])).toMatchObject({ code: 0, out: 'No differences.\n', err: '' });
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
    const { code, out } = sandbox.run(['diff']);
    expect(code).toBe(1);
    expect(out).toContain(`source-ahead ${verbosity}\n`);
    expect(out).toContain(`--- ${verbosity}\truntime\n+++ ${verbosity}\tsource\n`);
    expect(out).toContain('\n-model_verbosity = "low"\n+model_verbosity = "medium"\n');
    expect(out).toContain('1 unit differs.\n');
  });

  it('says how the runtime came to differ: an edit, something removed, something of the source that is gone', () => {
    const sandbox = pushed();
    sandbox.write('home/.claude/memories/global.md', 'mine\n');
    sandbox.remove('home/.codex/memories/global.md');
    sandbox.remove('repo/clients/codex/profiles/fast.toml');
    const { code, out } = sandbox.run(['diff']);
    expect(code).toBe(1);
    expect(out).toContain(`runtime-ahead ${memory}\n  edited in the runtime since our deploy\n`);
    expect(out).toContain('codex:memories/global.md\n  removed in the runtime since our deploy\n--- /dev/null');
    expect(out).toContain('codex:fast.config.toml\n  gone from the source; the runtime is as we left it\n');
    expect(out).toContain('+++ /dev/null');
    expect(out).toContain('3 units differ.\n');
  });

  it('takes units and what is above them; one that is the same is said to be', () => {
    const sandbox = pushed();
    edit(sandbox, 'home/.claude/skills/greet/SKILL.md', 'Greets', 'Welcomes');
    sandbox.write('home/.claude/memories/global.md', 'mine\n');
    const some = sandbox.run(['diff', 'claude:skills/greet', verbosity]);
    expect(some.code).toBe(1);
    expect(some.out).toContain('+description: Greets people.');
    expect(some.out).toContain(`${verbosity}: no difference.\n`);
    expect(some.out).not.toContain(memory);
    expect(sandbox.run(['diff', verbosity])).toMatchObject({ code: 0, out: `${verbosity}: no difference.\n` });
    const { json } = sandbox.run(['diff', 'claude:skills', '--json']);
    expect(rows(json).map(({ id }) => id)).toEqual(['claude:skills/greet/SKILL.md']);
  });

  it.each([
    ['codex:skills/gret', 'codex:skills/greet'],
    ['codex:config.toml#model_verbosty', verbosity],
    ['claude:memories/globl.md', memory],
  ])('%s is no unit: exit 2, and the one that may be meant', (name, near) => {
    const { code, err } = pushed().run(['diff', name]);
    expect(code).toBe(2);
    expect(err).toContain(`no unit is named ${JSON.stringify(name)}`);
    expect(err).toContain(`Did you mean ${JSON.stringify(near)}?`);
  });

  it('of what nobody manages says that there is nothing to compare it with', () => {
    const sandbox = pushed();
    sandbox.write('home/.codex/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
    const { code, out } = sandbox.run(['diff', 'codex:skills/own']);
    expect([code, out]).toEqual([0, expect.stringContaining('"codex:skills/own" is yours alone')]);
  });

  it('writes nothing, whatever it finds', () => {
    const sandbox = conflicting();
    const before = snapshotWithTimes(sandbox.root);
    for (const words of [['diff'], ['diff', '--json'], ['diff', memory, '--dry-run']]) {
      expect([words, sandbox.run(words).code]).toEqual([words, 3]);
    }
    expect(snapshotWithTimes(sandbox.root)).toEqual(before);
  });

  it('shows what is kept on this machine only when it is asked for, and then it is no difference', () => {
    const sandbox = pushed();
    sandbox.write('home/.claude/memories/global.md', 'mine\n');
    sandbox.write('home/.config/syncline/config.toml', `keep = ["${memory}"]\n`);
    expect(sandbox.run(['diff'])).toMatchObject({ code: 0, out: 'No differences.\n' });
    for (const words of [
      ['diff', memory],
      ['diff', '--verbose'],
    ]) {
      const { code, out } = sandbox.run(words);
      expect([code, out]).toEqual([0, expect.stringMatching(/left as it is here by .*config\.toml[\s\S]*\n-mine\n/)]);
    }
  });
});

describe('a conflict', () => {
  it('is shown in three ways: what each side made of what was deployed last, found in its commit', () => {
    const sandbox = pushed();
    const commit = commitAll(sandbox.repo, 'First');
    sandbox.run(['clean-runtime']);
    bothMove(sandbox);
    commitAll(sandbox.repo, 'Second');
    const { code, out, json } = withJson(sandbox, ['diff']);
    expect(code).toBe(3);
    expect(out).toContain(
      `conflict ${verbosity}\n  both sides changed what was deployed last (found in commit ${commit.slice(0, 7)})`,
    );
    expect(out).toMatch(
      /--- \S+\tdeployed last\n\+\+\+ \S+\tsource\n.*\n-model_verbosity = "low"\n\+model_verbosity = "medium"\n/,
    );
    expect(out).toMatch(
      /--- \S+\tdeployed last\n\+\+\+ \S+\truntime\n.*\n-model_verbosity = "low"\n\+model_verbosity = "high"\n/,
    );
    expect(out).toContain('2 units differ, 2 of them conflicts.\n');
    expect(rows(json).map(({ id, verdict, base }) => [id, verdict, base])).toEqual([
      [verbosity, 'conflict', `commit ${commit.slice(0, 7)}`],
      [memory, 'conflict', `commit ${commit.slice(0, 7)}`],
    ]);
  });

  it('pushed before it was committed: the next commit has what was deployed', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"minimal"');
    commitAll(sandbox.repo, 'First');
    writeTeamSource(sandbox);
    sandbox.run(['push-runtime']);
    const second = commitAll(sandbox.repo, 'Second');
    bothMove(sandbox);
    const found = rows(sandbox.run(['diff', verbosity, '--json']).json);
    expect(found.map(({ base }) => base)).toEqual([`commit ${second.slice(0, 7)}`]);
  });

  it('without git finds it in the backup of a later run, byte for byte', () => {
    const sandbox = pushed();
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', 'startup_timeout_sec = 20', 'startup_timeout_sec = 30');
    edit(sandbox, 'repo/clients/claude/settings-fragment.json', '40', '50');
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    bothMove(sandbox);
    const [first, second] = rows(sandbox.run(['diff', '--json']).json);
    expect(first?.base).toMatch(/^the backup of run \d{8}T/);
    expect(first?.patch).toContain('-model_verbosity = "low"\n+model_verbosity = "medium"\n');
    // No run has written that file since.
    expect(second).toMatchObject({ id: memory, base: null, noBase: 'lost' });
  });

  it('of which the base is lost shows two sides, and says so', () => {
    const { code, out } = conflicting().run(['diff', memory]);
    expect(code).toBe(3);
    expect(out).toContain('what was deployed is found nowhere any more');
    expect(out).toMatch(/--- \S+\truntime\n\+\+\+ \S+\tsource\n/);
  });

  it('is never given a base that was not deployed: another one in the commit does not count', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"minimal"');
    commitAll(sandbox.repo, 'First');
    writeTeamSource(sandbox);
    sandbox.run(['push-runtime']);
    bothMove(sandbox);
    const [found] = rows(sandbox.run(['diff', verbosity, '--json']).json);
    expect(found).toMatchObject({ base: null, noBase: 'lost' });
    expect(found?.patch).not.toContain('minimal');
  });

  it('of a first deploy has no base: the runtime had its own', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    sandbox.write('home/.codex/config.toml', 'model_verbosity = "high"\n');
    const { code, out, json } = withJson(sandbox, ['diff', verbosity]);
    expect(code).toBe(3);
    expect(out).toContain('the runtime had a value of its own before the first deploy');
    expect(rows(json)[0]).toMatchObject({ base: null, noBase: 'never' });
  });
});

describe('secrets in a diff', () => {
  it('are masked on every side, in text and JSON', () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    const secrets = [shapedSecret(1), shapedSecret(2), 'quiet-garden-word', made(24, 5)];
    const [shaped, other, placed, old] = secrets as [string, string, string, string];
    sandbox.run(['push-runtime']);
    commitAll(sandbox.repo, 'First');
    edit(sandbox, 'repo/clients/codex/config-fragment.toml', 'command = "team-server"', 'command = "new-server"');
    const env = `env = { PASS = "${placed}", TEAM_KEY = "${shaped}", DB_PASSWORD = "${old}" }`;
    edit(sandbox, 'home/.codex/config.toml', 'command = "team-server"', `command = "mine ${other}"\n${env}`);
    sandbox.write('home/.claude/memories/global.md', `Use ${other}.\n`);
    for (const words of [['diff'], ['diff', '--json'], ['explain', 'codex:config.toml'], ['status', '--verbose']]) {
      const ran = sandbox.run(words);
      expectNoneIn(ran, secrets);
      expect([words, ran.out.length > 200]).toEqual([words, true]);
    }
  });
});

describe.skipIf(!terminalTool)('the pager', () => {
  const pager = (sandbox: Sandbox, script: string) => {
    const path = join(sandbox.root, 'pager');
    writeFileSync(path, `#!/bin/sh\n${script}`);
    chmodSync(path, 0o755);
    return path;
  };

  it('gets the coloured text and what less needs to know; the exit code stays', async () => {
    const sandbox = conflicting();
    const seen = join(sandbox.root, 'seen');
    const PAGER = `${pager(sandbox, `echo "$LESS $1" > '${seen}'\ncat >> '${seen}'\necho shown`)} --quiet`;
    const { code, screen } = await runOnTerminal(sandbox, ['diff'], [], { PAGER });
    expect([code, screen]).toEqual([3, 'shown\n']);
    const text = sandbox.read('seen');
    expect(text).toMatch(/^FRX --quiet\n/);
    expect(text).toMatch(/\u001b\[3\dm/);
    expect(withoutEscapes(text)).toContain('\n+model_verbosity = "low"\n');
  });

  it.each([
    ['--no-pager', ['diff', '--no-pager'], undefined],
    ['--json', ['diff', '--json'], undefined],
    ['PAGER=cat', ['diff'], 'cat'],
    ['an empty PAGER', ['diff'], ''],
    ['a PAGER that is not there', ['diff'], 'no-such-pager'],
  ] as const)('%s: none, and all is printed', async (_, words, given) => {
    const sandbox = conflicting();
    const PAGER = given ?? pager(sandbox, 'echo paged');
    const { code, screen } = await runOnTerminal(sandbox, words, [], { PAGER });
    expect(code).toBe(3);
    expect(screen).not.toContain('paged');
    expect(screen).toContain('model_verbosity');
  });

  it('has Ctrl-C for itself', async () => {
    const sandbox = conflicting();
    const PAGER = pager(
      sandbox,
      "cat > /dev/null\ntrap 'echo caught' INT\necho ready\nread -r line < /dev/tty\necho left\n",
    );
    const { code, screen } = await runOnTerminal(
      sandbox,
      ['diff'],
      [
        [/ready/, ctrlC],
        [/caught/, '\r'],
      ],
      { PAGER },
    );
    expect([code, screen]).toEqual([3, expect.stringMatching(/caught[\s\S]*left/)]);
  });

  it('is not started where nobody looks on', () => {
    const sandbox = conflicting();
    const { code, out } = sandbox.run(['diff'], { env: { PAGER: pager(sandbox, 'echo paged') } });
    expect([code, out.includes('paged'), out.includes('model_verbosity')]).toEqual([3, false, true]);
  });
});

function pushed(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  return sandbox;
}

/** A value of each client moves on both sides. */
function bothMove(sandbox: Sandbox): void {
  edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"medium"');
  edit(sandbox, 'home/.codex/config.toml', '"low"', '"high"');
  edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
  edit(sandbox, 'home/.codex/AGENTS.md', 'plainly', 'slowly');
  edit(sandbox, 'home/.codex/memories/global.md', 'plainly', 'slowly');
  sandbox.write('home/.claude/memories/global.md', 'theirs\n');
}

function conflicting(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  edit(sandbox, 'repo/clients/codex/config-fragment.toml', '"low"', '"minimal"');
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  writeTeamSource(sandbox);
  edit(sandbox, 'home/.codex/config.toml', '"minimal"', '"high"');
  edit(sandbox, 'repo/clients/shared/memory/global.md', 'plainly', 'slowly');
  sandbox.write('home/.claude/memories/global.md', 'theirs\n');
  return sandbox;
}

function withJson(sandbox: Sandbox, words: readonly string[]) {
  const { code, out } = sandbox.run(words);
  return { code, out, json: sandbox.run([...words, '--json']).json };
}

function rows(json: unknown): readonly Row[] {
  return (json as { differences: readonly Row[] }).differences;
}
