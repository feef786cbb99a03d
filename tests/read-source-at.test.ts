import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSourceAt } from '../src/host/git/read-source-at.ts';
import type { Host } from '../src/host/host.ts';
import { realPrograms } from '../src/host/machine/programs.ts';
import { readSource } from '../src/host/reading/read-source.ts';
import { realDisk } from '../src/host/real-disk.ts';
import { commitAll } from './support/git.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

// A source in a commit is read as the same source in a folder, whatever stands in it.

const host = { programs: realPrograms, variables: { PATH: '/usr/bin:/bin' } } as unknown as Host;

const links: readonly (readonly [what: string, act: (sandbox: Sandbox) => void])[] = [
  [
    'files of every kind',
    (sandbox) => sandbox.write('repo/clients/shared/skills/greet/bytes', Uint8Array.of(0, 255, 10)),
  ],
  ['an empty file', (sandbox) => sandbox.write('repo/clients/shared/memory/empty.md', '')],
  ['names that need quotes', (sandbox) => sandbox.write('repo/clients/shared/memory/ä "b"\t\n.md', 'Odd.\n')],
  ['what is ignored', (sandbox) => sandbox.write('repo/clients/codex/pulled/config.toml', 'a = 1\n')],
  ['a link to a file', (sandbox) => sandbox.link('repo/clients/shared/memory/more.md', 'global.md')],
  ['a link to a folder', (sandbox) => sandbox.link('repo/clients/claude/skills', '../shared/skills')],
  [
    'a link through a link',
    (sandbox) => {
      sandbox.link('repo/all', 'clients/shared');
      sandbox.link('repo/clients/claude/memory', '../../all/memory');
    },
  ],
  [
    'a link to elsewhere in the repository',
    (sandbox) => {
      sandbox.write('repo/texts/a.md', 'A.\n');
      sandbox.link('repo/clients/shared/memory/a.md', '../../../texts/a.md');
    },
  ],
  [
    'a link that leaves its skill',
    (sandbox) => sandbox.link('repo/clients/shared/skills/greet/x.md', '../../memory/global.md'),
  ],
  ['a circle of folders', (sandbox) => sandbox.link('repo/clients/shared/memory/again', '..')],
  [
    'links to each other',
    (sandbox) => {
      sandbox.link('repo/clients/shared/memory/a.md', 'b.md');
      sandbox.link('repo/clients/shared/memory/b.md', 'a.md');
    },
  ],
  ['a link that leads nowhere', (sandbox) => sandbox.link('repo/clients/shared/memory/a.md', 'nowhere.md')],
];

it.each(links)('%s', (_what, act) => {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  mkdirSync(join(sandbox.repo, 'other'), { recursive: true });
  act(sandbox);
  const commit = commitAll(sandbox.repo);
  const [standing, kept] = [readSource(realDisk, sandbox.repo), readSourceAt(host, sandbox.repo, 'HEAD')];
  expect(kept.commit).toBe(commit);
  const plain = ({ files, unreadable }: Pick<typeof kept, 'files' | 'unreadable'>) => ({
    files: files.map(({ path, bytes, executable }) => ({ path, bytes: [...bytes], executable })),
    unreadable,
  });
  expect(plain(kept)).toEqual(plain(standing));
});

it('a link that leaves the repository is not read', () => {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('outside.md', 'Not ours.\n');
  sandbox.link('repo/clients/shared/memory/a.md', '../../../../outside.md');
  sandbox.link('repo/clients/shared/memory/b.md', join(sandbox.root, 'outside.md'));
  commitAll(sandbox.repo);
  const { files, unreadable } = readSourceAt(host, sandbox.repo, 'HEAD');
  expect(files.map(({ path }) => path)).not.toContain('clients/shared/memory/a.md');
  expect((unreadable ?? []).map(({ path }) => path)).toEqual([
    'clients/shared/memory/a.md',
    'clients/shared/memory/b.md',
  ]);
});
