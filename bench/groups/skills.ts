import { join } from 'node:path';
import { skillFiles } from '../data/skills.ts';
import { atMost } from '../goals.ts';
import type { Bench, Group, Program } from '../group.ts';
import { baseline, checks, idlePush, ours } from '../programs.ts';
import { commitAll, deploy, identity, run, type Sandbox, sandboxAt, settle, writeBelow } from '../sandbox.ts';
import { editedSkill } from './homes.ts';

const readAndHash = 'read and hash the same files in Node';

/** Many skills, against what else can compare files. */
export function skillsGroup(bench: Bench): Group {
  const place = sandboxAt(`${bench.folder}/skills`);
  const edited = sandboxAt(`${bench.folder}/skills-edited`);
  const count = bench.sizes.skillFiles;
  return {
    name: 'skills',
    title: 'Many skills',
    data: `${count.toLocaleString('en')} files of skills in the source and as many in each client, 1 to 3 KB long.`,
    seconds: 80,
    programs: [
      ...checks(bench, place),
      editedSkill(bench, edited, 'skill-3'),
      idlePush(bench, place),
      baseline(bench, place, readAndHash, 'read-and-hash', foldersOf(place)),
      ...others(place),
    ],
    goals: [
      atMost(1.5, ours.check, readAndHash),
      atMost(1.5, ours.all, readAndHash),
      atMost(1.2, ours.push, ours.check),
    ],
    prepare: () => {
      for (const each of [place, edited]) {
        writeSkills(each, count);
        commitAll(each);
        deploy(bench.bin, each);
      }
      followRuntime(place);
      settle(bench.folder);
    },
  };
}

/**
 * Writes the source, and the runtime as a push would leave it: forcing thousands of files to the disk is not what is
 * measured here.
 */
export function writeSkills({ repo, home }: Sandbox, count: number): void {
  for (const folder of [join(repo, 'clients/shared'), join(home, '.codex'), join(home, '.claude')])
    writeBelow(folder, skillFiles(count));
}

function foldersOf({ repo, home }: Sandbox): string[] {
  return [join(repo, 'clients/shared/skills'), join(home, '.codex/skills'), join(home, '.claude/skills')];
}

/** Lets git know the two homes as well, from a folder beside them. */
function followRuntime(place: Sandbox): void {
  const git = (...words: string[]) =>
    run({ words: ['git', ...identity, ...ofHome(place), ...words], cwd: place.home, home: place.home });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.codex', '.claude');
  git('commit', '--quiet', '--message=All');
}

const ofHome = ({ root, home }: Sandbox) => [`--git-dir=${join(root, 'home.git')}`, `--work-tree=${home}`];

function others(place: Sandbox): Program[] {
  const [source, codex, claude] = foldersOf(place) as [string, string, string];
  const both = (name: string, command: string, note: string): Program => ({
    ...{ name, note, cwd: place.root, home: place.home },
    words: ['sh', '-c', `${command} "$1" "$2" && ${command} "$1" "$3"`, 'sh', source, codex, claude],
  });
  const status = `git -C "$1" status --porcelain && git ${ofHome(place).join(' ')} status --porcelain -- .codex .claude`;
  const slash = 'rsync -rcn --delete';
  return [
    both('diff -r', 'diff -r', 'compares bytes, reads the source twice; knows no tokens, records or clients'),
    ...(has('rsync')
      ? [
          {
            ...both(
              'rsync -rcn',
              slash,
              'compares checksums, reads the source twice; knows no tokens, records or clients',
            ),
            words: ['sh', '-c', `${slash} "$1/" "$2/" && ${slash} "$1/" "$3/"`, 'sh', source, codex, claude],
          },
        ]
      : []),
    {
      ...{ name: 'git status', cwd: place.home, home: place.home },
      words: ['sh', '-c', status, 'sh', place.repo],
      note: 'reads no file whose times are as before; compares each side with its own index, not with each other',
    },
  ];
}

function has(program: string): boolean {
  try {
    run({ words: [program, '--version'], cwd: '/', home: '/' });
    return true;
  } catch {
    return false;
  }
}
