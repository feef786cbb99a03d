import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configToml } from './support/config-documents.ts';
import { claudeJson as claudeJsonDocument, settingsJson } from './support/json-documents.ts';
import { instructionsMd } from './support/markdown-documents.ts';
import { type Done, makeWorld, stateFolder, type World } from './support/memory-world.ts';
import { tried } from './support/reliability.ts';
import {
  commentLines,
  expectBackedUp,
  expectDeployed,
  type Files,
  filesOf,
  foreign,
  isManaged,
  leaves,
} from './support/sequence-laws.ts';
import { act, anyStep, claudeJson, claudeMd, config, type Step, settings } from './support/sequence-steps.ts';

/**
 * Random interleavings of our commands, edits of the repository, edits by hand, rewrites by the clients, kills and power
 * cuts, on a disk in memory. `SEQUENCES` says how many; CI runs more than a workstation.
 */
const count = Number(process.env.SEQUENCES ?? (process.env.CI === 'true' ? 250 : 6));
const sharedFiles = [config, claudeJson, settings];

/** A world, and what the laws have to remember of it. */
interface Story {
  readonly world: World;
  /** The leaves of our units as we left them last, by file. */
  deployed: Map<string, Map<string, string>>;
  /** The files before each run that can be restored, oldest first, and what was deployed then. */
  runs: { readonly before: Files; readonly deployed: Story['deployed']; after: Files }[];
}

const homes = fc.record({
  config: fc.option(configToml, { nil: undefined }),
  settings: fc.option(settingsJson, { nil: undefined }),
  claudeJson: fc.option(claudeJsonDocument, { nil: undefined }),
  claudeMd: fc.option(instructionsMd, { nil: undefined }),
});

