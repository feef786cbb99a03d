import { describe, expect, it } from 'vitest';
import { askAppServer, isAbsent } from '../support/clients.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** The real Codex lists a skill twice in exactly the homes where push says so. */
const text = '---\nname: greet\ndescription: Greets people.\n---\nHello.\n';
const beside = 'home/.agents/skills';

const homes: readonly (readonly [string, 'once' | 'twice', (sandbox: Sandbox) => void])[] = [
  ['nothing there', 'once', () => undefined],
  ['a copy there', 'twice', ({ write }) => write(`${beside}/greet/SKILL.md`, text)],
  [
    'a link to a folder elsewhere',
    'twice',
    ({ write, link }) => {
      write('home/dotfiles/greet/SKILL.md', text);
      link(`${beside}/greet`, '../../dotfiles/greet');
    },
  ],
  ['a link to the skill we deployed', 'once', ({ link }) => link(`${beside}/greet`, '../../.codex/skills/greet')],
  ['a link to the whole folder', 'once', ({ link }) => link(beside, '../.codex/skills')],
  [
    'a SKILL.md that is a link',
    'once',
    ({ write, link }) => {
      write('home/dotfiles/SKILL.md', text);
      link(`${beside}/greet/SKILL.md`, '../../../dotfiles/SKILL.md');
    },
  ],
  ['a skill.md', 'once', ({ write }) => write(`${beside}/greet/skill.md`, text)],
];

interface Answer {
  readonly data: readonly { readonly skills: readonly { readonly name: string }[] }[];
}

describe.skipIf(isAbsent('codex'))('the real Codex', () => {
  it.each(homes)('with %s lists a skill %s', async (_what, times, arrange) => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/shared/skills/greet/SKILL.md', text);
    arrange(sandbox);
    const { code, json } = sandbox.run(['push-runtime', '--json']);
    expect(code).toBe(0);
    expect(json.findings.filter((finding) => finding.code === 'skill-twice').length).toBe(times === 'twice' ? 1 : 0);
    const request = { method: 'skills/list', params: { cwds: [sandbox.home] } };
    const [{ data }] = (await askAppServer(sandbox.home, [request])) as [Answer];
    const listed = data[0]?.skills.filter(({ name }) => name === 'greet');
    expect(listed?.length).toBe(times === 'twice' ? 2 : 1);
  });
});
