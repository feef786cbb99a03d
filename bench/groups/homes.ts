import { join } from 'node:path';
import { normalHome } from '../data/runtime.ts';
import { normalSource } from '../data/source.ts';
import { atMost, within } from '../goals.ts';
import type { Bench, Group, Program } from '../group.ts';
import { baseline, checks, emptyScript, idlePush, ours, sessionCheck, syncline } from '../programs.ts';
import { commitAll, copyFolder, deploy, rewriting, type Sandbox, sandboxAt, settle, writeBelow } from '../sandbox.ts';

/** A new user's home: what this repository ships, and nothing else. */
export function smallGroup(bench: Bench, shipped: string): Group {
  const place = sandboxAt(`${bench.folder}/small`);
  return {
    name: 'small',
    title: 'A small home',
    data: 'The `clients/` of this repository in homes that held nothing.',
    seconds: 20,
    programs: everyday(bench, place),
    goals: [atMost(2, ours.check, emptyScript), atMost(1.2, ours.push, ours.check)],
    prepare: () => {
      writeBelow(place.home, [['.keep', '']]);
      copyFolder(shipped, join(place.repo, 'clients'));
      commitAll(place);
      deploy(bench.bin, place);
    },
  };
}

/** The home that the goals are about. */
export function normalGroup(bench: Bench): Group {
  const place = sandboxAt(`${bench.folder}/normal`);
  const edited = sandboxAt(`${bench.folder}/normal-edited`);
  const rewritten = sandboxAt(`${bench.folder}/normal-rewritten`);
  const read = 'read and hash the same files in Node';
  return {
    name: 'normal',
    title: 'A normal home',
    data: '30 skills, 20 memories, four servers; a `.claude.json` of 213 KB and a `config.toml` of 73 lines that were there before.',
    seconds: 45,
    programs: [
      ...everyday(bench, place),
      editedSkill(bench, edited, 'practice-7'),
      rewrittenState(bench, rewritten),
      baseline(bench, place, read, 'read-and-hash', everything(place)),
    ],
    goals: [
      atMost(2, ours.check, emptyScript),
      atMost(1.2, ours.push, ours.check),
      within(100, ours.session),
      atMost(2, afterRewrite, emptyScript),
    ],
    prepare: () => {
      for (const each of [place, edited, rewritten]) prepareNormal(bench, each);
      settle(bench.folder);
    },
  };
}

/** Writes a normal home and deploys into it. */
export function prepareNormal(bench: Bench, place: Sandbox): void {
  writeBelow(place.home, normalHome());
  writeBelow(join(place.repo, 'clients'), normalSource());
  commitAll(place);
  deploy(bench.bin, place);
}

/** All files of a home and a source that a check has to look at. */
function everything({ repo, home }: Sandbox): string[] {
  return [join(repo, 'clients'), ...['.codex', '.claude', '.claude.json'].map((name) => join(home, name))];
}

const afterEdit = 'check-sync, one skill has been edited since';
const afterRewrite = 'check-sync, `.claude.json` has been rewritten since';

/** The check after each edit of one skill in the source: it differs in both clients, so the check exits 1. */
export function editedSkill(bench: Bench, place: Sandbox, skill: string): Program {
  const path = join(place.repo, `clients/shared/skills/${skill}/SKILL.md`);
  const edit = rewriting(path, (text, time) => `${text.replace(/Edit \d+\.\n$/, '')}Edit ${time}.\n`);
  return { ...syncline(bench, place, afterEdit, ['check-sync']), before: edit, code: 1 };
}

/** The check after Claude Code has written its state, as it does all day. */
function rewrittenState(bench: Bench, place: Sandbox): Program {
  const path = join(place.home, '.claude.json');
  const rewrite = rewriting(path, (text, time) =>
    text.replace(/"numStartups": \d+/, `"numStartups": ${200_000 + time}`),
  );
  return { ...syncline(bench, place, afterRewrite, ['check-sync']), before: rewrite };
}

function everyday(bench: Bench, place: Sandbox): Program[] {
  return [
    baseline(bench, place, emptyScript, 'empty'),
    sessionCheck(bench, place),
    ...checks(bench, place),
    idlePush(bench, place),
  ];
}