it(`${count} sequences: no value of the user's is lost, files parse, the record is true, check-sync does not lie`, {
  timeout: 3_600_000,
}, async () => {
  tried(count);
  const sequences = fc.array(anyStep, { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(homes, sequences, async (home, steps) => {
      const world = makeWorld();
      if (home.config) world.memory.write(config, home.config.text, 0o600);
      if (home.settings) world.memory.write(settings, home.settings.text, 0o640);
      if (home.claudeJson) world.memory.write(claudeJson, home.claudeJson.text, 0o600);
      if (home.claudeMd) world.memory.write(claudeMd, home.claudeMd.text);
      const story: Story = { world, deployed: new Map(), runs: [] };
      for (const step of steps) await take(story, step);
    }),
    { numRuns: count },
  );
});

async function take(story: Story, step: Step): Promise<void> {
  const { world } = story;
  if (step.kind === 'run') await takeRun(story, step.words);
  else if (step.kind === 'kill') await takeKill(story, step);
  else act(world, step);
  await expectSameAnswer(world);
}

/** What is kept of the last look is no other answer than a new look gives. A look would undo a run that was cut off. */
async function expectSameAnswer(world: World): Promise<void> {
  if (world.memory.exists(`${stateFolder}/journal.json`)) return;
  for (const words of [['check-sync'], ['session-check']]) {
    const [kept, { code, out, err }] = [await world.run(words), await world.run([...words, '--full'])];
    expect([words, kept.code, kept.out, kept.err]).toEqual([words, code, out, err]);
  }
}

async function takeRun(story: Story, words: readonly string[]): Promise<void> {
  const { world } = story;
  const before = filesOf(world);
  const done = await world.run(words);
  const after = filesOf(world);
  expectExit(words, done);
  if (done.code >= 2 || words[0] === 'check-sync') expect(after).toEqual(before);
  for (const file of sharedFiles) leaves(file, after);
  expectBackedUp(world, before, after);
  if (words[0] === 'restore') restored(story, words, { before, after, done });
  else deployedNow(story, words, { before, after, done });
  if (words[0] === 'push-runtime' && done.code === 0) {
    expectDeployed(world);
    const check = await world.run(['check-sync', '--json', '--verbose']);
    expect(check.json).toMatchObject({ exitCode: 0, inSync: true });
    expect(check.json.units.filter(({ verdict }) => !['same', 'unmanaged'].includes(verdict))).toEqual([]);
    expect((await world.run(['push-runtime'])).out).toContain('Nothing had to be written.');
  }
  if (words[0] === 'check-sync' && done.code === 0) expectDeployed(world);
}

interface Ran {
  readonly before: Files;
  readonly after: Files;
  readonly done: Done;
}

function expectExit(words: readonly string[], { code, err }: Done): void {
  const isNoRun = words[0] === 'restore' && err.includes('[no-run]');
  // The user's own table may stand where a unit of ours needs another kind of value; then nothing may be written.
  const isNoPlace = /\[(no-place|wrong-parent|client-refuses|other-type)\]/.test(err);
  expect([words, err, isNoRun || isNoPlace ? code : [0, 1, 3].includes(code)]).toEqual([
    words,
    err,
    isNoRun || isNoPlace ? 2 : true,
  ]);
}

/** After push, clean and pull: what is the user's has not changed; what a person edited of ours is not overwritten unasked. */
function deployedNow(story: Story, words: readonly string[], { before, after, done }: Ran): void {
  for (const file of sharedFiles) {
    expect([file, foreign(file, after)]).toEqual([file, foreign(file, before)]);
    if (words.join() === 'push-runtime') expectEditsKept(story, file, before, after);
  }
  const kept = commentLines(after);
  expect(commentLines(before).filter((line) => !kept.includes(line))).toEqual([]);
  if (done.code < 2 && words[0] !== 'check-sync') remember(story, before, after);
  if (done.code < 2 && (words[0] === 'push-runtime' || words[0] === 'clean-runtime')) {
    story.deployed = new Map(sharedFiles.map((file) => [file, leaves(file, after)]));
  }
}

function expectEditsKept({ deployed }: Story, file: string, before: Files, after: Files): void {
  const [was, is, ours] = [leaves(file, before), leaves(file, after), deployed.get(file)];
  const lost = [...was].filter(([leaf, value]) => {
    const unit = JSON.stringify((JSON.parse(leaf) as string[]).slice(0, 2)).slice(0, -1);
    // A server whose source is gone goes as a whole, and what a client added to it with it; it is backed up and named.
    const goes = isManaged(file, leaf) && ![...is.keys()].some((each) => each.startsWith(unit));
    return ours?.get(leaf) !== value && is.get(leaf) !== value && !goes;
  });
  expect([file, lost]).toEqual([file, []]);
}

/** A run that changed a file can be restored. */
function remember(story: Story, before: Files, after: Files): void {
  if (sameFiles(before, after)) return;
  story.runs.push({ before, after, deployed: story.deployed });
}

/** With nothing changed since, every byte is as before the run that is restored. */
function restored(story: Story, words: readonly string[], { before, after, done }: Ran): void {
  if (done.code !== 0) return;
  const run = story.runs.at(-1);
  expect(run).toBeDefined();
  const touched = [...(run?.before.keys() ?? []), ...(run?.after.keys() ?? [])].filter(
    (path) => run?.before.get(path) !== run?.after.get(path),
  );
  // Overwriting a file that is behind a link by now changes the file at its end.
  const shown = (node: string | undefined) => (words.length === 1 ? node : node?.replace(/^\w+ /, ''));
  for (const path of touched)
    expect([words, path, shown(after.get(path))]).toEqual([words, path, shown(run?.before.get(path))]);
  const others = words.length === 1 ? before : [];
  for (const [path, node] of others) if (!touched.includes(path)) expect([path, after.get(path)]).toEqual([path, node]);
  const deployed = story.deployed;
  story.deployed = run?.deployed ?? new Map();
  if (!sameFiles(before, after)) story.runs.push({ before, after, deployed });
}

async function takeKill(story: Story, { words, at, power }: Step & { kind: 'kill' }): Promise<void> {
  const { world } = story;
  const before = filesOf(world);
  const rehearsal = world.copy();
  let calls = 0;
  const whole = await rehearsal.run(words, (call) => {
    calls = call;
  });
  const after = filesOf(rehearsal);
  const last = 1 + Math.floor(at * calls);
  await world.run(words, (call) => {
    if (call >= last) throw new Error('killed');
  });
  if (power !== null) world.memory.cutPower((changes) => Math.floor(changes * power));
  const next = await world.run(['check-sync']);
  expectExit(['check-sync'], next);
  world.wait(20_000);
  const now = filesOf(world);
  const isDone = !sameFiles(now, before);
  expect(now).toEqual(isDone ? after : before);
  if (!isDone || whole.code >= 2) return;
  const deployed = story.deployed;
  if (words[0] === 'restore') story.deployed = story.runs.at(-1)?.deployed ?? new Map();
  story.runs.push({ before, after, deployed });
  if (words[0] === 'push-runtime' || words[0] === 'clean-runtime')
    story.deployed = new Map(sharedFiles.map((file) => [file, leaves(file, after)]));
}

function sameFiles(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([path, node]) => b.get(path) === node);
}
