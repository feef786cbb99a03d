import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { skillText } from '../data/skills.ts';
import { atMost } from '../goals.ts';
import type { Bench, Group, Program } from '../group.ts';
import { cleanEnvironment } from '../measure.ts';
import { baseline, syncline } from '../programs.ts';
import { copyFolder, push, type Sandbox, sandboxAt, settle, writeBelow } from '../sandbox.ts';

const names = {
  push: 'push-runtime into empty homes',
  uninstall: 'uninstall of all',
  recover: 'check-sync, the push before was killed',
  script: 'write, sync, rename the same files and sync their folders in Node',
} as const;

const homes = (home: string) => ['.codex', '.claude'].map((client) => join(home, client));

/** Skills that are put into both homes, removed, and put back after a kill, against a careful script that writes them once. */
export function deployGroup(bench: Bench): Group {
  const [pushed, gone, cut, plain] = ['push', 'uninstall', 'recover', 'script'].map((name) =>
    sandboxAt(`${bench.folder}/deploy-${name}`),
  ) as [Sandbox, Sandbox, Sandbox, Sandbox];
  const words = homes(plain.home).map((home) => join(home, 'skills'));
  const source = join(plain.repo, 'clients/shared/skills');
  const ours = (place: Sandbox, name: string, command: readonly string[], before: () => void): Program => ({
    ...syncline(bench, place, name, command),
    before,
  });
  return {
    name: 'deploy',
    title: 'Many new skills',
    data: `${bench.sizes.skills.toLocaleString('en')} skills of one file, for both clients.`,
    seconds: 60,
    programs: [
      ours(pushed, names.push, ['push-runtime', '--yes'], () => emptyHome(pushed)),
      ours(gone, names.uninstall, ['uninstall', '--yes'], () => homeAsKept(gone)),
      { ...ours(cut, names.recover, ['check-sync'], () => homeAsKept(cut)), code: 1 },
      { ...baseline(bench, plain, names.script, 'write-and-sync', [source, ...words]), before: () => emptyHome(plain) },
    ],
    goals: [names.push, names.uninstall, names.recover].map((name) => atMost(2, name, names.script)),
    prepare: () => {
      for (const place of [pushed, gone, cut, plain]) {
        emptyHome(place);
        writeBelow(join(place.repo, 'clients'), skills(bench.sizes.skills));
      }
      push(bench.bin, gone);
      pushUntilHalf(bench, cut);
      for (const { home, root } of [gone, cut]) copyFolder(home, join(root, 'kept'));
    },
  };
}

function skills(count: number): [path: string, text: string][] {
  return Array.from({ length: count }, (_, index) => [
    `shared/skills/skill-${index}/SKILL.md`,
    skillText(`skill-${index}`, index, 1500),
  ]);
}

function emptyHome({ home }: Sandbox): void {
  rmSync(home, { recursive: true, force: true });
  for (const folder of homes(home)) mkdirSync(folder, { recursive: true });
  settle(home);
}

/** What is put there is on the disk before the clock starts. */
function homeAsKept({ home, root }: Sandbox): void {
  rmSync(home, { recursive: true, force: true });
  copyFolder(join(root, 'kept'), home);
  settle(home);
}

/** Kills a push when the first home has all its skills and the second some; a journal is left. */
function pushUntilHalf({ bin }: Bench, { repo, home }: Sandbox): void {
  const watch = `"$1" "$2" push-runtime --yes & until [ -n "$(find "$3" "$4" -name SKILL.md -path '*/'"$5"'/*')" ]; do
    kill -0 $! || exit 1; done; kill -9 $!`;
  const [first, second] = homes(home) as [string, string];
  const last = `skill-${readdirSync(join(repo, 'clients/shared/skills')).length - 1}`;
  const words = ['-c', watch, 'sh', process.execPath, bin, first, second, last];
  spawnSync('sh', words, { cwd: repo, env: cleanEnvironment(home), stdio: 'ignore' });
  if (!existsSync(join(home, '.local/state/syncline/journal.json'))) throw new Error('the push was not cut off');
}
