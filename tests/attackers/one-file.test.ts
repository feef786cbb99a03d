import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from '../support/sandbox.ts';

// One file for both clients, deployed and taken out one client at a time: the record that goes last gives back what was there.

const skill = (body: string) => `---\nname: tidy\ndescription: Tidies. Use when asked.\n---\n${body}\n`;
const text = 'Be brief.\n';
const orders = [
  ['codex', 'claude'],
  ['claude', 'codex'],
] as const;

const homes: readonly (readonly [string, (sandbox: Sandbox) => void])[] = [
  [
    'a skill of the user, overwritten',
    (s) => {
      s.write('home/.agents/skills/tidy/SKILL.md', 'mine', 0o755);
      s.link('home/.claude/skills', '../.agents/skills');
      s.link('home/.codex/skills', '../.agents/skills');
    },
  ],
  [
    'texts of the user that are as the source has them at first',
    (s) => {
      s.write('home/.claude/skills/tidy/SKILL.md', skill('Tidy.'));
      s.link('home/.codex/skills', '../.claude/skills');
      s.write('home/.codex/AGENTS.md', `# Me\n\n${text}More.\n`);
      s.link('home/.claude/CLAUDE.md', '../.codex/AGENTS.md');
    },
  ],
  ['a whole home', (s) => s.write('home/.claude/skills/tidy/SKILL.md', 'mine')],
];

function deployed(link: (sandbox: Sandbox) => void, isHome: boolean): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "one-file"\n');
  sandbox.write('repo/clients/shared/instructions.md', text);
  sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy.'));
  if (isHome) sandbox.write('repo/clients/shared/files/hooks/a.sh', '#!/bin/sh\n', 0o755);
  sandbox.write('home/.claude/other', '');
  if (isHome) sandbox.link('home/.codex', '.claude');
  else sandbox.write('home/.codex/other', '');
  link(sandbox);
  return sandbox;
}

function changeSource(sandbox: Sandbox): void {
  sandbox.write('repo/clients/shared/instructions.md', 'Be long.\n');
  sandbox.write('repo/clients/shared/skills/tidy/SKILL.md', skill('Tidy well.'));
}

/** What happens between the first push of one client and the uninstall. */
const courses: Readonly<Record<string, (sandbox: Sandbox, push: (client: string) => void) => void>> = {
  'nothing else': (_, push) => push('second'),
  'a change before the second client comes': (sandbox, push) => {
    changeSource(sandbox);
    push('first');
    push('second');
  },
  'a change after it, the second client first': (sandbox, push) => {
    push('second');
    changeSource(sandbox);
    push('second');
    push('first');
  },
};

describe.each(homes)('%s', (name, link) => {
  const cases = Object.entries(courses).flatMap(([course, go]) =>
    orders.flatMap((pushed) => orders.map((taken) => [course, pushed, taken, go] as const)),
  );

  it.each(cases)('comes back after %s, pushed %j, taken out %j', (_, [first, second], taken, go) => {
    const sandbox = deployed(link, name === 'a whole home');
    const before = snapshot(sandbox.home);
    const run = (...words: string[]) => expect(sandbox.run(words)).toMatchObject({ code: 0, err: '' });
    const push = (which: string) =>
      run('push-runtime', '--yes', '--overwrite', '--client', which === 'first' ? first : second);
    push('first');
    go(sandbox, push);
    for (const client of taken) run('uninstall', '--client', client);
    expect(snapshot(sandbox.home)).toEqual(before);
    const earlier = join(sandbox.home, '.local/state/syncline/earlier');
    expect(sandbox.exists('home/.local/state/syncline/earlier') ? readdirSync(earlier) : []).toEqual([]);
  });
});

it('links of both into a folder that is not there are refused with what to do, and nothing is written', () => {
  const sandbox = deployed((s) => {
    s.link('home/.claude/CLAUDE.md', '../.agents/AGENTS.md');
    s.link('home/.codex/AGENTS.md', '../.agents/AGENTS.md');
  }, false);
  const before = snapshot(sandbox.home);
  const { code, err } = sandbox.run(['push-runtime', '--yes']);
  expect([code, err]).toEqual([2, expect.stringContaining('make the folder that it leads to or remove the link')]);
  expect(snapshot(sandbox.home)).toEqual(before);
  sandbox.write('home/.agents/other', '');
  expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
  expect(sandbox.read('home/.agents/AGENTS.md')).toContain(text);
});
